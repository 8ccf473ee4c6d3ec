import { createHash } from 'node:crypto';
import { canonicalJson, conflict, dateIn, type Json, notFound, ok, type Result } from '../../kernel/index.ts';
import { appendIn } from '../../ledger/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { Dossier, DossierEvent } from '../model/dossier.ts';
import type { Procedure } from '../model/procedure.ts';
import { applyEvent, type Circumstances, dossierClock, foldDossier } from '../rules/dossier.ts';
import type { Refusal } from '../rules/refusal.ts';
import {
  type DossierRow,
  findDossierRow,
  findEvents,
  insertDossierRow,
  insertEvents,
  lockDossierRow,
  updateDossierRow,
} from '../store/dossier.ts';
import type { ProceduresDeps } from './deps.ts';

export type Loaded = {
  readonly id: string;
  readonly row: DossierRow;
  readonly dossier: Dossier;
  readonly around: Circumstances;
};
export type Decide = (dossier: Dossier, around: Circumstances) => Result<readonly DossierEvent[], Refusal>;
/** What is written beside the events, in their transaction. */
export type Beside = (tx: Tx, dossier: Dossier) => Promise<void>;

export async function loadDossier(deps: ProceduresDeps, id: string): Promise<Loaded> {
  const row = await findDossierRow(deps.db.read, id);
  if (row === undefined) throw notFound('There is no such request.');
  return loaded(deps, deps.db.read, row);
}

async function loaded(deps: ProceduresDeps, tx: Tx, row: DossierRow): Promise<Loaded> {
  const dossier = foldDossier(await findEvents(tx, row.id));
  return { id: row.id, row, dossier, around: circumstances(deps, row) };
}

export function circumstances(deps: ProceduresDeps, row: Pick<DossierRow, 'procedure' | 'version'>): Circumstances {
  const procedure = deps.catalogue.version(row.procedure, row.version);
  if (procedure === undefined)
    throw new Error(`version ${row.version} of ${row.procedure} is no longer in the content`);
  const { legal, calendar } = deps.catalogue;
  return { procedure, legal, calendar, now: deps.clock() };
}

/**
 * The one way in which a dossier changes: lock, fold, decide, then events, row and ledger entry in one transaction.
 * A crash before the commit leaves nothing of it; after it, everything. Two requests at once follow each other, and
 * the second is decided on what the first made of the dossier.
 */
export async function changeDossier(
  deps: ProceduresDeps,
  id: string,
  decide: Decide,
  beside?: Beside,
): Promise<Result<Loaded, Refusal>> {
  return deps.db.transaction(async (tx) => {
    const row = await lockDossierRow(tx, id);
    if (row === undefined) throw notFound('There is no such request.');
    const before = await loaded(deps, tx, row);
    const decided = decide(before.dossier, before.around);
    if (!decided.ok) return decided;
    if (decided.value.length === 0) return ok(before);
    const events = decided.value.map(storableEvent);
    const dossier = events.reduce<Dossier>((state, event) => applyEvent(state, event), before.dossier);
    const next = rowOf(row, dossier, before.around, deps.clock());
    if (!(await updateDossierRow(tx, next, row.revision))) throw conflict('The request was changed meanwhile.');
    await writeEvents(deps, tx, id, row.revision, events);
    await beside?.(tx, dossier);
    await appendEvents(deps, tx, id, before.around.procedure, events);
    return ok({ ...before, row: next, dossier });
  });
}

/** As `changeDossier`, for a dossier that begins with these events. */
export async function createDossier(
  deps: ProceduresDeps,
  id: string,
  procedure: Procedure,
  moves: readonly DossierEvent[],
): Promise<Loaded> {
  const events = moves.map(storableEvent);
  const dossier = foldDossier(events);
  const around = circumstances(deps, { procedure: procedure.id, version: procedure.version });
  const blank: DossierRow = {
    id,
    procedure: procedure.id,
    version: procedure.version,
    applicant: dossier.applicant,
    office: procedure.authority.office,
    status: 'draft',
    revision: dossier.revision,
    receipt_number: null,
    filed_at: null,
    deadline_on: null,
    assignee: null,
    decided_at: null,
    changed_at: deps.clock(),
  };
  await deps.db.transaction(async (tx) => {
    await insertDossierRow(tx, blank);
    await writeEvents(deps, tx, id, 0, events);
    await appendEvents(deps, tx, id, procedure, events);
  });
  return { id, row: blank, dossier, around };
}

/**
 * The event as the database can hold it: PostgreSQL's jsonb has neither NUL nor unpaired surrogates, and what people
 * type and administrations answer may have both. Cleaned before it is folded, stored and committed to, which are one.
 */
function storableEvent(event: DossierEvent): DossierEvent {
  return storable(JSON.parse(JSON.stringify(event)) as Json) as unknown as DossierEvent;
}

function storable(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '');
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, item]) => [storable(name), storable(item)]);
  return Object.fromEntries(entries) as Json;
}

const salts = new WeakMap<DossierEvent, Buffer>();

async function writeEvents(
  deps: ProceduresDeps,
  tx: Tx,
  id: string,
  revision: number,
  events: readonly DossierEvent[],
): Promise<void> {
  const rows = events.map((event, nth) => {
    const salt = deps.randomBytes(16);
    salts.set(event, salt);
    return { revision: revision + nth + 1, event, salt };
  });
  await insertEvents(tx, id, rows);
}

/** Last in the transaction: it holds the log's head until the commit. */
async function appendEvents(
  deps: ProceduresDeps,
  tx: Tx,
  id: string,
  procedure: Procedure,
  events: readonly DossierEvent[],
): Promise<void> {
  const entries = events.map((event) => actEntry(id, procedure, event, salts.get(event) ?? Buffer.alloc(16)));
  await appendIn(tx, deps.ledger.name, deps.ledger.signer, entries, deps.clock());
}

/** The public leaf of an act: which kind on which dossier, and a commitment to its content; no person, no answer. */
export function actEntry(id: string, procedure: Procedure, event: DossierEvent, salt: Buffer): Buffer {
  const content = canonicalJson(JSON.parse(JSON.stringify(event)) as Json);
  const commitment = createHash('sha256').update(salt).update(content).digest('base64url');
  const entry = {
    v: 1,
    kind: event.kind,
    dossier: id,
    at: event.at,
    procedure: procedure.id,
    version: procedure.version,
    commitment,
  };
  return Buffer.from(canonicalJson(entry));
}

function rowOf(row: DossierRow, dossier: Dossier, around: Circumstances, now: Date): DossierRow {
  const clock = dossierClock(dossier, { ...around, now });
  const endedAt = dossier.decision?.at ?? dossier.withdrawnAt;
  return {
    ...row,
    status: dossier.status,
    revision: dossier.revision,
    receipt_number: dossier.filing?.number ?? null,
    filed_at: dossier.filing === undefined ? null : new Date(dossier.filing.at),
    deadline_on: clock.deadlineOn ?? row.deadline_on,
    assignee: dossier.assignee ?? null,
    decided_at: endedAt === undefined ? null : new Date(endedAt),
    changed_at: now,
  };
}

export function yearOf(deps: ProceduresDeps): number {
  return Number(dateIn(deps.catalogue.calendar.timeZone, deps.clock()).slice(0, 4));
}
