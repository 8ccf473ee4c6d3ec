import { hash } from 'node:crypto';
import type { BodyToKeep } from '../archive/model.ts';
import { Fault } from '../message/fault.ts';
import type { SignedParts } from '../message/signature.ts';
import { ledgerEntry } from './entry.ts';
import type { GatewayContext, KeptMessage, MessageRecord } from './model.ts';
import { SeenBefore } from './store.ts';

export type Facts = Omit<MessageRecord, 'salt' | 'at' | 'keyid' | 'base' | 'signatureInput' | 'signature'>;

export function toRecord(context: GatewayContext, facts: Facts, signed: SignedParts): MessageRecord {
  return {
    ...facts,
    at: context.clock(),
    salt: context.randomBytes(16),
    keyid: signed.keyid,
    base: signed.base,
    signatureInput: signed.input,
    signature: signed.signature,
  };
}

/**
 * Keeps the evidence of a message and resolves when it is committed; only then may the message go on. A crash
 * before that leaves a message that never left, a crash after it an entry that says so.
 */
export async function keep(context: GatewayContext, record: MessageRecord, kept?: BodyToKeep): Promise<void> {
  await append(context, { record, kept });
}

/**
 * As `keep`, for a request received: refuses what was received before, in this process or another. Gives its place in the
 * ledger.
 */
export async function keepOnce(
  context: GatewayContext,
  record: MessageRecord,
  until: Date,
  kept?: BodyToKeep,
): Promise<number> {
  const key = hash('sha256', `${record.peer}\n${record.exchange}`, 'buffer');
  const id = key.toString('base64');
  if (context.seen.has(id)) throw await refuseReplay(context, kept);
  const index = await append(context, { record, seen: { key, until }, kept });
  context.seen.add(id);
  return index;
}

async function refuseReplay(context: GatewayContext, kept: BodyToKeep | undefined): Promise<Fault> {
  if (kept !== undefined) await context.archive.discard(kept.body).catch(() => {});
  return new Fault('message-replayed', 'A message with this id was received already; send a new one.');
}

const ATTEMPTS = 8;

async function append(context: GatewayContext, kept: KeptMessage): Promise<number> {
  const entry = ledgerEntry(kept.record);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await context.tracing.step('keep', () => context.sequencer.append(entry, kept))).index;
    } catch (cause) {
      if (cause instanceof SeenBefore && cause.messages.has(kept)) throw await refuseReplay(context, kept.kept);
      // A replay breaks the batch it came in: the honest messages beside it are appended again.
      if (cause instanceof SeenBefore && attempt < ATTEMPTS) continue;
      // Whether it was committed is not known: a file that nothing names is the sweep's, not ours to take away.
      throw new Fault('evidence-unavailable', 'The evidence could not be kept, so the message was not passed on.', {
        cause,
      });
    }
  }
}
