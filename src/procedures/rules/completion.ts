import {
  type Answers,
  checkAnswers,
  type FileAnswer,
  fieldsOf,
  type Posted,
  type Reading,
  readAnswers,
  type Step,
  visibleFields,
} from '../../forms/index.ts';
import type { LocalText } from '../../kernel/index.ts';
import type { CompletionItem, Dossier } from '../model/dossier.ts';
import type { Procedure } from '../model/procedure.ts';
import { type Circumstances, formContext } from './dossier.ts';

/**
 * The questions of the one completion request: the fields that are asked for, those that a requested document is
 * answered in, and those that decide whether these are asked at all. In the order of the form.
 */
export function completionFields(procedure: Procedure, items: readonly CompletionItem[]): readonly string[] {
  const wanted = new Set(
    items.flatMap((item) => (item.kind === 'field' ? [item.id] : fieldsOfDocument(procedure, item))),
  );
  const fields = fieldsOf(procedure.form);
  for (const field of fields.toReversed()) {
    if (wanted.has(field.id)) for (const name of decidedBy(field.visibleWhen?.source)) wanted.add(name);
  }
  return fields.map(({ id }) => id).filter((id) => wanted.has(id));
}

function fieldsOfDocument(procedure: Procedure, item: CompletionItem): readonly string[] {
  const source = procedure.documents.find(({ id }) => id === item.id)?.source;
  if (source?.kind === 'declaration') return [source.field];
  if (source?.kind === 'exchange' && source.otherwise !== undefined) return [source.otherwise];
  if (source?.kind !== 'upload') return [];
  return source.declarationField === undefined ? [source.field] : [source.field, source.declarationField];
}

/** A condition may only look at fields before its own, so that one pass from the end finds all. */
function decidedBy(source: string | undefined): readonly string[] {
  return [...(source ?? '').matchAll(/\banswers\.(\w+)/g)].map((match) => match[1] ?? '');
}

/** The questions with these ids that are asked, given the answers: what the page shows. */
export function visibleStep(
  dossier: Dossier,
  answers: Answers,
  ids: readonly string[],
  title: LocalText,
  around: Circumstances,
): Step {
  const { form } = around.procedure;
  const asked = visibleFields(form, answers, formContext(dossier, around)).filter(({ id }) => ids.includes(id));
  return { id: 'completion', title, intro: undefined, fields: asked };
}

export type CompletionReading = { readonly ids: readonly string[]; readonly reading: Reading };

/**
 * Reads the answer to a completion request. An answer that makes other questions necessary brings them onto the page;
 * nothing else that was posted is taken: what was not asked for stays as it was filed.
 */
export function readCompletion(
  dossier: Dossier,
  posted: Posted,
  files: Readonly<Record<string, readonly FileAnswer[]>>,
  around: Circumstances,
): CompletionReading {
  const { form, title } = around.procedure;
  const context = formContext(dossier, around);
  const read = (ids: readonly string[]): CompletionReading => {
    const fields = fieldsOf(form).filter(({ id }) => ids.includes(id));
    const step = { id: 'completion', title, intro: undefined, fields };
    const reading = readAnswers(form, step, posted, { answers: dossier.answers, context, mode: 'continue', files });
    if (reading.errors.length > 0 || reading.revealed.length > 0) return { ids, reading };
    const unasked = checkAnswers(form, reading.answers, context).errors.map(({ field }) => field);
    const more = unasked.filter((id) => !ids.includes(id));
    return more.length === 0 ? { ids, reading } : read([...ids, ...more]);
  };
  return read(completionFields(around.procedure, dossier.completion?.items ?? []));
}
