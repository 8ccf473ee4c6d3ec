import { createHash, X509Certificate } from 'node:crypto';
import { decodeBase64, err, ok, type Result } from '../../kernel/index.ts';

/** How a subsystem's programs must come to the own door: X-Road's HTTP, "HTTPS no auth" and HTTPS. */
export const CONNECTIONS = ['http', 'https', 'mutual-tls'] as const;
export type Connection = (typeof CONNECTIONS)[number];

/** Who shows a registered certificate: the subsystem's programs as clients, or the services that it offers. */
export const CERTIFICATE_USERS = ['client', 'service'] as const;
export type CertificateUser = (typeof CERTIFICATE_USERS)[number];

export type SystemCertificate = {
  readonly usedBy: CertificateUser;
  /** Lower-case hex SHA-256 of the DER. */
  readonly thumbprint: string;
  readonly der: Buffer;
  readonly addedAt: Date;
};

/** One subsystem of this gateway, with what its operator has said about its connections. */
export type InformationSystem = {
  readonly subsystem: string;
  readonly connection: Connection;
  readonly certificates: readonly SystemCertificate[];
};

/** How a request came in at the own door. */
export type Arrival = { readonly isEncrypted: boolean; readonly certificate: Buffer | undefined };

/** What services of one subsystem must show: one of these very certificates, or one of these authorities'. */
export type ServiceTrust = {
  /** Changes with the content: connections of before are not used any more. */
  readonly id: string;
  readonly pins: ReadonlySet<string>;
  readonly authorityPems: readonly string[];
};

/** The gateway's own certificate towards its member's systems. */
export type TlsIdentity = { readonly keyPem: string; readonly certPem: string };

export function thumbprintOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}

const MOST_CHARS = 20_000;
const PEM = /^\s*-----BEGIN CERTIFICATE-----\s*([A-Za-z0-9+/=\s]+?)\s*-----END CERTIFICATE-----\s*$/;

/** One certificate, PEM or base64 of its DER. Of any key that OpenSSL takes: systems have what they have. */
export function parseCertificate(text: string): Result<X509Certificate, string> {
  if (text.length > MOST_CHARS) return err(`is longer than ${MOST_CHARS} characters`);
  const base64 = (PEM.exec(text)?.[1] ?? text).replace(/\s+/g, '');
  const der = base64 === '' ? undefined : decodeBase64(base64);
  if (der === undefined) return err('must be one certificate, as PEM or as base64 of its DER');
  try {
    const certificate = new X509Certificate(der);
    // OpenSSL reads the first thing that it finds and leaves the rest: what is registered is what was given, whole.
    if (!certificate.raw.equals(der)) return err('holds more than one certificate');
    return isStrongEnough(certificate)
      ? ok(certificate)
      : err('holds a key that is too weak (RSA 2048, P-256 or more)');
  } catch {
    return err('is not a certificate that can be read');
  }
}

function isStrongEnough({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type === 'rsa' || type === 'rsa-pss') return (details?.modulusLength ?? 0) >= 2048;
  if (type === 'ec') return /^(prime256v1|secp384r1|secp521r1|brainpoolP\d{3}[rt]1)$/.test(details?.namedCurve ?? '');
  return type === 'ed25519' || type === 'ed448';
}
