import { setTimeout as sleep } from 'node:timers/promises';
import { conflict, type Json, notFound, parseJson } from '../../../kernel/index.ts';
import type { GatewayContext } from '../../gateway/model.ts';
import type { Subscription } from '../model.ts';
import { backOff } from '../rules.ts';
import * as store from '../store/inbox.ts';
import { findSubscription } from '../store/subscription.ts';

export type Pulled = {
  /** Named again in `ack`; null where nothing waits. */
  readonly lease: string | null;
  readonly leasedUntil: Date | null;
  readonly events: readonly { readonly sequence: number; readonly tries: number; readonly event: Json }[];
};

export type PullWish = { readonly max: number; readonly waitSeconds: number; readonly leaseSeconds: number };

const LOOK_MS = 100;

/**
 * The next events of a subscription, leased: nobody else gets them, nor what follows them under the same subject, until
 * they are acknowledged or the lease runs out. Waits for the first for up to `waitSeconds`, or until `isGone` says that
 * the caller has left. Throws a Problem (404, 409).
 */
export async function pullEvents(
  context: GatewayContext,
  key: { readonly id: string; readonly client: string },
  wish: PullWish,
  isGone: () => boolean,
): Promise<Pulled> {
  const { id } = await pulledSubscription(context, key);
  const until = context.clock().getTime() + wish.waitSeconds * 1_000;
  for (;;) {
    const now = context.clock();
    const leasedUntil = new Date(now.getTime() + wish.leaseSeconds * 1_000);
    const lease = context.newId();
    const claimed = await context.db.transaction((tx) =>
      store.claimEvents(tx, id, { lease, until: leasedUntil, now, most: wish.max }),
    );
    if (claimed.length > 0) {
      const events = claimed.map(({ sequence, tries, body }) => ({ sequence, tries, event: readBody(body) }));
      return { lease, leasedUntil, events };
    }
    if (now.getTime() >= until || isGone()) return { lease: null, leasedUntil: null, events: [] };
    await sleep(LOOK_MS);
  }
}

function readBody(body: string): Json {
  const read = parseJson(body, { maxChars: 10_000_000, maxDepth: 68 }, 'exact');
  if (!read.ok) throw new Error(`a kept event cannot be read: ${read.error.detail}`);
  return read.value;
}

export type Acknowledgement = {
  readonly lease: string;
  /** Sequences that were not processed: they come again, and after the subscription's tries are dead letters. */
  readonly failed: readonly number[];
};

const MOST_PAUSE_MS = 900_000;

/**
 * What was leased is processed, but for `failed`. Throws a Problem: 409 where the lease has run out and somebody else
 * may have the events; those of it that were acknowledged before count as they did.
 */
export async function acknowledge(
  context: GatewayContext,
  key: { readonly id: string; readonly client: string },
  { lease, failed }: Acknowledgement,
): Promise<{ readonly done: number; readonly failed: number }> {
  const { id, maxTries } = await pulledSubscription(context, key);
  return context.db.transaction(async (tx) => {
    const now = context.clock();
    const of = { subscription: id, lease };
    const isFailed = new Set(failed);
    const leased = await store.leasedByTries(tx, of);
    let refused = 0;
    let done = 0;
    for (const [tries, sequences] of leased) {
      const bad = sequences.filter((sequence) => isFailed.has(sequence));
      const due = new Date(now.getTime() + backOff(tries, MOST_PAUSE_MS));
      if (bad.length > 0) await store.markRefused(tx, id, bad, { fault: 'not-processed', due, mostTries: maxTries });
      refused += bad.length;
      const good = sequences.filter((sequence) => !isFailed.has(sequence));
      if (good.length > 0) done += await store.markDone(tx, id, good, now);
    }
    await store.releaseLease(tx, of);
    if (done + refused > 0) return { done, failed: refused };
    throw conflict('There is no such lease any more: it ran out, or was acknowledged before. Pull again.');
  });
}

async function pulledSubscription(
  context: GatewayContext,
  { id, client }: { readonly id: string; readonly client: string },
): Promise<Subscription> {
  const subscription = await findSubscription(context.db.read, id, client);
  if (subscription === undefined) throw notFound('There is no such subscription of this client.');
  if (subscription.delivery === 'pull') return subscription;
  throw conflict('The events of this subscription go to its webhook; subscribe with "pull" to fetch them.');
}
