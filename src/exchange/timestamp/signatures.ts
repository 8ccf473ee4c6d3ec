import { err, ok, type Result } from '../../kernel/index.ts';
import { INTEGER, joinBytes, readInside, SEQUENCE } from './der.ts';
import { subtle } from './subtle.ts';

/**
 * Signatures of timestamp authorities: RSA PKCS #1 v1.5 from 2048 bits on, and ECDSA over the curves of NIST, with
 * SHA-256, 384 or 512. WebCrypto, so that a browser checks what Node checks.
 */
export type SignatureRefusal = { readonly kind: 'signature'; readonly detail: string };

export type Signed = {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** Object identifier of the key's algorithm. */
  readonly keyType: string;
  /** DER of its parameters as hexadecimal: for ECDSA, the curve's object identifier. */
  readonly keyParameters: string;
  readonly algorithm: string;
  /** Where the algorithm names none: `rsaEncryption` in a SignerInfo. */
  readonly digest: string | undefined;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
};

const RSA_KEY = '1.2.840.113549.1.1.1';
const EC_KEY = '1.2.840.10045.2.1';
const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
};
const RSA_ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'SHA-256',
  '1.2.840.113549.1.1.12': 'SHA-384',
  '1.2.840.113549.1.1.13': 'SHA-512',
};
const EC_ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
  '1.2.840.10045.4.3.4': 'SHA-512',
};
const CURVES: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  '06082a8648ce3d030107': { name: 'P-256', bytes: 32 },
  '06052b81040022': { name: 'P-384', bytes: 48 },
  '06052b81040023': { name: 'P-521', bytes: 66 },
};
const LEAST_RSA_BITS = 2048;

/** The digest of that object identifier, undefined for those that no longer count (SHA-1, MD5). */
export function digestName(oid: string): string | undefined {
  return Object.hasOwn(DIGESTS, oid) ? DIGESTS[oid] : undefined;
}

export async function digestOf(name: string, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest(name, Uint8Array.from(data)));
}

export async function checkSignature(signed: Signed): Promise<Result<true, SignatureRefusal>> {
  if (signed.keyType === RSA_KEY) return checkRsa(signed);
  if (signed.keyType === EC_KEY) return checkEc(signed);
  return refuse(`the key is of the algorithm ${signed.keyType}, neither RSA nor ECDSA`);
}

async function checkRsa(signed: Signed): Promise<Result<true, SignatureRefusal>> {
  const hash = own(RSA_ALGORITHMS, signed.algorithm) ?? (signed.algorithm === RSA_KEY ? ofDigest(signed) : undefined);
  if (hash === undefined) return refuse(`the signature is of the algorithm ${signed.algorithm}`);
  return checkWith(signed, { name: 'RSASSA-PKCS1-v1_5', hash }, signed.signature);
}

async function checkEc(signed: Signed): Promise<Result<true, SignatureRefusal>> {
  const curve = own(CURVES, signed.keyParameters);
  if (curve === undefined) return refuse('the key is of no curve that NIST has named');
  const hash = own(EC_ALGORITHMS, signed.algorithm) ?? (signed.algorithm === EC_KEY ? ofDigest(signed) : undefined);
  if (hash === undefined) return refuse(`the signature is of the algorithm ${signed.algorithm}`);
  const raw = rawEcdsa(signed.signature, curve.bytes);
  if (raw === undefined) return refuse('the signature is not two numbers of the curve’s size');
  return checkWith(signed, { name: 'ECDSA', namedCurve: curve.name, hash }, raw);
}

type Algorithm = { readonly name: string; readonly hash: string; readonly namedCurve?: string };

async function checkWith(
  signed: Signed,
  algorithm: Algorithm,
  signature: Uint8Array,
): Promise<Result<true, SignatureRefusal>> {
  try {
    const key = await subtle.importKey('spki', Uint8Array.from(signed.spki), algorithm, false, ['verify']);
    const { modulusLength } = key.algorithm as { readonly modulusLength?: number };
    if (modulusLength !== undefined && modulusLength < LEAST_RSA_BITS) {
      return refuse(`the RSA key has ${modulusLength} bits, fewer than ${LEAST_RSA_BITS}`);
    }
    const holds = await subtle.verify(algorithm, key, Uint8Array.from(signature), Uint8Array.from(signed.data));
    return holds ? ok(true) : refuse('the signature is not of these bytes by this key');
  } catch {
    // A point off the curve, a modulus of nothing: WebCrypto throws, it does not say which.
    return refuse('the key cannot be read');
  }
}

/** WebCrypto takes r and s side by side, CMS has them as a SEQUENCE of INTEGERs (RFC 3279 section 2.2.3). */
function rawEcdsa(der: Uint8Array, bytes: number): Uint8Array | undefined {
  const numbers = readInside(der, SEQUENCE);
  if (numbers?.length !== 2 || numbers.some(({ tag }) => tag !== INTEGER)) return undefined;
  const halves = numbers.map(({ content }) => content.subarray(content[0] === 0 ? 1 : 0));
  if (halves.some((half) => half.length > bytes)) return undefined;
  return joinBytes(halves.flatMap((half) => [new Uint8Array(bytes - half.length), half]));
}

function ofDigest({ digest }: Signed): string | undefined {
  return digestName(digest ?? '');
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function refuse(detail: string): Result<never, SignatureRefusal> {
  return err({ kind: 'signature', detail });
}
