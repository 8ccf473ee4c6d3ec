import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Bytes } from './bytes.ts';

/** What stands in a public KeyObject's place. `bytes`: an uncompressed point of P-256, or the 32 bytes of Ed25519. */
export class PublicKey {
  readonly asymmetricKeyType: 'ec' | 'ed25519';
  readonly asymmetricKeyDetails: { readonly namedCurve?: string };
  readonly bytes: Uint8Array;

  constructor(type: 'ec' | 'ed25519', bytes: Uint8Array) {
    // As OpenSSL, which refuses a point that is not on the curve when the key is made.
    if (type === 'ec') p256.Point.fromBytes(bytes).assertValidity();
    this.asymmetricKeyType = type;
    this.asymmetricKeyDetails = type === 'ec' ? { namedCurve: 'prime256v1' } : {};
    this.bytes = bytes;
  }

  export(): { readonly kty: string; readonly crv: string; readonly x: string; readonly y?: string } {
    const part = (from: number, to: number) => new Bytes(this.bytes.subarray(from, to)).toString('base64url');
    if (this.asymmetricKeyType === 'ed25519') return { kty: 'OKP', crv: 'Ed25519', x: part(0, 32) };
    return { kty: 'EC', crv: 'P-256', x: part(1, 33), y: part(33, 65) };
  }
}

type Jwk = { readonly crv: string; readonly x: string; readonly y?: string };

/** Throws where the coordinates are no key. */
export function createPublicKey({ key }: { readonly key: Jwk }): PublicKey {
  const x = Bytes.from(key.x, 'base64url');
  if (key.crv === 'Ed25519') return new PublicKey('ed25519', x);
  return new PublicKey('ec', Bytes.concat([Bytes.of(4), x, Bytes.from(key.y ?? '', 'base64url')]));
}

type Keyed = PublicKey | { readonly key: PublicKey; readonly dsaEncoding: 'ieee-p1363' };

/** ECDSA with SHA-256 over P-256 for `sha256`, Ed25519 for null. Never throws: what is no signature is none. */
export function verify(algorithm: 'sha256' | null, data: Uint8Array, by: Keyed, signature: Uint8Array): boolean {
  const key = by instanceof PublicKey ? by : by.key;
  const isEcdsa = key.asymmetricKeyType === 'ec';
  if (isEcdsa !== (algorithm === 'sha256')) return false;
  try {
    // Strict RFC 8032, as OpenSSL; ZIP-215 takes more encodings for one point.
    if (!isEcdsa) return ed25519.verify(signature, data, key.bytes, { zip215: false });
    const format = by instanceof PublicKey ? 'der' : 'compact';
    // OpenSSL accepts both halves of s, and so must a verifier that says the same.
    return p256.verify(signature, sha256(data), key.bytes, { format, prehash: false, lowS: false });
  } catch {
    return false;
  }
}
