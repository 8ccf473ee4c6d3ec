import { createPublicKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { err, ok, type Result } from '../../kernel/index.ts';
import type { RevocationReason } from '../trust/list-parts.ts';
import { ECDSA_P256, x509Library } from '../trust/x509.ts';
import type { KeyUsageFlags, Pkcs10CertificateRequest } from '../trust/x509-library.ts';

/** The registry's own certificate authority: P-256, one level, gateways only. */
export type Authority = { readonly certificate: Buffer; readonly key: KeyObject; readonly name: string };

export type Period = { readonly from: Date; readonly until: Date };
export type CsrRefusal = { readonly kind: 'csr'; readonly detail: string };

/** The self-signed certificate, DER. `serial` is 16 random bytes. */
export async function createAuthorityCertificate(
  keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  name: string,
  period: Period,
  serial: Buffer,
): Promise<Buffer> {
  const x509 = await x509Library();
  const publicKey = keys.publicKey.toCryptoKey(ECDSA_P256, true, ['verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialOf(serial),
    name: [{ CN: [name] }],
    notBefore: period.from,
    notAfter: period.until,
    signingAlgorithm: ECDSA_P256,
    keys: { publicKey, privateKey: keys.privateKey.toCryptoKey(ECDSA_P256, false, ['sign']) },
    extensions: [
      // Path length 0: what this authority issues can never issue anything itself.
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return Buffer.from(certificate.rawData);
}

export type GatewayCertificate = {
  readonly publicKey: KeyObject;
  readonly server: string;
  readonly use: 'tls' | 'sign';
  /** DNS name or IP address of the gateway's door; only the TLS certificate carries it. */
  readonly host: string;
};

/** A certificate for one of a gateway's two keys, DER. Of the CSR only the key is taken, never its extensions. */
export async function issueCertificate(
  authority: Authority,
  wanted: GatewayCertificate,
  period: Period,
  serial: Buffer,
): Promise<Buffer> {
  const x509 = await x509Library();
  const publicKey = wanted.publicKey.toCryptoKey(ECDSA_P256, true, ['verify']);
  const issuerKey = createPublicKey(authority.key).toCryptoKey(ECDSA_P256, true, ['verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialOf(serial),
    subject: [{ CN: [wanted.server] }],
    issuer: [{ CN: [authority.name] }],
    notBefore: period.from,
    notAfter: period.until,
    signingAlgorithm: ECDSA_P256,
    publicKey,
    signingKey: authority.key.toCryptoKey(ECDSA_P256, false, ['sign']),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(keyUsageOf(x509, wanted.use), true),
      ...(wanted.use === 'tls' ? tlsExtensions(x509, wanted.host) : []),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKey),
    ],
  });
  return Buffer.from(certificate.rawData);
}

type X509 = Awaited<ReturnType<typeof x509Library>>;

function keyUsageOf({ KeyUsageFlags }: X509, use: 'tls' | 'sign'): KeyUsageFlags {
  // nonRepudiation (X.509's contentCommitment) is what a signature that must hold before a judge is made with.
  return use === 'tls' ? KeyUsageFlags.digitalSignature : KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation;
}

function tlsExtensions(x509: X509, host: string) {
  const type = isIP(host) === 0 ? 'dns' : 'ip';
  return [
    // A gateway answers its peers and calls them with the same certificate.
    new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']),
    new x509.SubjectAlternativeNameExtension([{ type, value: host }]),
  ];
}

/**
 * The public key of a PKCS#10 request (PEM, from the network): for `server` by its subject, P-256, and signed with
 * the key itself, so that nobody gets a certificate for somebody else's key.
 */
export async function readCsr(pem: string, server: string): Promise<Result<KeyObject, CsrRefusal>> {
  if (pem.length > 4000) return refuse('is longer than 4000 characters');
  const der =
    /^-----BEGIN CERTIFICATE REQUEST-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE REQUEST-----\s*$/.exec(pem);
  if (der === null) return refuse('is not one PEM "CERTIFICATE REQUEST"');
  try {
    const { Pkcs10CertificateRequest } = await x509Library();
    return await checkCsr(new Pkcs10CertificateRequest(Buffer.from(der[1] ?? '', 'base64')), server);
  } catch {
    return refuse('is not a PKCS#10 request that can be read');
  }
}

async function checkCsr(csr: Pkcs10CertificateRequest, server: string): Promise<Result<KeyObject, CsrRefusal>> {
  if (csr.subject !== `CN=${server}`) return refuse(`is for "${csr.subject.slice(0, 200)}", not "CN=${server}"`);
  const publicKey = createPublicKey({ key: Buffer.from(csr.publicKey.rawData), format: 'der', type: 'spki' });
  if (publicKey.asymmetricKeyType !== 'ec' || publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    return refuse('does not hold a P-256 key');
  }
  return (await csr.verify()) ? ok(publicKey) : refuse('is not signed with its own key');
}

/** The library's names of RFC 5280's reasons. */
const CRL_REASONS = {
  unspecified: 'unspecified',
  'key-compromise': 'keyCompromise',
  'affiliation-changed': 'affiliationChanged',
  superseded: 'superseded',
  cessation: 'cessationOfOperation',
} as const satisfies Record<RevocationReason, string>;

type Revoked = { readonly serial: string; readonly at: Date; readonly reason: RevocationReason };

/** The revocation list, DER. Its number (RFC 5280, 5.2.3) is the second at which it was made: it only grows. */
export async function issueCrl(authority: Authority, revoked: readonly Revoked[], period: Period): Promise<Buffer> {
  const x509 = await x509Library();
  const issuerKey = createPublicKey(authority.key).toCryptoKey(ECDSA_P256, true, ['verify']);
  const crl = await x509.X509CrlGenerator.create({
    issuer: [{ CN: [authority.name] }],
    thisUpdate: period.from,
    nextUpdate: period.until,
    signingAlgorithm: ECDSA_P256,
    signingKey: authority.key.toCryptoKey(ECDSA_P256, false, ['sign']),
    entries: revoked.map(({ serial, at, reason }) => ({
      serialNumber: serial,
      revocationDate: at,
      reason: x509.X509CrlReason[CRL_REASONS[reason]],
    })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(issuerKey),
      new x509.Extension(CRL_NUMBER, false, derInteger(Math.floor(period.from.getTime() / 1000))),
    ],
  });
  return Buffer.from(crl.rawData);
}

const CRL_NUMBER = '2.5.29.20';

/** A non-negative INTEGER of at most six bytes. */
function derInteger(value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(value, 0, 6);
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first === -1 ? Buffer.of(0) : bytes.subarray(first);
  const body = short.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short;
  return Buffer.concat([Buffer.of(0x02, body.length), body]);
}

/** RFC 5280 section 4.1.2.2: positive, at most 20 octets. */
function serialOf(random: Buffer): string {
  const serial = Buffer.from(random.subarray(0, 16));
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return serial.toString('hex');
}

function refuse(detail: string): Result<never, CsrRefusal> {
  return err({ kind: 'csr', detail });
}
