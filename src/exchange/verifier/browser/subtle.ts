import { p256, p384, p521 } from '@noble/curves/nist.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { contentOf, membersOf, readDer, TAG } from './der.ts';
import { isRsaSigned, type RsaKey, readRsaKey } from './rsa.ts';

/**
 * Stands in WebCrypto's place for what verifies timestamps: digests, and signatures by RSA PKCS #1 and ECDSA. A browser
 * gives its own to pages over HTTPS alone, and a proof must have one verdict wherever it is checked (ADR 0038).
 */
const DIGESTS = { 'SHA-1': sha1, 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 } as const;
const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const;

type Hash = keyof typeof DIGESTS;
type Algorithm = { readonly name: string; readonly hash: Hash; readonly namedCurve?: keyof typeof CURVES };
type Key = {
  readonly algorithm: { readonly modulusLength?: number };
  readonly rsa?: RsaKey;
  readonly point?: Uint8Array;
};

async function digest(name: Hash, data: Uint8Array): Promise<Uint8Array> {
  return DIGESTS[name](data);
}

/** SubjectPublicKeyInfo alone. Rejects what is no key, as WebCrypto does. */
async function importKey(_format: 'spki', spki: Uint8Array, { namedCurve }: Algorithm): Promise<Key> {
  const [, bits] = membersOf(readDer(spki)[0], TAG.sequence);
  const content = contentOf(bits, TAG.bits);
  if (content[0] !== 0) throw new Error('a key is whole bytes');
  const key = content.subarray(1);
  if (namedCurve === undefined) {
    const rsa = readRsaKey(key);
    return { algorithm: { modulusLength: rsa.bits }, rsa };
  }
  CURVES[namedCurve].Point.fromBytes(key).assertValidity();
  return { algorithm: {}, point: key };
}

async function verify(algorithm: Algorithm, key: Key, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const { hash, namedCurve } = algorithm;
  const hashed = DIGESTS[hash](data);
  if (key.rsa !== undefined) return isRsaSigned(key.rsa, hash, hashed, signature);
  if (key.point === undefined || namedCurve === undefined) return false;
  try {
    const options = { format: 'compact', prehash: false, lowS: false } as const;
    return CURVES[namedCurve].verify(signature, hashed, key.point, options);
  } catch {
    return false;
  }
}

export const subtle = { digest, importKey, verify };
