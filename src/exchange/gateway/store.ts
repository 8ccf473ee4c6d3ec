import { sql } from 'kysely';
import { appendArguments, type LogAppend, type Sequenced } from '../../ledger/index.ts';
import { type Tx, tables } from '../../platform/index.ts';
import { toBodyRow } from '../archive/store.ts';
import type { PublishedEvent } from '../events/model.ts';
import type { ServiceDescription } from '../service/openapi.ts';
import type { Kept, MessageRecord, ServiceEntry } from './model.ts';

type Tables = {
  exchange_message: MessageRow;
  exchange_service: ServiceRow;
  exchange_seen: { message: Buffer; expires_at: Date };
};

type MessageRow = {
  leaf_index: number;
  exchange: string;
  kind: MessageRecord['kind'];
  side: MessageRecord['side'];
  at: Date;
  peer: string;
  client: string;
  service: string;
  agreement: string | null;
  agreement_version: number | null;
  purpose: string | null;
  status: number | null;
  fault: string | null;
  x_road_id: string;
  keyid: string;
  base: string;
  signature_input: string;
  signature: string;
  salt: Buffer;
  subject_hash: Buffer | null;
};

type ServiceRow = {
  service: string;
  url: string;
  timeout_ms: number;
  enabled: boolean;
  notice: string;
  /** `{}` where there is none. */
  description: ServiceDescription | Record<string, never>;
};

/** Some messages of the batch were received before; none of the batch was kept. */
export class SeenBefore extends Error {
  override readonly name = 'SeenBefore';
  readonly messages: ReadonlySet<Kept>;

  constructor(messages: ReadonlySet<Kept>) {
    super(`${messages.size} messages were received before`);
    this.messages = messages;
  }
}

/**
 * Places a batch of ledger entries and what belongs to them, in one statement whatever the batch's size: its round
 * trip is waited for by all. The rows travel as JSON, which costs a third of arrays of the driver's making. False
 * where the log has grown meanwhile. Throws SeenBefore when a message of the batch is remembered already; then
 * nothing of the batch stays.
 */
export async function placeMessages(tx: Tx, append: LogAppend, batch: readonly Sequenced<Kept>[]): Promise<boolean> {
  const due = messagesDue(batch);
  const seen = [...due].map(([key, payload]) => ({ key, until: 'seen' in payload ? payload.seen?.until : undefined }));
  const rows = batch.flatMap(({ index, payload }) => ('record' in payload ? [toRow(index, payload.record)] : []));
  const events = batch.flatMap(({ index, payload }) => ('event' in payload ? [toEventRow(index, payload.event)] : []));
  const bodies = batch.flatMap(({ index, payload }) =>
    'record' in payload && payload.kept !== undefined ? [toBodyRow(index, payload.record, payload.kept)] : [],
  );
  const kept = sql`exchange_keep(${appendArguments(append)}, ${JSON.stringify(rows)}, ${JSON.stringify(seen)})`;
  const besides = [
    ...(events.length === 0 ? [] : [sql`event_keep(${JSON.stringify(events)})`]),
    ...(bodies.length === 0 ? [] : [sql`archive_keep(${JSON.stringify(bodies)})`]),
  ];
  // CASE, not AND: its parts are evaluated in their order.
  const all = besides.reduce((before, next) => sql`case when ${before} then ${next} else false end`, kept);
  try {
    const placed = await sql<{ isPlaced: boolean }>`select ${all} as "isPlaced"`.execute(tx);
    return placed.rows[0]?.isPlaced === true;
  } catch (cause) {
    const again = seenBefore(cause);
    if (again === undefined) throw cause;
    const first = batch[0]?.index ?? 0;
    const payloads = again.map((key) => (typeof key === 'number' ? batch[key - first]?.payload : due.get(key)));
    throw new SeenBefore(new Set(payloads.filter((payload) => payload !== undefined)));
  }
}

/** What was refused, if that is what the error says: a message by its key, an event by the place it would have had. */
function seenBefore(cause: unknown): readonly (string | number)[] | undefined {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'WSEEN' && 'detail' in cause)) return undefined;
  return JSON.parse(String(cause.detail)) as readonly (string | number)[];
}

/** An event as `event_keep` reads it. */
function toEventRow(sequence: number, { eventId, salt, ...same }: PublishedEvent): object {
  return { ...same, sequence, event_id: eventId, salt: salt.toString('base64') };
}

/** By the key to be remembered; throws where one stands twice in the batch: the first is good, the other a replay. */
function messagesDue(batch: readonly Sequenced<Kept>[]): Map<string, Kept> {
  const due = new Map<string, Kept>();
  const again = new Set<Kept>();
  for (const { payload } of batch) {
    const key = 'seen' in payload ? payload.seen?.key.toString('base64') : undefined;
    if (key === undefined) continue;
    if (due.has(key)) again.add(payload);
    else due.set(key, payload);
  }
  if (again.size > 0) throw new SeenBefore(again);
  return due;
}

export async function forgetExpired(tx: Tx, now: Date): Promise<void> {
  await sql`delete from exchange_seen where expires_at < ${now}`.execute(tx);
}

/** Both messages (or the refusal) of one exchange as this side kept them, in the order of its ledger. */
export async function findMessages(
  tx: Tx,
  exchange: string,
): Promise<readonly { readonly index: number; readonly record: MessageRecord }[]> {
  const rows = await tables<Tables>(tx)
    .selectFrom('exchange_message')
    .selectAll()
    .where((is) => is.or([is('exchange', '=', exchange), is('x_road_id', '=', exchange)]))
    // The X-Road-Id is the client's choice: it must not take the place of the exchange that was meant.
    .orderBy((is) => is('exchange', '=', exchange), 'desc')
    .orderBy('leaf_index')
    .limit(20)
    .execute();
  return rows.map(fromRow);
}

export async function listMessages(tx: Tx, limit: number): Promise<readonly MessageRecord[]> {
  const rows = await tables<Tables>(tx)
    .selectFrom('exchange_message')
    .selectAll()
    .orderBy('leaf_index', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => fromRow(row).record);
}

export type ProvableQuery = {
  readonly from: Date;
  readonly until: Date;
  readonly service: string | undefined;
  /** Place in the ledger behind which to go on. */
  readonly after: number;
};

/** What became of an exchange, by its last entry here. `open`: neither answer nor refusal was entered. */
export type Outcome = 'answered' | 'refused' | 'open';
export type Provable = {
  readonly index: number;
  readonly exchange: string;
  readonly service: string;
  readonly at: Date;
  readonly outcome: Outcome;
};

/**
 * Exchanges that were answered, refused or left open in a period, each once, in the order of the ledger. A refusal of a
 * message that was answered (a replay) is no exchange of its own.
 */
export async function listProvable(
  tx: Tx,
  { from, until, service, after }: ProvableQuery,
  limit: number,
): Promise<readonly Provable[]> {
  const found = await sql<Provable>`
    select leaf_index as index, exchange, service, at,
      case kind when 'response' then 'answered' when 'refusal' then 'refused' else 'open' end as outcome
    from exchange_message one
    where at >= ${from} and at < ${until} and leaf_index > ${after}
      and (${service ?? null}::text is null or service = ${service ?? null})
      and not exists (
        select from exchange_message other
        where other.exchange = one.exchange and other.peer = one.peer and other.leaf_index <> one.leaf_index
          and case one.kind
            when 'response' then false
            when 'refusal' then other.kind = 'response' or (other.kind = 'refusal' and other.leaf_index < one.leaf_index)
            else other.kind <> 'request' end)
    order by leaf_index limit ${limit}`.execute(tx);
  return found.rows;
}

/** Places of messages around a period; undefined where there is none on that side, or none within. */
export type PeriodEnds = {
  readonly lastBefore: number | undefined;
  readonly firstWithin: number | undefined;
  readonly lastWithin: number | undefined;
};

export async function periodEnds(tx: Tx, from: Date, until: Date): Promise<PeriodEnds> {
  const found = await sql<{ before: number | null; first: number | null; last: number | null }>`
    select max(leaf_index) filter (where at < ${from}) as before,
      min(leaf_index) filter (where at >= ${from} and at < ${until}) as first,
      max(leaf_index) filter (where at >= ${from} and at < ${until}) as last
    from exchange_message`.execute(tx);
  const { before, first, last } = found.rows[0] ?? { before: null, first: null, last: null };
  return { lastBefore: before ?? undefined, firstWithin: first ?? undefined, lastWithin: last ?? undefined };
}

export async function listServices(tx: Tx): Promise<readonly ServiceEntry[]> {
  const rows = await tables<Tables>(tx).selectFrom('exchange_service').selectAll().orderBy('service').execute();
  return rows.map((row) => ({
    service: row.service,
    url: row.url,
    timeoutMs: row.timeout_ms,
    enabled: row.enabled,
    notice: row.notice,
    ...('text' in row.description ? { description: row.description as ServiceDescription } : {}),
  }));
}

export async function putService(tx: Tx, entry: ServiceEntry): Promise<void> {
  await sql`
    insert into exchange_service (service, url, timeout_ms, enabled, notice)
    values (${entry.service}, ${entry.url}, ${entry.timeoutMs}, ${entry.enabled}, ${entry.notice})
    on conflict (service) do update set url = excluded.url, timeout_ms = excluded.timeout_ms,
      enabled = excluded.enabled, notice = excluded.notice`.execute(tx);
}

export async function putDescription(tx: Tx, service: string, description: ServiceDescription): Promise<void> {
  await sql`
    update exchange_service set description = ${JSON.stringify(description)}::jsonb where service = ${service}`.execute(
    tx,
  );
}

export async function removeService(tx: Tx, service: string): Promise<boolean> {
  const removed = await sql`delete from exchange_service where service = ${service}`.execute(tx);
  return Number(removed.numAffectedRows ?? 0) > 0;
}

/**
 * Takes up to `lot` messages out of a period's quota of `most`, over all processes together: the number that is taken,
 * 0 where none is left.
 */
export async function takeQuota(tx: Tx, agreement: string, period: string, lot: number, most: number): Promise<number> {
  const taken = await sql<{ got: number }>`
    with before as (
      insert into exchange_quota (agreement, period, taken) values (${agreement}, ${period}, 0)
      on conflict (agreement, period) do update set taken = exchange_quota.taken returning taken)
    select least(${lot}::bigint, greatest(${most}::bigint - taken, 0)) as got from before`.execute(tx);
  const got = taken.rows[0]?.got ?? 0;
  if (got === 0) return 0;
  await sql`update exchange_quota set taken = taken + ${got} where agreement = ${agreement} and period = ${period}`.execute(
    tx,
  );
  return got;
}

/** Messages of a period's quota that processes have taken, in lots. */
export async function takenOf(tx: Tx, agreement: string, period: string): Promise<number> {
  const found = await sql<{ taken: number }>`
    select taken::float8 as taken from exchange_quota where agreement = ${agreement} and period = ${period}`.execute(
    tx,
  );
  return found.rows[0]?.taken ?? 0;
}

/** A row as JSON holds it. */
function toRow(index: number, record: MessageRecord): Record<keyof MessageRow, unknown> {
  const { agreementVersion, xRoadId, signatureInput, subjectHash, salt, ...same } = record;
  return {
    ...same,
    salt: salt.toString('base64'),
    leaf_index: index,
    agreement_version: agreementVersion,
    x_road_id: xRoadId,
    signature_input: signatureInput,
    subject_hash: subjectHash?.toString('base64') ?? null,
  };
}

function fromRow(row: MessageRow): { readonly index: number; readonly record: MessageRecord } {
  const { leaf_index, agreement_version, x_road_id, signature_input, subject_hash, ...same } = row;
  const record = {
    ...same,
    agreementVersion: agreement_version,
    xRoadId: x_road_id,
    signatureInput: signature_input,
    subjectHash: subject_hash,
  };
  return { index: leaf_index, record };
}
