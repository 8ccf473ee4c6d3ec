import type { KeyObject } from 'node:crypto';
import Type from 'typebox';
import { decodeBase64, type Json, type LocalText, ok, type Result } from '../../kernel/index.ts';
import type { TrustAnchor } from './anchor.ts';
import {
  type FederatedPayload,
  federatedSchema,
  groupsSchema,
  type ListedGroup,
  type ListedMember,
  type ListedTsa,
  type ListedWitness,
  membersSchema,
  type Revocation,
  revocationsSchema,
  timestampAuthoritiesSchema,
  witnessesSchema,
} from './list-parts.ts';
import {
  addressSchema,
  codeSchema,
  derSchema,
  instantSchema,
  isInstant,
  jwsSchema,
  localTextSchema,
  memberIdSchema,
  pattern,
  type ShapeRefusal,
  serverIdSchema,
  shapeParser,
  shapeRefusal,
  strict,
  subsystemsSchema,
  vkeySchema,
} from './shape.ts';

export { type AnchorKey, parseAnchor, type TrustAnchor } from './anchor.ts';
export {
  addressSchema,
  codeSchema,
  isInstant,
  jwsSchema,
  lineSchema,
  localTextSchema,
  memberIdSchema,
  type ShapeRefusal,
  serverIdSchema,
  shapeParser,
  shapeRefusal,
  subsystemsSchema,
  vkeySchema,
} from './shape.ts';

/** What the registry vouches for about one gateway. Travels as a compact JWS (ES256) signed by the registry. */
export type GatewayStatement = {
  v: 1;
  instance: string;
  /** INSTANCE/CLASS/MEMBER/SERVERCODE */
  server: string;
  member: { /** INSTANCE/CLASS/MEMBER */ id: string; name: LocalText };
  subsystems: readonly { code: string; name: LocalText }[];
  /** https://host:port */
  address: string;
  /** base64 DER */
  tlsCertificate: string;
  /** base64 DER */
  signCertificate: string;
  ledger: { name: string; vkey: string };
  /** The certificates before a renewal, good beside the new ones until then, so that no message is lost meanwhile. */
  former?: { tlsCertificate: string; signCertificate: string; until: string };
  issuedAt: string;
  expiresAt: string;
};

export type ListedGateway = { statement: GatewayStatement; jws: string };

/** What is taken over of another instance's list: the gateways verified, under that instance's own anchor. */
export type FederatedInstance = Omit<FederatedPayload, 'gateways'> & { gateways: readonly ListedGateway[] };

/** Who takes part in the exchange, as of `version`. Every statement here was verified against the anchor. */
export type TrustList = {
  v: 1;
  instance: string;
  version: number;
  issuedAt: string;
  expiresAt: string;
  /** base64 DER */
  caCertificates: readonly string[];
  gateways: readonly ListedGateway[];
  members: readonly ListedMember[];
  groups: readonly ListedGroup[];
  witnesses: readonly ListedWitness[];
  timestampAuthorities: readonly ListedTsa[];
  revocations: readonly Revocation[];
  federated: readonly FederatedInstance[];
};

export type RefusedList = {
  readonly kind:
    | 'anchor'
    | 'forged'
    | 'shape'
    | 'statement'
    | 'expired'
    | 'not-yet'
    | 'rolled-back'
    | 'equivocation'
    | 'unreachable';
  readonly detail: string;
  readonly at: Date;
};

/** The same object is given as long as nothing changed, so callers may keep what they derive from it by identity. */
export interface TrustSource {
  current(now: Date): Result<TrustList, { kind: 'none' | 'expired'; detail: string }>;
  /** Why the newest list that was asked for was refused; undefined where it was taken. */
  refused?(): RefusedList | undefined;
  /** How often a list was refused since the start, by kind. */
  refusals?(): ReadonlyMap<RefusedList['kind'], number>;
  /** What the list was checked against, where it is at hand. */
  readonly anchor?: () => TrustAnchor;
  /** The statement that vouched for a signing certificate which is in no list any more, where it is still to be had. */
  archived?(keyid: string): Promise<ArchivedStatement | undefined>;
}

/** What evidence needs of a gateway that has other keys by now, or is gone. `ca` is base64 DER. */
export type ArchivedStatement = { readonly statement: string; readonly ca: string };

/**
 * One gateway's secrets: two P-256 keys with certificates of the registry's CA, and its ledger's Ed25519 key, unless
 * that is in a token: then the token's name.
 */
export type GatewayKeys = {
  tlsKeyPem: string;
  tlsCertPem: string;
  signCertPem: string;
  signKey: KeyObject;
  ledgerKey: KeyObject | LedgerToken;
};

/** Where a ledger's key is that never was on this disk, as a PKCS#11 URI (RFC 7512) without a PIN. */
export type LedgerToken = { readonly pkcs11: string };

/** A trust list as it is signed: the statements are still sealed, each under its own signature. */
export type TrustListPayload = Omit<TrustList, 'gateways' | 'federated'> & {
  gateways: readonly string[];
  federated: readonly FederatedPayload[];
};

const statementSchema = Type.Object(
  {
    v: Type.Literal(1),
    instance: codeSchema,
    server: serverIdSchema,
    member: Type.Object({ id: memberIdSchema, name: localTextSchema }, strict),
    subsystems: subsystemsSchema,
    address: addressSchema,
    tlsCertificate: derSchema,
    signCertificate: derSchema,
    ledger: Type.Object({ name: pattern('[^\\s+]{1,200}', 200), vkey: vkeySchema }, strict),
    former: Type.Optional(
      Type.Object({ tlsCertificate: derSchema, signCertificate: derSchema, until: instantSchema }, strict),
    ),
    issuedAt: instantSchema,
    expiresAt: instantSchema,
  },
  strict,
);

const payloadSchema = Type.Object(
  {
    v: Type.Literal(1),
    instance: codeSchema,
    version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    issuedAt: instantSchema,
    expiresAt: instantSchema,
    caCertificates: Type.Array(derSchema, { minItems: 1, maxItems: 8 }),
    gateways: Type.Array(jwsSchema, { maxItems: 10_000 }),
    members: membersSchema,
    groups: groupsSchema,
    witnesses: witnessesSchema,
    timestampAuthorities: timestampAuthoritiesSchema,
    revocations: revocationsSchema,
    federated: federatedSchema,
  },
  strict,
);

const checkStatement = shapeParser(statementSchema);
const checkPayload = shapeParser(payloadSchema);

/** A statement's content. Its signature and its certificates are for `readStatement` to check. */
export function parseGatewayStatement(value: Json): Result<GatewayStatement, ShapeRefusal> {
  const shape = checkStatement(value);
  if (!shape.ok) return shape;
  const s = shape.value;
  if (!s.member.id.startsWith(`${s.instance}/`)) return shapeRefusal('/member/id is not of the instance');
  if (memberOf(s.server) !== s.member.id) return shapeRefusal('/server is not of the member');
  if (parseAddress(s.address) === undefined) return shapeRefusal('/address must be https://host:port and no more');
  if (s.ledger.vkey.split('+', 1)[0] !== s.ledger.name) return shapeRefusal('/ledger/vkey is not of the named ledger');
  if (new Set(s.subsystems.map(({ code }) => code)).size !== s.subsystems.length) {
    return shapeRefusal('/subsystems names one code twice');
  }
  for (const member of ['tlsCertificate', 'signCertificate'] as const) {
    if (decodeBase64(s[member]) === undefined) return shapeRefusal(`/${member} must be base64`);
  }
  if (s.tlsCertificate === s.signCertificate) return shapeRefusal('/signCertificate must not serve for TLS as well');
  if (s.former !== undefined && !isInstant(s.former.until)) return shapeRefusal('/former/until must be an instant');
  return periodIsSound(s) ? ok(s) : shapeRefusal('/expiresAt must be an instant after issuedAt');
}

export function parseTrustListPayload(value: Json): Result<TrustListPayload, ShapeRefusal> {
  const shape = checkPayload(value);
  if (!shape.ok) return shape;
  const payload = shape.value;
  if (payload.caCertificates.some((text) => decodeBase64(text) === undefined)) {
    return shapeRefusal('/caCertificates must be base64');
  }
  const foreign = payload.federated.map(({ instance }) => instance);
  if (new Set([payload.instance, ...foreign]).size !== foreign.length + 1) {
    return shapeRefusal('/federated names an instance twice, or its own');
  }
  return periodIsSound(payload) ? ok(payload) : shapeRefusal('/expiresAt must be an instant after issuedAt');
}

/** `https://host:port` and no more; undefined for anything else, also for a second spelling of the same address. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  if (!/^https:\/\/[^\s/?#@\\]+:\d{1,5}$/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const port = url.port === '' ? 443 : Number(url.port);
  if (`https://${url.hostname}:${port}` !== text || port === 0) return undefined;
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port };
}

/** INSTANCE/CLASS/MEMBER of any longer identifier. */
export function memberOf(id: string): string {
  return id.split('/', 3).join('/');
}

function periodIsSound(period: { issuedAt: string; expiresAt: string }): boolean {
  return isInstant(period.issuedAt) && isInstant(period.expiresAt) && period.issuedAt < period.expiresAt;
}
