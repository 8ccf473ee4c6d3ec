import type { IsoDate, LocalText } from '../kernel/index.ts';
import type { Expression } from './expression.ts';

/** One answer that can be chosen. `value` is what is stored and posted. */
export type Choice = { readonly value: string; readonly label: LocalText };

export type FileFamily = 'pdf' | 'image';

/** Media types that each family accepts; the bytes are checked against them by their first bytes, not by the name. */
export const MEDIA_TYPES: Readonly<Record<FileFamily, readonly string[]>> = {
  pdf: ['application/pdf'],
  image: ['image/jpeg', 'image/png'],
};

/** A bound of a date: a fixed day, or days, months or years from today (negative is the past). */
export type DateBound =
  | { readonly kind: 'fixed'; readonly date: IsoDate }
  | { readonly kind: 'relative'; readonly amount: number; readonly unit: 'days' | 'months' | 'years' };

type Base = {
  /** Stable across versions of the form: answers are stored under it. */
  readonly id: string;
  readonly label: LocalText;
  readonly hint: LocalText | undefined;
  readonly required: boolean;
  /** Absent: always visible. An expression that fails hides the field. */
  readonly visibleWhen: Expression | undefined;
  /** Where a first value comes from, in the variables of the form, as `['documents', 'identity', 'data', 'address']`. */
  readonly prefill: readonly string[] | undefined;
  /** The field's own rule, evaluated when it is answered. An expression that fails counts as not met. */
  readonly check: { readonly rule: Expression; readonly message: LocalText } | undefined;
};

export type TextField = Base & {
  readonly kind: 'text';
  readonly long: boolean;
  readonly maxChars: number;
  readonly pattern: { readonly regexp: RegExp; readonly example: string } | undefined;
};
export type DateField = Base & {
  readonly kind: 'date';
  readonly earliest: DateBound | undefined;
  readonly latest: DateBound | undefined;
};
export type NumberField = Base & {
  /** An amount is in dirhams, with at most two decimals. */
  readonly kind: 'number' | 'amount';
  readonly min: number;
  readonly max: number;
  readonly decimals: number;
  readonly unit: LocalText | undefined;
};
export type ChoiceField = Base & {
  readonly kind: 'single-choice' | 'multiple-choice';
  readonly choices: readonly Choice[];
};
/** A choice in a long list that the installation provides: `provinces`, `regions`. */
export type ListField = Base & { readonly kind: 'list'; readonly list: string; readonly choices: readonly Choice[] };
export type FileField = Base & {
  readonly kind: 'file';
  readonly families: readonly FileFamily[];
  readonly maxBytes: number;
  readonly maxFiles: number;
};
/** `statement` is what the person declares on their honour; it is stored with the dossier through the form's version. */
export type DeclarationField = Base & { readonly kind: 'declaration'; readonly statement: LocalText };
export type PlainField = Base & { readonly kind: 'yes-no' | 'email' | 'phone' | 'cnie' | 'ice' | 'rib' };

export type Field =
  | TextField
  | DateField
  | NumberField
  | ChoiceField
  | ListField
  | FileField
  | DeclarationField
  | PlainField;

export type Step = {
  readonly id: string;
  readonly title: LocalText;
  readonly intro: LocalText | undefined;
  readonly fields: readonly Field[];
};

export type Form = { readonly steps: readonly Step[] };

/** A stored file as an answer: what the platform's file store knows about it, never what its sender claims. */
export type FileAnswer = {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
};

/** JSON as it is: texts, ISO dates, choices and identifiers are strings; multiple choices are lists. */
export type AnswerValue = string | number | boolean | readonly string[] | readonly FileAnswer[];
export type Answers = { readonly [fieldId: string]: AnswerValue };

/** What conditions, checks and prefill see besides the answers, as the form's variables declare them. */
export type FormContext = { readonly today: IsoDate; readonly variables: Readonly<Record<string, unknown>> };

export function fieldsOf(form: Form): readonly Field[] {
  return form.steps.flatMap((step) => step.fields);
}
