import { sql } from 'kysely';
import type { Json } from '../../../kernel/index.ts';
import { type Tx, tables } from '../../../platform/index.ts';
import type { KeptEvent, OperatorEvent, Outcome } from '../model.ts';

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

export async function listEvents(tx: Tx, filter: EventFilter, limit: number): Promise<readonly KeptEvent[]> {
  let query = tables<{ operator_event: EventRow }>(tx)
    .selectFrom('operator_event')
    .selectAll()
    .orderBy('leaf_index', 'desc')
    .limit(limit);
  if (filter.operator !== undefined) query = query.where('operator', '=', filter.operator);
  if (filter.event !== undefined) query = query.where('event', '=', filter.event);
  if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome);
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.until !== undefined) query = query.where('at', '<', filter.until);
  if (filter.before !== undefined) query = query.where('leaf_index', '<', filter.before);
  const rows = await query.execute();
  return rows.map(({ leaf_index, ...event }) => ({ ...event, index: leaf_index }));
}
