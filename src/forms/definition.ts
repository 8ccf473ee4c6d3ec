import { err, ok, type Result } from '../kernel/index.ts';
import {
  type Expression,
  type ExpressionLanguage,
  expressionLanguage,
  type VariableSchema,
  type VariableType,
} from './expression.ts';
import { type Choice, type Field, type Form, fieldsOf, type Step } from './field.ts';
import { FIELD_ID, type FieldKind, type FieldSurroundings, readField, readFieldKind } from './field-reader.ts';
import {
  type DefinitionIssue,
  listOf,
  localText,
  matching,
  optional,
  type Place,
  record,
  report,
  reportDuplicates,
  rootPlace,
  text,
} from './reader.ts';

export type FormSurroundings = {
  /** Long lists of the installation, by name. */
  readonly lists: { readonly [name: string]: readonly Choice[] };
  /** Variables besides `answers` and `today`, which every form has. */
  readonly variables: VariableSchema;
};

export function parseForm(data: unknown, around: FormSurroundings): Result<Form, readonly DefinitionIssue[]> {
  const place = rootPlace(data);
  const form = readForm(place, around);
  return place.issues.length === 0 ? ok(form) : err(place.issues);
}

/** Reads a form that is part of a larger definition; issues go to the place. */
export function readForm(place: Place, around: FormSurroundings): Form {
  const types = answerTypes(place.value);
  let position = 0;
  const readNext = (at: Place): Field => {
    const field = readField(at, surroundingsOf(types, position, around));
    position += 1;
    return field;
  };
  const of = record(place, ['steps']);
  const steps = listOf(of('steps'), (at) => readStep(at, readNext), { min: 1, max: 20 });
  reportDuplicates(
    of('steps'),
    steps.map((step) => step.id),
    'id',
  );
  const form = { steps };
  reportRepeatedFields(of('steps'), form);
  return form;
}

/** Reads one expression over all answers of a form, for conditions that stand outside its fields. */
export function readFormCondition(place: Place, form: unknown, variables: VariableSchema): Expression | undefined {
  return readExpression(place, languageOver(answerTypes(form), variables));
}

/**
 * A field's condition sees the fields before it, its check also itself: visibility is then decided in one pass, and
 * no two fields can depend on each other in a circle.
 */
function surroundingsOf(types: readonly AnswerType[], position: number, around: FormSurroundings): FieldSurroundings {
  return {
    lists: around.lists,
    condition: (at) => readExpression(at, languageOver(types.slice(0, position), around.variables)),
    rule: (at) => readExpression(at, languageOver(types.slice(0, position + 1), around.variables)),
    prefill: (at) => readPrefill(at, around.variables),
  };
}

function languageOver(types: readonly AnswerType[], variables: VariableSchema): ExpressionLanguage {
  return expressionLanguage({ ...variables, today: 'string', answers: Object.fromEntries(types) });
}

function readStep(place: Place, readNext: (place: Place) => Field): Step {
  const of = record(place, ['id', 'title', 'intro', 'fields']);
  return {
    id: matching(of('id'), /^[a-z][a-z0-9-]{0,39}$/, 'your-address (small letters, digits, hyphens)'),
    title: localText(of('title'), 200),
    intro: optional(of('intro'), (at) => localText(at, 2000)),
    fields: listOf(of('fields'), readNext, { min: 1, max: 30 }),
  };
}

function reportRepeatedFields(place: Place, form: Form): void {
  const seen = new Set<string>();
  for (const { id } of fieldsOf(form)) {
    if (seen.has(id)) report(place, `the field id "${id}" stands twice`, 'give each field of the form its own id');
    seen.add(id);
  }
}

function readExpression(place: Place, language: ExpressionLanguage): Expression | undefined {
  const source = text(place, 1000);
  if (source === '') return undefined;
  const compiled = language.compile(source);
  if (compiled.ok) return compiled.value;
  report(
    place,
    `CEL: ${compiled.error}`,
    'correct it; a condition sees the answers before it, today and the declared variables',
  );
  return undefined;
}

/** A path into the declared variables; below a free mapping any name is accepted. */
function readPrefill(place: Place, variables: VariableSchema): readonly string[] | undefined {
  const names = text(place, 200).split('.');
  let level: VariableSchema | VariableType = variables;
  for (const name of names) {
    if (typeof level === 'string') {
      if (level === 'map<string, dyn>') return names;
      report(place, `there is nothing below "${name}"`, 'shorten the path');
      return undefined;
    }
    const next: VariableSchema | VariableType | undefined = Object.hasOwn(level, name) ? level[name] : undefined;
    if (next === undefined) {
      report(place, `no "${name}" in ${names.join('.')}`, `use one of ${Object.keys(level).join(', ')}`);
      return undefined;
    }
    level = next;
  }
  return names;
}

const ANSWER_TYPES: Readonly<Record<FieldKind, VariableType>> = {
  text: 'string',
  date: 'string',
  'yes-no': 'bool',
  'single-choice': 'string',
  'multiple-choice': 'list<string>',
  number: 'double',
  amount: 'double',
  email: 'string',
  phone: 'string',
  cnie: 'string',
  ice: 'string',
  rib: 'string',
  list: 'string',
  file: 'list<string>',
  declaration: 'bool',
};

type AnswerType = readonly [id: string, type: VariableType];

/**
 * The types of the answers in the order of the fields, from the data before they are read. Data without the right
 * shape give an unusable name here and an issue when the field is read.
 */
function answerTypes(data: unknown): readonly AnswerType[] {
  return membersOf(data, 'steps').flatMap((step) =>
    membersOf(step, 'fields').map((field, index): AnswerType => {
      const id = (field as { id?: unknown } | null)?.id;
      const type = ANSWER_TYPES[readFieldKind({ value: field, path: [], issues: [] })];
      return [typeof id === 'string' && FIELD_ID.test(id) ? id : `unreadable${index}`, type];
    }),
  );
}

function membersOf(data: unknown, key: string): readonly unknown[] {
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;
  return Array.isArray(value) ? value : [];
}
