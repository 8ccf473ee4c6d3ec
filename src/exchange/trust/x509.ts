/**
 * The library that makes certificates and requests for them: three hundred modules, brought only when one is made.
 * What reads a certificate is Node's own.
 */
export const x509Library = () => import('./x509-library.ts');

/** What every certificate of an instance is signed with; in Web Crypto's words. */
export const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
