/**
 * WebCrypto. In the page that checks proofs another stands here (verifier/browser/subtle.ts): browsers keep theirs from
 * pages that came over plain HTTP.
 */
export const { subtle } = globalThis.crypto;
