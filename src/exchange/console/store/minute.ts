import { sql } from 'kysely';
import type { Database, Tx } from '../../../platform/index.ts';
import type { CountedMinute } from '../rules/charts.ts';
import { addLatencies, stepOf } from '../rules/latency.ts';

type MinuteRow = CountedMinute;

type Counted = {
  leaf_index: number;
  at: Date;
  side: MinuteRow['side'];
  client: string;
  service: string;
  kind: 'response' | 'refusal';
  status: number | null;
  asked_at: Date | null;
};

const BATCH = 5_000;

/**
 * Counts the messages that came since the mark. True where there may be more. The mark moves with the counts in one
 * transaction and under its lock: a crash counts nothing twice, and neither do two processes of one gateway.
 */
export async function countMessages(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const mark = await sql<{ leaf_index: number }>`select leaf_index from console_mark where id = 1 for update`.execute(
      tx,
    );
    const from = mark.rows[0]?.leaf_index ?? -1;
    // The ledger numbers all entries; messages are some of them, so the walk is by place and not by count.
    const found = await sql<Counted>`
      select m.leaf_index, m.at, m.side, m.client, m.service, m.kind, m.status,
        (select q.at from exchange_message q where q.exchange = m.exchange and q.side = m.side and q.kind = 'request'
          limit 1) as asked_at
      from exchange_message m where m.leaf_index > ${from} and m.kind <> 'request'
      order by m.leaf_index limit ${BATCH}`.execute(tx);
    const last = found.rows.at(-1);
    if (last === undefined) return false;
    await addMinutes(tx, minutesOf(found.rows));
    await sql`update console_mark set leaf_index = ${last.leaf_index} where id = 1`.execute(tx);
    return found.rows.length === BATCH;
  });
}

function minutesOf(rows: readonly Counted[]): readonly MinuteRow[] {
  const minutes = new Map<string, MinuteRow>();
  for (const row of rows) {
    const minute = new Date(Math.floor(row.at.getTime() / 60_000) * 60_000);
    const { side, client, service } = row;
    const key = [minute.getTime(), side, client, service].join('\n');
    const held = minutes.get(key) ?? {
      minute,
      side,
      client,
      service,
      answered: 0,
      failed: 0,
      refused: 0,
      latencies: {},
    };
    const isFailed = row.kind === 'response' && (row.status ?? 0) >= 500;
    const took = row.asked_at === null ? {} : { [String(stepOf(row.at.getTime() - row.asked_at.getTime()))]: 1 };
    minutes.set(key, {
      ...held,
      answered: held.answered + (row.kind === 'response' && !isFailed ? 1 : 0),
      failed: held.failed + (isFailed ? 1 : 0),
      refused: held.refused + (row.kind === 'refusal' ? 1 : 0),
      // How fast a refusal was says nothing about the service.
      latencies: row.kind === 'response' ? addLatencies([held.latencies, took]) : held.latencies,
    });
  }
  return [...minutes.values()];
}

async function addMinutes(tx: Tx, minutes: readonly MinuteRow[]): Promise<void> {
  const first = new Date(Math.min(...minutes.map((one) => one.minute.getTime())));
  const known = new Map((await listMinutes(tx, first)).map((one) => [keyOf(one), one.latencies]));
  for (const one of minutes) {
    const latencies = JSON.stringify(addLatencies([known.get(keyOf(one)) ?? {}, one.latencies]));
    await sql`insert into console_minute (minute, side, client, service, answered, failed, refused, latencies)
      values (${one.minute}, ${one.side}, ${one.client}, ${one.service}, ${one.answered}, ${one.failed}, ${one.refused},
        ${latencies}::jsonb)
      on conflict (minute, side, service, client) do update set answered = console_minute.answered + excluded.answered,
        failed = console_minute.failed + excluded.failed, refused = console_minute.refused + excluded.refused,
        latencies = excluded.latencies`.execute(tx);
  }
}

const keyOf = (one: MinuteRow) => [one.minute.getTime(), one.side, one.client, one.service].join('\n');

/** In the order of time. */
export async function listMinutes(tx: Tx, from: Date): Promise<readonly MinuteRow[]> {
  const found = await sql<MinuteRow>`select minute, side, client, service, answered, failed, refused, latencies
    from console_minute where minute >= ${from} order by minute, side, service, client`.execute(tx);
  return found.rows;
}

/** Minutes older than the longest chart are of no use. */
export async function forgetMinutes(tx: Tx, before: Date): Promise<void> {
  await sql`delete from console_minute where minute < ${before}`.execute(tx);
}
