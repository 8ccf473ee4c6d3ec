import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson, decodeBase64url, err, type Json, ok, parseJson, type Result } from '../../kernel/index.ts';
import type { AnchorKey, TrustAnchor } from './anchor.ts';
import { inOneGo, type Steps } from './steps.ts';

/**
 * Compact JWS (RFC 7515) narrowed to what the registry and the gateways sign: ES256 only, header and payload in
 * canonical JSON, strict base64url. One content therefore has one text, and a changed letter anywhere is refused.
 * Synchronous, so that the rules which use it stay pure.
 */
export type JwsType =
  | 'wasl-trust-list'
  | 'wasl-gateway'
  | 'wasl-evidence-seal'
  | 'wasl-evidence-period'
  | 'wasl-anchor'
  | 'wasl-request'
  | 'wasl-services'
  | 'wasl-agreement'
  | 'wasl-timestamp-authority'
  | 'wasl-agreement-act'
  | 'wasl-agreement-proposal';
export type JwsHeader = Readonly<Record<string, string>>;
export type Jws = { readonly header: JwsHeader; readonly payload: Json };
export type JwsRefusal = { readonly kind: 'jws'; readonly detail: string };

/** `extra` holds the header parameters beside alg, kid and typ. */
export function signJws(
  signer: { readonly kid: string; readonly key: KeyObject },
  typ: JwsType,
  payload: object,
  extra: JwsHeader = {},
): string {
  const header = { ...extra, alg: 'ES256', kid: signer.kid, typ };
  const input = `${base64urlOf(canonicalJson(header))}.${base64urlOf(canonicalJson(payload as Json))}`;
  // RFC 7518 section 3.4: ES256 signatures are R || S, not DER.
  const signature = sign('sha256', Buffer.from(input), { key: signer.key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** Refuses whatever is not exactly `typ` with the header parameters `alg`, `kid`, `typ` and `extra`. */
export function verifyJws(
  text: string,
  typ: JwsType,
  keyOf: (kid: string) => KeyObject | undefined,
  extra: readonly string[] = [],
  maxChars = 100_000,
): Result<Jws, JwsRefusal> {
  return inOneGo(jwsSteps(text, typ, keyOf, extra, maxChars));
}

/** `verifyJws` for a text of megabytes: each of its steps takes a tenth of a second for forty of them. */
export function* jwsSteps(
  text: string,
  typ: JwsType,
  keyOf: (kid: string) => KeyObject | undefined,
  extra: readonly string[],
  maxChars: number,
): Steps<Result<Jws, JwsRefusal>> {
  if (text.length > maxChars) return refuse(`longer than ${maxChars} characters`);
  const parts = text.split('.');
  const [head = '', body = '', tail = ''] = parts;
  if (parts.length !== 3) return refuse(`has ${parts.length} parts, not 3`);
  const header = readHeader(head, typ, extra);
  if (!header.ok) return header;
  const key = keyOf(header.value['kid'] ?? '');
  if (key === undefined) return refuse(`the key ${header.value['kid']} is not known`);
  const signature = decodeBase64url(tail);
  if (signature?.length !== 64) return refuse('the signature is not 64 bytes of base64url');
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) {
    return refuse(`the signature is not of the key ${header.value['kid']}`);
  }
  yield;
  const payload = yield* canonicalSteps(body, maxChars);
  return payload.ok ? ok({ header: header.value, payload: payload.value }) : payload;
}

function readHeader(text: string, typ: JwsType, extra: readonly string[]): Result<JwsHeader, JwsRefusal> {
  const json = inOneGo(canonicalSteps(text, 2000));
  if (!json.ok) return json;
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) {
    return refuse('the header is not an object');
  }
  const header = json.value as Readonly<Record<string, Json>>;
  const expected = ['alg', 'kid', 'typ', ...extra].sort().join(' ');
  const found = Object.keys(header).sort().join(' ');
  if (found !== expected) return refuse(`the header has "${found}", not "${expected}"`);
  if (Object.values(header).some((value) => typeof value !== 'string'))
    return refuse('the header holds more than text');
  // The algorithm is ours to choose, never the message's (RFC 8725 section 3.1).
  if (header['alg'] !== 'ES256') return refuse('the algorithm is not ES256');
  if (header['typ'] !== typ) return refuse(`the type is not ${typ}`);
  return ok(header as JwsHeader);
}

function* canonicalSteps(text: string, maxChars: number): Steps<Result<Json, JwsRefusal>> {
  const bytes = decodeBase64url(text);
  const utf8 = bytes === undefined ? undefined : decodeUtf8(bytes);
  if (utf8 === undefined) return refuse('a part is not base64url of UTF-8 text');
  yield;
  const json = parseJson(utf8, { maxChars, maxDepth: 8 });
  if (!json.ok) return refuse(json.error.detail);
  yield;
  return canonicalText(json.value) === utf8 ? json : refuse('a part is not canonical JSON');
}

/** Undefined for what canonical JSON cannot hold (lone surrogates that an escape smuggled in). */
export function canonicalText(value: Json): string | undefined {
  try {
    return canonicalJson(value);
  } catch {
    return undefined;
  }
}

/** Undefined for bytes that are not UTF-8. A byte order mark stays in the text, where parsers refuse it. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A registry's key, and since when it signs nothing any more. */
export type KnownKey = { readonly key: KeyObject; readonly retiredAt: string | undefined };
export type AnchorKeys = ReadonlyMap<string, KnownKey>;

/** The key of that kid, unless it is retired: what it still signs is nobody's word. */
export function activeKey(keys: AnchorKeys, kid: string): KeyObject | undefined {
  const known = keys.get(kid);
  return known?.retiredAt === undefined ? known?.key : undefined;
}

/** The anchor's keys by kid. A kid is the key's own thumbprint (RFC 7638), so an anchor cannot mislabel a key. */
export function anchorKeys(anchor: TrustAnchor): Result<AnchorKeys, JwsRefusal> {
  const keys = new Map<string, KnownKey>();
  for (const jwk of anchor.keys) {
    if (jwk.kid !== thumbprint(jwk)) return refuse(`the anchor's key ${jwk.kid} is not the key of that thumbprint`);
    const key = publicKeyOf(jwk);
    if (key === undefined) return refuse(`the anchor's key ${jwk.kid} is no point of P-256`);
    keys.set(jwk.kid, { key, retiredAt: jwk.retiredAt });
  }
  return ok(keys);
}

/** The JWK of a P-256 key; `kid` is its SHA-256 thumbprint (RFC 7638). */
export function anchorKeyOf(key: KeyObject): AnchorKey {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x, y, kid: thumbprint({ x, y }), alg: 'ES256', use: 'sig' };
}

/** Ties a join token to the registry that issued it: base64url SHA-256 of the anchor's canonical JSON. */
export function anchorFingerprint(anchor: TrustAnchor): string {
  return createHash('sha256').update(canonicalJson(anchor)).digest('base64url');
}

function thumbprint({ x, y }: { readonly x: string; readonly y: string }): string {
  return createHash('sha256')
    .update(canonicalJson({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url');
}

function publicKeyOf({ x, y }: AnchorKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

const base64urlOf = (text: string): string => Buffer.from(text).toString('base64url');

function refuse(detail: string): Result<never, JwsRefusal> {
  return err({ kind: 'jws', detail });
}
