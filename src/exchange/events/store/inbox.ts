import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { InboxEvent, Subscription } from '../model.ts';

export type Arrival = { readonly sequence: number; readonly orderKey: string; readonly body: string };

/** What has come before is left as it is: at least once from the other gateway is once here. The number that is new. */
export async function insertArrivals(
  tx: Tx,
  subscription: string,
  exchange: string,
  arrivals: readonly Arrival[],
  now: Date,
): Promise<number> {
  const inserted = await sql`
    insert into event_inbox (subscription, sequence, exchange, order_key, body, received_at, state, due_at)
    select ${subscription}, "sequence", ${exchange}, "orderKey", body, ${now}, 'waiting', ${now}
    from json_to_recordset(${JSON.stringify(arrivals)}) as given ("sequence" int8, "orderKey" text, body text)
    on conflict do nothing`.execute(tx);
  return Number(inserted.numAffectedRows ?? 0);
}

export type Claim = {
  readonly lease: string;
  readonly until: Date;
  readonly now: Date;
  readonly most: number;
};

/**
 * Takes the next events of a subscription for somebody to hand on, in order. An event is passed over while one before
 * it under the same key is leased or put off. The subscription's row is locked meanwhile: of two who claim at once the
 * second sees what the first has leased.
 */
export async function claimEvents(tx: Tx, subscription: string, claim: Claim): Promise<readonly InboxEvent[]> {
  const locked = await sql`select from event_subscription where id = ${subscription} for update`.execute(tx);
  if (locked.rows.length === 0) return [];
  const claimed = await sql<InboxEvent>`
    update event_inbox set lease = ${claim.lease}, leased_until = ${claim.until} where subscription = ${subscription}
      and sequence in (
        select sequence from event_inbox one
        where subscription = ${subscription} and state = 'waiting' and due_at <= ${claim.now}
          and (leased_until is null or leased_until <= ${claim.now})
          and not exists (
            select from event_inbox before
            where before.subscription = ${subscription} and before.state = 'waiting'
              and before.order_key = one.order_key and before.sequence < one.sequence
              and (before.due_at > ${claim.now} or before.leased_until > ${claim.now}))
        order by sequence limit ${claim.most})
    returning subscription, sequence, exchange, order_key as "orderKey", body, tries`.execute(tx);
  return claimed.rows.toSorted((a, b) => a.sequence - b.sequence);
}

/** True for each that was still leased so: a lease that ran out may be somebody else's by now. */
export async function markDone(
  tx: Tx,
  { subscription, lease }: { readonly subscription: string; readonly lease: string },
  sequences: readonly number[] | 'all',
  now: Date,
): Promise<number> {
  const done = await sql`
    update event_inbox set state = 'done', done_at = ${now}, lease = null, leased_until = null, fault = null,
      tries = tries + 1
    where subscription = ${subscription} and lease = ${lease} and state = 'waiting'
      and (${sequences === 'all'} or sequence = any(${sequences === 'all' ? [] : sequences}::int8[]))`.execute(tx);
  return Number(done.numAffectedRows ?? 0);
}

/** Refused once more: waits until `due`, or is a dead letter where it was tried `mostTries` times. */
export async function markRefused(
  tx: Tx,
  { subscription, lease }: { readonly subscription: string; readonly lease: string },
  sequences: readonly number[],
  refusal: { readonly fault: string; readonly due: Date; readonly mostTries: number },
): Promise<void> {
  await sql`
    update event_inbox set tries = tries + 1, fault = ${refusal.fault}, due_at = ${refusal.due}, lease = null,
      leased_until = null, state = case when tries + 1 >= ${refusal.mostTries} then 'dead' else 'waiting' end
    where subscription = ${subscription} and lease = ${lease} and state = 'waiting'
      and sequence = any(${sequences}::int8[])`.execute(tx);
}

/** Given back untried. */
export async function releaseLease(tx: Tx, subscription: string, lease: string): Promise<void> {
  await sql`
    update event_inbox set lease = null, leased_until = null
    where subscription = ${subscription} and lease = ${lease} and state = 'waiting'`.execute(tx);
}

/** Active webhooks with something due. A gateway has few subscriptions and an index finds the first that waits. */
export async function dueWebhooks(tx: Tx, now: Date): Promise<readonly Pick<Subscription, 'id'>[]> {
  const found = await sql<{ id: string }>`
    select id from event_subscription one where delivery = 'webhook' and state = 'active' and exists (
      select from event_inbox where subscription = one.id and state = 'waiting' and due_at <= ${now}
        and (leased_until is null or leased_until <= ${now}))`.execute(tx);
  return found.rows;
}

export async function forgetHandedOn(tx: Tx, before: Date): Promise<number> {
  const gone = await sql`
    delete from event_inbox where state in ('done', 'discarded') and done_at < ${before}`.execute(tx);
  return Number(gone.numAffectedRows ?? 0);
}

/** Of the named events those that are still leased so, by how often they were tried. */
export async function leasedByTries(
  tx: Tx,
  { subscription, lease }: { readonly subscription: string; readonly lease: string },
  sequences: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  if (sequences.length === 0) return new Map();
  const found = await sql<{ sequence: number; tries: number }>`
    select sequence, tries from event_inbox
    where subscription = ${subscription} and lease = ${lease} and state = 'waiting'
      and sequence = any(${sequences}::int8[])`.execute(tx);
  const byTries = Map.groupBy(found.rows, (row) => row.tries);
  return new Map([...byTries].map(([tries, rows]) => [tries, rows.map((row) => row.sequence)]));
}

export type Backlog = { readonly subscription: string; readonly waiting: number; readonly dead: number };

export async function countBacklog(tx: Tx): Promise<readonly Backlog[]> {
  const found = await sql<Backlog>`
    select subscription, count(*) filter (where state = 'waiting') as waiting,
      count(*) filter (where state = 'dead') as dead
    from event_inbox where state in ('waiting', 'dead') group by subscription`.execute(tx);
  return found.rows;
}
