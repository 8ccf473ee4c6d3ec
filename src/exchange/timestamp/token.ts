import { SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import { TSTInfo } from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { err, ok, type Result } from '../../kernel/index.ts';
import { attempt, buildPath, keyOf, readStampCertificate, type StampCertificate } from './certificate.ts';
import { CONTEXT_0, oidBytes, readDer, readInside, SEQUENCE, SET, sameBytes, type Tlv, writeDer } from './der.ts';
import { checkSignature, digestName, digestOf } from './signatures.ts';

/**
 * An RFC 3161 token: a CMS SignedData (RFC 5652) over a TSTInfo that holds the hash of what existed. Everything here
 * comes from outside. Runs in Node and in a browser.
 */
export type TokenRefusal = { readonly kind: 'token'; readonly detail: string };

export type Stamped = {
  /** The bytes that are said to have existed. */
  readonly data: Uint8Array;
  /** base64url SHA-256 of the certificate that the registry named. */
  readonly authority: string;
  /** DER, beside the certificates in the token. */
  readonly certificates: readonly Uint8Array[];
  /** Of the query, where there was one just now. */
  readonly nonce?: Uint8Array;
};

export type VerifiedToken = {
  readonly at: Date;
  /** What was stamped existed before: the authority's time, and by how much it may be behind. */
  readonly before: Date;
  /** Hexadecimal. */
  readonly serial: string;
  /** DER, from the signer's to the one that the registry named. */
  readonly path: readonly Uint8Array[];
};

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_2 = '1.2.840.113549.1.9.16.2.47';

/** The whole check: of these bytes, by that authority, with its certificate good at the time that it names. */
export async function verifyToken(der: Uint8Array, stamped: Stamped): Promise<Result<VerifiedToken, TokenRefusal>> {
  const token = openToken(der);
  if (token === undefined) return refuse('it is not a token (DER, SignedData over a TSTInfo, one signer)');
  const { info, signer } = token;
  const imprint = await imprintFault(info, stamped);
  if (imprint !== undefined) return refuse(imprint);
  const certificates = await readAll([...token.certificates, ...stamped.certificates]);
  const own = certificates.find((one) => isNamedBy(token, one));
  if (own === undefined) return refuse('it comes without its signer’s certificate');
  const attributes = await attributesFault(token, own);
  if (attributes !== undefined) return refuse(attributes);
  const signature = await checkSignature({
    ...keyOf(own),
    algorithm: signer.signatureAlgorithm.algorithm,
    digest: signer.digestAlgorithm.algorithm,
    // RFC 5652 section 5.4: signed as a SET OF, though it travels with another tag.
    data: writeDer(SET, token.attributes.content),
    signature: new Uint8Array(signer.signature.buffer),
  });
  if (!signature.ok) return refuse(signature.error.detail);
  const path = await buildPath(own, stamped.authority, certificates, info.genTime);
  if (!path.ok) return refuse(path.error.detail);
  return ok({
    at: info.genTime,
    before: new Date(info.genTime.getTime() + accuracyMs(info)),
    serial: hex(new Uint8Array(info.serialNumber)),
    path: path.value.map((one) => one.der),
  });
}

const CERTIFICATES = 0xa0;
const OCTET_STRING = 0x04;
const KEY_ID = '2.5.29.14';

type OpenedToken = {
  readonly contentType: Tlv;
  readonly signedData: readonly Tlv[];
  readonly certificates: readonly Uint8Array[];
  /** The TSTInfo's bytes. */
  readonly content: Uint8Array;
  readonly info: TSTInfo;
  readonly signer: SignerInfo;
  readonly sid: Tlv;
  readonly attributes: Tlv;
};

function openToken(der: Uint8Array): OpenedToken | undefined {
  const [contentType, wrapped, ...beside] = readInside(der, SEQUENCE) ?? [];
  if (contentType === undefined || wrapped?.tag !== CONTEXT_0 || beside.length > 0) return undefined;
  if (!sameBytes(contentType.raw, oidBytes(SIGNED_DATA))) return undefined;
  const signedData = readInside(wrapped.content, SEQUENCE);
  const encapsulated = signedData?.[2] && readInside(signedData[2].raw, SEQUENCE);
  const content = encapsulated && contentOf(encapsulated);
  const [signer, ...others] = readInside(signedData?.at(-1)?.raw ?? new Uint8Array(), SET) ?? [];
  // RFC 3161 section 2.4.2: one signature, the authority's.
  if (signedData === undefined || content === undefined || signer === undefined || others.length > 0) return undefined;
  const [, sid, , attributes] = readInside(signer.raw, SEQUENCE) ?? [];
  const info = attempt(() => AsnConvert.parse(Uint8Array.from(content), TSTInfo));
  const parsed = attempt(() => AsnConvert.parse(Uint8Array.from(signer.raw), SignerInfo));
  if (sid === undefined || attributes?.tag !== CONTEXT_0 || info === undefined || parsed === undefined)
    return undefined;
  const listed = signedData[3]?.tag === CERTIFICATES ? readDer(signedData[3].content) : [];
  if (listed === undefined) return undefined;
  return {
    ...{ contentType, signedData, content, info, sid, attributes, signer: parsed },
    certificates: listed.filter(({ tag }) => tag === SEQUENCE).map(({ raw }) => raw),
  };
}

/** The octets of an encapsulated TSTInfo, undefined where something else is encapsulated. */
function contentOf([type, wrapped, ...beside]: readonly Tlv[]): Uint8Array | undefined {
  if (type === undefined || wrapped?.tag !== CONTEXT_0 || beside.length > 0) return undefined;
  if (!sameBytes(type.raw, oidBytes(TST_INFO))) return undefined;
  const [octets, ...more] = readDer(wrapped.content) ?? [];
  return octets?.tag === OCTET_STRING && more.length === 0 ? octets.content : undefined;
}

async function imprintFault(info: TSTInfo, { data, nonce }: Stamped): Promise<string | undefined> {
  if (info.version !== 1) return `it is of version ${info.version}`;
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  const name = digestName(hashAlgorithm.algorithm);
  if (name === undefined) return `its imprint is of the algorithm ${hashAlgorithm.algorithm}`;
  if (!sameBytes(await digestOf(name, data), new Uint8Array(hashedMessage.buffer))) {
    return 'its imprint is of other bytes';
  }
  const given = info.nonce === undefined ? undefined : new Uint8Array(info.nonce);
  if (nonce !== undefined && (given === undefined || !sameBytes(unsigned(given), unsigned(nonce)))) {
    return 'its nonce is not that of the query';
  }
  return undefined;
}

/** RFC 5652 section 5.3 and 5.6, RFC 2634 section 5.4, RFC 5816: what the signature must be over. */
async function attributesFault(token: OpenedToken, own: StampCertificate): Promise<string | undefined> {
  const digest = digestName(token.signer.digestAlgorithm.algorithm);
  if (digest === undefined) return `its digest is of the algorithm ${token.signer.digestAlgorithm.algorithm}`;
  const type = attributeOf(token, CONTENT_TYPE);
  if (type === undefined || !sameBytes(type, oidBytes(TST_INFO))) return 'its signed content type is not TSTInfo';
  const [octets] = readDer(attributeOf(token, MESSAGE_DIGEST) ?? new Uint8Array()) ?? [];
  if (octets?.tag !== OCTET_STRING || !sameBytes(octets.content, await digestOf(digest, token.content))) {
    return 'its signed digest is not of its content';
  }
  return (await bindsCertificate(token, own)) ? undefined : 'it was not signed with the certificate beside it';
}

/** The first ESSCertID or ESSCertIDv2 holds the hash of the signer's certificate. */
async function bindsCertificate(token: OpenedToken, own: StampCertificate): Promise<boolean> {
  const second = attributeOf(token, SIGNING_CERTIFICATE_2);
  const value = second ?? attributeOf(token, SIGNING_CERTIFICATE);
  const [ids] = readInside(value ?? new Uint8Array(), SEQUENCE) ?? [];
  const [first] = readDer(ids?.content ?? new Uint8Array()) ?? [];
  const fields = readDer(first?.content ?? new Uint8Array()) ?? [];
  const hash = fields.find(({ tag }) => tag === OCTET_STRING)?.content;
  if (hash === undefined) return false;
  // SHA-1 by the first form's definition, which binds no less: the certificate is also the one that the registry named.
  if (second === undefined) return sameBytes(hash, await digestOf('SHA-1', own.der));
  const algorithm = fields[0]?.tag === SEQUENCE ? Uint8Array.from(fields[0].raw) : undefined;
  const named = algorithm && attempt(() => AsnConvert.parse(algorithm, AlgorithmIdentifier).algorithm);
  const name = algorithm === undefined ? 'SHA-256' : digestName(named ?? '');
  return name !== undefined && sameBytes(hash, await digestOf(name, own.der));
}

/** The one value of a signed attribute that stands there once. */
function attributeOf({ signer }: OpenedToken, id: string): Uint8Array | undefined {
  const found = (signer.signedAttrs ?? []).filter(({ attrType }) => attrType === id);
  const [only, ...others] = found.flatMap(({ attrValues }) => attrValues);
  return only === undefined || others.length > 0 || found.length > 1 ? undefined : new Uint8Array(only);
}

/** The SignerIdentifier: issuer and serial number, or the subject key identifier. */
function isNamedBy({ sid }: OpenedToken, certificate: StampCertificate): boolean {
  if (sid.tag === SEQUENCE) {
    const [issuer, serial] = readDer(sid.content) ?? [];
    if (issuer === undefined || serial === undefined) return false;
    return sameBytes(issuer.raw, certificate.issuer) && sameBytes(serial.content, certificate.serial);
  }
  const given = [...(certificate.parsed.tbsCertificate.extensions ?? [])].find(({ extnID }) => extnID === KEY_ID);
  const [key] = readDer(new Uint8Array(given?.extnValue.buffer ?? [])) ?? [];
  return key !== undefined && sameBytes(key.content, sid.content);
}

async function readAll(ders: readonly Uint8Array[]): Promise<readonly StampCertificate[]> {
  const read = await Promise.all(ders.slice(0, 8).map(readStampCertificate));
  return read.filter((one) => one !== undefined);
}

function accuracyMs({ accuracy }: TSTInfo): number {
  if (accuracy === undefined) return 0;
  return (accuracy.seconds ?? 0) * 1000 + (accuracy.millis ?? 0) + ((accuracy.micros ?? 0) > 0 ? 1 : 0);
}

/** A number's bytes without the zeros before it. */
function unsigned(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? new Uint8Array() : bytes.subarray(first);
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function refuse(detail: string): Result<never, TokenRefusal> {
  return err({ kind: 'token', detail: `the timestamp: ${detail}` });
}
