import { type Json, ok } from '../../kernel/index.ts';
import type { DocumentSource, RequiredDocument } from '../model/procedure.ts';
import { formContext } from '../rules/dossier.ts';
import { type FetchOutcome, recordDocument, refilledAnswers, saveAnswers } from '../rules/filing.ts';
import { requiredDocuments } from '../rules/items.ts';
import { listDossiersOf } from '../store/dossier.ts';
import { changeDossier, type Loaded, loadDossier } from './change.ts';
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
  const wanted = fetchedDocuments(loaded).filter(
    (document) => loaded.dossier.documents[document.id]?.status !== 'obtained',
  );
  const outcomes = await Promise.all(
    wanted.map(async (document) => ({ document, outcome: await ask(deps, loaded, document) })),
  );
  for (const { document, outcome } of outcomes) await record(deps, id, document, outcome);
  await changeDossier(deps, id, (dossier, around) =>
    dossier.status === 'draft'
      ? saveAnswers(dossier, { by: dossier.applicant, answers: refilledAnswers(dossier, around) }, around)
      : ok([]),
  );
  return loadDossier(deps, id);
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
  else if (outcome.kind === 'awaited')
    await deps.jobs.send(FETCH_JOB, { dossier: id }, { startAfterSeconds: 10, key: id });
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

/** An attestation that was issued here before, still standing. */
async function askOwnLedger(deps: ProceduresDeps, loaded: Loaded, procedure: string): Promise<FetchOutcome> {
  const rows = await listDossiersOf(deps.db.read, loaded.dossier.applicant);
  const issued = rows.find((row) => row.procedure === procedure && row.status === 'accepted');
  if (issued === undefined) return { kind: 'not-found', reference: undefined };
  return { kind: 'obtained', via: 'ledger', reference: issued.id, data: { receiptNumber: issued.receipt_number } };
}

export const FETCH_JOB = 'fetch-awaited-document';

/** The job: asks again; throws while a document is still awaited, so that it is tried again, later each time. */
export async function fetchAwaited(deps: ProceduresDeps, id: string): Promise<void> {
  const loaded = await loadDossier(deps, id);
  const { status } = loaded.dossier;
  if (status !== 'draft' && status !== 'filed' && status !== 'awaiting-completion') return;
  const after = await fetchDocuments(deps, id);
  const isAwaited = Object.values(after.dossier.documents).some((state) => state.status === 'awaited');
  if (isAwaited) throw new Error('a source is still away');
}
