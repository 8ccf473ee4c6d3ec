import { sql } from 'kysely';
import type { Database, Tx } from '../../platform/index.ts';

/** A token over one checkpoint of our log, with all that a verifier of years later needs. */
export type Timestamp = {
  readonly size: number;
  readonly checkpoint: string;
  readonly witnesses: number;
  readonly authority: string;
  readonly statement: string;
  readonly token: Buffer;
  /** base64 DER, from the signer's certificate to the one that the registry named. */
  readonly path: readonly string[];
  readonly serial: string;
  readonly stampedAt: Date;
  readonly beforeAt: Date;
};

/** Once a size: a second token says no more, and evidence that was given out names the first. */
export async function insertTimestamp(tx: Tx, one: Timestamp, now: Date): Promise<void> {
  await sql`
    insert into exchange_timestamp (size, checkpoint, witnesses, authority, statement, token, path, serial,
      stamped_at, before_at, taken_at)
    values (${one.size}, ${one.checkpoint}, ${one.witnesses}, ${one.authority}, ${one.statement}, ${one.token},
      ${one.path}::text[], ${one.serial}, ${one.stampedAt}, ${one.beforeAt}, ${now})
    on conflict (size) do nothing`.execute(tx);
}

const columns = sql`size, checkpoint, witnesses, authority, statement, token, path, serial,
  stamped_at as "stampedAt", before_at as "beforeAt"`;

/** The first that covers so many entries, of those over a witnessed checkpoint where there is one. */
export async function findCovering(tx: Tx, size: number): Promise<Timestamp | undefined> {
  const found = await sql<Timestamp>`
    select ${columns} from exchange_timestamp where size >= ${size}
    order by (witnesses = 0), size limit 1`.execute(tx);
  return found.rows[0];
}

export async function findTimestamp(tx: Tx, size: number): Promise<Timestamp | undefined> {
  const found = await sql<Timestamp>`select ${columns} from exchange_timestamp where size = ${size}`.execute(tx);
  return found.rows[0];
}

/** The newest first, up to and without `below`. */
export async function listTimestamps(tx: Tx, below: number, limit: number): Promise<readonly Timestamp[]> {
  const found = await sql<Timestamp>`
    select ${columns} from exchange_timestamp where size < ${below} order by size desc limit ${limit}`.execute(tx);
  return found.rows;
}

export async function stampedSize(tx: Tx): Promise<number> {
  const found = await sql<{ size: number | null }>`select max(size) as size from exchange_timestamp`.execute(tx);
  return found.rows[0]?.size ?? 0;
}

export type Round = { readonly succeededAt: Date; readonly failures: number; readonly failure: string | null };

/** True for one process of the member only, and only when a round is due; the others find it due when it did not end. */
export async function claimRound(tx: Tx, now: Date, until: Date): Promise<Round | undefined> {
  await sql`
    insert into exchange_timestamp_round (due_at, succeeded_at) values (${now}, ${now})
    on conflict (single) do nothing`.execute(tx);
  const claimed = await sql<Round>`
    update exchange_timestamp_round set due_at = ${until} where due_at <= ${now}
    returning succeeded_at as "succeededAt", failures, failure`.execute(tx);
  return claimed.rows[0];
}

export async function endRound(tx: Tx, dueAt: Date, outcome: { readonly at: Date } | { readonly failure: string }) {
  if ('at' in outcome) {
    await sql`
      update exchange_timestamp_round
      set due_at = ${dueAt}, succeeded_at = ${outcome.at}, failures = 0, failure = null`.execute(tx);
  } else {
    await sql`
      update exchange_timestamp_round
      set due_at = ${dueAt}, failures = failures + 1, failure = ${outcome.failure}`.execute(tx);
  }
}

/** Undefined before the first round. */
export async function readRound(tx: Tx): Promise<Round | undefined> {
  const found = await sql<Round>`
    select succeeded_at as "succeededAt", failures, failure from exchange_timestamp_round`.execute(tx);
  return found.rows[0];
}

/** A timestamp as files and commands take it. */
export type TimestampFacts = Omit<Timestamp, 'token' | 'stampedAt' | 'beforeAt'> & {
  /** base64 DER */
  readonly token: string;
  readonly stampedAt: string;
  readonly beforeAt: string;
};

export function timestampFacts({ token, stampedAt, beforeAt, ...rest }: Timestamp): TimestampFacts {
  const times = { stampedAt: stampedAt.toISOString(), beforeAt: beforeAt.toISOString() };
  return { ...rest, ...times, token: token.toString('base64') };
}

const MOST_KEPT = 1_000;

/** For a command over a gateway's database; undefined where the schema is of something else. */
export async function keptTimestamps(db: Database, size?: number): Promise<readonly TimestampFacts[] | undefined> {
  const found = await sql<{ is: boolean }>`select to_regclass('exchange_timestamp') is not null as is`.execute(db.read);
  if (found.rows[0]?.is !== true) return undefined;
  if (size === undefined)
    return (await listTimestamps(db.read, Number.MAX_SAFE_INTEGER, MOST_KEPT)).map(timestampFacts);
  const one = await findTimestamp(db.read, size);
  return one === undefined ? [] : [timestampFacts(one)];
}
