import type { KeyObject } from 'node:crypto';
import type { Result } from '../../kernel/index.ts';
import { lastOf } from '../message/headers.ts';
import {
  type RequestFacts,
  type SignatureRefusal,
  type SignedParts,
  verifyResponse,
  verifyStreamedResponse,
} from '../message/signature.ts';
import type { GatewayContext } from './model.ts';
import { type KnownGateway, signKeyOf, trustView } from './trust-view.ts';
import type { HttpAnswer } from './wire.ts';

/** What an answer must be to. */
export type Asked = {
  readonly provider: KnownGateway;
  readonly exchange: string;
  readonly facts: RequestFacts;
  readonly signed: SignedParts;
  readonly hash: string;
};

/** Of an answer that was passed on while it came: its body's digest, and whether the signature stood behind it. */
export type Streamed = { readonly sha256: Buffer; readonly isTrailer: boolean };

/** The answer's signature, or in words why it does not count. */
export async function checkAnswer(
  context: GatewayContext,
  asked: Asked,
  answer: HttpAnswer,
  streamed?: Streamed,
): Promise<SignedParts | { readonly refused: string }> {
  const request = { ...asked.facts, signature: asked.signed.signature };
  const verify = (gateway: KnownGateway): Result<SignedParts, SignatureRefusal> => {
    const now = context.clock();
    const keyOf = (keyid: string): KeyObject | undefined => signKeyOf(gateway, keyid, now);
    return streamed === undefined
      ? verifyResponse(answer, answer.body, request, keyOf, now)
      : verifyStreamedResponse(answer, streamed, request, keyOf, now);
  };
  let verified = verify(asked.provider);
  if (!verified.ok && verified.error.kind === 'unknown-key') {
    const fresh = await freshGateway(context, asked.provider);
    if (fresh !== undefined) verified = verify(fresh);
  }
  if (!verified.ok) return { refused: verified.error.detail };
  const detail = inconsistencyOf(asked, answer);
  return detail === undefined ? verified.value : { refused: detail };
}

/**
 * The gateway in a list that was asked for just now: it may have renewed its keys since the one that is held. Undefined
 * where nothing about it has changed.
 */
export async function freshGateway(context: GatewayContext, known: KnownGateway): Promise<KnownGateway | undefined> {
  await context.renewTrust();
  if (!context.trust.current(context.clock()).ok) return undefined;
  const fresh = trustView(context.trust, context.clock()).byServer.get(known.statement.server);
  return fresh?.jws === known.jws ? undefined : fresh;
}

/** The signed answer must be to this request and no other. */
function inconsistencyOf(asked: Asked, answer: HttpAnswer): string | undefined {
  if (lastOf(answer.headers, 'x-road-request-id') !== asked.exchange) return 'it is to another request';
  // A message that was refused at the door was not read whole, so there is no hash of it; the binding is the signature's.
  if (lastOf(answer.headers, 'x-road-error') !== undefined) return undefined;
  if (lastOf(answer.headers, 'x-road-request-hash') !== asked.hash) return 'the request hashes differ';
  return undefined;
}
