import { hash, type KeyObject } from 'node:crypto';
import { decodeBase64, err, ok, type Result } from '../../kernel/index.ts';
import { isP256Signature, signP256 } from './ecdsa.ts';
import { type HeaderList, pickHeaders } from './headers.ts';

/**
 * The profile of RFC 9421 that gateways speak to each other: one signature labelled `wasl`, ECDSA P-256 with
 * SHA-256, fixed coverage in a fixed order and one spelling of its parameters. A verifier accepts just that, so a
 * message has one signature base and no component can be left out.
 */
export type SignedParts = {
  /** The signature base (RFC 9421 section 2.5). May hold a person's number: kept with the parties, never published. */
  readonly base: string;
  /** Values of the headers Signature-Input and Signature. */
  readonly input: string;
  readonly signature: string;
  readonly keyid: string;
};

export type SignatureRefusal = {
  readonly kind: 'missing' | 'malformed' | 'coverage' | 'not-yet' | 'expired' | 'unknown-key' | 'digest' | 'wrong';
  readonly detail: string;
  /** Of an unknown key. */
  readonly keyid?: string;
};

export type SigningKey = { readonly keyid: string; readonly key: KeyObject };

const ALG = 'ecdsa-p256-sha256';
/** Seconds that two clocks may differ. */
export const CLOCK_SKEW_SECONDS = 60;
/** Seconds that a request's signature is good for; replays are remembered as long. */
export const SIGNATURE_LIFE_SECONDS = 300;

/** Covered in this order where present; the identity of the exchange must be. */
export const SIGNED_REQUEST_HEADERS = [
  'content-type',
  'x-road-client',
  'x-road-id',
  'x-road-request-id',
  'x-road-userid',
  'x-road-issue',
  'x-road-represented-party',
  'wasl-purpose',
  'wasl-subject',
  'wasl-agreement',
] as const;
export const SIGNED_RESPONSE_HEADERS = [
  'content-type',
  'x-road-id',
  'x-road-request-id',
  'x-road-request-hash',
  'x-road-error',
  'wasl-agreement',
] as const;

const PROOF_HEADERS = ['content-digest', 'signature-input', 'signature'] as const;
const REQUEST_NAMES: ReadonlySet<string> = new Set([...SIGNED_REQUEST_HEADERS, ...PROOF_HEADERS]);
const RESPONSE_NAMES: ReadonlySet<string> = new Set([...SIGNED_RESPONSE_HEADERS, ...PROOF_HEADERS]);

type Values = ReadonlyMap<string, string>;

export type RequestFacts = { readonly method: string; readonly targetUri: string; readonly headers: HeaderList };
/** What of its request a response is bound to. */
export type BoundRequest = { readonly method: string; readonly targetUri: string; readonly signature: string };
/** RFC 9421 section 2.1.2: a digest that comes behind its body is covered as a trailer. */
export type BodyDigest = { readonly value: string; readonly isTrailer: boolean };
export type ResponseFacts = { readonly status: number; readonly headers: HeaderList };

/** RFC 9530: the value of Content-Digest, also for an empty body. */
export function contentDigest(body: Uint8Array): string {
  return formatDigest(hash('sha256', body, 'buffer'));
}

export function formatDigest(sha256: Buffer): string {
  return `sha-256=:${sha256.toString('base64')}:`;
}

function requestLines(facts: RequestFacts, values: Values, digest: string): [string, string][] {
  const lines: [string, string][] = [
    ['"@method"', facts.method],
    ['"@target-uri"', facts.targetUri],
    ['"content-digest"', digest],
  ];
  for (const name of SIGNED_REQUEST_HEADERS) pushHeader(lines, values, name);
  return lines;
}

function responseLines(
  facts: ResponseFacts,
  values: Values,
  digest: BodyDigest,
  request: BoundRequest,
): [string, string][] {
  const lines: [string, string][] = [
    ['"@status"', String(facts.status)],
    [digest.isTrailer ? '"content-digest";tr' : '"content-digest"', digest.value],
  ];
  for (const name of SIGNED_RESPONSE_HEADERS) pushHeader(lines, values, name);
  lines.push(['"@method";req', request.method], ['"@target-uri";req', request.targetUri]);
  lines.push(['"signature";req;key="wasl"', request.signature.slice('wasl='.length)]);
  return lines;
}

/**
 * A signature base is ASCII (RFC 9421 section 2.5), so of a value with other bytes in it, which HTTP allows, the bytes
 * are covered (section 2.1.3). Only blanks and tabs are stripped: the last byte of an à is another kind of space.
 */
function pushHeader(lines: [string, string][], values: Values, name: string): void {
  const value = values.get(name)?.replace(/^[ \t]+|[ \t]+$/g, '');
  if (value === undefined) return;
  const bytes = () => Buffer.from(value, 'latin1').toString('base64');
  lines.push(/^[\x20-\x7e]*$/.test(value) ? [`"${name}"`, value] : [`"${name}";bs`, `:${bytes()}:`]);
}

function seal(
  lines: readonly [string, string][],
  key: SigningKey,
  tag: 'wasl-request' | 'wasl-response',
  now: Date,
  nonce: string,
): SignedParts {
  const created = Math.floor(now.getTime() / 1000);
  const covered = lines.map(([component]) => component).join(' ');
  const expires = created + SIGNATURE_LIFE_SECONDS;
  const params = `(${covered});created=${created};expires=${expires};nonce="${nonce}";keyid="${key.keyid}";alg="${ALG}";tag="${tag}"`;
  const base = signatureBase(lines, params);
  const bytes = signP256(Buffer.from(base), key.key);
  return { base, input: `wasl=${params}`, signature: `wasl=:${bytes.toString('base64')}:`, keyid: key.keyid };
}

/** The signature base of RFC 9421 section 2.5 from component identifiers with their values, and the parameters. */
export function signatureBase(lines: readonly (readonly [string, string])[], params: string): string {
  return `${lines.map(([component, value]) => `${component}: ${value}`).join('\n')}\n"@signature-params": ${params}`;
}

/** `nonce`: letters of base64url, fresh for each message. */
export function signRequest(
  facts: RequestFacts,
  digest: string,
  key: SigningKey,
  now: Date,
  nonce: string,
): SignedParts {
  const { values } = pickHeaders(facts.headers, REQUEST_NAMES);
  return seal(requestLines(facts, values, digest), key, 'wasl-request', now, nonce);
}

export function signResponse(
  facts: ResponseFacts,
  digest: string | BodyDigest,
  request: BoundRequest,
  key: SigningKey,
  now: Date,
  nonce: string,
): SignedParts {
  const { values } = pickHeaders(facts.headers, RESPONSE_NAMES);
  const body = typeof digest === 'string' ? { value: digest, isTrailer: false } : digest;
  return seal(responseLines(facts, values, body, request), key, 'wasl-response', now, nonce);
}

export type KeyOf = (keyid: string) => KeyObject | undefined;

/** Checks an incoming request: form, coverage, window, body, signature, in that order. */
export function verifyRequest(
  facts: RequestFacts,
  body: Uint8Array,
  keyOf: KeyOf,
  now: Date,
): Result<SignedParts, SignatureRefusal> {
  const values = readValues(facts.headers, REQUEST_NAMES);
  if (!values.ok) return values;
  const digest = checkDigest(values.value, body);
  if (!digest.ok) return digest;
  return check(requestLines(facts, values.value, digest.value), values.value, 'wasl-request', keyOf, now);
}

export function verifyResponse(
  facts: ResponseFacts,
  body: Uint8Array,
  request: BoundRequest,
  keyOf: KeyOf,
  now: Date,
): Result<SignedParts, SignatureRefusal> {
  const values = readValues(facts.headers, RESPONSE_NAMES);
  if (!values.ok) return values;
  const digest = checkDigest(values.value, body);
  if (!digest.ok) return digest;
  const whole = { value: digest.value, isTrailer: false };
  return check(responseLines(facts, values.value, whole, request), values.value, 'wasl-response', keyOf, now);
}

/**
 * As `verifyRequest` for a body that is still to come: its digest is taken as the message names it, and must be
 * compared when the body is there.
 */
export function verifyRequestHead(
  facts: RequestFacts,
  keyOf: KeyOf,
  now: Date,
): Result<SignedParts & { readonly digest: string }, SignatureRefusal> {
  const values = readValues(facts.headers, REQUEST_NAMES);
  if (!values.ok) return values;
  const digest = values.value.get('content-digest');
  if (digest === undefined) return refuse('missing', 'the message needs one Content-Digest');
  const checked = check(requestLines(facts, values.value, digest), values.value, 'wasl-request', keyOf, now);
  return checked.ok ? ok({ ...checked.value, digest }) : checked;
}

/**
 * As `verifyResponse` for a body that was passed on while it came, of which `sha256` is known. Digest and signature
 * came as trailers behind it, or in the head; `facts.headers` holds both.
 */
export function verifyStreamedResponse(
  facts: ResponseFacts,
  body: { readonly sha256: Buffer; readonly isTrailer: boolean },
  request: BoundRequest,
  keyOf: KeyOf,
  now: Date,
): Result<SignedParts, SignatureRefusal> {
  const values = readValues(facts.headers, RESPONSE_NAMES);
  if (!values.ok) return values;
  const digest = { value: formatDigest(body.sha256), isTrailer: body.isTrailer };
  if (values.value.get('content-digest') !== digest.value) {
    return refuse('digest', 'the body is not the one that Content-Digest names');
  }
  return check(responseLines(facts, values.value, digest, request), values.value, 'wasl-response', keyOf, now);
}

const refuse = (kind: SignatureRefusal['kind'], detail: string) => err<SignatureRefusal>({ kind, detail });

/**
 * The headers of the profile, each once. RFC 9421 would sign the values of a repeated one joined by a comma; a service
 * behind us might take the first of them, and we the last, so there may be one only.
 */
function readValues(headers: HeaderList, names: ReadonlySet<string>): Result<Values, SignatureRefusal> {
  const { values, repeated } = pickHeaders(headers, names);
  if (repeated === undefined) return ok(values);
  const isProof = PROOF_HEADERS.some((name) => name === repeated);
  return refuse(isProof ? 'malformed' : 'coverage', `${repeated} stands twice`);
}

function checkDigest(values: Values, body: Uint8Array): Result<string, SignatureRefusal> {
  const given = values.get('content-digest');
  if (given === undefined) return refuse('missing', 'the message needs one Content-Digest');
  const digest = contentDigest(body);
  return given === digest ? ok(digest) : refuse('digest', 'the body is not the one that Content-Digest names');
}

const INPUT =
  /^wasl=(\(([^()]*)\);created=(\d{1,12});expires=(\d{1,12});nonce="([\w-]{8,64})";keyid="([\w-]{43})";alg="ecdsa-p256-sha256";tag="(wasl-request|wasl-response)")$/;

function check(
  lines: readonly [string, string][],
  values: Values,
  tag: string,
  keyOf: KeyOf,
  now: Date,
): Result<SignedParts, SignatureRefusal> {
  const [input, signature] = [values.get('signature-input'), values.get('signature')];
  if (input === undefined || signature === undefined) {
    return refuse('missing', 'the message needs one Signature-Input and one Signature');
  }
  const match = INPUT.exec(input);
  if (match === null || match[7] !== tag) return refuse('malformed', `Signature-Input is not of the profile ${tag}`);
  const [, params = '', covered = '', created = '', expires = '', , keyid = ''] = match;
  const due = lines.map(([component]) => component).join(' ');
  if (covered !== due) return refuse('coverage', `the signature must cover ${due}`);
  const window = checkWindow(Number(created), Number(expires), now);
  if (!window.ok) return window;
  const key = keyOf(keyid);
  if (key === undefined) {
    return err<SignatureRefusal>({ kind: 'unknown-key', detail: 'the key is of no gateway in the trust list', keyid });
  }
  const bytes = decodeSignature(signature);
  if (bytes === undefined) return refuse('malformed', 'Signature is not wasl=:64 bytes of base64:');
  const base = signatureBase(lines, params);
  return isSignatureOf(base, bytes, key)
    ? ok({ base, input, signature, keyid })
    : refuse('wrong', 'the signature is not of this message');
}

/** ecdsa-p256-sha256 of RFC 9421 section 3.3.4: the signature is r and s, 32 bytes each, not DER. */
export function isSignatureOf(base: string, signature: Uint8Array, key: KeyObject): boolean {
  return isP256Signature(Buffer.from(base), key, signature);
}

function checkWindow(created: number, expires: number, now: Date): Result<true, SignatureRefusal> {
  const seconds = now.getTime() / 1000;
  if (created > seconds + CLOCK_SKEW_SECONDS) return refuse('not-yet', 'the signature was made in the future');
  if (expires < seconds - CLOCK_SKEW_SECONDS) return refuse('expired', 'the signature has expired');
  if (expires <= created || expires - created > SIGNATURE_LIFE_SECONDS) {
    return refuse('malformed', `the signature must live for at most ${SIGNATURE_LIFE_SECONDS} seconds`);
  }
  return ok(true);
}

/** The 64 raw bytes of `wasl=:…:`, undefined for any other spelling. */
export function decodeSignature(signature: string): Buffer | undefined {
  const text = /^wasl=:([A-Za-z0-9+/]{86}==):$/.exec(signature)?.[1];
  return text === undefined ? undefined : decodeBase64(text);
}
