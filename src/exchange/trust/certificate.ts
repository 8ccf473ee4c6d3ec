import { createHash, X509Certificate } from 'node:crypto';
import { decodeBase64, err, ok, type Result } from '../../kernel/index.ts';

export type CertificateRefusal = { readonly kind: 'certificate'; readonly detail: string };

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** base64url SHA-256 of the DER: the `keyid` of message signatures, the `ca` of statements. */
export function certificateId(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('base64url');
}

/** One certificate, base64 DER without a byte after it, with a P-256 key. */
export function readCertificate(base64: string): Result<X509Certificate, CertificateRefusal> {
  const der = decodeBase64(base64);
  if (der === undefined) return refuse('is not base64');
  const certificate = attempt(() => new X509Certificate(der));
  if (certificate === undefined || !certificate.raw.equals(der)) return refuse('is not one DER certificate');
  const key = attempt(() => certificate.publicKey);
  if (key?.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    return refuse('does not hold a P-256 key');
  }
  return ok(certificate);
}

/** The authority is its own issuer: what makes it trusted is that the registry names it, not a root above it. */
export function readAuthority(base64: string): Result<X509Certificate, CertificateRefusal> {
  const certificate = readCertificate(base64);
  if (!certificate.ok) return certificate;
  const ca = certificate.value;
  if (!ca.ca || !isIssuedBy(ca, ca)) return refuse('is not a self-signed authority');
  return certificate;
}

/** A gateway's own certificate, issued by `ca` for `server` and for nothing but the one use. */
export function readGatewayCertificate(
  base64: string,
  ca: X509Certificate,
  expected: { readonly server: string; readonly use: 'tls' | 'sign' },
): Result<X509Certificate, CertificateRefusal> {
  const read = readCertificate(base64);
  if (!read.ok) return read;
  const certificate = read.value;
  if (certificate.ca) return refuse('is an authority, not a gateway');
  if (!isIssuedBy(certificate, ca)) return refuse('was not issued by the named authority');
  const subject = certificate.subject;
  if (subject !== `CN=${expected.server}`) return refuse(`is of "${subject}", not "CN=${expected.server}"`);
  // A key that signs messages for years must not open connections too, nor the other way round.
  const uses = attempt(() => certificate.keyUsage) ?? [];
  const forTls = uses.includes(SERVER_AUTH) && uses.includes(CLIENT_AUTH);
  if (expected.use === 'tls' ? !forTls : uses.length > 0) return refuse(`is not made for ${expected.use}`);
  return read;
}

/** True when the certificate holds from the first instant to the second. */
export function coversPeriod(certificate: X509Certificate, from: Date, until: Date): boolean {
  return certificate.validFromDate <= from && until <= certificate.validToDate;
}

function isIssuedBy(certificate: X509Certificate, ca: X509Certificate): boolean {
  return attempt(() => certificate.checkIssued(ca) && certificate.verify(ca.publicKey)) === true;
}

/** OpenSSL throws, rather than answers, on some of what a hostile certificate can hold. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function refuse(detail: string): Result<never, CertificateRefusal> {
  return err({ kind: 'certificate', detail });
}
