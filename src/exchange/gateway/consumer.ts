import { bodyToKeep, copyToKeep, requestToKeep, settleRequest, termsOfCall } from '../archive/keeping.ts';
import type { Agreement } from '../message/agreement.ts';
import { Fault, type FaultSlug } from '../message/fault.ts';
import {
  type HeaderList,
  keepLastOf,
  lastOf,
  passRequestHeaders,
  passResponseHeaders,
  pickHeaders,
  withoutHeaders,
} from '../message/headers.ts';
import {
  describeService,
  formatService,
  formatSubsystem,
  parseRestTarget,
  parseSubsystem,
  type RestTarget,
} from '../message/identifiers.ts';
import { requestHash, requestHashOf } from '../message/request-hash.ts';
import {
  contentDigest,
  formatDigest,
  SIGNED_REQUEST_HEADERS,
  type SignedParts,
  signRequest,
} from '../message/signature.ts';
import { requireConnection } from '../systems/service.ts';
import { type Asked, checkAnswer, freshGateway } from './answer-check.ts';
import { subjectHash } from './entry.ts';
import { IDENTIFIER_FAULTS } from './inbound.ts';
import { type Facts, keep, toRecord } from './keeping.ts';
import { type BodyDigests, passingBody } from './large-body.ts';
import type { GatewayContext } from './model.ts';
import { type CallFailure, failureOf } from './peer-failure.ts';
import { refusalFault, refusalSlug } from './peer-refusal.ts';
import type { Outgoing, PeerAnswer, Peers } from './peers.ts';
import { withTrace } from './traced.ts';
import { gatewayOf, isInForce, type KnownGateway, type TrustView, trustView } from './trust-view.ts';
import { type HttpAnswer, type Incoming, METHODS } from './wire.ts';

/** A message of one of our information systems, ready to be sent. */
type Outbound = Asked & {
  readonly client: string;
  readonly service: string;
  readonly view: TrustView;
  readonly xRoadId: string;
  readonly digest: string;
};

/**
 * Takes a request of an information system to the provider's gateway and its answer back. In this order: read it,
 * know the client, find the provider, sign, keep the evidence, send, verify the answer, keep its evidence, answer.
 * Throws Fault; what was not answered with success has not been passed on, or its refusal is in the ledger.
 */
export async function relayToProvider(context: GatewayContext, peers: Peers, incoming: Incoming): Promise<HttpAnswer> {
  const target = readTarget(incoming);
  const client = readClient(context, incoming);
  if (gatewayOf(trustView(context.trust, context.clock()), formatSubsystem(target.service)) === undefined) {
    await context.renewTrust();
  }
  const digests = await incoming.large?.digests();
  const { tracing } = context;
  const outbound = tracing.step('sign', () => prepare(context, incoming, target, client, digests));
  const { service, provider, exchange } = outbound;
  if (tracing.isOn) tracing.note({ 'wasl.service': service, 'wasl.client': client, 'wasl.exchange': exchange });
  const terms = termsOfCall(context, { client, service, provider: provider.statement.server }, target, incoming);
  const request = toRecord(context, factsOf(context, outbound, 'request', {}), outbound.signed);
  await keep(context, request, await requestToKeep(context, terms, incoming));
  const answer = await send(context, peers, outbound, incoming);
  if (answer.rest !== undefined) return passAnswer(context, outbound, answer, answer.rest, terms);
  const signed = await requireSigned(context, outbound, answer);
  const refusal = lastOf(answer.headers, 'x-road-error');
  const isRefusal = refusal !== undefined;
  const fault = isRefusal ? refusalSlug(answer) : null;
  const kind = isRefusal ? 'refusal' : 'response';
  const agreement = lastOf(answer.headers, 'wasl-agreement') ?? null;
  const record = toRecord(
    context,
    factsOf(context, outbound, kind, { status: answer.status, fault, agreement }),
    signed,
  );
  const agreed = isRefusal || agreement !== terms?.id ? undefined : terms;
  await keep(context, record, await bodyToKeep(context, agreed, 'client', 'response', answer.body));
  if (!isRefusal) await settleRequest(context, outbound.exchange, terms, agreement);
  if (isRefusal) throw refusalFault(answer, fault);
  return { status: answer.status, headers: answerHeaders(outbound, answer), body: answer.body };
}

function readTarget(incoming: Incoming): RestTarget {
  if (!METHODS.has(incoming.method)) {
    throw new Fault('method-unknown', `The method must be one of ${[...METHODS].join(', ')}.`);
  }
  const target = parseRestTarget(incoming.target);
  if (!target.ok) {
    const xRoadMessage = 'Invalid request URI';
    throw new Fault(
      IDENTIFIER_FAULTS[target.error.kind] ?? 'target-malformed',
      `Invalid request URI: it ${target.error.detail}.`,
      { xRoadMessage },
    );
  }
  return target.value;
}

function readClient(context: GatewayContext, { headers, arrival = IN_PLAIN }: Incoming): string {
  const given = lastOf(headers, 'x-road-client');
  if (given === undefined || given === '') throw new Fault('client-header-missing', 'The client identifier is missing');
  const parsed = parseSubsystem(given);
  if (!parsed.ok) {
    const xRoadMessage = 'Invalid Client Id';
    throw new Fault(
      IDENTIFIER_FAULTS[parsed.error.kind] ?? 'client-header-malformed',
      `Invalid Client Id: it ${parsed.error.detail}.`,
      { xRoadMessage },
    );
  }
  const client = formatSubsystem(parsed.value);
  if (!context.subsystems.has(client)) throw new Fault('client-not-here', `Client 'SUBSYSTEM:${client}' not found`);
  requireConnection(context, client, arrival);
  return client;
}

const IN_PLAIN = { isEncrypted: false, certificate: undefined };

function prepare(
  context: GatewayContext,
  incoming: Incoming,
  target: RestTarget,
  client: string,
  large: BodyDigests | undefined,
): Outbound {
  const now = context.clock();
  const view = trustView(context.trust, now);
  const service = formatService(target.service);
  const provider = gatewayOf(view, formatSubsystem(target.service));
  if (provider === undefined || !isInForce(provider, now)) {
    const missing = describeService(target.service);
    throw new Fault('provider-unknown', `Could not find addresses for service provider "${missing}"`);
  }
  checkSecurityServer(incoming.headers, provider);
  const exchange = context.newId();
  const givenId = readXRoadId(incoming.headers);
  const xRoadId = givenId ?? `${context.instance}-${context.newId()}`;
  const headers = withTrace(requestHeaders(incoming.headers, exchange, xRoadId), context.tracing.onward());
  const { method, body } = incoming;
  const hash =
    large === undefined
      ? requestHash(method, incoming.target, headers, body)
      : requestHashOf(method, incoming.target, headers, large.sha512);
  const digest = large === undefined ? contentDigest(body) : formatDigest(large.sha256);
  const facts = { method, targetUri: `${provider.statement.address}${incoming.target}`, headers };
  const nonce = context.randomBytes(12).toString('base64url');
  const signed = signRequest(facts, digest, context.signing, now, nonce);
  return { client, service, provider, view, exchange, xRoadId, facts, hash, signed, digest };
}

/** Both gateways keep it and search by it, so it has an end. */
const MOST_ID = 200;

function readXRoadId(headers: HeaderList): string | undefined {
  const given = lastOf(headers, 'x-road-id');
  if (given === undefined || given === '') return undefined;
  if (given.length <= MOST_ID) return given;
  throw new Fault('message-id-too-long', `X-Road-Id is longer than ${MOST_ID} characters.`);
}

/** Who names the provider's gateway wants that one or none (X-Road's PR-TARGETSS). */
function checkSecurityServer(headers: HeaderList, provider: KnownGateway): void {
  const given = lastOf(headers, 'x-road-security-server');
  if (given === undefined) return;
  const server = parseSubsystem(given);
  if (server.ok && formatSubsystem(server.value) === provider.statement.server) return;
  throw new Fault('security-server-invalid', `Invalid security server "${given.slice(0, 300)}"`);
}

/**
 * What goes to the provider. Of a repeated X-Road header the last one counts, as in X-Road; any other that is signed
 * must stand once, or the signature would say less than the message.
 */
function requestHeaders(given: HeaderList, exchange: string, xRoadId: string): HeaderList {
  const passed = withoutHeaders(passRequestHeaders(given), ['x-road-request-id', 'x-road-service']);
  const kept = keepLastOf(passed, X_ROAD_HEADERS);
  const { repeated } = pickHeaders(kept, SIGNED_NAMES);
  if (repeated !== undefined) throw new Fault('header-repeated', `The header ${repeated} must stand once.`);
  const added: HeaderList = [['x-road-request-id', exchange]];
  if (lastOf(kept, 'x-road-id') === xRoadId) return [...kept, ...added];
  return [...withoutHeaders(kept, ['x-road-id']), ...added, ['x-road-id', xRoadId]];
}

const SIGNED_NAMES: ReadonlySet<string> = new Set(SIGNED_REQUEST_HEADERS);
const X_ROAD_HEADERS = SIGNED_REQUEST_HEADERS.filter((name) => name.startsWith('x-road-'));

async function send(
  context: GatewayContext,
  peers: Peers,
  outbound: Outbound,
  incoming: Incoming,
): Promise<PeerAnswer> {
  const headers: HeaderList = [
    ...outbound.facts.headers,
    ['content-digest', outbound.digest],
    ['signature-input', outbound.signed.input],
    ['signature', outbound.signed.signature],
  ];
  const { maxBodyBytes, maxStreamBytes, peerTimeoutMs: timeoutMs } = context.settings;
  const { method, target, body, large } = incoming;
  const request = { method, target, headers, body, large, timeoutMs, maxBodyBytes, maxStreamBytes };
  try {
    return await sendToPeer(context, peers, outbound, request);
  } catch (cause) {
    const fault = sendFault(outbound, cause);
    await keep(
      context,
      toRecord(context, factsOf(context, outbound, 'refusal', { fault: fault.slug }), outbound.signed),
    );
    throw fault;
  }
}

/** A peer that renewed its certificate shows one that the held list may not name yet; nothing was sent to it then. */
async function sendToPeer(
  context: GatewayContext,
  peers: Peers,
  { view, provider }: Outbound,
  request: Outgoing,
): Promise<PeerAnswer> {
  try {
    return await peers.toGateway(view, provider, request);
  } catch (cause) {
    if (failureOf(cause) !== 'certificate') throw cause;
    const fresh = await freshGateway(context, provider);
    if (fresh === undefined || !isInForce(fresh, context.clock())) throw cause;
    return peers.toGateway(trustView(context.trust, context.clock()), fresh, request);
  }
}

function sendFault(outbound: Outbound, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const [slug, why] = SEND_FAULTS[failureOf(cause)];
  return new Fault(slug, `The gateway ${outbound.provider.statement.server} ${why}; try again later.`, { cause });
}

const SEND_FAULTS: Readonly<Record<CallFailure, readonly [FaultSlug, string]>> = {
  timeout: ['peer-timeout', 'did not answer in time'],
  unreachable: ['peer-unreachable', 'cannot be reached'],
  cut: ['peer-answer-cut', 'broke its answer off'],
  garbage: ['peer-answer-invalid', 'gave an answer that is not HTTP'],
  certificate: ['peer-certificate-refused', 'shows a certificate that does not count'],
  tls: ['peer-tls-refused', 'does not speak TLS 1.3 with this one'],
  other: ['peer-unreachable', 'cannot be reached'],
};

/** As verified; where it does not count, its refusal is in the ledger before the fault is thrown. */
async function requireSigned(context: GatewayContext, outbound: Outbound, answer: HttpAnswer): Promise<SignedParts> {
  const checked = await checkAnswer(context, outbound, answer);
  if (!('refused' in checked)) return checked;
  const facts = factsOf(context, outbound, 'refusal', { status: answer.status, fault: 'peer-answer-invalid' });
  await keep(context, toRecord(context, facts, outbound.signed));
  throw notAccepted(outbound, checked.refused);
}

function notAccepted({ provider }: Outbound, why: string): Fault {
  return new Fault('peer-answer-invalid', `The answer of ${provider.statement.server} was not accepted: ${why}.`);
}

/**
 * An answer above what is held is given on while it comes, from an authenticated gateway but not yet checked: digest
 * and signature stand behind the body. The information system's transfer is ended only when they are right and the
 * evidence is committed; else it is cut, and a refusal stands in the ledger.
 */
async function passAnswer(
  context: GatewayContext,
  outbound: Outbound,
  answer: PeerAnswer,
  rest: AsyncIterable<Buffer>,
  terms: Agreement | undefined,
): Promise<HttpAnswer> {
  const body = passingBody(rest, { size: undefined, maxBytes: context.settings.maxStreamBytes });
  const foreseen = lastOf(answer.headers, 'wasl-agreement') === terms?.id ? terms : undefined;
  const copy = await copyToKeep(context, foreseen, 'client', 'response');
  if (copy !== undefined) body.tap?.(copy);
  const refused = (fault: FaultSlug) =>
    keep(
      context,
      toRecord(context, factsOf(context, outbound, 'refusal', { status: answer.status, fault }), outbound.signed),
    );
  let isKept = false;
  const finish = async (): Promise<HeaderList> => {
    const headers = [...answer.headers, ...(answer.trailers?.() ?? [])];
    const { sha256 } = await body.digests();
    const streamed = { sha256, isTrailer: answer.trailers !== undefined };
    const signed = await checkAnswer(context, outbound, { ...answer, headers }, streamed);
    if ('refused' in signed) throw notAccepted(outbound, signed.refused);
    const agreement = lastOf(headers, 'wasl-agreement') ?? null;
    const facts = factsOf(context, outbound, 'response', { status: answer.status, agreement });
    await keep(context, toRecord(context, facts, signed), agreement === terms?.id ? copy?.kept() : undefined);
    isKept = true;
    await settleRequest(context, outbound.exchange, terms, agreement);
    return [];
  };
  const abandon = async (cause: unknown): Promise<void> => {
    const { slug, detail } = cause instanceof Fault ? cause : new Fault('transfer-cut', String(cause));
    context.measures.refused('consumer', slug);
    context.log.warn('transfer.cut', { fault: slug, exchange: outbound.exchange, detail });
    if (!isKept) await refused(slug).catch((fault: unknown) => context.log.error('refusal.not-kept', {}, fault));
  };
  return {
    status: answer.status,
    headers: withoutHeaders(answerHeaders(outbound, answer), ['trailer']),
    body: Buffer.alloc(0),
    stream: { body, finish, abandon },
  };
}

/** The service's headers, then what says which exchange this was. */
function answerHeaders(outbound: Outbound, answer: HttpAnswer): HeaderList {
  const agreement = lastOf(answer.headers, 'wasl-agreement');
  const date = lastOf(answer.headers, 'date');
  return [
    ...passResponseHeaders(answer.headers),
    ...(date === undefined ? [] : [['date', date] as const]),
    ['x-road-client', outbound.client],
    ['x-road-service', outbound.service],
    ['x-road-id', outbound.xRoadId],
    ['x-road-request-id', outbound.exchange],
    ['x-road-request-hash', outbound.hash],
    ...(agreement === undefined ? [] : [['wasl-agreement', agreement] as const]),
  ];
}

function factsOf(
  context: GatewayContext,
  outbound: Outbound,
  kind: Facts['kind'],
  more: { status?: number; fault?: string | null; agreement?: string | null },
): Facts {
  const { headers } = outbound.facts;
  return {
    exchange: outbound.exchange,
    kind,
    side: 'consumer',
    peer: outbound.provider.statement.server,
    client: outbound.client,
    service: outbound.service,
    agreement: more.agreement ?? null,
    agreementVersion: null,
    purpose: lastOf(headers, 'wasl-purpose') ?? null,
    status: more.status ?? null,
    fault: more.fault ?? null,
    xRoadId: outbound.xRoadId,
    subjectHash: subjectHash(lastOf(headers, 'wasl-subject'), context.subjectKey),
  };
}
