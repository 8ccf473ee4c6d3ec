import { AsnConvert } from '@peculiar/asn1-schema';
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  type Extension,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_kp_timeStamping,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509';
import { err, ok, type Result } from '../../kernel/index.ts';
import { CONTEXT_0, readInside, SEQUENCE, sameBytes } from './der.ts';
import { checkSignature, digestOf } from './signatures.ts';

/** A certificate of an authority or of its issuer, with the bytes that signatures and hashes are over. */
export type StampCertificate = {
  readonly der: Uint8Array;
  /** base64url SHA-256 of the DER. */
  readonly id: string;
  readonly parsed: Certificate;
  readonly tbs: Uint8Array;
  readonly serial: Uint8Array;
  /** Names as DER: a name is compared as it is written (RFC 5280 section 7.1 allows more, authorities do not). */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
};

export type PathRefusal = { readonly kind: 'certificate'; readonly detail: string };

/** Undefined for what is not one DER certificate. */
export async function readStampCertificate(der: Uint8Array): Promise<StampCertificate | undefined> {
  const [tbs] = readInside(der, SEQUENCE) ?? [];
  const fields = tbs === undefined ? undefined : readInside(tbs.raw, SEQUENCE);
  if (tbs === undefined || fields === undefined) return undefined;
  // The version stands before the others where it is not that of 1988.
  const [serial, , issuer, , subject, spki] = fields[0]?.tag === CONTEXT_0 ? fields.slice(1) : fields;
  if (serial === undefined || issuer === undefined || subject === undefined || spki === undefined) return undefined;
  const parsed = attempt(() => AsnConvert.parse(Uint8Array.from(der), Certificate));
  if (parsed === undefined) return undefined;
  const id = base64url(await digestOf('SHA-256', der));
  return {
    ...{ der, id, parsed, tbs: tbs.raw, serial: serial.content },
    ...{ issuer: issuer.raw, subject: subject.raw, spki: spki.raw },
  };
}

const MOST_STEPS = 3;

/**
 * From the signer to the certificate that the registry named: that one itself, or one that has issued it, by at most
 * two between. What the registry names is trusted for its being named, so no root above it is looked for.
 */
export async function buildPath(
  signer: StampCertificate,
  named: string,
  others: readonly StampCertificate[],
  at: Date,
): Promise<Result<readonly StampCertificate[], PathRefusal>> {
  const path = [signer];
  const fault = signerFault(signer, at);
  if (fault !== undefined) return refuse(`the signer’s certificate ${fault}`);
  for (let step = 0; step <= MOST_STEPS; step += 1) {
    const last = path.at(-1) ?? signer;
    if (last.id === named) return ok(path);
    const issuer = await issuerOf(last, others, at, step);
    if (issuer === undefined || path.includes(issuer)) break;
    path.push(issuer);
  }
  return refuse('the signer’s certificate is neither the one that the registry named nor issued by it');
}

async function issuerOf(
  certificate: StampCertificate,
  others: readonly StampCertificate[],
  at: Date,
  between: number,
): Promise<StampCertificate | undefined> {
  for (const other of others) {
    if (!sameBytes(other.subject, certificate.issuer) || issuerFault(other, at, between) !== undefined) continue;
    if ((await checkIssued(certificate, other)).ok) return other;
  }
  return undefined;
}

function checkIssued({ parsed, tbs }: StampCertificate, issuer: StampCertificate) {
  return checkSignature({
    ...keyOf(issuer),
    algorithm: parsed.signatureAlgorithm.algorithm,
    digest: undefined,
    data: tbs,
    signature: new Uint8Array(parsed.signatureValue),
  });
}

/** What `checkSignature` needs of a certificate's key. */
export function keyOf({ parsed, spki }: StampCertificate) {
  const { algorithm, parameters } = parsed.tbsCertificate.subjectPublicKeyInfo.algorithm;
  const keyParameters = parameters === null || parameters === undefined ? '' : hex(new Uint8Array(parameters));
  return { spki, keyType: algorithm, keyParameters };
}

/** RFC 3161 section 2.3: the key is for timestamps and nothing else, and the certificate says so as critical. */
function signerFault(certificate: StampCertificate, at: Date): string | undefined {
  const use = extensionOf(certificate, id_ce_extKeyUsage);
  const purposes = use && attempt(() => [...AsnConvert.parse(use.extnValue, ExtendedKeyUsage)]);
  if (use?.critical !== true || purposes?.length !== 1 || purposes[0] !== id_kp_timeStamping) {
    return 'is not for timestamps alone (critical extended key usage)';
  }
  const usage = usageOf(certificate);
  const signing = KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation;
  if (usage !== undefined && (usage & signing) === 0) return 'is not for signatures (key usage)';
  return commonFault(certificate, at);
}

function issuerFault(certificate: StampCertificate, at: Date, between: number): string | undefined {
  const basic = extensionOf(certificate, id_ce_basicConstraints);
  const constraints = basic && attempt(() => AsnConvert.parse(basic.extnValue, BasicConstraints));
  if (constraints?.cA !== true) return 'is not of an authority';
  const { pathLenConstraint } = constraints;
  if (pathLenConstraint !== undefined && between > pathLenConstraint) return 'allows fewer authorities below it';
  const usage = usageOf(certificate);
  if (usage !== undefined && (usage & KeyUsageFlags.keyCertSign) === 0) return 'may issue no certificates';
  return commonFault(certificate, at);
}

/** Extensions that are understood here, or that bind nobody who verifies a timestamp. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_basicConstraints,
  // subject and authority key identifier, policies, CRL distribution points, authority information access
  ...['2.5.29.14', '2.5.29.35', '2.5.29.32', '2.5.29.31', '1.3.6.1.5.5.7.1.1'],
]);

function commonFault({ parsed }: StampCertificate, at: Date): string | undefined {
  const { validity, extensions } = parsed.tbsCertificate;
  const [from, until] = [validity.notBefore.getTime(), validity.notAfter.getTime()];
  if (at < from || until < at) return `was not valid at ${at.toISOString()}`;
  const unknown = [...(extensions ?? [])].find(({ critical, extnID }) => critical && !UNDERSTOOD.has(extnID));
  return unknown === undefined ? undefined : `has a critical extension that is not known: ${unknown.extnID}`;
}

function extensionOf({ parsed }: StampCertificate, id: string): Extension | undefined {
  return [...(parsed.tbsCertificate.extensions ?? [])].find(({ extnID }) => extnID === id);
}

function usageOf(certificate: StampCertificate): number | undefined {
  const found = extensionOf(certificate, id_ce_keyUsage);
  if (found === undefined) return undefined;
  return attempt(() => AsnConvert.parse(found.extnValue, KeyUsage).toNumber()) ?? 0;
}

/** The libraries throw, rather than answer, on what a hostile certificate can hold. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function refuse(detail: string): Result<never, PathRefusal> {
  return err({ kind: 'certificate', detail });
}
