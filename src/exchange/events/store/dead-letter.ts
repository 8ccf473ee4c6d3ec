import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { DeadLetter } from '../model.ts';
import type { SubscriberKey } from './subscriber.ts';

/** Newest first, of both sides: those that a webhook or puller here refused, and those that another gateway did. */
export async function listDeadLetters(
  tx: Tx,
  of: { readonly subscription?: string | undefined; readonly client?: string | undefined },
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly letters: readonly DeadLetter[] }> {
  const { subscription = null, client = null } = of;
  const found = await sql<DeadLetter & { total: number }>`
    select *, count(*) over () as total from (
      select 'subscriber' as side, subscription, one.service, one.client, letter.sequence, tries,
        coalesce(letter.fault, '') as fault, received_at as "receivedAt"
      from event_inbox letter join event_subscription one on one.id = letter.subscription
      where letter.state = 'dead' and (${client}::text is null or one.client = ${client})
      union all
      select 'publisher', client, service, client, sequence, 1, fault, at from event_refused
      where ${client}::text is null
    ) as letters
    where ${subscription}::text is null or subscription = ${subscription}
    order by "receivedAt" desc, sequence desc limit ${page.limit} offset ${page.offset}`.execute(tx);
  const total = found.rows[0]?.total ?? 0;
  return { total, letters: found.rows.map(({ total: _total, ...letter }) => letter) };
}

export type LetterKey = Pick<DeadLetter, 'subscription' | 'sequence'>;

export async function readDeadLetter(tx: Tx, key: LetterKey): Promise<string | undefined> {
  const found = await sql<{ body: string }>`
    select body from event_inbox where subscription = ${key.subscription} and sequence = ${key.sequence}
      and state = 'dead'`.execute(tx);
  return found.rows[0]?.body;
}

/** All of a subscription's, or one: handed on again from the beginning. How many. */
export async function replayDeadLetters(
  tx: Tx,
  subscription: string,
  sequence: number | null,
  now: Date,
): Promise<number> {
  const replayed = await sql`
    update event_inbox set state = 'waiting', tries = 0, due_at = ${now}, fault = null
    where subscription = ${subscription} and state = 'dead'
      and (${sequence}::int8 is null or sequence = ${sequence})`.execute(tx);
  return Number(replayed.numAffectedRows ?? 0);
}

export async function discardDeadLetters(
  tx: Tx,
  subscription: string,
  sequence: number | null,
  now: Date,
): Promise<number> {
  const discarded = await sql`
    update event_inbox set state = 'discarded', done_at = ${now} where subscription = ${subscription} and state = 'dead'
      and (${sequence}::int8 is null or sequence = ${sequence})`.execute(tx);
  return Number(discarded.numAffectedRows ?? 0);
}

/** The publisher's dead letters of a subscriber, in order. */
export async function listRefused(tx: Tx, key: SubscriberKey, sequence: number | null): Promise<readonly number[]> {
  const found = await sql<{ sequence: number }>`
    select sequence from event_refused where service = ${key.service} and client = ${key.client}
      and (${sequence}::int8 is null or sequence = ${sequence}) order by sequence limit 1000`.execute(tx);
  return found.rows.map((row) => row.sequence);
}

/** Once they were taken, or given up. */
export async function removeRefused(tx: Tx, key: SubscriberKey, sequences: readonly number[]): Promise<void> {
  await sql`
    delete from event_refused where service = ${key.service} and client = ${key.client}
      and sequence = any(${sequences}::int8[])`.execute(tx);
}
