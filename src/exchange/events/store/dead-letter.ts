import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { DeadLetter, LetterKey } from '../model.ts';
import type { SubscriberKey } from './subscriber.ts';

/** Of both sides: those that a webhook or puller here refused, and those that another gateway did. */
const letters = sql`(
  select 'subscriber' as side, subscription, one.service, one.client, letter.sequence, tries,
    coalesce(letter.fault, '') as fault, received_at as "receivedAt", exchange
  from event_inbox letter join event_subscription one on one.id = letter.subscription where letter.state = 'dead'
  union all
  select 'publisher', client, service, client, sequence, 1, fault, at, null from event_refused) as letters`;

const ORDERS = {
  newest: sql`"receivedAt" desc, sequence desc`,
  oldest: sql`"receivedAt", sequence`,
  service: sql`service, subscription, sequence`,
  'service-down': sql`service desc, subscription desc, sequence desc`,
} as const;
export type LetterOrder = keyof typeof ORDERS;

export type LetterFilter = {
  readonly subscription?: string | undefined;
  readonly side?: DeadLetter['side'] | undefined;
  /** Of the publisher's side, beside the client in `subscription`. */
  readonly service?: string | undefined;
};

export async function listDeadLetters(
  tx: Tx,
  of: LetterFilter,
  page: { readonly offset: number; readonly limit: number; readonly order?: LetterOrder },
): Promise<{ readonly total: number; readonly letters: readonly DeadLetter[] }> {
  const { subscription = null, side = null, service = null } = of;
  const found = await sql<DeadLetter & { total: number }>`
    select *, count(*) over () as total from ${letters}
    where (${subscription}::text is null or subscription = ${subscription})
      and (${side}::text is null or side = ${side})
      and (${service}::text is null or service = ${service})
    order by ${ORDERS[page.order ?? 'newest']} limit ${page.limit} offset ${page.offset}`.execute(tx);
  const total = found.rows[0]?.total ?? 0;
  return { total, letters: found.rows.map(({ total: _total, ...letter }) => letter) };
}

export async function findDeadLetter(tx: Tx, key: LetterKey): Promise<DeadLetter | undefined> {
  const found = await sql<DeadLetter>`
    select * from ${letters} where side = ${key.side} and subscription = ${key.subscription}
      and sequence = ${key.sequence} and (side = 'subscriber' or service = ${key.service})`.execute(tx);
  return found.rows[0];
}

export type LetterGroup = Pick<DeadLetter, 'side' | 'subscription' | 'service' | 'client'> & { readonly count: number };

/** For whom there are some, and how many. */
export async function groupDeadLetters(tx: Tx): Promise<readonly LetterGroup[]> {
  const found = await sql<LetterGroup>`
    select side, subscription, service, client, count(*) as count from ${letters}
    group by side, subscription, service, client order by client, service, side limit 500`.execute(tx);
  return found.rows;
}

export async function countDeadLetters(tx: Tx): Promise<number> {
  const found = await sql<{ count: number }>`
    select (select count(*) from event_inbox where state = 'dead') + (select count(*) from event_refused) as count
  `.execute(tx);
  return Number(found.rows[0]?.count ?? 0);
}

/** The event itself. At the publisher's gateway it is there as long as events are kept. */
export async function readDeadLetter(tx: Tx, key: LetterKey): Promise<string | undefined> {
  const found = await (key.side === 'subscriber'
    ? sql<{ body: string }>`
        select body from event_inbox where subscription = ${key.subscription} and sequence = ${key.sequence}
          and state = 'dead'`
    : sql<{ body: string }>`
        select body from event join event_refused gone using (service, sequence)
        where gone.service = ${key.service} and gone.client = ${key.subscription} and gone.sequence = ${key.sequence}`
  ).execute(tx);
  return found.rows[0]?.body;
}

/** Those of a subscription, or all of them where none is named. */
type Which = readonly number[] | null;
const among = (which: Which) => (which === null ? sql`true` : sql`sequence = any(${which}::int8[])`);

/** Handed on again from the beginning. How many. */
export async function replayDeadLetters(tx: Tx, subscription: string, which: Which, now: Date): Promise<number> {
  const replayed = await sql`
    update event_inbox set state = 'waiting', tries = 0, due_at = ${now}, fault = null
    where subscription = ${subscription} and state = 'dead' and ${among(which)}`.execute(tx);
  return Number(replayed.numAffectedRows ?? 0);
}

export async function discardDeadLetters(tx: Tx, subscription: string, which: Which, now: Date): Promise<number> {
  const discarded = await sql`
    update event_inbox set state = 'discarded', done_at = ${now}
    where subscription = ${subscription} and state = 'dead' and ${among(which)}`.execute(tx);
  return Number(discarded.numAffectedRows ?? 0);
}

/** The publisher's dead letters of a subscriber, in order. */
export async function listRefused(tx: Tx, key: SubscriberKey, which: Which): Promise<readonly number[]> {
  const found = await sql<{ sequence: number }>`
    select sequence from event_refused where service = ${key.service} and client = ${key.client}
      and ${among(which)} order by sequence limit 1000`.execute(tx);
  return found.rows.map((row) => row.sequence);
}

/** Once they were taken, or given up. How many were still there. */
export async function removeRefused(tx: Tx, key: SubscriberKey, sequences: readonly number[]): Promise<number> {
  const gone = await sql`
    delete from event_refused where service = ${key.service} and client = ${key.client}
      and sequence = any(${sequences}::int8[])`.execute(tx);
  return Number(gone.numAffectedRows ?? 0);
}
