import { type IsoDate, parseIsoDate } from '../kernel/index.ts';
import type { Expression } from './expression.ts';
import type { Choice, DateBound, Field, FileFamily } from './field.ts';
import {
  decimal,
  type Fields,
  flag,
  listOf,
  localText,
  matching,
  oneOf,
  optional,
  type Place,
  record,
  report,
  reportDuplicates,
  text,
  wholeNumber,
  withDefault,
} from './reader.ts';

export const FIELD_ID = /^[a-z][A-Za-z0-9]{0,39}$/;

/** The keys that each kind of field accepts besides those of every field. */
const KIND_KEYS = {
  text: ['long', 'maxChars', 'pattern', 'example'],
  date: ['earliest', 'latest'],
  'yes-no': [],
  'single-choice': ['choices'],
  'multiple-choice': ['choices'],
  number: ['min', 'max', 'decimals', 'unit'],
  amount: ['min', 'max'],
  email: [],
  phone: [],
  cnie: [],
  ice: [],
  rib: [],
  list: ['list'],
  file: ['families', 'maxMegabytes', 'maxFiles'],
  declaration: ['statement'],
} as const;

export type FieldKind = keyof typeof KIND_KEYS;
export const FIELD_KINDS = Object.keys(KIND_KEYS) as readonly FieldKind[];

const EVERY_KEY = ['id', 'kind', 'label', 'hint', 'required', 'visibleWhen', 'prefill', 'check'] as const;

/** What reading a field needs from around it: the installation's lists, and the form's compiled expressions. */
export type FieldSurroundings = {
  readonly lists: { readonly [name: string]: readonly Choice[] };
  readonly condition: (place: Place) => Expression | undefined;
  readonly rule: (place: Place) => Expression | undefined;
  readonly prefill: (place: Place) => readonly string[] | undefined;
};

export function readFieldKind(place: Place): FieldKind {
  const raw = (place.value as { kind?: unknown } | null | undefined)?.kind;
  return FIELD_KINDS.find((kind) => kind === raw) ?? 'text';
}

export function readField(place: Place, around: FieldSurroundings): Field {
  const kind = readFieldKind(place);
  const of = record(place, [...EVERY_KEY, ...KIND_KEYS[kind]]);
  oneOf(of('kind'), FIELD_KINDS);
  const base = {
    id: matching(of('id'), FIELD_ID, 'birthDate (letters and digits, first a small letter, at most 40)'),
    label: localText(of('label'), 300),
    hint: optional(of('hint'), (at) => localText(at, 600)),
    required: withDefault(of('required'), true, flag),
    visibleWhen: optional(of('visibleWhen'), around.condition),
    prefill: optional(of('prefill'), around.prefill),
    check: optional(of('check'), (at) => readCheck(at, around)),
  };
  return readKind(kind, base, of, around);
}

type BaseField = Omit<Extract<Field, { kind: 'text' }>, 'kind' | 'long' | 'maxChars' | 'pattern'>;

function readKind(kind: FieldKind, base: BaseField, of: Fields, around: FieldSurroundings): Field {
  switch (kind) {
    case 'text': {
      const long = withDefault(of('long'), false, flag);
      const maxChars = withDefault(of('maxChars'), long ? 4000 : 200, (at) => wholeNumber(at, 1, long ? 20_000 : 500));
      return { ...base, kind, long, maxChars, pattern: readPattern(of('pattern'), of('example'), long) };
    }
    case 'date':
      return {
        ...base,
        kind,
        earliest: optional(of('earliest'), readBound),
        latest: optional(of('latest'), readBound),
      };
    case 'single-choice':
    case 'multiple-choice':
      return { ...base, kind, choices: readChoices(of('choices')) };
    case 'number':
      return {
        ...base,
        kind,
        ...readRange(of),
        decimals: withDefault(of('decimals'), 0, (at) => wholeNumber(at, 0, 6)),
        unit: optional(of('unit'), localText),
      };
    case 'amount':
      return { ...base, kind, ...readRange(of), decimals: 2, unit: undefined };
    case 'list':
      return { ...base, kind, ...readList(of('list'), around) };
    case 'file':
      return {
        ...base,
        kind,
        families: listOf<FileFamily>(of('families'), (at) => oneOf(at, ['pdf', 'image']), { min: 1, max: 2 }),
        maxBytes: withDefault(of('maxMegabytes'), 5, (at) => decimal(at, 0.1, 50)) * 1_000_000,
        maxFiles: withDefault(of('maxFiles'), 1, (at) => wholeNumber(at, 1, 10)),
      };
    case 'declaration':
      return { ...base, kind, statement: localText(of('statement'), 1000) };
    default:
      return { ...base, kind };
  }
}

function readCheck(place: Place, around: FieldSurroundings): Field['check'] {
  const of = record(place, ['rule', 'message']);
  const rule = around.rule(of('rule'));
  const message = localText(of('message'), 300);
  return rule === undefined ? undefined : { rule, message };
}

function readRange(of: Fields): { readonly min: number; readonly max: number } {
  const min = withDefault(of('min'), 0, (at) => decimal(at, -1e12, 1e12));
  const max = withDefault(of('max'), 1e12, (at) => decimal(at, -1e12, 1e12));
  if (min > max) report(of('min'), `min ${min} is above max ${max}`, 'swap them');
  return { min, max };
}

function readChoices(place: Place): readonly Choice[] {
  const choices = listOf(place, readChoice, { min: 2, max: 60 });
  reportDuplicates(
    place,
    choices.map((choice) => choice.value),
    'value',
  );
  return choices;
}

function readChoice(place: Place): Choice {
  const of = record(place, ['value', 'label']);
  const value = matching(of('value'), /^[a-z0-9][a-z0-9-]{0,39}$/, 'below-500-m2 (small letters, digits, hyphens)');
  return { value, label: localText(of('label'), 300) };
}

function readList(
  place: Place,
  around: FieldSurroundings,
): { readonly list: string; readonly choices: readonly Choice[] } {
  const names = Object.keys(around.lists);
  const list = text(place, 40);
  const choices = Object.hasOwn(around.lists, list) ? around.lists[list] : undefined;
  if (choices === undefined) report(place, `no list "${list}"`, `use one of ${names.join(', ')}`);
  return { list, choices: choices ?? [] };
}

/**
 * A pattern comes from content, but the text it meets comes from anyone, and JavaScript's engine backtracks. What can
 * blow up (a quantified group that holds a quantifier, back-references, look-around) is refused, and the text is short.
 */
function readPattern(place: Place, example: Place, long: boolean): Extract<Field, { kind: 'text' }>['pattern'] {
  if (place.value === undefined) return undefined;
  const source = text(place, 200);
  const shown = text(example, 100);
  if (long) report(place, 'a long text has no pattern', 'leave it out, or make the text short');
  if (/\([^)]*[*+{][^)]*\)[*+{]|\(\?[=!<]|\\[1-9]/.test(source)) {
    report(
      place,
      'the pattern can take exponential time',
      'leave out nested repetition, look-around and back-references',
    );
    return undefined;
  }
  try {
    const regexp = new RegExp(`^(?:${source})$`, 'u');
    if (!regexp.test(shown))
      report(example, `the example "${shown}" does not match the pattern`, 'correct one of the two');
    return { regexp, example: shown };
  } catch (cause) {
    report(place, `not a regular expression: ${cause instanceof Error ? cause.message : ''}`, 'correct it');
    return undefined;
  }
}

/** `today`, `today-18y`, `today+30d`, `today-6m`, or a date `1912-01-01`. */
function readBound(place: Place): DateBound {
  const source = text(place, 20);
  const relative = /^today(?:([+-]\d{1,4})([dmy]))?$/.exec(source);
  if (relative !== null) {
    const units = { d: 'days', m: 'months', y: 'years' } as const;
    return { kind: 'relative', amount: Number(relative[1] ?? 0), unit: units[(relative[2] ?? 'd') as 'd' | 'm' | 'y'] };
  }
  const date = parseIsoDate(source);
  if (date === undefined) report(place, `not a bound: "${source}"`, 'write today, today-18y, today+30d, or 1912-01-01');
  return { kind: 'fixed', date: date ?? ('1900-01-01' as IsoDate) };
}
