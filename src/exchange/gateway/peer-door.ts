import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { notFound, Problem } from '../../kernel/index.ts';
import { Fault, faultProblem } from '../message/fault.ts';
import { lastOf } from '../message/headers.ts';
import { formatDigest } from '../message/signature.ts';
import { headOf, peerCertificate, readIncoming } from './doors.ts';
import { extensionNameOf, type GatewayCore, type GatewayExtension, PEER_PREFIX } from './extension.ts';
import { senderOf } from './inbound.ts';
import { type BodyDigests, passingBody } from './large-body.ts';
import type { GatewayContext } from './model.ts';
import type { Peers } from './peers.ts';
import { refuseUnread, serveFromGateway } from './provider.ts';
import type { RightsBook } from './rights.ts';
import { serve } from './serve.ts';
import { type KnownGateway, trustView } from './trust-view.ts';
import type { HttpAnswer, Incoming, Shown } from './wire.ts';

/** What comes from other gateways: messages, and what the parts of a gateway ask each other. */
export function peerListener(core: GatewayCore, extensions: readonly GatewayExtension[]) {
  const { context, peers, rights } = core;
  return (request: IncomingMessage, response: ServerResponse): void => {
    const shown = peerCertificate(request.socket as TLSSocket);
    // Its authority may be let in with the next list, which only a new connection is judged by: this one ends here.
    if (shown.print === undefined) response.shouldKeepAlive = false;
    const answer = () =>
      request.url?.startsWith(PEER_PREFIX)
        ? answerPeer(context, extensions, request, shown)
        : servePeer(context, peers, rights, request, shown);
    const refuse = (fault: Fault) => refuseUnread(context, headOf(request), fault);
    const caller = { kind: 'peer', id: shown.print ?? request.socket.remoteAddress ?? '' } as const;
    serve(context, 'provider', { request, response, caller, answer, refuse });
  };
}

/** What another gateway asks for beside messages: of the extension that its path names, once its certificate is known. */
async function answerPeer(
  context: GatewayContext,
  extensions: readonly GatewayExtension[],
  request: IncomingMessage,
  shown: Shown,
): Promise<HttpAnswer> {
  try {
    const name = extensionNameOf(request.url ?? '');
    const extension = extensions.find((one) => one.name === name && one.answerPeer !== undefined);
    if (extension?.answerPeer === undefined) throw notFound('This gateway answers no such request of other gateways.');
    if (shown.print !== undefined && !isKnown(context, shown.print)) await context.renewTrust();
    const caller = callerOf(context, shown);
    return await extension.answerPeer(caller, await readIncoming(request, context.settings.maxBodyBytes));
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    const body = JSON.stringify(cause.toJson(context.settings.problemBase));
    return { status: cause.status, headers: [['content-type', 'application/problem+json']], body: Buffer.from(body) };
  }
}

function callerOf(context: GatewayContext, shown: Shown): KnownGateway {
  const now = context.clock();
  const view = trustView(context.trust, now);
  try {
    return senderOf(view, shown, now);
  } catch (cause) {
    throw faultProblem(cause);
  }
}

async function servePeer(
  context: GatewayContext,
  peers: Peers,
  rights: RightsBook,
  request: IncomingMessage,
  shown: Shown,
): Promise<HttpAnswer> {
  try {
    const incoming = await readPeerMessage(context, request);
    // Of one of our authorities and in no list that we hold: most likely it joined a moment ago.
    if (shown.print !== undefined && !isKnown(context, shown.print)) await context.renewTrust();
    return await serveFromGateway(context, peers, rights.current(), shown, incoming);
  } catch (cause) {
    return refuseUnread(context, headOf(request), cause);
  }
}

/** A large request is not read before its head is accepted; its last piece is held back until its digest is right. */
function readPeerMessage(context: GatewayContext, request: IncomingMessage): Promise<Incoming> {
  const { maxBodyBytes, maxStreamBytes } = context.settings;
  const size = Number(request.headers['content-length'] ?? 0);
  if (!(size > maxBodyBytes && size <= maxStreamBytes)) return readIncoming(request, maxBodyBytes);
  const head = headOf(request);
  const given = lastOf(head.headers, 'content-digest');
  const check = ({ sha256 }: BodyDigests) => {
    if (formatDigest(sha256) === given) return;
    throw new Fault('body-altered', 'The body is not the one that Content-Digest names.');
  };
  return Promise.resolve({ ...head, large: passingBody(request, { size, maxBytes: maxStreamBytes, check }) });
}

function isKnown(context: GatewayContext, thumbprint: string): boolean {
  return trustView(context.trust, context.clock()).byTls.has(thumbprint);
}
