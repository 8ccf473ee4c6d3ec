import type { Answers, FormContext } from '../../forms/index.ts';
import type { Dossier, FiledItem } from '../model/dossier.ts';
import type { Procedure, RequiredDocument } from '../model/procedure.ts';

/** The documents that this request needs: those without a condition, and those whose condition holds. */
export function requiredDocuments(
  procedure: Procedure,
  answers: Answers,
  context: FormContext,
): readonly RequiredDocument[] {
  return procedure.documents.filter(({ when }) => {
    if (when === undefined) return true;
    const outcome = when.evaluate({ ...context.variables, today: context.today, answers });
    // A condition that fails asks for the document: leaving it out silently would make the dossier incomplete.
    return !outcome.ok || outcome.value;
  });
}

/** What became of each required document, for the receipt; `answers` are those of visible fields. */
export function filedItems(
  documents: readonly RequiredDocument[],
  answers: Answers,
  dossier: Pick<Dossier, 'documents'>,
): readonly FiledItem[] {
  return documents.map((document) => itemOf(document, answers, dossier));
}

function itemOf(document: RequiredDocument, answers: Answers, dossier: Pick<Dossier, 'documents'>): FiledItem {
  const { source, id } = document;
  const answered = (field: string | undefined) => field !== undefined && Object.hasOwn(answers, field);
  if (source.kind === 'upload') {
    if (answered(source.field)) return { document: id, outcome: 'received', via: 'upload' };
    const declared = answered(source.declarationField);
    return { document: id, outcome: declared ? 'received' : 'missing', via: declared ? 'declaration' : 'upload' };
  }
  if (source.kind === 'declaration') {
    return { document: id, outcome: answered(source.field) ? 'received' : 'missing', via: 'declaration' };
  }
  const state = Object.hasOwn(dossier.documents, id) ? dossier.documents[id] : undefined;
  if (state?.status === 'obtained') return { document: id, outcome: 'received', via: source.kind };
  if (state?.status === 'awaited') return { document: id, outcome: 'awaited', via: source.kind };
  if (source.kind === 'exchange' && source.otherwise !== undefined && answered(source.otherwise)) {
    return {
      document: id,
      outcome: 'received',
      via: Array.isArray(answers[source.otherwise]) ? 'upload' : 'declaration',
    };
  }
  return { document: id, outcome: 'missing', via: source.kind };
}
