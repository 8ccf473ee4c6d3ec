import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { gatherPieces } from '../../platform/index.ts';
import { FAULTS, Fault, type FaultSlug, faultAnswer, type Side, toFault } from '../message/fault.ts';
import { toHeaderList } from '../message/headers.ts';
import type { LargeBody } from './large-body.ts';
import type { GatewayContext } from './model.ts';
import { type TrustView, thumbprint, trustView } from './trust-view.ts';
import type { AnswerStream, HttpAnswer, Incoming, Shown } from './wire.ts';

/** Slow or endless senders are let go (X-Road has none of these limits). */
const LIMITS = { requestTimeout: 3_600_000, keepAliveTimeout: 60_000, maxHeaderSize: 32_768 };

/** Node looks every 30 s, and gives a handshake two minutes, unless told. */
function headLimits({ doors }: GatewayContext['settings']) {
  const { headPatienceMs: headersTimeout } = doors;
  const connectionsCheckingInterval = Math.min(5_000, headersTimeout);
  return { headersTimeout, handshakeTimeout: headersTimeout, connectionsCheckingInterval };
}

const NO_BODY = Buffer.alloc(0);

/** The request without its body. */
export function headOf(request: IncomingMessage): Incoming {
  const headers = toHeaderList(request.rawHeaders);
  return { method: request.method ?? '', target: request.url ?? '', headers, body: NO_BODY };
}

/** Throws Fault where the body is larger than allowed or ends early. `large`, if given, takes what is larger. */
export async function readIncoming(
  request: IncomingMessage,
  maxBodyBytes: number,
  large?: (first: readonly Buffer[], rest: AsyncIterator<Buffer>) => Promise<LargeBody>,
): Promise<Incoming> {
  const announced = request.headers['content-length'];
  const hasBody = (announced !== undefined && announced !== '0') || request.headers['transfer-encoding'] !== undefined;
  const head = headOf(request);
  if (!hasBody) return head;
  const body = await readBody(request, maxBodyBytes, large);
  return Buffer.isBuffer(body) ? { ...head, body } : { ...head, large: body };
}

async function readBody(
  request: IncomingMessage,
  limit: number,
  large: Parameters<typeof readIncoming>[2],
): Promise<Buffer | LargeBody> {
  const pieces = gatherPieces();
  let size = 0;
  try {
    const iterator = (request as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      size += next.value.length;
      if (size <= limit || large !== undefined) pieces.add(next.value);
      if (size > limit && large !== undefined) return await large(pieces.parts(), iterator);
      // What is a little too large is read to its end and dropped: a sender cut off in the middle learns no reason.
      if (size > 4 * limit) break;
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('body-unreadable', 'The body ended before its announced length.', { cause });
  }
  if (size > limit) {
    throw new Fault('body-too-large', `The body is larger than the ${limit} bytes that this gateway accepts.`);
  }
  return pieces.whole();
}

/** Who takes nothing of an answer for `patienceMs` is cut off: what waits for it would stay in our memory. */
export function writeAnswer(response: ServerResponse, answer: HttpAnswer, patienceMs = PATIENCE_MS): void {
  if (answer.stream !== undefined) return void writeStream(response, answer, answer.stream, patienceMs);
  if (response.destroyed) return;
  const headers: string[] = answer.headers.flat();
  // To HEAD, and with 204 and 304, a length of 0 would say that GET has an empty answer (RFC 9110 section 8.6).
  const hasBody = response.req.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304;
  if (hasBody) headers.push('content-length', String(answer.body.length));
  response.writeHead(answer.status, headers);
  if (hasBody && answer.body.length > SLICE) return void writeSlices(response, answer.body, patienceMs);
  response.end(hasBody ? answer.body : undefined);
  cutWhenIdle(response, patienceMs);
}

const PATIENCE_MS = 30_000;
const SLICE = 262_144;

/** Piece by piece, so that one sees whether it is taken. */
async function writeSlices(response: ServerResponse, body: Buffer, patienceMs: number): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += SLICE) {
    if (!response.write(body.subarray(at, at + SLICE))) await drained(response, patienceMs);
  }
  if (response.destroyed) return;
  response.end();
  cutWhenIdle(response, patienceMs);
}

function cutWhenIdle(response: ServerResponse, patienceMs: number): void {
  if (response.writableFinished) return;
  const cut = setTimeout(() => response.destroy(), patienceMs);
  cut.unref();
  response.once('close', () => clearTimeout(cut));
}

/**
 * Passes a stream on as fast as it is taken. Its end is written only after `finish`: a receiver whose transfer was cut
 * knows that it has no answer (RFC 9112 section 8).
 */
async function writeStream(
  response: ServerResponse,
  answer: HttpAnswer,
  stream: AnswerStream,
  patienceMs: number,
): Promise<void> {
  try {
    response.writeHead(answer.status, answer.headers.flat());
    for await (const chunk of stream.body.chunks()) {
      if (response.destroyed) throw new Error('the receiver went away');
      if (!response.write(chunk)) await drained(response, patienceMs);
    }
    const trailers = await stream.finish();
    if (trailers.length > 0) response.addTrailers(Object.fromEntries(trailers));
    response.end();
  } catch (cause) {
    response.destroy();
    await stream.body.discard().catch(() => {});
    await stream.abandon(cause);
  }
}

function drained(response: ServerResponse, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => response.destroy(), patienceMs);
    cut.unref();
    const go = () => {
      clearTimeout(cut);
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

/** X-Road's form of a fault for an information system; its UUID is in the log too. */
export function answerFault(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
  cause: unknown,
): void {
  const fault = toFault(cause);
  const id = context.newId();
  const { dialect, problemBase: base } = context.settings;
  const answer = faultAnswer(fault, { accept: request.headers.accept, dialect, side: 'consumer', id, base });
  const fields = { fault: fault.slug, id };
  context.measures.refused('consumer', fault.slug);
  context.tracing.fail(fault.slug, answer.status, FAULTS[fault.slug].status >= 500);
  if (fault.slug === 'internal') context.log.error('request.failed', fields, fault.cause);
  else context.log.info('request.refused', fields);
  const headers: [string, string][] = [
    ['content-type', answer.contentType],
    ['x-road-error', answer.code],
  ];
  if (fault.retryAfterSeconds !== undefined) headers.push(['retry-after', String(fault.retryAfterSeconds)]);
  if (!request.complete) headers.push(['connection', 'close']);
  // Behind what has gone out already it would be taken for its body: the receiver must see that the answer ends early.
  if (response.headersSent) return void response.destroy();
  writeAnswer(response, { status: answer.status, headers, body: Buffer.from(answer.body) });
}

/**
 * What Node's parser refuses: two lengths, a bad chunk, a control character in a header, too much, too slow. Nothing of
 * it was read as a request, so there is nothing to smuggle behind it: the one who sent it is answered, and cut off.
 */
export function refuseUnparsed(context: GatewayContext, side: Side): (error: Error, socket: Duplex) => void {
  return (error, socket) => {
    // An answer would wait for a handshake that does not come, and hold the connection for ever.
    if ('code' in error && error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') {
      context.measures.refused(side, 'tls-handshake-failed');
      return void socket.destroy();
    }
    const slug = unparsedSlug(error);
    context.measures.refused(side, slug);
    if (!socket.writable || ('bytesWritten' in socket && isAnswering(socket))) return void socket.destroy();
    const { dialect, problemBase: base } = context.settings;
    const { title } = FAULTS[slug];
    const accept = 'application/problem+json';
    const said = faultAnswer(new Fault(slug, `${title}.`), { accept, dialect, side, id: context.newId(), base });
    const head = [
      `HTTP/1.1 ${said.status} ${STATUS_CODES[said.status] ?? ''}`,
      `content-type: ${said.contentType}`,
      `content-length: ${Buffer.byteLength(said.body)}`,
      `x-road-error: ${said.code}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${said.body}`, () => socket.destroy());
  };
}

/** Half of another answer has been written on this connection: a second one behind it would be taken for its body. */
function isAnswering(socket: Duplex): boolean {
  const message = (socket as Duplex & { _httpMessage?: ServerResponse })._httpMessage;
  return message?.headersSent === true && !message.writableEnded;
}

function unparsedSlug(error: Error): FaultSlug {
  const code = 'code' in error ? error.code : undefined;
  return UNPARSED[String(code)] ?? 'request-unparsable';
}

/** Node's names of what its parser refuses. */
const UNPARSED: Readonly<Record<string, FaultSlug>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-too-slow',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'length-ambiguous',
  HPE_INVALID_CONTENT_LENGTH: 'length-ambiguous',
  HPE_INVALID_TRANSFER_ENCODING: 'length-ambiguous',
  HPE_INVALID_CHUNK_SIZE: 'chunk-malformed',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'chunk-malformed',
  HPE_STRICT: 'chunk-malformed',
  HPE_INVALID_HEADER_TOKEN: 'header-malformed',
  HPE_UNEXPECTED_SPACE: 'header-malformed',
  HPE_CR_EXPECTED: 'header-malformed',
  HPE_LF_EXPECTED: 'header-malformed',
};

const shown = new WeakMap<TLSSocket, Shown>();

/** The certificate that the peer showed, when it is chained to the authorities of the trust list. */
export function peerCertificate(socket: TLSSocket): Shown {
  const known = shown.get(socket);
  if (known !== undefined) return known;
  const certificate = socket.getPeerCertificate();
  if (certificate?.raw === undefined) return { refusal: 'certificate-missing' };
  if (!socket.authorized) return { refusal: TLS_REFUSALS[String(socket.authorizationError)] ?? 'sender-unknown' };
  const good = { print: thumbprint(certificate.raw), validTo: Date.parse(certificate.valid_to) };
  shown.set(socket, good);
  return good;
}

const TLS_REFUSALS: Readonly<Record<string, FaultSlug>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
};

/**
 * The door for other gateways: TLS 1.3 only. A client without a good certificate is answered, not just cut off: its
 * operator learns why. What it may do is decided by the handler, from `peerThumbprint`.
 */
export function openPeerServer(
  context: GatewayContext,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const secure = (view: TrustView | undefined) => ({
    minVersion: 'TLSv1.3' as const,
    key: context.keys.tlsKeyPem,
    cert: context.keys.tlsCertPem,
    ca: view === undefined ? [] : [...view.caPems],
  });
  let held = viewOrNone(context);
  let { keys } = context;
  const server = https.createServer(
    { ...secure(held), ...LIMITS, ...headLimits(context.settings), requestCert: true, rejectUnauthorized: false },
    listener,
  );
  server.on('clientError', refuseUnparsed(context, 'provider'));
  // There is nobody to answer yet; who only knocks and goes away (a balancer's check) is no refusal.
  server.on('tlsClientError', ({ code }: NodeJS.ErrnoException) => {
    if (!code?.startsWith('ERR_SSL_')) return;
    context.measures.refused('provider', TOO_OLD.test(code) ? 'tls-version-refused' : 'tls-handshake-failed');
  });
  // New authorities in the list and new keys of our own are taken up by new connections. While there is no list in
  // force, the last one tells who knocks: they are refused with the true reason when their message is read.
  const renew = setInterval(() => {
    const view = viewOrNone(context) ?? held;
    if (view === held && keys === context.keys) return;
    held = view;
    keys = context.keys;
    server.setSecureContext(secure(view));
  }, 1_000);
  renew.unref();
  server.on('close', () => clearInterval(renew));
  return server;
}

const TOO_OLD = /UNSUPPORTED_PROTOCOL|VERSION|NO_SHARED_CIPHER/;

function viewOrNone(context: GatewayContext): TrustView | undefined {
  try {
    return trustView(context.trust, context.clock());
  } catch {
    return undefined;
  }
}
