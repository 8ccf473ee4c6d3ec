import { sql } from 'kysely';
import type { Json } from '../../../kernel/index.ts';
import { type Tx, tables } from '../../../platform/index.ts';
import type { KeptEvent, OperatorEvent, Outcome } from '../model.ts';
import type { Sorting } from '../sorting.ts';

type EventRow = Omit<OperatorEvent, 'detail'> & { leaf_index: number; detail: Record<string, Json> };

export async function insertEvent(tx: Tx, index: number, one: OperatorEvent): Promise<void> {
  await sql`insert into operator_event (leaf_index, at, event, outcome, operator, via, target, detail, salt)
    values (${index}, ${one.at}, ${one.event}, ${one.outcome}, ${one.operator}, ${one.via}, ${one.target},
      ${JSON.stringify(one.detail)}::jsonb, ${one.salt})`.execute(tx);
}

/** What the audit page looks for; `before` is the place in the ledger that the page before it ended at. */
export type EventFilter = {
  readonly operator?: string | undefined;
  readonly event?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  readonly before?: number | undefined;
};

export const EVENT_COLUMNS = ['at', 'event', 'who', 'via', 'target', 'outcome'] as const;
export type EventSorting = Sorting<(typeof EVENT_COLUMNS)[number]>;
export const NEWEST_FIRST: EventSorting = { by: 'at', isDown: true };

/** `before` is then the last row of the page before this one, whatever the order. */
export async function listEvents(
  tx: Tx,
  filter: EventFilter,
  limit: number,
  sorting: EventSorting = NEWEST_FIRST,
): Promise<readonly KeptEvent[]> {
  const direction = sorting.isDown ? 'desc' : 'asc';
  let query = tables<{ operator_event: EventRow }>(tx)
    .selectFrom('operator_event')
    .selectAll()
    .orderBy(keyOf(sorting, 'operator_event'), direction)
    .orderBy('leaf_index', direction)
    .limit(limit);
  if (filter.operator !== undefined) query = query.where('operator', '=', filter.operator);
  if (filter.event !== undefined) query = query.where('event', '=', filter.event);
  if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome);
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.until !== undefined) query = query.where('at', '<', filter.until);
  if (filter.before !== undefined) query = query.where(isBeyond(filter.before, sorting));
  const rows = await query.execute();
  return rows.map(({ leaf_index, ...event }) => ({ ...event, index: leaf_index }));
}

function isBeyond(place: number, sorting: EventSorting) {
  const than = sorting.isDown ? sql`<` : sql`>`;
  if (sorting.by === 'at') return sql<boolean>`leaf_index ${than} ${place}`;
  return sql<boolean>`(${keyOf(sorting, 'operator_event')}, leaf_index) ${than} (select ${keyOf(sorting, 'last')},
    last.leaf_index from operator_event last where last.leaf_index = ${place})`;
}

/** Who acted is sorted by the name that the page shows; who has no account, by the id. */
function keyOf({ by }: EventSorting, table: 'operator_event' | 'last') {
  if (by === 'at') return sql.ref(`${table}.leaf_index`);
  if (by !== 'who') return sql.ref(`${table}.${by}`);
  const operator = sql.ref(`${table}.operator`);
  return sql`coalesce((select name from operator_account where operator_account.id = ${operator}), ${operator})`;
}
