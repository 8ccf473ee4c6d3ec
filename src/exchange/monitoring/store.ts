import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import type { Exchanged, OperationalQuery, ServiceHealth } from './model.ts';

/** A message is there once: by its request, or where it was refused before that was kept, by its refusal. */
const opening = sql`(one.kind = 'request' or one.kind = 'refusal' and not exists (
  select from exchange_message other
  where other.exchange = one.exchange and other.side = one.side and other.kind = 'request'))`;

/** In the order of the ledger, at most `limit`. */
export async function listExchanged(tx: Tx, query: OperationalQuery, limit: number): Promise<readonly Exchanged[]> {
  const { from, until, after } = query;
  const subsystem = query.subsystem ?? null;
  const found = await sql<Omit<Exchanged, 'method'> & { method: string | null }>`
    select one.leaf_index as index, one.exchange, one.side, one.peer, one.client, one.service,
      one.x_road_id as "xRoadId", substring(one.base from '"@method": ([A-Z]+)') as method, one.at,
      case when one.kind = 'refusal' then one.at else outcome.at end as "answeredAt",
      coalesce(outcome.status, one.status) as status, coalesce(outcome.fault, one.fault) as fault
    from exchange_message one left join lateral (
      select at, status, fault from exchange_message answer
      where answer.exchange = one.exchange and answer.side = one.side and answer.kind <> 'request'
      order by leaf_index limit 1) as outcome on true
    where one.at >= ${from} and one.at < ${until} and one.leaf_index > ${after} and ${opening}
      and (${subsystem}::text is null or one.client = ${subsystem} or one.service like ${`${subsystem}/%`})
    order by one.leaf_index limit ${limit}`.execute(tx);
  return found.rows.map(({ method, ...same }) => ({ ...same, method: method ?? undefined }));
}

type HealthRow = Omit<ServiceHealth, 'lastPeriodStatistics' | `last${string}`> & {
  readonly good: number;
  readonly bad: number;
  readonly least: number | null;
  readonly average: number | null;
  readonly most: number | null;
  readonly deviation: number | null;
  readonly lastGood: Date | null;
  readonly lastBad: Date | null;
};

/** What this gateway's own services answered since then. */
export async function listHealth(tx: Tx, since: Date): Promise<readonly ServiceHealth[]> {
  const found = await sql<HealthRow>`
    with answered as (
      select one.service, one.at,
        case when one.kind = 'refusal' then false
          else outcome.fault is null and coalesce(outcome.status, 0) between 1 and 399 end as good,
        extract(epoch from outcome.at - one.at) * 1000 as took
      from exchange_message one left join lateral (
        select at, status, fault from exchange_message answer
        where answer.exchange = one.exchange and answer.side = one.side and answer.kind <> 'request'
        order by leaf_index limit 1) as outcome on true
      where one.side = 'provider' and one.at >= ${since} and ${opening})
    select service, count(*) filter (where good) as good, count(*) filter (where not good) as bad,
      min(took)::float8 as least, avg(took)::float8 as average, max(took)::float8 as most,
      stddev_pop(took)::float8 as deviation,
      max(at) filter (where good) as "lastGood", max(at) filter (where not good) as "lastBad"
    from answered group by service order by service`.execute(tx);
  return found.rows.map((row) => ({
    service: row.service,
    lastSuccessfulRequestTimestamp: row.lastGood?.getTime() ?? null,
    lastUnsuccessfulRequestTimestamp: row.lastBad?.getTime() ?? null,
    lastPeriodStatistics: {
      successfulRequestCount: row.good,
      unsuccessfulRequestCount: row.bad,
      requestMinDuration: row.least,
      requestAverageDuration: row.average,
      requestMaxDuration: row.most,
      requestDurationStdDev: row.deviation,
    },
  }));
}
