import { type Json, type JsonRefusal, parseJson } from '../../kernel/index.ts';
import { AddressRefused } from '../address/connect.ts';
import { type Agreement, fieldsOf } from '../message/agreement.ts';
import { Fault, type FaultSlug } from '../message/fault.ts';
import { type HeaderList, lastOf, passRequestHeaders, withoutHeaders } from '../message/headers.ts';
import { formatSubsystem } from '../message/identifiers.ts';
import { minimise } from '../message/minimise.ts';
import { isCertificateRefusal } from '../systems/connect.ts';
import type { Allowed } from './allow.ts';
import type { Inbound } from './inbound.ts';
import type { GatewayContext, ServiceEntry } from './model.ts';
import { type CallFailure, failureOf } from './peer-failure.ts';
import type { PeerAnswer, Peers } from './peers.ts';
import type { Rights } from './rights.ts';

/** Calls the service and leaves of its answer what the agreement names. Throws Fault. */
export async function callService(
  context: GatewayContext,
  peers: Peers,
  rights: Rights,
  inbound: Inbound,
  allowed: Allowed,
): Promise<PeerAnswer> {
  const { answers, agreement } = allowed;
  if ('answer' in answers) {
    const answer = await answers.answer(context, rights, inbound, allowed);
    if ('text' in answer) {
      return { status: 200, headers: [['content-type', answer.contentType]], body: Buffer.from(answer.text) };
    }
    const kept = agreement === undefined ? answer.data : minimise(answer.data, fieldsOf(agreement));
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(JSON.stringify(kept)) };
  }
  if (agreement === undefined) throw new Error(`${inbound.service} was allowed without an agreement`);
  try {
    const answer = await forward(context, peers, inbound, answers, agreement);
    return context.tracing.step('reduce', () => reduce(answer, agreement));
  } catch (cause) {
    throw callFault(inbound.service, answers, cause);
  }
}

function forward(
  context: GatewayContext,
  peers: Peers,
  inbound: Inbound,
  entry: ServiceEntry,
  agreement: Agreement,
): Promise<PeerAnswer> {
  const base = serviceBase(entry.url);
  const trust = context.systems.serviceTrust(formatSubsystem(inbound.target.service));
  return peers.toService(base.origin, trust, {
    method: inbound.incoming.method,
    target: `${servicePath(base.path, inbound.target.path)}${inbound.target.query}`,
    headers: serviceHeaders(inbound.incoming.headers, agreement),
    body: inbound.incoming.body,
    large: inbound.incoming.large,
    timeoutMs: entry.timeoutMs,
    maxBodyBytes: context.settings.maxBodyBytes,
    // What is reduced to some fields must be held whole.
    ...(fieldsOf(agreement).whole ? { maxStreamBytes: context.settings.maxStreamBytes } : {}),
  });
}

/** The service's own path as it is registered, then the message's: of two slashes between them one stays (X-Road does so). */
function servicePath(base: string, path: string): string {
  return path === '' ? base : `${base.replace(/\/$/, '')}${path}`;
}

const bases = new Map<string, { readonly origin: string; readonly path: string }>();

/** Addresses of services are the operator's: few, and the same at each message. */
function serviceBase(url: string): { readonly origin: string; readonly path: string } {
  const known = bases.get(url);
  if (known !== undefined) return known;
  const { origin, pathname } = new URL(url);
  const base = { origin, path: pathname };
  bases.set(url, base);
  return base;
}

/** A compressed answer could not be reduced to its fields. */
function serviceHeaders(headers: HeaderList, agreement: Agreement): HeaderList {
  const dropped = fieldsOf(agreement).whole ? ['x-road-service'] : ['x-road-service', 'accept-encoding'];
  return withoutHeaders(passRequestHeaders(headers), dropped);
}

function callFault(service: string, entry: ServiceEntry, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  if (cause instanceof AddressRefused) {
    return new Fault('service-address-refused', `${service} is at an address that its gateway may not call.`, {
      cause,
    });
  }
  if (isCertificateRefusal(cause)) {
    const detail = `${service} shows a certificate that its gateway does not know.`;
    return new Fault('service-certificate-refused', detail, { cause });
  }
  const [slug, why] = CALL_FAULTS[failureOf(cause)];
  return new Fault(slug, `${service} ${why.replace('$timeout', String(entry.timeoutMs))}.`, { cause });
}

const NOT_HTTP = ['service-answer-invalid', 'gave an answer that is not HTTP'] as const;
const AWAY = ['service-unreachable', 'cannot be reached; its member knows more'] as const;
const CALL_FAULTS: Readonly<Record<CallFailure, readonly [FaultSlug, string]>> = {
  timeout: ['service-timeout', 'did not answer in $timeout ms'],
  unreachable: AWAY,
  cut: ['service-answer-cut', 'broke its answer off; its member knows more'],
  garbage: NOT_HTTP,
  certificate: AWAY,
  tls: AWAY,
  other: NOT_HTTP,
};

const ERROR_MEMBERS = ['type', 'title', 'status', 'error', 'message', 'code'];
const JSON_LIMITS = { maxChars: 10_000_000, maxDepth: 64 };

/**
 * Leaves of the answer what the agreement names. An error answer keeps the few members that say what went wrong, if
 * they are short: a whole record must not leave under the cover of a 404.
 */
function reduce(answer: PeerAnswer, agreement: Agreement): PeerAnswer {
  const fields = fieldsOf(agreement);
  if (fields.whole || answer.rest !== undefined || answer.body.length === 0) return answer;
  const isError = answer.status >= 400;
  const type = lastOf(answer.headers, 'content-type') ?? '';
  const isJson = /[/+]json\b/i.test(type);
  const mayPassWhole = !isJson && agreement.terms?.otherBodies === 'whole';
  // The word is for what cannot be reduced. JSON under the name of something else can, and is.
  const json = isJson || (mayPassWhole && looksLikeJson(answer.body)) ? readJson(answer.body) : undefined;
  if (json === undefined || !json.ok) {
    if (mayPassWhole && (json === undefined || json.error.kind === 'not-json')) return answer;
    if (isError) return { ...answer, headers: [['content-type', 'application/json']], body: Buffer.from('{}') };
    throw new Fault(
      json === undefined ? 'service-answer-not-json' : JSON_FAULTS[json.error.kind],
      'The agreement names fields, and the service’s answer is not JSON that could be reduced to them.',
    );
  }
  const reduced = isError ? errorMembers(json.value) : minimise(json.value, fields);
  return {
    ...answer,
    headers: withoutHeaders(answer.headers, ['content-length', 'content-encoding', 'etag']),
    body: Buffer.from(JSON.stringify(reduced)),
  };
}

function readJson(body: Buffer): ReturnType<typeof parseJson> {
  return parseJson(body.toString('utf8'), JSON_LIMITS, 'exact');
}

function looksLikeJson(body: Buffer): boolean {
  return /^\uFEFF?\s*[{[]/.test(body.subarray(0, 200).toString('utf8'));
}

const JSON_FAULTS: Readonly<Record<JsonRefusal['kind'], FaultSlug>> = {
  'too-large': 'service-answer-excessive',
  'too-deep': 'service-answer-excessive',
  poisoned: 'service-answer-unsafe',
  ambiguous: 'service-answer-ambiguous',
  'not-json': 'service-answer-not-json',
};

function errorMembers(body: Json): Json {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return {};
  const short = Object.entries(body).filter(
    ([name, value]) =>
      ERROR_MEMBERS.includes(name) && (typeof value === 'number' || (typeof value === 'string' && value.length <= 200)),
  );
  return Object.fromEntries(short) as Json;
}
