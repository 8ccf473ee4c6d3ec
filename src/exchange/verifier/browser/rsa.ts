import { Bytes } from './bytes.ts';
import { contentOf, membersOf, readDer, TAG } from './der.ts';

/** An RSA public key as numbers, and the modulus' length. */
export type RsaKey = { readonly n: bigint; readonly e: bigint; readonly bits: number };

/** OpenSSL's bound; a longer modulus is somebody's attempt to keep the browser busy. */
const MOST_BITS = 16_384;
const MOST_EXPONENT_BITS = 64;

/** RFC 8017 appendix A.1.1. Throws where the bytes are no key. */
export function readRsaKey(der: Uint8Array): RsaKey {
  const [modulus, exponent] = membersOf(readDer(der)[0], TAG.sequence).map((one) =>
    numberOf(contentOf(one, TAG.integer)),
  );
  if (modulus === undefined || exponent === undefined) throw new Error('not an RSA key');
  const bits = modulus.toString(2).length;
  const isSound = bits <= MOST_BITS && exponent.toString(2).length <= MOST_EXPONENT_BITS;
  if (!isSound || modulus % 2n === 0n || exponent % 2n === 0n || exponent < 3n) throw new Error('not an RSA key');
  return { n: modulus, e: exponent, bits };
}

/** The DER before a digest in what is signed (RFC 8017 section 9.2, note 1). */
const BEFORE: Readonly<Record<string, string>> = {
  'SHA-256': '3031300d060960864801650304020105000420',
  'SHA-384': '3041300d060960864801650304020205000430',
  'SHA-512': '3051300d060960864801650304020305000440',
};

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2): what must have been signed is written out whole and compared whole. To
 * take the padding apart instead is how signatures were forged.
 */
export function isRsaSigned({ n, e, bits }: RsaKey, hash: string, digest: Uint8Array, signature: Uint8Array): boolean {
  const before = BEFORE[hash];
  const length = Math.ceil(bits / 8);
  const s = numberOf(signature);
  if (before === undefined || signature.length !== length || s >= n) return false;
  const info = Bytes.concat([Bytes.from(before, 'hex'), digest]);
  const filling = length - info.length - 3;
  if (filling < 8) return false;
  const expected = Bytes.concat([Bytes.of(0, 1), new Bytes(filling).fill(0xff), Bytes.of(0), info]);
  return power(s, e, n) === numberOf(expected);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${new Bytes(bytes).toString('hex')}`);
}
