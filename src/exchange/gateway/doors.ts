import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { Fault, faultAnswer } from '../message/fault.ts';
import { type HeaderList, lastOf, toHeaderList } from '../message/headers.ts';
import type { Incoming } from './consumer.ts';
import type { GatewayContext } from './model.ts';
import type { HttpAnswer } from './peers.ts';
import { type TrustView, thumbprint, trustView } from './trust-view.ts';

/** Slow or endless senders are let go (X-Road has none of these limits). */
const LIMITS = { headersTimeout: 15_000, requestTimeout: 300_000, keepAliveTimeout: 60_000, maxHeaderSize: 32_768 };

export async function readIncoming(request: IncomingMessage, maxBodyBytes: number): Promise<Incoming> {
  const body = await readBody(request, maxBodyBytes);
  return { method: request.method ?? '', target: request.url ?? '', headers: toHeaderList(request.rawHeaders), body };
}

const NO_BODY = Buffer.alloc(0);

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  const tooLarge = () =>
    new Fault('body-too-large', `The body is larger than the ${limit} bytes that this gateway accepts.`);
  if (announced > limit) throw tooLarge();
  if (announced === 0 && request.headers['transfer-encoding'] === undefined) return NO_BODY;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('body-unreadable', 'The body ended before its announced length.', { cause });
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size);
}

export function writeAnswer(response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed) return;
  const headers: string[] = answer.headers.flat();
  const hasBody = answer.status !== 204 && answer.status !== 304;
  if (hasBody) headers.push('content-length', String(answer.body.length));
  response.writeHead(answer.status, headers);
  response.end(hasBody ? answer.body : undefined);
}

/** X-Road's form of a fault for an information system; its UUID is in the log too. */
export function answerFault(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
  cause: unknown,
): void {
  const fault =
    cause instanceof Fault
      ? cause
      : new Fault('internal', 'The gateway failed; its operator finds the cause in the log.', { cause });
  const id = context.newId();
  const { dialect, problemBase } = context.settings;
  const answer = faultAnswer(fault, { accept: request.headers.accept, dialect, id, base: problemBase });
  const fields = { fault: fault.slug, id };
  if (fault.slug === 'internal') context.log.error('request.failed', fields, cause);
  else context.log.info('request.refused', fields);
  const headers: [string, string][] = [
    ['content-type', answer.contentType],
    ['x-road-error', answer.code],
  ];
  // What is left of a refused body is not read: the connection ends with the answer.
  if (!request.complete) headers.push(['connection', 'close']);
  writeAnswer(response, { status: answer.status, headers, body: Buffer.from(answer.body) });
}

/** The certificate that the peer showed, when it is chained to the authorities of the trust list. */
const shown = new WeakMap<TLSSocket, string>();

export function peerThumbprint(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined;
  const known = shown.get(socket);
  if (known !== undefined) return known;
  const certificate = socket.getPeerCertificate();
  if (certificate?.raw === undefined) return undefined;
  const print = thumbprint(certificate.raw);
  shown.set(socket, print);
  return print;
}

/**
 * The door for other gateways: TLS 1.3 only. A client without a good certificate is answered, not just cut off: its
 * operator learns why. What it may do is decided by the handler, from `peerThumbprint`.
 */
export function openPeerServer(
  context: GatewayContext,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const { tlsKeyPem, tlsCertPem } = context.keys;
  const secure = (view: TrustView | undefined) => ({
    key: tlsKeyPem,
    cert: tlsCertPem,
    ca: view === undefined ? [] : [...view.caPems],
  });
  let held = viewOrNone(context);
  const server = https.createServer(
    { ...secure(held), ...LIMITS, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false },
    listener,
  );
  // New authorities in the list are taken up by new connections.
  const renew = setInterval(() => {
    const view = viewOrNone(context);
    if (view === held) return;
    held = view;
    server.setSecureContext(secure(view));
  }, 1_000);
  renew.unref();
  server.on('close', () => clearInterval(renew));
  return server;
}

function viewOrNone(context: GatewayContext): TrustView | undefined {
  try {
    return trustView(context.trust, context.clock());
  } catch {
    return undefined;
  }
}

export function acceptOf(headers: HeaderList): string {
  return lastOf(headers, 'accept') ?? '';
}
