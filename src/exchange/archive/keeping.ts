import type { GatewayContext, MessageRecord } from '../gateway/model.ts';
import type { Incoming } from '../gateway/wire.ts';
import type { Agreement } from '../message/agreement.ts';
import { Fault } from '../message/fault.ts';
import { lastOf } from '../message/headers.ts';
import type { RestTarget } from '../message/identifiers.ts';
import { readServicePath } from '../message/path-glob.ts';
import type { BodyCopy, BodyKind, BodyToKeep } from './model.ts';
import { keptUntil } from './rules.ts';
import { forgetExchange, insertBody, toBodyRow } from './store.ts';

type Side = 'provider' | 'client';
type Terms = Pick<Agreement, 'terms'> | undefined;

/**
 * What is to be kept with the evidence of a message whose body is held in memory; undefined where nothing is. Throws
 * Fault `archive-unavailable`.
 */
export async function bodyToKeep(
  context: GatewayContext,
  agreement: Terms,
  side: Side,
  kind: BodyKind,
  body: Buffer,
): Promise<BodyToKeep | undefined> {
  const expiresAt = keptUntil(agreement, side, kind, context.clock());
  if (expiresAt === undefined || body.length === 0) return undefined;
  return { body: await context.archive.seal(body), expiresAt };
}

/** A body that is copied while it passes. `kept` is what to keep, once the body is at its end. */
export type PassingCopy = Omit<BodyCopy, 'end'> & { end(): Promise<void>; kept(): BodyToKeep | undefined };

export async function copyToKeep(
  context: GatewayContext,
  agreement: Terms,
  side: Side,
  kind: BodyKind,
): Promise<PassingCopy | undefined> {
  const expiresAt = keptUntil(agreement, side, kind, context.clock());
  if (expiresAt === undefined) return undefined;
  const copy = await context.archive.copy();
  let kept: BodyToKeep | undefined;
  return {
    take: copy.take,
    drop: copy.drop,
    async end() {
      kept = { body: await copy.end(), expiresAt };
    },
    kept: () => kept,
  };
}

/**
 * A large request is in the ledger before the service reads it. Its body's row is committed before the service has the
 * last piece: a crash before that leaves a request that no service took for complete, and nothing of its body.
 */
export async function copyRequest(
  context: GatewayContext,
  agreement: Terms,
  message: { readonly index: number; readonly record: MessageRecord },
): Promise<PassingCopy | undefined> {
  const copy = await copyToKeep(context, agreement, 'provider', 'request');
  if (copy === undefined) return undefined;
  return {
    ...copy,
    async end() {
      await copy.end();
      const kept = copy.kept();
      if (kept === undefined) return;
      await insertBody(context.db.read, toBodyRow(message.index, message.record, kept)).catch((cause: unknown) => {
        throw new Fault('archive-unavailable', 'The agreement asks that the body be kept, and it could not be.', {
          cause,
        });
      });
    },
  };
}

/** What this member signed as the client and keeps bodies under, if it would cover this call. */
export function termsOfCall(
  context: GatewayContext,
  call: { readonly client: string; readonly service: string; readonly provider: string },
  target: RestTarget,
  incoming: Incoming,
): Agreement | undefined {
  const input = () => ({
    ...call,
    method: incoming.method,
    path: readServicePath(target.path) ?? '',
    purpose: lastOf(incoming.headers, 'wasl-purpose'),
    agreement: lastOf(incoming.headers, 'wasl-agreement'),
    facts: () => ({
      headers: Object.fromEntries(incoming.headers.map(([name, value]) => [name.toLowerCase(), value])),
      query: Object.fromEntries(new URLSearchParams(target.query)),
    }),
  });
  return context.signedTerms.covering(call.provider, call.service, input, context.clock());
}

/** The request of one of our systems, sealed before it is signed and sent. */
export async function requestToKeep(
  context: GatewayContext,
  terms: Agreement | undefined,
  { body, large }: Incoming,
): Promise<BodyToKeep | undefined> {
  if (large === undefined) return bodyToKeep(context, terms, 'client', 'request', body);
  const copy = await copyToKeep(context, terms, 'client', 'request');
  if (copy === undefined) return undefined;
  try {
    for await (const chunk of large.chunks()) await copy.take(chunk);
    await copy.end();
  } catch (cause) {
    await copy.drop();
    throw cause;
  }
  return copy.kept();
}

/**
 * The provider decides, and may have answered under another agreement than the one that we foresaw: then nothing says
 * that the request may be kept.
 */
export async function settleRequest(
  context: GatewayContext,
  exchange: string,
  terms: Agreement | undefined,
  answeredUnder: string | null,
): Promise<void> {
  if (terms === undefined || answeredUnder === terms.id) return;
  const { files } = await context.db.transaction((tx) =>
    forgetExchange(tx, exchange, 'other-agreement', context.clock()),
  );
  await context.archive.removeFiles(files);
}
