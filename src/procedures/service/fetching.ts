import { isDeepStrictEqual } from 'node:util';
import { dateIn, type Json, ok } from '../../kernel/index.ts';
import type { DocumentState, Dossier } from '../model/dossier.ts';
import type { DocumentSource, RequiredDocument } from '../model/procedure.ts';
import { validUntil } from '../rules/attestation.ts';
import { type Circumstances, formContext, today } from '../rules/dossier.ts';
import { type FetchOutcome, recordDocument, refilledAnswers, saveAnswers } from '../rules/filing.ts';
import { requiredDocuments } from '../rules/items.ts';
import { listAwaiting, listDossiersOf } from '../store/dossier.ts';
import { findAttestation } from '../store/publication.ts';
import { changeDossier, circumstances, type Loaded, loadDossier } from './change.ts';
import type { ProceduresDeps } from './deps.ts';

const PATIENCE_MS = 6_000;

/** The documents of this request that administrations hold, as its answers stand. */
export function fetchedDocuments(loaded: Loaded): readonly RequiredDocument[] {
  const { dossier, around } = loaded;
  const documents = requiredDocuments(around.procedure, dossier.answers, formContext(dossier, around));
  return documents.filter(({ source }) => source.kind === 'exchange' || source.kind === 'ledger');
}

/** Fetches what is not there yet, all at once; a source that is down leaves its document awaited, and a job goes on. */
export async function fetchDocuments(deps: ProceduresDeps, id: string): Promise<Loaded> {
  const loaded = await loadDossier(deps, id);
  const after = await fetchAll(deps, loaded, (document) => stateOf(loaded, document) !== 'obtained');
  if (isAwaiting(after)) await sendFetch(deps, { dossier: id, attempt: 1 });
  return after;
}

async function fetchAll(
  deps: ProceduresDeps,
  loaded: Loaded,
  isWanted: (document: RequiredDocument) => boolean,
): Promise<Loaded> {
  const { id } = loaded;
  const wanted = fetchedDocuments(loaded).filter((document) => isKnown(loaded, document) && isWanted(document));
  const outcomes = await Promise.all(
    wanted.map(async (document) => ({ document, outcome: await ask(deps, loaded, document) })),
  );
  for (const { document, outcome } of outcomes) await record(deps, id, document, outcome);
  await changeDossier(deps, id, refill);
  return loadDossier(deps, id);
}

/** What came fills the fields that are still empty; where it fills none there is nothing to tell. */
function refill(dossier: Dossier, around: Circumstances): ReturnType<typeof saveAnswers> {
  if (dossier.status !== 'draft') return ok([]);
  const answers = refilledAnswers(dossier, around);
  if (isDeepStrictEqual(answers, dossier.answers)) return ok([]);
  return saveAnswers(dossier, { by: dossier.applicant, answers }, around);
}

/** Nothing about a person is asked of an administration before they have read who is asked for what, and why. */
function isKnown({ dossier }: Loaded, { id, source }: RequiredDocument): boolean {
  return source.kind !== 'exchange' || dossier.acknowledged.includes(id);
}

function stateOf({ dossier }: Loaded, { id }: RequiredDocument): DocumentState['status'] | undefined {
  return Object.hasOwn(dossier.documents, id) ? dossier.documents[id]?.status : undefined;
}

function isAwaiting(loaded: Loaded): boolean {
  return Object.values(loaded.dossier.documents).some(({ status }) => status === 'awaited');
}

async function record(
  deps: ProceduresDeps,
  id: string,
  document: RequiredDocument,
  outcome: FetchOutcome,
): Promise<void> {
  const recorded = await changeDossier(deps, id, (dossier, around) => {
    // Awaited already and still away: nothing new to tell.
    if (outcome.kind === 'awaited' && dossier.documents[document.id]?.status === 'awaited') return ok([]);
    return recordDocument(dossier, { document: document.id, outcome }, around);
  });
  if (!recorded.ok)
    deps.log.info('document.not-recorded', { dossier: id, document: document.id, why: recorded.error.kind });
}

async function ask(deps: ProceduresDeps, loaded: Loaded, document: RequiredDocument): Promise<FetchOutcome> {
  if (document.source.kind === 'ledger') return askOwnLedger(deps, loaded, document.source.procedure);
  if (document.source.kind !== 'exchange') return { kind: 'not-found', reference: undefined };
  const { nationalId } = loaded.dossier.person;
  const answer = await deps.callExchange({
    service: document.source.service,
    path: document.source.path.replaceAll('{nationalId}', encodeURIComponent(nationalId)),
    purpose: document.source.purpose.code,
    subject: nationalId,
    issue: loaded.id,
    timeoutMs: PATIENCE_MS,
  });
  if (answer.ok) {
    const data = onlyFields(answer.value.json ?? null, document.source);
    return { kind: 'obtained', via: 'exchange', reference: answer.value.exchangeId, data };
  }
  const { kind } = answer.error;
  if (kind === 'unavailable') return { kind: 'awaited', reference: undefined };
  if (kind === 'not-found') return { kind: 'not-found', reference: undefined };
  deps.log.warn('document.refused', { dossier: loaded.id, document: document.id, detail: answer.error.detail });
  return { kind: 'refused', reference: undefined };
}

/** The provider leaves only what is agreed; should it send more, no more is kept. */
function onlyFields(json: Json, source: Extract<DocumentSource, { kind: 'exchange' }>): Json {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return {};
  const names = new Set(source.fields.map((field) => field.pointer.split('/')[1] ?? ''));
  return Object.fromEntries(Object.entries(json).filter(([name]) => names.has(name))) as Json;
}

/** The latest attestation that was issued here before and that still stands: not revoked, not replaced, not expired. */
async function askOwnLedger(deps: ProceduresDeps, loaded: Loaded, procedure: string): Promise<FetchOutcome> {
  const rows = await listDossiersOf(deps.db.read, loaded.dossier.applicant);
  for (const row of rows.filter((one) => one.procedure === procedure && one.status === 'accepted')) {
    const record = await findAttestation(deps.db.read, row.id);
    if (record?.status !== 'valid') continue;
    const { calendar, procedure: issuer } = circumstances(deps, row);
    const until = validUntil(issuer, dateIn(calendar.timeZone, record.issued_at));
    if (until !== undefined && until < today(loaded.around)) continue;
    return { kind: 'obtained', via: 'ledger', reference: row.id, data: { receiptNumber: row.receipt_number } };
  }
  return { kind: 'not-found', reference: undefined };
}

export const FETCH_JOB = 'fetch-awaited-document';

/** `attempt` counts from 1; the pause before each grows. */
export type AwaitedFetch = { readonly dossier: string; readonly attempt: number };

const FIRST_PAUSE_SECONDS = 10;
const LONGEST_PAUSE_SECONDS = 3600;
/** About a day: who comes back to a draft can ask again, and drafts that nobody comes back to are many. */
const ATTEMPTS_FOR_DRAFT = 30;

/** 10, 10, 15, 23, 34 … seconds, at most an hour: a source that restarts is asked soon, one that is away is left alone. */
function pauseBefore(attempt: number): number {
  const pause = FIRST_PAUSE_SECONDS * 1.5 ** Math.max(0, Math.min(attempt, 30) - 2);
  return Math.min(LONGEST_PAUSE_SECONDS, Math.round(pause));
}

async function sendFetch(deps: ProceduresDeps, data: AwaitedFetch): Promise<void> {
  await deps.jobs.send(FETCH_JOB, data, { startAfterSeconds: pauseBefore(data.attempt), key: data.dossier });
}

/** The job: asks again for what is awaited, and while something still is, leaves one successor that waits longer. */
export async function fetchAwaited(deps: ProceduresDeps, data: AwaitedFetch): Promise<void> {
  const loaded = await loadDossier(deps, data.dossier);
  const { status } = loaded.dossier;
  if (status !== 'draft' && status !== 'filed' && status !== 'awaiting-completion') return;
  const after = await fetchAll(deps, loaded, (document) => stateOf(loaded, document) === 'awaited');
  const attempt = data.attempt + 1;
  if (isAwaiting(after) && (status !== 'draft' || attempt <= ATTEMPTS_FOR_DRAFT))
    await sendFetch(deps, { dossier: data.dossier, attempt });
}

/** What the sweep does: no filed request waits for a document that no job fetches, whatever became of its job. */
export async function resumeAwaited(deps: ProceduresDeps): Promise<void> {
  for (const dossier of await listAwaiting(deps.db.read)) await sendFetch(deps, { dossier, attempt: 1 });
}
