import type { Answers, AnswerValue, Field, FileAnswer, Form, FormContext, Step } from './field.ts';
import { type FieldFault, faultOf, type Posted, postedFor, readValue } from './values.ts';

/** One thing to correct, at one field. The words are `errorText(error, field, language)`. */
export type FormError = { readonly field: string; readonly fault: FieldFault };

export type Reading = {
  /** All answers of the form, with this step's valid ones in it. Answers of hidden fields stay until submission. */
  readonly answers: Answers;
  readonly errors: readonly FormError[];
  /** Fields of this step that became visible through this very post: the page is shown again, without an error. */
  readonly revealed: readonly string[];
};

/** The fields that are asked, given the answers, in the order of the form. */
export function visibleFields(form: Form, answers: Answers, context: FormContext): readonly Field[] {
  return visibility(form, answers, context).fields;
}

/** The answers without those of hidden fields: what may be filed, shown to an agent, or signed. */
export function visibleAnswers(form: Form, answers: Answers, context: FormContext): Answers {
  return visibility(form, answers, context).answers;
}

/** The steps that have something to ask. */
export function visibleSteps(form: Form, answers: Answers, context: FormContext): readonly Step[] {
  const visible = new Set(visibleFields(form, answers, context));
  return form.steps
    .map((step) => ({ ...step, fields: step.fields.filter((field) => visible.has(field)) }))
    .filter((step) => step.fields.length > 0);
}

/** In one pass: a condition sees the visible answers before it, so that an answer that went away decides nothing. */
function visibility(form: Form, answers: Answers, context: FormContext) {
  const fields: Field[] = [];
  const kept: Record<string, AnswerValue> = {};
  for (const field of form.steps.flatMap((step) => step.fields)) {
    if (field.visibleWhen !== undefined && !holds(field.visibleWhen, kept, context)) continue;
    fields.push(field);
    const value = answerOf(answers, field.id);
    if (value !== undefined) kept[field.id] = value;
  }
  return { fields, answers: kept as Answers };
}

function holds(expression: NonNullable<Field['visibleWhen']>, answers: Answers, context: FormContext): boolean {
  const outcome = expression.evaluate({ ...context.variables, today: context.today, answers: forExpressions(answers) });
  return outcome.ok && outcome.value;
}

/** Files are seen by expressions as their ids, so that `size(answers.plans) > 0` reads as it should. */
function forExpressions(answers: Answers): Record<string, unknown> {
  const seen = Object.entries(answers).map(([id, value]) => [
    id,
    Array.isArray(value)
      ? value.map((item: string | FileAnswer) => (typeof item === 'string' ? item : item.id))
      : value,
  ]);
  return Object.fromEntries(seen);
}

/** Answers come from storage as JSON: an inherited name such as `constructor` is no answer. */
function answerOf(answers: Answers, id: string): AnswerValue | undefined {
  return Object.hasOwn(answers, id) ? answers[id] : undefined;
}

export type ReadOptions = {
  /** The answers so far, of all steps. */
  readonly answers: Answers;
  readonly context: FormContext;
  /** `save` lets a draft be incomplete; `continue` asks for what is required. */
  readonly mode: 'save' | 'continue';
  /** Per file field, the complete list of stored files that now answer it. */
  readonly files?: { readonly [fieldId: string]: readonly FileAnswer[] };
};

/**
 * Reads what was posted for one step. Names that are no field of the step are ignored; invalid values are reported and
 * not kept; a visible tick box or choice that was not posted is one that the person emptied.
 */
export function readAnswers(form: Form, step: Step, posted: Posted, options: ReadOptions): Reading {
  const onPage = new Set(visibleFields(form, options.answers, options.context));
  const answers: Record<string, AnswerValue> = { ...options.answers };
  const faults = new Map<string, FieldFault>();
  for (const field of step.fields) {
    const outcome = readField(field, posted, options, onPage.has(field));
    if (outcome.kind === 'untouched') continue;
    if (outcome.kind === 'fault') faults.set(field.id, outcome.fault);
    if (outcome.kind === 'answer') answers[field.id] = outcome.value;
    else delete answers[field.id];
  }
  const revealed: string[] = [];
  const errors: FormError[] = [];
  const inStep = new Set(step.fields.map((field) => field.id));
  for (const field of visibleFields(form, answers, options.context).filter(({ id }) => inStep.has(id))) {
    const fault = faults.get(field.id) ?? remainingFault(field, answers, options.context, options.mode);
    if (fault === undefined) continue;
    const unseen = !onPage.has(field) && postedFor(field, posted) === undefined;
    if (unseen && (fault.key === 'required' || fault.key === 'declaration')) revealed.push(field.id);
    else errors.push({ field: field.id, fault });
  }
  for (const error of errors) if (error.fault.key === 'check') delete answers[error.field];
  return { answers, errors, revealed };
}

type FieldOutcome =
  | { readonly kind: 'untouched' | 'blank' }
  | { readonly kind: 'fault'; readonly fault: FieldFault }
  | { readonly kind: 'answer'; readonly value: AnswerValue };

function readField(field: Field, posted: Posted, options: ReadOptions, onPage: boolean): FieldOutcome {
  if (field.kind === 'file') return readFiles(field, options);
  const raw = postedFor(field, posted);
  if (raw === undefined) {
    const boxes = field.kind === 'multiple-choice' || field.kind === 'declaration';
    return { kind: onPage && boxes ? 'blank' : 'untouched' };
  }
  const read = readValue(field, raw);
  if (!read.ok) return { kind: 'fault', fault: read.error };
  if (read.value === undefined) return { kind: 'blank' };
  const fault = faultOf(field, read.value, options.context.today);
  return fault === undefined ? { kind: 'answer', value: read.value } : { kind: 'fault', fault };
}

function readFiles(field: Field, options: ReadOptions): FieldOutcome {
  const files =
    options.files !== undefined && Object.hasOwn(options.files, field.id) ? options.files[field.id] : undefined;
  if (files === undefined) return { kind: 'untouched' };
  if (files.length === 0) return { kind: 'blank' };
  const fault = faultOf(field, files, options.context.today);
  return fault === undefined ? { kind: 'answer', value: files } : { kind: 'fault', fault };
}

function remainingFault(
  field: Field,
  answers: Answers,
  context: FormContext,
  mode: ReadOptions['mode'],
): FieldFault | undefined {
  const value = answerOf(answers, field.id);
  if (value === undefined) {
    if (mode === 'save' || !field.required) return undefined;
    return { key: field.kind === 'declaration' ? 'declaration' : 'required' };
  }
  if (field.check === undefined || holds(field.check.rule, answers, context)) return undefined;
  return { key: 'check', message: field.check.message };
}

/**
 * Checks a whole form at submission, as if nothing had been checked before: every visible field by its rules, what is
 * required by its presence. Gives the answers to file, without those of hidden fields.
 */
export function checkAnswers(
  form: Form,
  answers: Answers,
  context: FormContext,
): { readonly answers: Answers; readonly errors: readonly FormError[] } {
  const visible = visibility(form, answers, context);
  const errors = visible.fields.flatMap((field): readonly FormError[] => {
    const value = answerOf(visible.answers, field.id);
    const own = value === undefined ? undefined : faultOf(field, value, context.today);
    const fault = own ?? remainingFault(field, visible.answers, context, 'continue');
    return fault === undefined ? [] : [{ field: field.id, fault }];
  });
  return { answers: visible.answers, errors };
}

/** First values for fields that have none yet, from the form's variables; a value that breaks the field's rules is left out. */
export function prefilledAnswers(form: Form, answers: Answers, context: FormContext): Answers {
  const filled: Record<string, AnswerValue> = { ...answers };
  for (const field of form.steps.flatMap((step) => step.fields)) {
    if (field.prefill === undefined || answerOf(answers, field.id) !== undefined) continue;
    const found = field.prefill.reduce<unknown>(memberOf, context.variables);
    if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') continue;
    const text = typeof found === 'boolean' ? (found ? 'yes' : 'no') : String(found);
    const read = readValue(field, [text]);
    if (!read.ok || read.value === undefined) continue;
    if (faultOf(field, read.value, context.today) === undefined) filled[field.id] = read.value;
  }
  return filled;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
