import type { SummaryError } from '../../web/index.ts';
import type { Refusal } from '../rules/refusal.ts';

export type ActForm = 'accept' | 'refuse' | 'completion' | 'extend' | 'appeal';
type Values = Readonly<Record<string, string | readonly string[]>>;

/** A form that comes back: which of the page's forms, what was typed into it, and what is wrong with it. */
export type Attempt = { readonly form: ActForm; readonly values: Values; readonly errors: readonly SummaryError[] };

/** At which field of each form a refusal stands; the others stand above the page. */
const FIELDS: Readonly<Record<ActForm, Partial<Record<Refusal['kind'], string>>>> = {
  accept: {},
  refuse: { 'unknown-ground': 'ground', 'reason-required': 'reason' },
  completion: { 'nothing-requested': 'items', 'not-required': 'items', 'reason-required': 'message' },
  extend: { 'extension-too-long': 'days', 'reason-required': 'extensionReason' },
  appeal: { 'reason-required': 'reason' },
};

export function attemptOf(
  form: ActForm,
  values: Values,
  refusals: readonly Refusal[],
  say: (refusal: Refusal) => string,
): Attempt {
  const errors = refusals.map((refusal): SummaryError => {
    const field = FIELDS[form][refusal.kind];
    return { message: say(refusal), ...(field === undefined ? {} : { field }) };
  });
  return { form, values, errors };
}

/** What a field of this form shows again, and what is said beside it. */
export function again(
  attempt: Attempt | undefined,
  form: ActForm,
  name: string,
): { readonly value: string; readonly values: readonly string[]; readonly error: SummaryError['message'] | undefined } {
  if (attempt?.form !== form) return { value: '', values: [], error: undefined };
  const values = [Object.hasOwn(attempt.values, name) ? (attempt.values[name] ?? '') : ''].flat();
  const error = attempt.errors.find((one) => one.field === name);
  return { value: values[0] ?? '', values, error: error?.message };
}
