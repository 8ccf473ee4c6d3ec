import { Bytes } from './bytes.ts';
import { contentOf, type Der, membersOf, oidOf, readDer, TAG } from './der.ts';
import { PublicKey, verify } from './keys.ts';

const OID = {
  ecPublicKey: '1.2.840.10045.2.1',
  p256: '1.2.840.10045.3.1.7',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** keyCertSign is the sixth bit (RFC 5280 section 4.2.1.3). */
const KEY_CERT_SIGN = 0x04;

/**
 * The part of Node's X509Certificate that the trust rules use, for what a registry of ours issues: P-256 keys, signed
 * with ECDSA and SHA-256 (RFC 5280, RFC 5480). The constructor throws on anything it cannot read.
 */
export class X509Certificate {
  readonly raw: Bytes;
  readonly subject: string;
  readonly validFromDate: Date;
  readonly validToDate: Date;
  readonly publicKey: PublicKey;
  readonly ca: boolean;
  /** Extended key usages; undefined where the certificate has none. */
  readonly keyUsage: readonly string[] | undefined;
  readonly #names: { readonly issuer: Bytes; readonly subject: Bytes };
  readonly #extensions: ReadonlyMap<string, Uint8Array>;
  readonly #signed: { readonly text: Uint8Array; readonly algorithm: string; readonly signature: Uint8Array };

  constructor(der: Uint8Array) {
    const [whole, ...rest] = readDer(der);
    const [tbs, algorithm, signature] = membersOf(whole, TAG.sequence);
    if (rest.length > 0 || tbs === undefined) throw new Error('not one certificate');
    const [, , , issuer, validity, subject, spki, ...optional] = membersOf(tbs, TAG.sequence);
    if (issuer === undefined || subject === undefined) throw new Error('not one certificate');
    this.raw = new Bytes(der);
    this.#names = { issuer: new Bytes(issuer.whole), subject: new Bytes(subject.whole) };
    this.#extensions = extensionsOf(optional.find(({ tag }) => tag === 0xa3));
    this.#signed = {
      text: tbs.whole,
      algorithm: oidOf(membersOf(algorithm, TAG.sequence)[0]),
      signature: wholeBytes(signature),
    };
    const [from, until] = membersOf(validity, TAG.sequence);
    this.validFromDate = instantOf(from);
    this.validToDate = instantOf(until);
    this.subject = nameOf(subject);
    this.publicKey = keyOf(spki);
    this.ca = isAuthority(this.#extensions);
    const uses = this.#extensions.get(OID.extendedKeyUsage);
    this.keyUsage = uses === undefined ? undefined : membersOf(readDer(uses)[0], TAG.sequence).map(oidOf);
  }

  /** By names, key identifiers and the right to sign certificates, as OpenSSL's X509_check_issued. */
  checkIssued(ca: X509Certificate): boolean {
    const ofKey = authorityKeyOf(this.#extensions.get(OID.authorityKeyId));
    const key = ca.#extensions.get(OID.subjectKeyId);
    const isSameKey =
      ofKey === undefined || key === undefined || new Bytes(contentOf(readDer(key)[0], TAG.octets)).equals(ofKey);
    return this.#names.issuer.equals(ca.#names.subject) && isSameKey && maySign(ca.#extensions);
  }

  verify(key: PublicKey): boolean {
    const { text, algorithm, signature } = this.#signed;
    return algorithm === OID.ecdsaWithSha256 && verify('sha256', text, key, signature);
  }
}

function extensionsOf(value: Der | undefined): ReadonlyMap<string, Uint8Array> {
  if (value === undefined) return new Map();
  const extensions = new Map<string, Uint8Array>();
  for (const one of membersOf(readDer(value.content)[0], TAG.sequence)) {
    const [id, ...rest] = membersOf(one, TAG.sequence);
    const oid = oidOf(id);
    if (extensions.has(oid)) throw new Error(`the extension ${oid} stands twice`);
    extensions.set(oid, contentOf(rest.at(-1), TAG.octets));
  }
  return extensions;
}

function isAuthority(extensions: ReadonlyMap<string, Uint8Array>): boolean {
  const constraints = extensions.get(OID.basicConstraints);
  if (constraints === undefined || !maySign(extensions)) return false;
  const [flag] = membersOf(readDer(constraints)[0], TAG.sequence);
  return flag?.tag === TAG.boolean && flag.content[0] === 0xff;
}

function maySign(extensions: ReadonlyMap<string, Uint8Array>): boolean {
  const usage = extensions.get(OID.keyUsage);
  if (usage === undefined) return true;
  const [, first = 0] = contentOf(readDer(usage)[0], TAG.bits);
  return (first & KEY_CERT_SIGN) !== 0;
}

/** keyIdentifier, the first and only member that our authorities write. */
function authorityKeyOf(extension: Uint8Array | undefined): Uint8Array | undefined {
  if (extension === undefined) return undefined;
  return membersOf(readDer(extension)[0], TAG.sequence).find(({ tag }) => tag === 0x80)?.content;
}

/** As Node writes it: `CN=…`, a line for each part. */
function nameOf(name: Der): string {
  const parts = membersOf(name, TAG.sequence).flatMap((set) => membersOf(set, TAG.set));
  return parts
    .map((part) => {
      const [type, value] = membersOf(part, TAG.sequence);
      const oid = oidOf(type);
      return `${oid === OID.commonName ? 'CN' : oid}=${new TextDecoder().decode(value?.content)}`;
    })
    .join('\n');
}

function keyOf(spki: Der | undefined): PublicKey {
  const [algorithm, key] = membersOf(spki, TAG.sequence);
  const [type, curve] = membersOf(algorithm, TAG.sequence);
  if (oidOf(type) !== OID.ecPublicKey || oidOf(curve) !== OID.p256) throw new Error('not a P-256 key');
  return new PublicKey('ec', wholeBytes(key));
}

/** A BIT STRING of whole bytes. */
function wholeBytes(value: Der | undefined): Uint8Array {
  const [unused, ...bytes] = contentOf(value, TAG.bits);
  if (unused !== 0) throw new Error('DER: bits that are no whole bytes');
  return new Uint8Array(bytes);
}

/** RFC 5280 section 4.1.2.5: UTCTime until 2049, GeneralizedTime after, both to the second and in UTC. */
function instantOf(value: Der | undefined): Date {
  const text = new TextDecoder().decode(value?.content);
  const digits = value?.tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? 20 : 19}${text}` : text;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? [];
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(instant.getTime())) throw new Error('DER: no instant');
  return instant;
}
