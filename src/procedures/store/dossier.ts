import { sql } from 'kysely';
import type { IsoDate } from '../../kernel/index.ts';
import { type Tx, tables } from '../../platform/index.ts';
import type { DossierEvent, DossierStatus } from '../model/dossier.ts';

/** The row that lists read; everything in it follows from the events. */
export type DossierRow = {
  readonly id: string;
  readonly procedure: string;
  readonly version: number;
  readonly applicant: string;
  readonly office: string;
  readonly status: DossierStatus;
  readonly revision: number;
  readonly receipt_number: string | null;
  readonly filed_at: Date | null;
  readonly deadline_on: IsoDate | null;
  readonly assignee: string | null;
  readonly decided_at: Date | null;
  readonly changed_at: Date;
};

type EventRow = { dossier_id: string; revision: number; kind: string; content: DossierEvent; salt: Buffer };
type AccessRow = { dossier_id: string; at: Date; agent: string; office: string; what: 'viewed' | 'document' };
type Tables = { dossier: DossierRow; dossier_event: EventRow; dossier_access: AccessRow };

/** Ids come out of addresses: what none of ours looks like is not asked for, since text with NUL is a fault to PostgreSQL. */
export function isId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}

export async function findDossierRow(tx: Tx, id: string): Promise<DossierRow | undefined> {
  if (!isId(id)) return undefined;
  return tables<Tables>(tx).selectFrom('dossier').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Holds the dossier until the transaction ends: two acts at once follow each other. */
export async function lockDossierRow(tx: Tx, id: string): Promise<DossierRow | undefined> {
  return tables<Tables>(tx).selectFrom('dossier').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function findEvents(tx: Tx, id: string): Promise<readonly DossierEvent[]> {
  const rows = await tables<Tables>(tx)
    .selectFrom('dossier_event')
    .select('content')
    .where('dossier_id', '=', id)
    .orderBy('revision')
    .execute();
  return rows.map((row) => row.content);
}

export async function insertEvents(
  tx: Tx,
  id: string,
  events: readonly { readonly revision: number; readonly event: DossierEvent; readonly salt: Buffer }[],
): Promise<void> {
  for (const { revision, event, salt } of events) {
    await sql`insert into dossier_event (dossier_id, revision, kind, content, salt)
      values (${id}, ${revision}, ${event.kind}, ${JSON.stringify(event)}::jsonb, ${salt})`.execute(tx);
  }
}

export async function insertDossierRow(tx: Tx, row: DossierRow): Promise<void> {
  await tables<Tables>(tx).insertInto('dossier').values(row).execute();
}

/** Zero changed rows mean that somebody else was first; the lock makes that a fault of ours. */
export async function updateDossierRow(tx: Tx, row: DossierRow, believedRevision: number): Promise<boolean> {
  const { id, ...values } = row;
  const changed = await tables<Tables>(tx)
    .updateTable('dossier')
    .set(values)
    .where('id', '=', id)
    .where('revision', '=', believedRevision)
    .executeTakeFirst();
  return Number(changed.numUpdatedRows) === 1;
}

export async function listDossiersOf(tx: Tx, applicant: string): Promise<readonly DossierRow[]> {
  return tables<Tables>(tx)
    .selectFrom('dossier')
    .selectAll()
    .where('applicant', '=', applicant)
    .orderBy('changed_at', 'desc')
    .limit(200)
    .execute();
}

export async function findDraft(tx: Tx, applicant: string, procedure: string): Promise<DossierRow | undefined> {
  return tables<Tables>(tx)
    .selectFrom('dossier')
    .selectAll()
    .where('applicant', '=', applicant)
    .where('procedure', '=', procedure)
    .where('status', '=', 'draft')
    .orderBy('changed_at', 'desc')
    .executeTakeFirst();
}

export type InboxFilter = {
  readonly offices: readonly string[];
  /** The agent who looks: their own dossiers are not in their inbox. */
  readonly agent: string;
  readonly status: 'open' | 'ended';
  readonly mineOnly: boolean;
  readonly number: string | undefined;
  readonly sort: 'deadline' | 'filed';
  readonly limit: number;
  readonly offset: number;
};

export async function listInbox(tx: Tx, filter: InboxFilter): Promise<readonly DossierRow[]> {
  const order = filter.sort === 'deadline' ? sql`deadline_on nulls last, filed_at` : sql`filed_at desc`;
  const rows = await sql<DossierRow>`select * from dossier ${inboxPredicate(filter)}
    order by ${order} limit ${filter.limit} offset ${filter.offset}`.execute(tx);
  return rows.rows;
}

export async function countInbox(tx: Tx, filter: InboxFilter): Promise<number> {
  const rows = await sql<{ n: number }>`select count(*) as n from dossier ${inboxPredicate(filter)}`.execute(tx);
  return Number(rows.rows[0]?.n ?? 0);
}

/** The agent's rights as a predicate: offices of theirs, and never their own request. */
function inboxPredicate(filter: InboxFilter) {
  const statuses = filter.status === 'open' ? ['filed', 'awaiting-completion'] : ['accepted', 'refused', 'withdrawn'];
  const mine = filter.mineOnly ? sql`and assignee = ${filter.agent}` : sql``;
  const number = filter.number === undefined ? sql`` : sql`and receipt_number = ${filter.number}`;
  return sql`where office = any(${filter.offices}::text[]) and applicant <> ${filter.agent}
    and filed_at is not null and status = any(${statuses}::text[]) ${mine} ${number}`;
}

export type PastDeadline = { readonly id: string; readonly deadline_on: IsoDate };

/**
 * Dossiers of these procedures (those whose law accepts by silence) that are past their deadline, the oldest first,
 * after the one given. By pages: what cannot be accepted yet must not hide what can.
 */
export async function listPastDeadline(
  tx: Tx,
  filter: { readonly procedures: readonly string[]; readonly today: IsoDate; readonly after: PastDeadline | undefined },
): Promise<readonly PastDeadline[]> {
  const { procedures, today, after } = filter;
  const rest = after === undefined ? sql`` : sql`and (deadline_on, id) > (${after.deadline_on}::date, ${after.id})`;
  const rows = await sql<PastDeadline>`select id, deadline_on from dossier
    where status = 'filed' and deadline_on < ${today} and procedure = any(${procedures}::text[]) ${rest}
    order by deadline_on, id limit 200`.execute(tx);
  return rows.rows;
}

/** Filed requests that wait for a document of an administration. */
export async function listAwaiting(tx: Tx): Promise<readonly string[]> {
  const rows = await sql<{ id: string }>`select distinct d.id from dossier_event e join dossier d on d.id = e.dossier_id
    where e.kind = 'document-awaited' and d.status in ('filed', 'awaiting-completion')
      and not exists (select 1 from dossier_event later
        where later.dossier_id = e.dossier_id and later.revision > e.revision
          and later.kind in ('document-obtained', 'document-failed')
          and later.content ->> 'document' = e.content ->> 'document')
    order by d.id`.execute(tx);
  return rows.rows.map((row) => row.id);
}

export async function nextNumber(tx: Tx, kind: string, year: number): Promise<number> {
  const rows = await sql<{ last: number }>`insert into number_sequence (kind, year, last) values (${kind}, ${year}, 1)
    on conflict (kind, year) do update set last = number_sequence.last + 1 returning last`.execute(tx);
  return rows.rows[0]?.last ?? 1;
}

export async function insertAccess(tx: Tx, row: AccessRow): Promise<void> {
  await tables<Tables>(tx).insertInto('dossier_access').values(row).execute();
}

export async function listAccesses(
  tx: Tx,
  applicant: string,
): Promise<readonly (AccessRow & { readonly receipt_number: string | null })[]> {
  const rows = await sql<AccessRow & { receipt_number: string | null }>`
    select a.*, d.receipt_number from dossier_access a join dossier d on d.id = a.dossier_id
    where d.applicant = ${applicant} order by a.at desc limit 200`.execute(tx);
  return rows.rows;
}
