import { type Language, textIn } from '../kernel/index.ts';
import { comparing, formatDate, formatList, formatNumber } from '../web/index.ts';
import type { Choice, Field, FileFamily } from './field.ts';
import type { FormError } from './rules.ts';
import { formTexts } from './texts/index.ts';
import type { FieldFault } from './values.ts';

/** What is wrong with the field and what to do, in the language of the page. */
export function faultText(field: Field, fault: FieldFault, language: Language): string {
  const texts = formTexts[language];
  const label = textIn(field.label, language).text;
  switch (fault.key) {
    case 'required':
      return isChosen(field) ? texts.chooseRequired(label) : texts.required(label);
    case 'declaration':
      return texts.declaration;
    case 'too-long':
      return texts.tooLong(label, formatNumber(fault.limit, language));
    case 'decimals':
      return texts.decimals(label, formatNumber(fault.limit, language));
    case 'too-many-files':
      return texts.tooManyFiles(label, formatNumber(fault.limit, language));
    case 'below':
      return texts.below(label, formatNumber(fault.limit, language));
    case 'above':
      return texts.above(label, formatNumber(fault.limit, language));
    case 'too-early':
      return texts.tooEarly(label, formatDate(fault.date, language));
    case 'too-late':
      return texts.tooLate(label, formatDate(fault.date, language));
    case 'pattern':
      return texts.pattern(label, fault.example);
    case 'file-type':
      return texts.fileType(label, familiesText(fault.families, language));
    case 'file-size':
      return texts.fileSize(label, formatNumber(fault.megabytes, language));
    case 'check':
      return textIn(fault.message, language).text;
    default:
      return texts[fault.key](label);
  }
}

/** The same for an error of a form, in order to list it; the message links to the field. */
export function errorTexts(
  fields: readonly Field[],
  errors: readonly FormError[],
  language: Language,
): readonly { readonly field: string; readonly message: string }[] {
  return errors.flatMap(({ field: id, fault }) => {
    const field = fields.find((candidate) => candidate.id === id);
    return field === undefined ? [] : [{ field: id, message: faultText(field, fault, language) }];
  });
}

export function familiesText(families: readonly FileFamily[], language: Language): string {
  const names = families.map((family) => formTexts[language].families[family]);
  return formatList(names, language);
}

/** The choices of a long list in the dictionary order of the language; short ones keep the order of their author. */
export function choicesFor(choices: readonly Choice[], language: Language, sorted: boolean) {
  const shown = choices.map(({ value, label }) => ({ value, label: textIn(label, language).text }));
  const compare = comparing(language);
  return sorted ? shown.toSorted((a, b) => compare(a.label, b.label)) : shown;
}

function isChosen(field: Field): boolean {
  return ['single-choice', 'multiple-choice', 'yes-no', 'list', 'file'].includes(field.kind);
}
