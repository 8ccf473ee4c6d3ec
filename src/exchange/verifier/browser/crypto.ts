import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { Bytes } from './bytes.ts';

/**
 * Stands in the place of node:crypto where the verifier runs in a browser (ADR 0038): the same functions by the same
 * names, synchronous, and without a secure context, which Web Crypto asks for and a page over plain HTTP is not. A name
 * that is missing here stops the bundler; test/http/verify-page.test.ts compares every verdict with Node's.
 */
export { X509Certificate } from './certificate.ts';
export { createPublicKey, PublicKey as KeyObject, verify } from './keys.ts';

const ALGORITHMS = { sha256, sha512 } as const;
type Algorithm = keyof typeof ALGORITHMS;
type Encoding = 'hex' | 'base64' | 'base64url';

const toBytes = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? Bytes.from(data) : data);

export function hash(algorithm: Algorithm, data: string | Uint8Array, output: Encoding | 'buffer' = 'hex') {
  const digest = new Bytes(ALGORITHMS[algorithm](toBytes(data)));
  return output === 'buffer' ? digest : digest.toString(output);
}

export function createHash(algorithm: Algorithm) {
  const hasher = ALGORITHMS[algorithm].create();
  const chain = {
    update(data: string | Uint8Array) {
      hasher.update(toBytes(data));
      return chain;
    },
    digest(output?: Encoding) {
      const digest = new Bytes(hasher.digest());
      return output === undefined ? digest : digest.toString(output);
    },
  };
  return chain;
}

/** Signing stands in files that verify as well; the page has no key and reaches none of it. */
export function sign(): never {
  throw new Error('this page only verifies');
}
