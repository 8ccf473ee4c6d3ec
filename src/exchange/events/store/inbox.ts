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
 * it under the same key is leased or put off. The subscription's row is locked until the transaction ends: of two who
 * claim at once the second sees what the first has leased.
 */
export async function claimEvents(tx: Tx, subscription: string, claim: Claim): Promise<readonly InboxEvent[]> {
  const locked = await sql`select from event_subscription where id = ${subscription} for update`.execute(tx);
  if (locked.rows.length === 0) return [];
  await sql`delete from event_lease where subscription = ${subscription} and until <= ${claim.now}`.execute(tx);
  const claimed = await sql<InboxEvent>`
    with leased as (select unnest(sequences) as sequence from event_lease where subscription = ${subscription}),
    blocked as (
      select order_key, sequence from event_inbox
      where subscription = ${subscription} and state = 'waiting' and tries > 0 and due_at > ${claim.now}
      union all
      select order_key, sequence from event_inbox
      where subscription = ${subscription} and sequence = any(array(select sequence from leased)))
    select subscription, sequence, exchange, order_key as "orderKey", body, tries from event_inbox one
    where subscription = ${subscription} and state = 'waiting' and due_at <= ${claim.now}
      and sequence not in (select sequence from leased)
      and not exists (
        select from blocked where blocked.order_key = one.order_key and blocked.sequence < one.sequence)
    order by sequence limit ${claim.most}`.execute(tx);
  if (claimed.rows.length === 0) return [];
  const sequences = claimed.rows.map((row) => row.sequence);
  await sql`
    insert into event_lease (lease, subscription, until, sequences)
    values (${claim.lease}, ${subscription}, ${claim.until}, ${sequences}::int8[])`.execute(tx);
  return claimed.rows;
}

export type Lease = { readonly subscription: string; readonly lease: string };

/** What is leased so, by how often it was tried; empty where the lease has run out and was taken away. Locks it. */
export async function leasedByTries(tx: Tx, of: Lease): Promise<ReadonlyMap<number, readonly number[]>> {
  const held = await sql<{ sequences: readonly string[] }>`
    select sequences from event_lease
    where lease = ${of.lease} and subscription = ${of.subscription} for update`.execute(tx);
  const sequences = (held.rows[0]?.sequences ?? []).map(Number);
  if (sequences.length === 0) return new Map();
  const found = await sql<{ sequence: number; tries: number }>`
    select sequence, tries from event_inbox
    where subscription = ${of.subscription} and state = 'waiting' and sequence = any(${sequences}::int8[])`.execute(tx);
  const byTries = Map.groupBy(found.rows, (row) => row.tries);
  return new Map([...byTries].map(([tries, rows]) => [tries, rows.map((row) => row.sequence)]));
}

/** How many of them still waited. */
export async function markDone(tx: Tx, subscription: string, sequences: readonly number[], now: Date): Promise<number> {
  const done = await sql`
    update event_inbox set state = 'done', done_at = ${now}, fault = null, tries = tries + 1
    where subscription = ${subscription} and sequence = any(${sequences}::int8[]) and state = 'waiting'`.execute(tx);
  return Number(done.numAffectedRows ?? 0);
}

/** Refused once more: waits until `due`, or is a dead letter where it was tried `mostTries` times. */
export async function markRefused(
  tx: Tx,
  subscription: string,
  sequences: readonly number[],
  refusal: { readonly fault: string; readonly due: Date; readonly mostTries: number },
): Promise<void> {
  await sql`
    update event_inbox set tries = tries + 1, fault = ${refusal.fault}, due_at = ${refusal.due},
      state = case when tries + 1 >= ${refusal.mostTries} then 'dead' else 'waiting' end
    where subscription = ${subscription} and sequence = any(${sequences}::int8[]) and state = 'waiting'`.execute(tx);
}

/** What of it is neither done nor put off can be claimed again. */
export async function releaseLease(tx: Tx, { lease }: Lease): Promise<void> {
  await sql`delete from event_lease where lease = ${lease}`.execute(tx);
}

/** Active webhooks with something due, which may be called. A gateway has few subscriptions and an index finds the first that waits. */
export async function dueWebhooks(tx: Tx, now: Date): Promise<readonly Pick<Subscription, 'id'>[]> {
  const found = await sql<{ id: string }>`
    select id from event_subscription one where delivery = 'webhook' and state = 'active'
      and (call_after is null or call_after <= ${now}) and exists (
      select from event_inbox where subscription = one.id and state = 'waiting' and due_at <= ${now})`.execute(tx);
  return found.rows;
}

export async function forgetHandedOn(tx: Tx, before: Date): Promise<number> {
  const gone = await sql`
    delete from event_inbox where state in ('done', 'discarded') and done_at < ${before}`.execute(tx);
  return Number(gone.numAffectedRows ?? 0);
}

export type Backlog = {
  readonly subscription: string;
  readonly waiting: number;
  readonly dead: number;
  /** When the oldest that waits came. */
  readonly oldest: Date | null;
};

export async function countBacklog(tx: Tx): Promise<readonly Backlog[]> {
  const found = await sql<Backlog>`
    select subscription, count(*) filter (where state = 'waiting') as waiting,
      count(*) filter (where state = 'dead') as dead, min(received_at) filter (where state = 'waiting') as oldest
    from event_inbox where state in ('waiting', 'dead') group by subscription`.execute(tx);
  return found.rows;
}

export type WaitingEvent = {
  readonly sequence: number;
  readonly exchange: string;
  readonly receivedAt: Date;
  readonly tries: number;
  readonly dueAt: Date;
  readonly fault: string | null;
};

/** What waits for a subscription's receiver, in order, without what is in it. */
export async function listWaiting(tx: Tx, subscription: string, limit: number): Promise<readonly WaitingEvent[]> {
  const found = await sql<WaitingEvent>`
    select sequence, exchange, received_at as "receivedAt", tries, due_at as "dueAt", fault from event_inbox
    where subscription = ${subscription} and state = 'waiting' order by sequence limit ${limit}`.execute(tx);
  return found.rows;
}
