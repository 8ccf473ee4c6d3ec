import { sql } from 'kysely';
import type { Database, Tx } from '../../../platform/index.ts';
import type { CountedMinute } from '../rules/charts.ts';
import { addLatencies, stepOf } from '../rules/latency.ts';

type MinuteRow = CountedMinute;

type Counted = {
  minute: Date;
  side: MinuteRow['side'];
  client: string;
  service: string;
  outcome: 'answered' | 'failed' | 'refused';
  /** Milliseconds from the request to the answer, whole; null where the request was not kept here. */
  took: number | null;
  count: number;
};

/** Places of the ledger in one turn. Their sums are made by the database: no row of a message is read here. */
const BATCH = 50_000;
/** How far before its answer a request may stand in the ledger and still be found. */
const REACH = 100_000;

/** Minutes for the last hours, half hours for the weeks. */
const STEPS = [1, 30] as const;
export type StepMinutes = (typeof STEPS)[number];

/**
 * Counts the messages that came since the mark. True where there may be more. The mark moves with the counts in one
 * transaction and under its lock: a crash counts nothing twice, and neither do two processes of one gateway.
 */
export async function countMessages(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { from, last } = await lockMark(tx);
    if (last <= from) return false;
    const until = Math.min(from + BATCH, last);
    const counted = await sumMessages(tx, from, until);
    for (const step of STEPS) await addMinutes(tx, step, minutesOf(counted, step));
    await sql`update console_mark set leaf_index = ${until} where id = 1`.execute(tx);
    return until < last;
  });
}

async function lockMark(tx: Tx): Promise<{ readonly from: number; readonly last: number }> {
  const mark = await sql<{ leaf_index: number }>`select leaf_index from console_mark where id = 1 for update`.execute(
    tx,
  );
  const newest = await sql<{ last: number | null }>`select max(leaf_index) as last from exchange_message`.execute(tx);
  return { from: mark.rows[0]?.leaf_index ?? -1, last: newest.rows[0]?.last ?? -1 };
}

async function sumMessages(tx: Tx, from: number, until: number): Promise<readonly Counted[]> {
  const found = await sql<Counted>`
    select date_trunc('minute', m.at) as minute, m.side, m.client, m.service,
      case when m.kind = 'refusal' then 'refused' when m.status >= 500 then 'failed' else 'answered' end as outcome,
      ceil(extract(epoch from m.at - q.at) * 1000)::int as took, count(*) as count
    from exchange_message m left join exchange_message q on q.exchange = m.exchange and q.side = m.side
      and q.kind = 'request' and q.leaf_index > ${from - REACH} and q.leaf_index <= ${until}
    where m.leaf_index > ${from} and m.leaf_index <= ${until} and m.kind <> 'request'
    group by 1, 2, 3, 4, 5, 6`.execute(tx);
  return found.rows;
}

function minutesOf(rows: readonly Counted[], step: StepMinutes): readonly MinuteRow[] {
  const stepMs = step * 60_000;
  const minutes = new Map<string, MinuteRow>();
  for (const row of rows) {
    const minute = new Date(Math.floor(row.minute.getTime() / stepMs) * stepMs);
    const { side, client, service, outcome, count } = row;
    const key = keyOf({ minute, side, client, service });
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
    // How fast a refusal was says nothing about the service.
    const took = row.took === null || outcome === 'refused' ? {} : { [String(stepOf(row.took))]: count };
    const latencies = addLatencies([held.latencies, took]);
    minutes.set(key, { ...held, [outcome]: held[outcome] + count, latencies });
  }
  return [...minutes.values()];
}

async function addMinutes(tx: Tx, step: StepMinutes, minutes: readonly MinuteRow[]): Promise<void> {
  if (minutes.length === 0) return;
  const first = new Date(Math.min(...minutes.map((one) => one.minute.getTime())));
  const known = new Map((await listMinutes(tx, step, first)).map((one) => [keyOf(one), one.latencies]));
  for (const one of minutes) {
    const latencies = JSON.stringify(addLatencies([known.get(keyOf(one)) ?? {}, one.latencies]));
    await sql`insert into console_minute (step_minutes, minute, side, client, service, answered, failed, refused, latencies)
      values (${step}, ${one.minute}, ${one.side}, ${one.client}, ${one.service}, ${one.answered}, ${one.failed}, ${one.refused},
        ${latencies}::jsonb)
      on conflict (step_minutes, minute, side, service, client) do update set answered = console_minute.answered + excluded.answered,
        failed = console_minute.failed + excluded.failed, refused = console_minute.refused + excluded.refused,
        latencies = excluded.latencies`.execute(tx);
  }
}

type MinuteKey = Pick<MinuteRow, 'minute' | 'side' | 'client' | 'service'>;
const keyOf = (one: MinuteKey) => [one.minute.getTime(), one.side, one.client, one.service].join('\n');

/** In the order of time. `minute` is where a step begins. */
export async function listMinutes(tx: Tx, step: StepMinutes, from: Date): Promise<readonly MinuteRow[]> {
  const found = await sql<MinuteRow>`select minute, side, client, service, answered, failed, refused, latencies
    from console_minute where step_minutes = ${step} and minute >= ${from}
    order by minute, side, service, client`.execute(tx);
  return found.rows;
}

const MINUTES_KEPT_MS = 26 * 3_600_000;
const HALF_HOURS_KEPT_MS = 35 * 86_400_000;

/** What is older than the longest chart is of no use. */
export async function forgetMinutes(tx: Tx, now: Date): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  await sql`delete from console_minute where (step_minutes = 1 and minute < ${before(MINUTES_KEPT_MS)})
    or (step_minutes = 30 and minute < ${before(HALF_HOURS_KEPT_MS)})`.execute(tx);
}
