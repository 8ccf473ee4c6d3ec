import { sql } from 'kysely';
import type { Json } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { EventType, SequencedEvent } from '../model.ts';

type TypeRow = {
  readonly service: string;
  readonly title: EventType['title'];
  readonly aboutPerson: boolean;
  readonly dataSchema: Readonly<Record<string, Json>>;
};

export async function listEventTypes(tx: Tx): Promise<readonly EventType[]> {
  const found = await sql<TypeRow>`
    select service, title, about_person as "aboutPerson", data_schema as "dataSchema" from event_type
    order by service`.execute(tx);
  return found.rows.map(({ dataSchema, ...same }) =>
    Object.keys(dataSchema).length === 0 ? same : { ...same, dataSchema },
  );
}

export async function putEventType(tx: Tx, one: EventType, now: Date): Promise<void> {
  await sql`
    insert into event_type (service, title, about_person, data_schema, created_at)
    values (${one.service}, ${JSON.stringify(one.title)}::jsonb, ${one.aboutPerson},
      ${JSON.stringify(one.dataSchema ?? {})}::jsonb, ${now})
    on conflict (service) do update set title = excluded.title, about_person = excluded.about_person,
      data_schema = excluded.data_schema`.execute(tx);
}

/** What was published stays; nothing new of this type can be. */
export async function removeEventType(tx: Tx, service: string): Promise<boolean> {
  const removed = await sql`delete from event_type where service = ${service}`.execute(tx);
  return Number(removed.numAffectedRows ?? 0) > 0;
}

export type StoredEvent = { readonly sequence: number; readonly body: string };

/** An event by what identifies it (CloudEvents 3.1.1: source and id). */
export async function findEvent(
  tx: Tx,
  key: { readonly service: string; readonly source: string; readonly eventId: string },
): Promise<StoredEvent | undefined> {
  const found = await sql<StoredEvent>`
    select sequence, body from event
    where service = ${key.service} and source = ${key.source} and event_id = ${key.eventId}`.execute(tx);
  return found.rows[0];
}

/**
 * The next events of a type behind a sequence, in order, as many as fit into `maxBytes` and at least one if there is
 * any. The database lets the sum of lengths run over the order, so that a gigabyte of events is never read for a batch.
 */
export async function nextEvents(
  tx: Tx,
  from: { readonly service: string; readonly after: number },
  most: { readonly events: number; readonly bytes: number },
): Promise<readonly SequencedEvent[]> {
  const found = await sql<SequencedEvent>`
    select sequence, body, subject from (
      select sequence, body, subject, row_number() over (order by sequence) as nth,
        sum(octet_length(body)) over (order by sequence) as bytes
      from (
        select sequence, body, subject from event
        where service = ${from.service} and sequence > ${from.after} order by sequence limit ${most.events}) as next
    ) as counted where nth = 1 or bytes <= ${most.bytes} order by sequence`.execute(tx);
  return found.rows;
}

export type RelayedEvent = SequencedEvent & { readonly service: string };

/** As `nextEvents`, of all types. */
export async function relayableEvents(
  tx: Tx,
  after: number,
  most: { readonly events: number; readonly bytes: number },
): Promise<readonly RelayedEvent[]> {
  const found = await sql<RelayedEvent>`
    select sequence, service, body, subject from (
      select *, row_number() over (order by sequence) as nth, sum(octet_length(body)) over (order by sequence) as bytes
      from (
        select sequence, service, body, subject from event
        where sequence > ${after} order by sequence limit ${most.events}) as next
    ) as counted where nth = 1 or bytes <= ${most.bytes} order by sequence`.execute(tx);
  return found.rows;
}

export async function eventsAt(
  tx: Tx,
  service: string,
  sequences: readonly number[],
): Promise<readonly SequencedEvent[]> {
  const found = await sql<SequencedEvent>`
    select sequence, body, subject from event
    where service = ${service} and sequence = any(${sequences}::int8[]) order by sequence`.execute(tx);
  return found.rows;
}

/** Where a subscriber begins who wants all that is still kept (-1 where nothing was published), or only what comes. */
export async function startOf(tx: Tx, service: string, start: 'earliest' | 'now'): Promise<number> {
  const found = await sql<{ first: number | null; last: number | null }>`
    select min(sequence) as first, max(sequence) as last from event where service = ${service}`.execute(tx);
  const { first = null, last = null } = found.rows[0] ?? {};
  if (first === null || last === null) return -1;
  return start === 'earliest' ? first - 1 : last;
}

/** Events that every active subscriber has, or that are older than the longest time that they are kept: how many. */
export async function forgetEvents(tx: Tx, handedOnBefore: Date, anywayBefore: Date): Promise<number> {
  const gone = await sql`
    delete from event where at < ${anywayBefore} or (at < ${handedOnBefore} and not exists (
      select from event_subscriber one
      where one.service = event.service and one.state = 'active' and one.delivered < event.sequence))`.execute(tx);
  return Number(gone.numAffectedRows ?? 0);
}
