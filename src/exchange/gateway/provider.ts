import { type Json, parseJson } from '../../kernel/index.ts';
import { type Agreement, decide, fieldsOf } from '../message/agreement.ts';
import { FAULTS, Fault, type FaultSlug, faultAnswer } from '../message/fault.ts';
import {
  type HeaderList,
  lastOf,
  passRequestHeaders,
  passResponseHeaders,
  withoutHeaders,
} from '../message/headers.ts';
import {
  formatService,
  formatSubsystem,
  parseRestTarget,
  parseSubsystem,
  type RestTarget,
} from '../message/identifiers.ts';
import { minimise } from '../message/minimise.ts';
import { readServicePath } from '../message/path-glob.ts';
import { requestHash } from '../message/request-hash.ts';
import {
  contentDigest,
  SIGNATURE_LIFE_SECONDS,
  type SignatureRefusal,
  type SignedParts,
  signResponse,
  verifyRequest,
} from '../message/signature.ts';
import { type Incoming, METHODS } from './consumer.ts';
import { subjectHash } from './entry.ts';
import { type Facts, keep, keepOnce, toRecord } from './keeping.ts';
import type { GatewayContext, ServiceEntry } from './model.ts';
import { type HttpAnswer, isConnectFailure, isTimeout, type Peers } from './peers.ts';
import { isInForce, type KnownGateway, trustView } from './trust-view.ts';

/** What the provider's door reads at each message; kept in memory by its owner, who renews it on a change. */
export type Rights = {
  readonly agreements: readonly Agreement[];
  readonly services: ReadonlyMap<string, ServiceEntry>;
};

/** Services that a gateway answers itself. */
export type OwnService = (context: GatewayContext, rights: Rights, subject: string) => Promise<Json>;

/** A message whose sender is known: from here on each refusal is an entry of the ledger. */
type Inbound = {
  readonly incoming: Incoming;
  readonly sender: KnownGateway;
  readonly target: RestTarget;
  readonly client: string;
  readonly service: string;
  readonly exchange: string;
  readonly xRoadId: string;
  readonly signed: SignedParts;
};

/**
 * Takes a message of another gateway to our service and the answer back. In this order: who is it (certificate),
 * is it theirs and whole (signature), do we know the service, may they (agreement), was it received before, keep the
 * evidence, call, reduce to the agreed fields, sign, keep the evidence, answer. `thumbprint` is of the client
 * certificate that TLS verified, undefined where it did not. Every outcome is a signed answer; it never throws.
 */
export async function serveFromGateway(
  context: GatewayContext,
  peers: Peers,
  rights: Rights,
  own: ReadonlyMap<string, OwnService>,
  thumbprint: string | undefined,
  incoming: Incoming,
): Promise<HttpAnswer> {
  let inbound: Inbound | undefined;
  let kept = false;
  try {
    inbound = identify(context, thumbprint, incoming);
    const decision = authorise(context, rights, own, inbound);
    const facts = factsOf(context, inbound, 'request', decision);
    const until = new Date(context.clock().getTime() + (SIGNATURE_LIFE_SECONDS + 120) * 1000);
    await keepOnce(context, toRecord(context, facts, inbound.signed), until);
    kept = true;
    const answer = await call(context, peers, rights, own, inbound, decision);
    return await answerSigned(context, inbound, decision, answer);
  } catch (cause) {
    const fault =
      cause instanceof Fault
        ? cause
        : new Fault('internal', 'The gateway failed; its operator finds the cause in the log.', { cause });
    return refuse(context, incoming, inbound, fault, kept);
  }
}

function identify(context: GatewayContext, thumbprint: string | undefined, incoming: Incoming): Inbound {
  const now = context.clock();
  const view = trustView(context.trust, now);
  const sender = thumbprint === undefined ? undefined : view.byTls.get(thumbprint);
  if (sender === undefined || !isInForce(sender, now)) {
    throw new Fault('sender-unknown', 'The client certificate is of no gateway in the trust list in force.');
  }
  const { client, target } = readMessage(incoming);
  if (view.bySubsystem.get(client) !== sender) {
    throw new Fault(
      'sender-mismatch',
      `The certificate is of ${sender.statement.server}, which does not serve ${client}.`,
    );
  }
  const exchange = lastOf(incoming.headers, 'x-road-request-id') ?? '';
  const xRoadId = lastOf(incoming.headers, 'x-road-id') ?? '';
  if (!/^[\w-]{16,64}$/.test(exchange) || xRoadId === '' || xRoadId.length > 200) {
    throw new Fault('request-malformed', 'X-Road-Request-Id and X-Road-Id must identify the message.');
  }
  const facts = {
    method: incoming.method,
    targetUri: `${context.address}${incoming.target}`,
    headers: incoming.headers,
  };
  const keyOf = (keyid: string) => (keyid === sender.keyid ? sender.signKey : undefined);
  const signed = verifyRequest(facts, incoming.body, keyOf, now);
  if (!signed.ok) throw signatureFault(signed.error);
  return {
    incoming,
    sender,
    target,
    client,
    service: formatService(target.service),
    exchange,
    xRoadId,
    signed: signed.value,
  };
}

function readMessage(incoming: Incoming): { readonly client: string; readonly target: RestTarget } {
  const target = parseRestTarget(incoming.target);
  if (!target.ok || !METHODS.has(incoming.method)) {
    throw new Fault(
      'request-malformed',
      `The request line cannot be read: it ${target.ok ? 'has an unknown method' : target.error.detail}.`,
    );
  }
  const client = parseSubsystem(lastOf(incoming.headers, 'x-road-client') ?? '');
  if (!client.ok) throw new Fault('request-malformed', `X-Road-Client cannot be read: it ${client.error.detail}.`);
  return { client: formatSubsystem(client.value), target: target.value };
}

const SIGNATURE_FAULTS: Readonly<Record<SignatureRefusal['kind'], FaultSlug>> = {
  missing: 'signature-missing',
  malformed: 'signature-malformed',
  coverage: 'signature-coverage',
  'not-yet': 'message-from-the-future',
  expired: 'message-expired',
  'unknown-key': 'signature-key-unknown',
  digest: 'body-altered',
  wrong: 'signature-wrong',
};

function signatureFault(refusal: SignatureRefusal): Fault {
  return new Fault(SIGNATURE_FAULTS[refusal.kind], `The message was refused: ${refusal.detail}.`);
}

type Allowed = { readonly agreement: Agreement; readonly purpose: string };

function authorise(
  context: GatewayContext,
  rights: Rights,
  own: ReadonlyMap<string, OwnService>,
  inbound: Inbound,
): Allowed {
  const code = inbound.target.service.service;
  const isOurs = context.subsystems.has(formatSubsystem(inbound.target.service));
  const entry = rights.services.get(inbound.service);
  if (!isOurs || (entry === undefined && !own.has(code))) {
    throw new Fault('service-unknown', `Unknown service: ${inbound.service}`);
  }
  const path = readServicePath(inbound.target.path);
  if (path === undefined)
    throw new Fault(
      'path-traversal',
      `Request is not allowed: the path of ${inbound.service} has dot segments or encoded slashes.`,
    );
  const decision = decide(
    {
      client: inbound.client,
      service: inbound.service,
      method: inbound.incoming.method,
      path,
      purpose: lastOf(inbound.incoming.headers, 'wasl-purpose'),
      agreement: lastOf(inbound.incoming.headers, 'wasl-agreement'),
    },
    rights.agreements,
    context.clock(),
  );
  if (!decision.ok) throw new Fault(decision.error.kind, `Request is not allowed: ${decision.error.detail}`);
  if (entry !== undefined && !entry.enabled)
    throw new Fault('service-unknown', `Service ${inbound.service} is disabled: ${entry.notice}`);
  return decision.value;
}

async function call(
  context: GatewayContext,
  peers: Peers,
  rights: Rights,
  own: ReadonlyMap<string, OwnService>,
  inbound: Inbound,
  allowed: Allowed,
): Promise<HttpAnswer> {
  const builtIn = own.get(inbound.target.service.service);
  const entry = rights.services.get(inbound.service);
  if (entry === undefined && builtIn !== undefined) return callOwn(context, rights, builtIn, inbound, allowed);
  if (entry === undefined) throw new Fault('service-unknown', `Unknown service: ${inbound.service}`);
  const base = new URL(entry.url);
  const path = `${base.pathname.replace(/\/$/, '')}${inbound.target.path}`;
  try {
    const answer = await peers.toService(base.origin, {
      method: inbound.incoming.method,
      target: `${path === '' ? '/' : path}${inbound.target.query}`,
      headers: serviceHeaders(inbound.incoming.headers, allowed.agreement),
      body: inbound.incoming.body,
      timeoutMs: entry.timeoutMs,
      maxBodyBytes: context.settings.maxBodyBytes,
    });
    return reduce(answer, allowed.agreement);
  } catch (cause) {
    throw callFault(inbound.service, entry, cause);
  }
}

function callFault(service: string, entry: ServiceEntry, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  if (isTimeout(cause))
    return new Fault('service-timeout', `${service} did not answer in ${entry.timeoutMs} ms.`, { cause });
  if (isConnectFailure(cause))
    return new Fault('service-unreachable', `${service} cannot be reached; its member knows more.`, { cause });
  return new Fault('service-answer-invalid', `${service} gave an answer that is not HTTP.`, { cause });
}

async function callOwn(
  context: GatewayContext,
  rights: Rights,
  service: OwnService,
  inbound: Inbound,
  allowed: Allowed,
): Promise<HttpAnswer> {
  const subject = lastOf(inbound.incoming.headers, 'wasl-subject');
  if (subject === undefined || subject === '') throw new Fault('subject-missing', 'Wasl-Subject must name the person.');
  const body = minimise(await service(context, rights, subject), fieldsOf(allowed.agreement));
  return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(JSON.stringify(body)) };
}

/** A compressed answer could not be reduced to its fields. */
function serviceHeaders(headers: HeaderList, agreement: Agreement): HeaderList {
  const passed = withoutHeaders(passRequestHeaders(headers), ['x-road-service']);
  return fieldsOf(agreement).whole ? passed : withoutHeaders(passed, ['accept-encoding']);
}

const ERROR_MEMBERS = ['type', 'title', 'status', 'error', 'message', 'code'];

/**
 * Leaves of the answer what the agreement names. An error answer keeps the few members that say what went wrong, if
 * they are short: a whole record must not leave under the cover of a 404.
 */
function reduce(answer: HttpAnswer, agreement: Agreement): HttpAnswer {
  const fields = fieldsOf(agreement);
  if (fields.whole || answer.body.length === 0) return answer;
  const isError = answer.status >= 400;
  const type = lastOf(answer.headers, 'content-type') ?? '';
  const json = /[/+]json\b/i.test(type)
    ? parseJson(answer.body.toString('utf8'), { maxChars: 10_000_000, maxDepth: 64 })
    : undefined;
  if (json === undefined || !json.ok) {
    if (isError) return { ...answer, headers: [['content-type', 'application/json']], body: Buffer.from('{}') };
    throw new Fault(
      'service-answer-not-json',
      'The agreement names fields, and the service’s answer is not JSON that could be reduced to them.',
    );
  }
  const reduced = isError ? errorMembers(json.value) : minimise(json.value, fields);
  return {
    ...answer,
    headers: withoutHeaders(answer.headers, ['content-length', 'etag']),
    body: Buffer.from(JSON.stringify(reduced)),
  };
}

function errorMembers(body: Json): Json {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return {};
  const short = Object.entries(body).filter(
    ([name, value]) =>
      ERROR_MEMBERS.includes(name) && (typeof value === 'number' || (typeof value === 'string' && value.length <= 200)),
  );
  return Object.fromEntries(short) as Json;
}

async function answerSigned(
  context: GatewayContext,
  inbound: Inbound,
  allowed: Allowed,
  answer: HttpAnswer,
): Promise<HttpAnswer> {
  const headers: HeaderList = [...passResponseHeaders(answer.headers), ['wasl-agreement', allowed.agreement.id]];
  const sealed = seal(context, inbound.incoming, answer.status, headers, answer.body);
  const facts = { ...factsOf(context, inbound, 'response', allowed), status: answer.status };
  await keep(context, toRecord(context, facts, sealed.signed));
  return { status: answer.status, headers: sealed.headers, body: answer.body };
}

/** Signs an answer and binds it to the request's signature (RFC 9421 section 2.4). */
function seal(
  context: GatewayContext,
  incoming: Incoming,
  status: number,
  given: HeaderList,
  body: Buffer,
): { headers: HeaderList; signed: SignedParts } {
  const passed = passRequestHeaders(incoming.headers);
  const headers: HeaderList = [
    ...given,
    ['x-road-id', lastOf(incoming.headers, 'x-road-id') ?? ''],
    ['x-road-request-id', lastOf(incoming.headers, 'x-road-request-id') ?? ''],
    ['x-road-request-hash', requestHash(incoming.method, incoming.target, passed, incoming.body)],
  ];
  const digest = contentDigest(body);
  const request = {
    method: incoming.method,
    targetUri: `${context.address}${incoming.target}`,
    signature: lastOf(incoming.headers, 'signature') ?? '',
  };
  const nonce = context.randomBytes(12).toString('base64url');
  const signed = signResponse({ status, headers }, digest, request, context.signing, context.clock(), nonce);
  const proof: HeaderList = [
    ['content-digest', digest],
    ['signature-input', signed.input],
    ['signature', signed.signature],
  ];
  return { headers: [...headers, ...proof], signed };
}

/** A refusal is said, signed, logged, and where the sender was authenticated, an entry of the ledger. */
async function refuse(
  context: GatewayContext,
  incoming: Incoming,
  inbound: Inbound | undefined,
  fault: Fault,
  kept: boolean,
): Promise<HttpAnswer> {
  const id = context.newId();
  const { dialect, problemBase } = context.settings;
  const answer = faultAnswer(fault, { accept: 'application/problem+json', dialect, id, base: problemBase });
  const body = Buffer.from(answer.body);
  const headers: HeaderList = [
    ['content-type', answer.contentType],
    ['x-road-error', answer.code],
  ];
  const sealed = seal(context, incoming, answer.status, headers, body);
  const fields = { fault: fault.slug, id, exchange: inbound?.exchange, sender: inbound?.sender.statement.server };
  if (FAULTS[fault.slug].status >= 500) context.log.error('message.refused', fields, fault.cause);
  else context.log.warn('message.refused', fields);
  if (inbound !== undefined && fault.slug !== 'evidence-unavailable') {
    const facts = { ...factsOf(context, inbound, 'refusal', undefined), status: answer.status, fault: fault.slug };
    // Where the request is in the ledger already, its refusal answers it; else it commits to the refused request.
    const signed = kept ? sealed.signed : inbound.signed;
    await keep(context, toRecord(context, facts, signed)).catch((cause: unknown) =>
      context.log.error('refusal.not-kept', fields, cause),
    );
  }
  return { status: answer.status, headers: sealed.headers, body };
}

function factsOf(context: GatewayContext, inbound: Inbound, kind: Facts['kind'], allowed: Allowed | undefined): Facts {
  return {
    exchange: inbound.exchange,
    kind,
    side: 'provider',
    peer: inbound.sender.statement.server,
    client: inbound.client,
    service: inbound.service,
    agreement: allowed?.agreement.id ?? null,
    purpose: allowed?.purpose ?? null,
    status: null,
    fault: null,
    xRoadId: inbound.xRoadId,
    subjectHash: subjectHash(lastOf(inbound.incoming.headers, 'wasl-subject'), context.subjectKey),
  };
}
