import { type Answers, checkAnswers, prefilledAnswers } from '../../forms/index.ts';
import { err, type Json, ok, type Result } from '../../kernel/index.ts';
import type { ClockRules, Dossier, DossierEvent } from '../model/dossier.ts';
import type { PersonFacts, Procedure } from '../model/procedure.ts';
import { type Circumstances, formContext, today } from './dossier.ts';
import { filedItems, requiredDocuments } from './items.ts';
import type { Refusal, SimpleRefusal } from './refusal.ts';

export type Moves = Result<readonly DossierEvent[], Refusal>;

export const refuse = (kind: SimpleRefusal): { readonly ok: false; readonly error: Refusal } => err({ kind });

/** Starts a draft on the published version of a procedure, with what is known about the person filled in. */
export function startDraft(
  command: { readonly applicant: string; readonly kind: 'natural' | 'legal'; readonly person: PersonFacts },
  around: Circumstances,
): Moves {
  const { procedure, now } = around;
  if (procedure.status !== 'published') return refuse('not-published');
  if (!procedure.applicants.kinds.includes(command.kind)) return refuse('applicant-kind');
  const context = { today: today(around), variables: { person: command.person, documents: noDocuments(procedure) } };
  return ok([
    {
      kind: 'draft-started',
      at: now.toISOString(),
      by: command.applicant,
      procedure: procedure.id,
      version: procedure.version,
      person: command.person,
      answers: prefilledAnswers(procedure.form, {}, context),
    },
  ]);
}

function noDocuments(procedure: Procedure): Readonly<Record<string, unknown>> {
  return Object.fromEntries(procedure.documents.map(({ id }) => [id, { status: 'none', data: {} }]));
}

/** Keeps answers that `readAnswers` has read; a draft may be incomplete. */
export function saveAnswers(
  dossier: Dossier,
  command: { readonly by: string; readonly answers: Answers },
  around: Circumstances,
): Moves {
  if (dossier.applicant !== command.by) return refuse('not-yours');
  if (dossier.status !== 'draft') return refuse('not-a-draft');
  return ok([{ kind: 'answers-saved', at: around.now.toISOString(), by: command.by, answers: command.answers }]);
}

/** The citizen has read which documents are fetched, from whom and for what; nothing is fetched before. */
export function acknowledgeExchange(
  dossier: Dossier,
  command: { readonly by: string; readonly documents: readonly string[] },
  around: Circumstances,
): Moves {
  if (dossier.applicant !== command.by) return refuse('not-yours');
  if (dossier.status !== 'draft' && dossier.status !== 'awaiting-completion') return refuse('not-a-draft');
  const known = around.procedure.documents.filter(({ source }) => source.kind === 'exchange').map(({ id }) => id);
  const unknown = command.documents.filter((id) => !known.includes(id));
  if (unknown.length > 0) return err({ kind: 'not-required', ids: unknown });
  return ok([
    { kind: 'exchange-acknowledged', at: around.now.toISOString(), by: command.by, documents: command.documents },
  ]);
}

export type FetchOutcome =
  | { readonly kind: 'obtained'; readonly via: 'exchange' | 'ledger'; readonly reference: string; readonly data: Json }
  | { readonly kind: 'awaited' | 'not-found' | 'refused'; readonly reference: string | undefined };

/**
 * Notes what a fetch of a document brought: before filing, or later when a source that was down answers. What was
 * obtained refills the fields that are still empty. A document is not fetched again once a filed dossier has it.
 */
export function recordDocument(
  dossier: Dossier,
  command: { readonly document: string; readonly outcome: FetchOutcome },
  around: Circumstances,
): Moves {
  const { document: id, outcome } = command;
  if (dossier.decision !== undefined || dossier.status === 'withdrawn') return refuse('ended');
  const document = around.procedure.documents.find((candidate) => candidate.id === id);
  if (document === undefined) return err({ kind: 'not-required', ids: [id] });
  if (document.source.kind === 'exchange' && !dossier.acknowledged.includes(id)) return refuse('not-acknowledged');
  if (dossier.status !== 'draft' && dossier.documents[id]?.status === 'obtained') return refuse('already-obtained');
  const head = { at: around.now.toISOString(), by: 'system', document: id, reference: outcome.reference } as const;
  if (outcome.kind === 'awaited') return ok([{ kind: 'document-awaited', ...head }]);
  if (outcome.kind !== 'obtained') return ok([{ kind: 'document-failed', ...head, reason: outcome.kind }]);
  return ok([
    { kind: 'document-obtained', ...head, via: outcome.via, reference: outcome.reference, data: outcome.data },
  ]);
}

/** The draft's answers with empty fields filled from the documents that have arrived. */
export function refilledAnswers(dossier: Dossier, around: Circumstances): Answers {
  return prefilledAnswers(around.procedure.form, dossier.answers, formContext(dossier, around));
}

/**
 * Files the dossier. The receipt's number is part of the same event: there is no filed dossier without its receipt
 * (law 55-19: the receipt is delivered at once). Documents that a source did not deliver do not stop it: the receipt
 * says that they are awaited or missing.
 */
export function fileDossier(
  dossier: Dossier,
  command: { readonly by: string; readonly receiptNumber: string },
  around: Circumstances,
): Moves {
  if (dossier.applicant !== command.by) return refuse('not-yours');
  if (dossier.status !== 'draft') return refuse('not-a-draft');
  const { procedure } = around;
  const context = formContext(dossier, around);
  const checked = checkAnswers(procedure.form, dossier.answers, context);
  for (const { rule, message } of procedure.applicants.conditions) {
    const outcome = rule.evaluate({ ...context.variables, today: context.today, answers: checked.answers });
    if (!outcome.ok || !outcome.value) return err({ kind: 'not-eligible', message });
  }
  if (checked.errors.length > 0) return err({ kind: 'form-errors', errors: checked.errors });
  const documents = requiredDocuments(procedure, checked.answers, context);
  const fetched = documents.filter(({ source }) => source.kind === 'exchange' || source.kind === 'ledger');
  const untried = fetched.filter(({ id }) => !Object.hasOwn(dossier.documents, id)).map(({ id }) => id);
  if (untried.length > 0) return err({ kind: 'documents-not-fetched', documents: untried });
  return ok([
    {
      kind: 'filed',
      at: around.now.toISOString(),
      by: command.by,
      number: command.receiptNumber,
      answers: checked.answers,
      items: filedItems(documents, checked.answers, dossier),
      rules: clockRulesFor(around, checked.answers, context.variables),
    },
  ]);
}

/** The clock's rules for this request: the first case whose condition holds gives the days. */
function clockRulesFor(
  around: Circumstances,
  answers: Answers,
  variables: Readonly<Record<string, unknown>>,
): ClockRules {
  const { legal, procedure } = around;
  const applies = procedure.deadline.cases.find(({ when }) => {
    const outcome = when.evaluate({ ...variables, today: today(around), answers });
    return outcome.ok && outcome.value;
  });
  return {
    days: applies?.days ?? procedure.deadline.days,
    dayKind: procedure.deadline.dayKind,
    firstDayExcluded: legal.firstDayExcluded,
    onCompletion: legal.onCompletion,
    lastDayNotWorked: legal.lastDayNotWorked,
    silence: procedure.silence.kind,
  };
}
