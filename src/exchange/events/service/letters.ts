import { conflict } from '../../../kernel/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { faultProblem } from '../../message/fault.ts';
import type { Acting } from '../../operators/audit.ts';
import type { DeadLetter } from '../model.ts';
import * as store from '../store/dead-letter.ts';
import { findSubscriber } from '../store/subscriber.ts';
import { type DeliverDeps, replayRefused } from './deliver.ts';

export type LetterDeps = {
  readonly core: GatewayCore;
  readonly deliver: DeliverDeps;
  /** Of what is handed on here. */
  readonly wake: () => void;
};

/** Dead letters of one subscription here, or of one subscriber elsewhere. */
export type Letters = Pick<DeadLetter, 'side' | 'subscription' | 'service'> & {
  /** All where none is named. */
  readonly sequences: readonly number[] | null;
};

/**
 * Sends them again: how many. None is no fault, since somebody else may have sent them meanwhile. Throws a Problem where
 * the subscriber has ended or its gateway does not take them.
 */
export async function replayLetters(deps: LetterDeps, letters: Letters, acting: Acting): Promise<number> {
  const { context } = deps.core;
  if (letters.side === 'publisher') return sendAgain(deps, letters, acting);
  const replayed = await context.db.transaction(async (tx) => {
    const count = await store.replayDeadLetters(tx, letters.subscription, letters.sequences, context.clock());
    if (count > 0) await acting.record(tx, letters.subscription, { events: count });
    return count;
  });
  deps.wake();
  return replayed;
}

/** To the other gateway, and out of the list only when that has taken them: nothing of it is one transaction. */
async function sendAgain({ core, deliver }: LetterDeps, letters: Letters, acting: Acting): Promise<number> {
  const { db } = core.context;
  const subscriber = await findSubscriber(db.read, keyOf(letters));
  if (subscriber?.state !== 'active') throw conflict('The subscriber has ended: nothing can be sent to it.');
  const sent = await replayRefused(deliver, subscriber, letters.sequences).catch((cause: unknown) => {
    throw faultProblem(cause);
  });
  if (sent > 0) await db.transaction((tx) => acting.record(tx, targetOf(letters), { events: sent }));
  return sent;
}

/** Gives them up, with the reason in the audit: how many. */
export async function discardLetters(
  { core: { context } }: Pick<LetterDeps, 'core'>,
  letters: Letters,
  reason: string,
  acting: Acting,
): Promise<number> {
  return context.db.transaction(async (tx) => {
    const { side, subscription, sequences } = letters;
    const count =
      side === 'subscriber'
        ? await store.discardDeadLetters(tx, subscription, sequences, context.clock())
        : await store.removeRefused(tx, keyOf(letters), await store.listRefused(tx, keyOf(letters), sequences));
    if (count > 0) await acting.record(tx, targetOf(letters), { events: count, reason });
    return count;
  });
}

const keyOf = ({ service, subscription }: Letters) => ({ service, client: subscription });

const targetOf = ({ side, service, subscription }: Letters) =>
  side === 'subscriber' ? subscription : `${service} ${subscription}`;
