import { normaliseLine, normaliseParagraphs } from '../../forms/index.ts';
import { dateIn, err, notFound, ok, type Result } from '../../kernel/index.ts';
import type { CompletionItem } from '../model/dossier.ts';
import { type IntendedDecision, refuseDossier } from '../rules/decision.ts';
import { formatNumber } from '../rules/number.ts';
import { assign, extendDeadline, requestCompletion } from '../rules/processing.ts';
import type { Refusal } from '../rules/refusal.ts';
import {
  countInbox,
  type DossierRow,
  type InboxFilter,
  insertAccess,
  listInbox,
  listPastDeadline,
  nextNumber,
} from '../store/dossier.ts';
import { changeDossier, type Loaded, loadDossier, yearOf } from './change.ts';
import type { Actor, ProceduresDeps } from './deps.ts';
import { acceptAndIssue, acceptSilently } from './issuing.ts';

export type Inbox = { readonly rows: readonly Loaded[]; readonly total: number };

/** What waits in the agent's offices, with each dossier's clock. */
export async function inboxOf(
  deps: ProceduresDeps,
  actor: Actor,
  filter: Omit<InboxFilter, 'offices' | 'agent'>,
): Promise<Inbox> {
  const number = filter.number === undefined ? undefined : normaliseLine(filter.number);
  const full = { ...filter, number, offices: actor.offices, agent: actor.personId };
  const [rows, total] = await Promise.all([listInbox(deps.db.read, full), countInbox(deps.db.read, full)]);
  return { rows: await Promise.all(rows.map((row) => loadDossier(deps, row.id))), total };
}

/** A dossier as an agent of its office sees it; the look itself is noted, and its applicant can read the note. */
export async function dossierForAgent(
  deps: ProceduresDeps,
  actor: Actor,
  id: string,
): Promise<Result<Loaded, Refusal>> {
  const loaded = await loadDossier(deps, id);
  if (loaded.dossier.filing === undefined) throw notFound('There is no such request.');
  if (loaded.dossier.applicant === actor.personId) return err({ kind: 'own-dossier' });
  assertOffice(actor, loaded.row);
  await insertAccess(deps.db.read, {
    dossier_id: id,
    at: deps.clock(),
    agent: actor.personId,
    office: loaded.row.office,
    what: 'viewed',
  });
  return ok(loaded);
}

function assertOffice(actor: Actor, row: DossierRow): void {
  if (!actor.offices.includes(row.office)) throw notFound('There is no such request in your offices.');
}

async function officeOnly(deps: ProceduresDeps, actor: Actor, id: string): Promise<void> {
  const { row } = await loadDossier(deps, id);
  assertOffice(actor, row);
}

export async function assignToSelf(deps: ProceduresDeps, actor: Actor, id: string): Promise<Result<Loaded, Refusal>> {
  await officeOnly(deps, actor, id);
  return changeDossier(deps, id, (dossier, around) =>
    assign(dossier, { by: actor.personId, to: actor.personId }, around),
  );
}

export async function askCompletion(
  deps: ProceduresDeps,
  actor: Actor,
  id: string,
  command: { readonly items: readonly CompletionItem[]; readonly message: string },
): Promise<Result<Loaded, Refusal>> {
  await officeOnly(deps, actor, id);
  const { items } = command;
  const message = normaliseParagraphs(command.message);
  return changeDossier(deps, id, (dossier, around) =>
    requestCompletion(dossier, { by: actor.personId, items, message }, around),
  );
}

export async function extend(
  deps: ProceduresDeps,
  actor: Actor,
  id: string,
  command: { readonly days: number; readonly reason: string },
): Promise<Result<Loaded, Refusal>> {
  await officeOnly(deps, actor, id);
  const { days } = command;
  const reason = normaliseParagraphs(command.reason);
  return changeDossier(deps, id, (dossier, around) =>
    extendDeadline(dossier, { by: actor.personId, days, reason }, around),
  );
}

export async function decideOn(
  deps: ProceduresDeps,
  actor: Actor,
  id: string,
  command: IntendedDecision,
): Promise<Result<Loaded, Refusal>> {
  await officeOnly(deps, actor, id);
  const by = actor.personId;
  if (command.kind === 'accept') return acceptAndIssue(deps, id, { by, remark: normaliseParagraphs(command.remark) });
  const { ground } = command;
  const reason = normaliseParagraphs(command.reason);
  const { dossier: before, around: then } = await loadDossier(deps, id);
  const permitted = refuseDossier(before, { by, number: 'D', ground, reason }, then);
  if (!permitted.ok) return permitted;
  const year = yearOf(deps);
  const number = formatNumber('D', year, await deps.db.transaction((tx) => nextNumber(tx, 'D', year)));
  return changeDossier(deps, id, (dossier, around) => refuseDossier(dossier, { by, number, ground, reason }, around));
}

export const CLOCK_JOB = 'legal-clock';

/** The sweep: where the law makes silence an acceptance and the day has come, the certificate is issued. */
export async function sweepClocks(deps: ProceduresDeps): Promise<number> {
  const { calendar, accepting } = deps.catalogue;
  const filter = { procedures: accepting, today: dateIn(calendar.timeZone, deps.clock()) };
  let accepted = 0;
  let page = await listPastDeadline(deps.db.read, { ...filter, after: undefined });
  while (page.length > 0) {
    for (const { id } of page) if (await acceptOne(deps, id)) accepted += 1;
    page = await listPastDeadline(deps.db.read, { ...filter, after: page.at(-1) });
  }
  return accepted;
}

/** One that fails (its papers cannot be made, an agent decides at this moment) must not keep the others from their right. */
async function acceptOne(deps: ProceduresDeps, id: string): Promise<boolean> {
  try {
    return (await acceptSilently(deps, id)).ok;
  } catch (cause) {
    deps.log.error('clock.failed', { dossier: id }, cause);
    return false;
  }
}
