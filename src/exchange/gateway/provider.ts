import { bodyToKeep, copyRequest, copyToKeep, type PassingCopy } from '../archive/keeping.ts';
import { FAULTS, Fault, faultAnswer, toFault } from '../message/fault.ts';
import { type HeaderList, keepLastOf, lastOf, passRequestHeaders, passResponseHeaders } from '../message/headers.ts';
import { requestHash, requestHashOf } from '../message/request-hash.ts';
import {
  contentDigest,
  formatDigest,
  SIGNATURE_LIFE_SECONDS,
  SIGNED_RESPONSE_HEADERS,
  type SignedParts,
  signResponse,
} from '../message/signature.ts';
import { type Allowed, allow } from './allow.ts';
import { subjectHash } from './entry.ts';
import { type Inbound, identify } from './inbound.ts';
import { type Facts, keep, keepOnce, toRecord } from './keeping.ts';
import { passingBody } from './large-body.ts';
import { hasLimits } from './limits.ts';
import type { GatewayContext } from './model.ts';
import { saidOfRefusal } from './peer-refusal.ts';
import type { PeerAnswer, Peers } from './peers.ts';
import type { Rights } from './rights.ts';
import { callService } from './service-call.ts';
import type { HttpAnswer, Incoming, Shown } from './wire.ts';

/** How far a message got, for the one who must say why it went no further. */
type Progress = { inbound?: Inbound; allowed?: Allowed; copy?: PassingCopy | undefined; isKept: boolean };

/**
 * Takes a message of another gateway to our service and the answer back. In this order: who is it and is it whole,
 * may they, was it received before, keep the evidence, call, reduce to the agreed fields, sign, keep the evidence,
 * answer. Every outcome is a signed answer; it never throws.
 */
export async function serveFromGateway(
  context: GatewayContext,
  peers: Peers,
  rights: Rights,
  shown: Shown,
  incoming: Incoming,
): Promise<HttpAnswer> {
  const progress: Progress = { isKept: false };
  try {
    const { tracing } = context;
    const inbound = tracing.step('verify', () => identify(context, shown, incoming));
    progress.inbound = inbound;
    if (tracing.isOn) tracing.note(namesOf(inbound));
    const allowed = tracing.step('decide', () => allow(context, rights, inbound));
    progress.allowed = allowed;
    // Most agreements have no limits: their messages do not wait for a look at them.
    if (hasLimits(allowed.agreement)) await context.limits.take(allowed.agreement, context.clock());
    const request = await keepRequest(context, inbound, allowed);
    progress.isKept = true;
    if (incoming.large?.tap !== undefined) {
      progress.copy = await copyRequest(context, allowed.agreement, request);
      if (progress.copy !== undefined) incoming.large.tap(progress.copy);
    }
    const answer = await callService(context, peers, rights, inbound, allowed);
    return await answerSigned(context, inbound, allowed, answer);
  } catch (cause) {
    await progress.copy?.drop();
    return refuse(context, incoming, progress, toFault(cause));
  }
}

/** Who asks for what; never for whom. */
function namesOf({ service, client, exchange }: Inbound) {
  return { 'wasl.service': service, 'wasl.client': client, 'wasl.exchange': exchange };
}

/** The signed answer to a message whose body could not be read: it got no further than the door. */
export function refuseUnread(context: GatewayContext, incoming: Incoming, cause: unknown): Promise<HttpAnswer> {
  return refuse(context, incoming, { isKept: false }, toFault(cause));
}

async function keepRequest(context: GatewayContext, inbound: Inbound, allowed: Allowed) {
  // Twice the greatest difference of clocks after the signature's own life, it is refused as expired anyway.
  const until = new Date(context.clock().getTime() + (SIGNATURE_LIFE_SECONDS + 120) * 1000);
  const kept = await bodyToKeep(context, allowed.agreement, 'provider', 'request', inbound.incoming.body);
  const record = toRecord(context, factsOf(context, inbound, 'request', allowed), inbound.signed);
  return { record, index: await keepOnce(context, record, until, kept) };
}

async function answerSigned(
  context: GatewayContext,
  inbound: Inbound,
  allowed: Allowed,
  answer: PeerAnswer,
): Promise<HttpAnswer> {
  const passed = passResponseHeaders(answer.headers);
  const headers: HeaderList =
    allowed.agreement === undefined ? passed : [...passed, ['wasl-agreement', allowed.agreement.id]];
  const facts = { ...factsOf(context, inbound, 'response', allowed), status: answer.status };
  const hash = await wholeRequestHash(inbound.incoming);
  if (answer.rest !== undefined) {
    const head = { status: answer.status, headers: sealedHeaders(inbound.incoming, { ...answer, headers }, hash) };
    const copy = await copyToKeep(context, allowed.agreement, 'provider', 'response');
    return passAnswer(context, inbound, head, facts, { rest: answer.rest, copy });
  }
  const sealed = seal(context, inbound.incoming, { ...answer, headers }, hash);
  const kept = await bodyToKeep(context, allowed.agreement, 'provider', 'response', sealed.answer.body);
  await keep(context, toRecord(context, facts, sealed.signed), kept);
  return sealed.answer;
}

/** Of the request as it was received; reads what the service left unread of a large body. */
async function wholeRequestHash({ method, target, headers, body, large }: Incoming): Promise<string> {
  const passed = passRequestHeaders(headers);
  if (large === undefined) return requestHash(method, target, passed, body);
  return requestHashOf(method, target, passed, (await large.digests()).sha512);
}

/** RFC 9421 trailers: digest and signature of an answer that is passed on while it comes. */
const TRAILERS = 'content-digest, signature-input, signature';

/**
 * An answer above what is held. Its head goes first and its signature last: the peer ends its own transfer only when
 * it has the signature, and that is sent only when the evidence is committed. A crash before leaves the entry of the
 * request, and a transfer that nobody takes for complete.
 */
function passAnswer(
  context: GatewayContext,
  inbound: Inbound,
  head: { readonly status: number; readonly headers: HeaderList },
  facts: Facts,
  { rest, copy }: { readonly rest: AsyncIterable<Buffer>; readonly copy: PassingCopy | undefined },
): HttpAnswer {
  const body = passingBody(rest, { size: undefined, maxBytes: context.settings.maxStreamBytes });
  if (copy !== undefined) body.tap?.(copy);
  let isKept = false;
  const finish = async (): Promise<HeaderList> => {
    const digest = { value: formatDigest((await body.digests()).sha256), isTrailer: true };
    const signed = signAnswer(context, inbound.incoming, head, digest);
    await keep(context, toRecord(context, facts, signed), copy?.kept());
    isKept = true;
    return proofOf(digest.value, signed);
  };
  const abandon = async (cause: unknown): Promise<void> => {
    const { slug, detail } = cause instanceof Fault ? cause : new Fault('transfer-cut', String(cause));
    context.measures.refused('provider', slug);
    context.log.warn('transfer.cut', { fault: slug, exchange: inbound.exchange, detail });
    if (isKept) return;
    const refusal = { ...facts, kind: 'refusal' as const, fault: slug };
    await keep(context, toRecord(context, refusal, inbound.signed)).catch((fault: unknown) =>
      context.log.error('refusal.not-kept', { fault: slug }, fault),
    );
  };
  const headers: HeaderList = [...head.headers, ['trailer', TRAILERS]];
  return { status: head.status, headers, body: NO_BODY, stream: { body, finish, abandon } };
}

const NO_BODY = Buffer.alloc(0);

/** Signs an answer and binds it to the request's signature (RFC 9421 section 2.4). */
function seal(
  context: GatewayContext,
  incoming: Incoming,
  given: HttpAnswer,
  hash: string,
): { readonly answer: HttpAnswer; readonly signed: SignedParts } {
  const headers = sealedHeaders(incoming, given, hash);
  const digest = contentDigest(given.body);
  const { status, body } = given;
  const signed = signAnswer(context, incoming, { status, headers }, { value: digest, isTrailer: false });
  return { answer: { status, headers: [...headers, ...proofOf(digest, signed)], body }, signed };
}

function sealedHeaders(incoming: Incoming, given: { readonly headers: HeaderList }, hash: string): HeaderList {
  return [
    ...keepLastOf(given.headers, SIGNED_RESPONSE_HEADERS),
    ['x-road-id', lastOf(incoming.headers, 'x-road-id') ?? ''],
    ['x-road-request-id', lastOf(incoming.headers, 'x-road-request-id') ?? ''],
    ['x-road-request-hash', hash],
  ];
}

function signAnswer(
  context: GatewayContext,
  { method, target, headers }: Incoming,
  facts: { readonly status: number; readonly headers: HeaderList },
  digest: { readonly value: string; readonly isTrailer: boolean },
): SignedParts {
  const request = { method, targetUri: `${context.address}${target}`, signature: lastOf(headers, 'signature') ?? '' };
  const nonce = context.randomBytes(12).toString('base64url');
  return signResponse(facts, digest, request, context.signing, context.clock(), nonce);
}

function proofOf(digest: string, signed: SignedParts): HeaderList {
  return [
    ['content-digest', digest],
    ['signature-input', signed.input],
    ['signature', signed.signature],
  ];
}

/** A refusal is said, signed, logged, and where the sender was authenticated, an entry of the ledger. */
async function refuse(
  context: GatewayContext,
  incoming: Incoming,
  progress: Progress,
  fault: Fault,
): Promise<HttpAnswer> {
  const id = context.newId();
  const { dialect, problemBase: base } = context.settings;
  const said = faultAnswer(fault, { accept: 'application/problem+json', dialect, side: 'provider', id, base });
  const told = saidOfRefusal(incoming.method, fault.slug, said.body);
  const headers: HeaderList = [
    ['content-type', said.contentType],
    ['x-road-error', said.code],
    ...(fault.retryAfterSeconds === undefined ? [] : [['retry-after', String(fault.retryAfterSeconds)] as const]),
    ...told.headers,
  ];
  // Of a body that was not read whole there is no hash; the peer knows its request by the signature.
  const hash = requestHash(incoming.method, incoming.target, passRequestHeaders(incoming.headers), incoming.body);
  const sealed = seal(context, incoming, { status: said.status, headers, body: told.body }, hash);
  logRefusal(context, progress, fault, id);
  if (progress.inbound !== undefined && fault.slug !== 'evidence-unavailable') {
    const facts = factsOf(context, progress.inbound, 'refusal', progress.allowed);
    // Where the request is in the ledger already, its refusal answers it; else it commits to the refused request.
    const signed = progress.isKept ? sealed.signed : progress.inbound.signed;
    await keep(context, toRecord(context, { ...facts, status: said.status, fault: fault.slug }, signed)).catch(
      (cause: unknown) => context.log.error('refusal.not-kept', { fault: fault.slug, id }, cause),
    );
  }
  return sealed.answer;
}

function logRefusal(context: GatewayContext, progress: Progress, fault: Fault, id: string): void {
  const { inbound } = progress;
  const fields = { fault: fault.slug, id, exchange: inbound?.exchange, sender: inbound?.sender.statement.server };
  context.measures.refused('provider', fault.slug);
  context.tracing.fail(fault.slug, FAULTS[fault.slug].status, FAULTS[fault.slug].status >= 500);
  if (FAULTS[fault.slug].status >= 500) context.log.error('message.refused', fields, fault.cause);
  else context.log.warn('message.refused', fields);
}

function factsOf(context: GatewayContext, inbound: Inbound, kind: Facts['kind'], allowed: Allowed | undefined): Facts {
  return {
    exchange: inbound.exchange,
    kind,
    side: 'provider',
    peer: inbound.sender.statement.server,
    client: inbound.client,
    service: inbound.service,
    agreement: allowed?.agreement?.id ?? null,
    agreementVersion: allowed?.agreement?.version ?? null,
    purpose: allowed?.purpose ?? null,
    status: null,
    fault: null,
    xRoadId: inbound.xRoadId,
    subjectHash: subjectHash(lastOf(inbound.incoming.headers, 'wasl-subject'), context.subjectKey),
  };
}
