import type { KeyObject } from 'node:crypto';
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  decodeBase64,
  decodeBase64url,
  err,
  type Json,
  type LocalText,
  ok,
  parseJson,
  type Result,
} from '../../kernel/index.ts';

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
  issuedAt: string;
  expiresAt: string;
};

/** Who takes part in the exchange, as of `version`. Every statement here was verified against the anchor. */
export type TrustList = {
  v: 1;
  instance: string;
  version: number;
  issuedAt: string;
  expiresAt: string;
  /** base64 DER */
  caCertificates: readonly string[];
  gateways: readonly { statement: GatewayStatement; jws: string }[];
};

/** The same object is given as long as nothing changed, so callers may keep what they derive from it by identity. */
export interface TrustSource {
  current(now: Date): Result<TrustList, { kind: 'none' | 'expired'; detail: string }>;
}

/** One gateway's secrets: two P-256 keys with certificates of the registry's CA, and its ledger's Ed25519 key. */
export type GatewayKeys = { tlsKeyPem: string; tlsCertPem: string; signKey: KeyObject; ledgerKey: KeyObject };

/** The public key of a registry, as a JWK (RFC 7517) with a key id. */
export type AnchorKey = { kty: 'EC'; crv: 'P-256'; x: string; y: string; kid: string; alg: 'ES256'; use: 'sig' };

/** All that somebody must be given by hand to check what an instance signed. */
export type TrustAnchor = { v: 1; instance: string; keys: readonly AnchorKey[] };

/** A trust list as it is signed: the statements are still sealed, each under its own signature. */
export type TrustListPayload = Omit<TrustList, 'gateways'> & { gateways: readonly string[] };

export type ShapeRefusal = { readonly kind: 'shape'; readonly detail: string };

// Narrower than X-Road's identifier set: what needs no percent-encoding in a path and no escape in a certificate
// or in a ledger's note has one spelling everywhere. A first letter or digit leaves no dot segments.
const CODE = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';
const pattern = (text: string, maxLength: number) => Type.String({ pattern: `^${text}$`, maxLength });
const strict = { additionalProperties: false } as const;

export const codeSchema = pattern(CODE, 64);
export const memberIdSchema = pattern(`${CODE}/${CODE}/${CODE}`, 194);
export const serverIdSchema = pattern(`${CODE}/${CODE}/${CODE}/${CODE}`, 259);
export const addressSchema = Type.String({ minLength: 10, maxLength: 300 });
/** One line that a terminal or a page can show as it is: no control characters, none that turn the direction. */
export const lineSchema = (maxLength: number) =>
  pattern('[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]+', maxLength);
const name = lineSchema(200);
export const localTextSchema = Type.Object({ ar: name, fr: name, en: Type.Optional(name) }, strict);
export const subsystemsSchema = Type.Array(Type.Object({ code: codeSchema, name: localTextSchema }, strict), {
  minItems: 1,
  maxItems: 100,
});
const instant = pattern('\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z', 24);
const der = Type.String({ minLength: 4, maxLength: 8000 });
export const jwsSchema = pattern('[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{86}', 40_000);
// C2SP signed-note: name + "+" + 8 hex digits + "+" + base64 of the algorithm's byte and the key.
export const vkeySchema = pattern('[^\\s+]{1,200}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{40,50}={0,2}', 300);

const statementSchema = Type.Object(
  {
    v: Type.Literal(1),
    instance: codeSchema,
    server: serverIdSchema,
    member: Type.Object({ id: memberIdSchema, name: localTextSchema }, strict),
    subsystems: subsystemsSchema,
    address: addressSchema,
    tlsCertificate: der,
    signCertificate: der,
    ledger: Type.Object({ name: pattern('[^\\s+]{1,200}', 200), vkey: vkeySchema }, strict),
    issuedAt: instant,
    expiresAt: instant,
  },
  strict,
);

const payloadSchema = Type.Object(
  {
    v: Type.Literal(1),
    instance: codeSchema,
    version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    issuedAt: instant,
    expiresAt: instant,
    caCertificates: Type.Array(der, { minItems: 1, maxItems: 8 }),
    gateways: Type.Array(jwsSchema, { maxItems: 10_000 }),
  },
  strict,
);

const anchorKeySchema = Type.Object(
  {
    kty: Type.Literal('EC'),
    crv: Type.Literal('P-256'),
    x: pattern('[A-Za-z0-9_-]{43}', 43),
    y: pattern('[A-Za-z0-9_-]{43}', 43),
    kid: pattern('[A-Za-z0-9_-]{1,64}', 64),
    alg: Type.Literal('ES256'),
    use: Type.Literal('sig'),
  },
  strict,
);

const anchorSchema = Type.Object(
  { v: Type.Literal(1), instance: codeSchema, keys: Type.Array(anchorKeySchema, { minItems: 1, maxItems: 16 }) },
  strict,
);

/** A parser of one shape, closed to unknown members; the refusal names the first member that is wrong. */
export function shapeParser<S extends TSchema>(schema: S): (value: unknown) => Result<Static<S>, ShapeRefusal> {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return ok(value as Static<S>);
    const first = compiled.Errors(value)[0];
    return shapeRefusal(first === undefined ? 'wrong shape' : `${first.instancePath || '/'} ${first.message}`);
  };
}

export function shapeRefusal(detail: string): Result<never, ShapeRefusal> {
  return err({ kind: 'shape', detail });
}

const checkStatement = shapeParser(statementSchema);
const checkPayload = shapeParser(payloadSchema);
const checkAnchor = shapeParser(anchorSchema);

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
  return periodIsSound(s) ? ok(s) : shapeRefusal('/expiresAt must be an instant after issuedAt');
}

export function parseTrustListPayload(value: Json): Result<TrustListPayload, ShapeRefusal> {
  const shape = checkPayload(value);
  if (!shape.ok) return shape;
  const payload = shape.value;
  if (payload.caCertificates.some((text) => decodeBase64(text) === undefined)) {
    return shapeRefusal('/caCertificates must be base64');
  }
  return periodIsSound(payload) ? ok(payload) : shapeRefusal('/expiresAt must be an instant after issuedAt');
}

/** The anchor file, UTF-8 JSON. */
export function parseAnchor(text: string): Result<TrustAnchor, ShapeRefusal> {
  const json = parseJson(text, { maxChars: 20_000, maxDepth: 4 });
  if (!json.ok) return shapeRefusal(json.error.detail);
  const shape = checkAnchor(json.value);
  if (!shape.ok) return shape;
  const { keys } = shape.value;
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) return shapeRefusal('/keys names one kid twice');
  if (keys.some(({ x, y }) => decodeBase64url(x) === undefined || decodeBase64url(y) === undefined)) {
    return shapeRefusal('/keys must hold base64url coordinates');
  }
  return ok(shape.value);
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

/** True when the text is an instant that exists, in the one spelling that `toISOString` gives it. */
export function isInstant(text: string): boolean {
  const instantMs = Date.parse(text);
  return !Number.isNaN(instantMs) && new Date(instantMs).toISOString() === text;
}

function periodIsSound(period: { issuedAt: string; expiresAt: string }): boolean {
  return isInstant(period.issuedAt) && isInstant(period.expiresAt) && period.issuedAt < period.expiresAt;
}
