import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Sorting } from '../../operators/sorting.ts';
import type { TrafficOutcome, TrafficRow } from '../rules/traffic.ts';

export type TrafficFilter = {
  /** The beginning of a service's, or of a client's identifier. */
  readonly service?: string | undefined;
  readonly member?: string | undefined;
  readonly outcome?: TrafficOutcome | undefined;
  /** Of the exchange, or the X-Road-Id that its client chose. */
  readonly id?: string | undefined;
  readonly client?: string | undefined;
  readonly fault?: string | undefined;
  /** Its hash under the gateway's key. */
  readonly subject?: Buffer | undefined;
  readonly from: Date;
  readonly until?: Date | undefined;
  /** The place in the ledger of the row that the page before this one ended at, or that was seen last. */
  readonly before?: number | undefined;
  readonly after?: number | undefined;
};

export const TRAFFIC_COLUMNS = ['at', 'side', 'client', 'service', 'outcome'] as const;
export type TrafficSorting = Sorting<(typeof TRAFFIC_COLUMNS)[number]>;
export const NEWEST_FIRST: TrafficSorting = { by: 'at', isDown: true };

type Row = {
  leaf_index: number;
  exchange: string;
  x_road_id: string;
  side: TrafficRow['side'];
  kind: TrafficRow['kind'];
  at: Date;
  asked_at: Date | null;
  client: string;
  service: string;
  agreement: string | null;
  purpose: string | null;
  status: number | null;
  fault: string | null;
};

const prefixOf = (text: string) => `${text.replaceAll(/[\\%_]/g, '\\$&')}%`;

/**
 * Newest first. Bounded in time, since no index is kept for the other filters: each would be paid by every message.
 * A request is a row of its own only while it has no end here.
 */
export async function listTraffic(
  tx: Tx,
  filter: TrafficFilter,
  limit: number,
  sorting: TrafficSorting = NEWEST_FIRST,
): Promise<readonly TrafficRow[]> {
  const all = sql`true`;
  const { service, member, outcome, until, before, after, id, client, fault, subject } = filter;
  const direction = sorting.isDown ? sql`desc` : sql`asc`;
  const found = await sql<Row>`
    select m.leaf_index, m.exchange, m.x_road_id, m.side, m.kind, m.at, m.client, m.service, m.agreement, m.purpose,
      m.status, m.fault, (select q.at from exchange_message q where q.exchange = m.exchange and q.side = m.side
        and q.kind = 'request' limit 1) as asked_at
    from exchange_message m
    where m.at >= ${filter.from}
      and ${until === undefined ? all : sql`m.at < ${until}`}
      and ${before === undefined ? all : isBeyond(before, sorting)}
      and ${after === undefined ? all : sql`m.leaf_index > ${after}`}
      and ${service === undefined ? all : sql`m.service like ${prefixOf(service)}`}
      and ${member === undefined ? all : sql`(m.client like ${prefixOf(member)} or m.service like ${prefixOf(member)})`}
      and ${outcome === undefined ? all : outcomeIs(outcome)}
      and ${id === undefined ? all : sql`(m.exchange = ${id} or m.x_road_id = ${id})`}
      and ${client === undefined ? all : sql`m.client like ${prefixOf(client)}`}
      and ${fault === undefined ? all : sql`m.fault = ${fault}`}
      and ${subject === undefined ? all : sql`m.subject_hash = ${subject}`}
      and (m.kind <> 'request' or not exists (select 1 from exchange_message e where e.exchange = m.exchange
        and e.side = m.side and e.kind <> 'request'))
    order by ${keyOf(sorting, 'm')} ${direction}, m.leaf_index ${direction} limit ${limit}`.execute(tx);
  return found.rows.map(({ leaf_index, x_road_id, asked_at, ...row }) => ({
    ...row,
    index: leaf_index,
    xRoadId: x_road_id,
    askedAt: asked_at,
  }));
}

/** Past the last row of the page before; by key and place, so that what comes in meanwhile shifts no page. */
function isBeyond(place: number, sorting: TrafficSorting) {
  const than = sorting.isDown ? sql`<` : sql`>`;
  if (sorting.by === 'at') return sql`m.leaf_index ${than} ${place}`;
  return sql`(${keyOf(sorting, 'm')}, m.leaf_index) ${than}
    (select ${keyOf(sorting, 'last')}, last.leaf_index from exchange_message last where last.leaf_index = ${place})`;
}

function keyOf({ by }: TrafficSorting, table: 'm' | 'last') {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  if (by === 'at') return column('leaf_index');
  if (by !== 'outcome') return column(by);
  return sql`case ${column('kind')} when 'request' then 'open' when 'refusal' then 'refused'
    else case when ${column('status')} >= 500 then 'failed' else 'answered' end end`;
}

function outcomeIs(outcome: TrafficOutcome) {
  if (outcome === 'open') return sql`m.kind = 'request'`;
  if (outcome === 'refused') return sql`m.kind = 'refusal'`;
  if (outcome === 'failed') return sql`m.kind = 'response' and m.status >= 500`;
  return sql`m.kind = 'response' and m.status < 500`;
}
