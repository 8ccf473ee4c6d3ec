import { type Answers, normaliseParagraphs } from '../../forms/index.ts';
import { forbidden, notFound, type Result } from '../../kernel/index.ts';
import type { Procedure } from '../model/procedure.ts';
import { appealDecision, withdrawDossier } from '../rules/decision.ts';
import { acknowledgeExchange, fileDossier, saveAnswers, startDraft } from '../rules/filing.ts';
import { formatNumber } from '../rules/number.ts';
import { completeDossier } from '../rules/processing.ts';
import type { Refusal } from '../rules/refusal.ts';
import { type DossierRow, findDraft, listDossiersOf, nextNumber } from '../store/dossier.ts';
import { keepPublicPage } from '../store/publication.ts';
import { changeDossier, circumstances, createDossier, type Loaded, loadDossier, yearOf } from './change.ts';
import type { Actor, ProceduresDeps } from './deps.ts';
import { fetchedDocuments } from './fetching.ts';

export function currentProcedure(deps: ProceduresDeps, id: string): Procedure {
  const procedure = deps.catalogue.current(id);
  if (procedure === undefined) throw notFound('There is no such procedure.');
  return procedure;
}

/** The applicant's own dossier; another's is not there for them. */
export async function ownDossier(deps: ProceduresDeps, actor: Actor, id: string): Promise<Loaded> {
  const loaded = await loadDossier(deps, id);
  if (loaded.dossier.applicant !== actor.personId) throw notFound('There is no such request.');
  return loaded;
}

export function draftOf(deps: ProceduresDeps, actor: Actor, procedure: string): Promise<DossierRow | undefined> {
  return findDraft(deps.db.read, actor.personId, procedure);
}

export function dossiersOf(deps: ProceduresDeps, actor: Actor): Promise<readonly DossierRow[]> {
  return listDossiersOf(deps.db.read, actor.personId);
}

export async function startDossier(
  deps: ProceduresDeps,
  actor: Actor,
  procedureId: string,
): Promise<Result<Loaded, Refusal>> {
  const procedure = currentProcedure(deps, procedureId);
  const nationalId = await deps.nationalIdOf(actor.personId);
  if (nationalId === undefined)
    throw forbidden('The sign-in gave no national identity number, and a request needs one.');
  const person = { fullNameAr: actor.name.ar, fullNameFr: actor.name.fr, birthDate: actor.birthDate, nationalId };
  const around = circumstances(deps, { procedure: procedure.id, version: procedure.version });
  const started = startDraft(
    { applicant: actor.personId, kind: procedure.applicants.kinds[0] ?? 'natural', person },
    around,
  );
  if (!started.ok) return started;
  return { ok: true, value: await createDossier(deps, deps.newId(), procedure, started.value) };
}

/** The citizen has read what is fetched and from whom. */
export async function acknowledge(deps: ProceduresDeps, actor: Actor, id: string): Promise<Result<Loaded, Refusal>> {
  const loaded = await ownDossier(deps, actor, id);
  const documents = fetchedDocuments(loaded)
    .filter(({ source }) => source.kind === 'exchange')
    .map((document) => document.id);
  return changeDossier(deps, id, (dossier, around) =>
    acknowledgeExchange(dossier, { by: actor.personId, documents }, around),
  );
}

export async function keepAnswers(
  deps: ProceduresDeps,
  actor: Actor,
  id: string,
  answers: Answers,
): Promise<Result<Loaded, Refusal>> {
  await ownDossier(deps, actor, id);
  return changeDossier(deps, id, (dossier, around) => saveAnswers(dossier, { by: actor.personId, answers }, around));
}

/** Files the dossier. A second click finds it filed and gets the same receipt, not an error. */
export async function fileOwn(deps: ProceduresDeps, actor: Actor, id: string): Promise<Result<Loaded, Refusal>> {
  const before = await ownDossier(deps, actor, id);
  if (before.dossier.filing !== undefined) return { ok: true, value: before };
  const permitted = fileDossier(before.dossier, { by: actor.personId, receiptNumber: 'R' }, before.around);
  if (!permitted.ok) return permitted;
  const year = yearOf(deps);
  // Taken before the filing: a number may be lost to a crash, never given twice.
  const sequence = await deps.db.transaction((tx) => nextNumber(tx, 'R', year));
  const receiptNumber = formatNumber('R', year, sequence);
  const filed = await changeDossier(
    deps,
    id,
    (dossier, around) => fileDossier(dossier, { by: actor.personId, receiptNumber }, around),
    async (tx) => {
      await keepPublicPage(tx, { id: publicId(deps), kind: 'receipt', dossier_id: id });
    },
  );
  if (!filed.ok && filed.error.kind === 'not-a-draft') {
    const now = await ownDossier(deps, actor, id);
    if (now.dossier.filing !== undefined) return { ok: true, value: now };
  }
  return filed;
}

/** 128 random bits: an address that nobody finds by trying. */
export function publicId(deps: ProceduresDeps): string {
  return deps.randomBytes(16).toString('base64url');
}

export async function completeOwn(
  deps: ProceduresDeps,
  actor: Actor,
  id: string,
  answers: Answers,
): Promise<Result<Loaded, Refusal>> {
  await ownDossier(deps, actor, id);
  return changeDossier(deps, id, (dossier, around) =>
    completeDossier(dossier, { by: actor.personId, answers }, around),
  );
}

export async function withdrawOwn(
  deps: ProceduresDeps,
  actor: Actor,
  id: string,
  words: string,
): Promise<Result<Loaded, Refusal>> {
  await ownDossier(deps, actor, id);
  const reason = normaliseParagraphs(words);
  return changeDossier(deps, id, (dossier, around) => withdrawDossier(dossier, { by: actor.personId, reason }, around));
}

export async function appealOwn(
  deps: ProceduresDeps,
  actor: Actor,
  id: string,
  words: string,
): Promise<Result<Loaded, Refusal>> {
  await ownDossier(deps, actor, id);
  const reason = normaliseParagraphs(words);
  return changeDossier(deps, id, (dossier, around) => appealDecision(dossier, { by: actor.personId, reason }, around));
}
