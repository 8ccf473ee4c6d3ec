import { addDays, err, type IsoDate, type LocalText, ok, parseIsoDate, type Result } from '../kernel/index.ts';
import {
  type AnswerValue,
  type DateBound,
  type DateField,
  type Field,
  type FileField,
  MEDIA_TYPES,
  type NumberField,
} from './field.ts';
import { parseCnie, parseEmail, parseIce, parsePhone, parseRib } from './identifiers.ts';
import { latinDigits, normaliseLine, normaliseParagraphs } from './text-input.ts';

/** What can be wrong with one answer. The texts are in `texts/`, except a field's own check, which carries its own. */
export type FieldFault =
  | {
      readonly key:
        | 'required'
        | 'declaration'
        | 'choice'
        | 'date'
        | 'number'
        | 'email'
        | 'phone'
        | 'cnie'
        | 'ice'
        | 'rib';
    }
  | { readonly key: 'too-long' | 'decimals' | 'too-many-files'; readonly limit: number }
  | { readonly key: 'below' | 'above'; readonly limit: number }
  | { readonly key: 'too-early' | 'too-late'; readonly date: IsoDate }
  | { readonly key: 'pattern'; readonly example: string }
  | { readonly key: 'file-type'; readonly families: FileField['families'] }
  | { readonly key: 'file-size'; readonly megabytes: number }
  | { readonly key: 'check'; readonly message: LocalText };

/** A form as a browser or an API posts it: names to one or several texts. */
export type Posted = { readonly [name: string]: string | readonly string[] | undefined };

// Far above any limit of a field, far below what would cost time: what is longer is refused before it is looked at.
const MAX_RAW_CHARS = 50_000;

/** The texts posted for a field; a date comes as three inputs, or as one ISO date from an API. */
export function postedFor(field: Field, posted: Posted): readonly string[] | undefined {
  const whole = valuesOf(posted, field.id);
  if (field.kind !== 'date' || whole !== undefined) return whole;
  const parts = (['year', 'month', 'day'] as const).map((part) => valuesOf(posted, `${field.id}-${part}`)?.[0]);
  if (parts.every((part) => part === undefined)) return undefined;
  const [year, month, day] = parts.map((part) =>
    latinDigits(part ?? '')
      .trim()
      .slice(0, 10),
  );
  if (year === '' && month === '' && day === '') return [''];
  return [`${year}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`];
}

function valuesOf(posted: Posted, name: string): readonly string[] | undefined {
  const value = Object.hasOwn(posted, name) ? posted[name] : undefined;
  return typeof value === 'string' ? [value] : value;
}

/** The answer that the texts stand for; undefined when the person left the field blank. */
export function readValue(field: Field, raw: readonly string[]): Result<AnswerValue | undefined, FieldFault> {
  if (raw.some((item) => item.length > MAX_RAW_CHARS)) return err({ key: 'too-long', limit: MAX_RAW_CHARS });
  const first = raw[0] ?? '';
  if (field.kind === 'multiple-choice') {
    const chosen = [...new Set(raw.map(normaliseLine).filter((item) => item !== ''))];
    return ok(chosen.length === 0 ? undefined : chosen);
  }
  if (field.kind === 'text') {
    const value = field.long ? normaliseParagraphs(first) : normaliseLine(first);
    return ok(value === '' ? undefined : value);
  }
  const line = normaliseLine(first);
  if (line === '' || field.kind === 'file') return ok(undefined);
  return readLine(field, line);
}

function readLine(field: Field, line: string): Result<AnswerValue | undefined, FieldFault> {
  switch (field.kind) {
    case 'yes-no':
      return line === 'yes' || line === 'no' ? ok(line === 'yes') : err({ key: 'choice' });
    case 'declaration':
      return line === 'yes' || line === 'on' ? ok(true) : err({ key: 'declaration' });
    case 'number':
    case 'amount':
      return readNumber(line);
    case 'date':
      return parsed('date', parseIsoDate(line));
    case 'email':
      return parsed('email', parseEmail(line));
    case 'phone':
      return parsed('phone', parsePhone(line));
    case 'cnie':
      return parsed('cnie', parseCnie(line));
    case 'ice':
      return parsed('ice', parseIce(line));
    case 'rib':
      return parsed('rib', parseRib(line));
    default:
      return ok(line);
  }
}

function parsed(
  key: 'date' | 'email' | 'phone' | 'cnie' | 'ice' | 'rib',
  value: string | undefined,
): Result<string, FieldFault> {
  return value === undefined ? err({ key }) : ok(value);
}

/** `1 234,50`, `1.234,50`, `1234.5`, `١٢٣٤٫٥`: where two separators stand, the last one is the decimal one. */
function readNumber(line: string): Result<number, FieldFault> {
  const compact = line.replaceAll('\u066b', ',').replaceAll(/[\s\u066c\u202f']/g, '');
  const last = Math.max(compact.lastIndexOf(','), compact.lastIndexOf('.'));
  const whole = last === -1 ? compact : compact.slice(0, last).replaceAll(/[.,](?=\d{3}(?:[.,]|$))/g, '');
  const plain = last === -1 ? whole : `${whole}.${compact.slice(last + 1)}`;
  return /^-?\d{1,15}(?:\.\d{1,10})?$/.test(plain) ? ok(Number(plain)) : err({ key: 'number' });
}

/** The rules of the field on a typed value; also for answers that come back from storage. */
export function faultOf(field: Field, value: AnswerValue, today: IsoDate): FieldFault | undefined {
  switch (field.kind) {
    case 'text': {
      if (typeof value !== 'string') return { key: 'required' };
      if (value.length > field.maxChars) return { key: 'too-long', limit: field.maxChars };
      const matches = field.pattern === undefined || field.pattern.regexp.test(value);
      return matches ? undefined : { key: 'pattern', example: field.pattern?.example ?? '' };
    }
    case 'date':
      return dateFault(field, value, today);
    case 'number':
    case 'amount':
      return numberFault(field, value);
    case 'single-choice':
    case 'list':
      return field.choices.some((choice) => choice.value === value) ? undefined : { key: 'choice' };
    case 'multiple-choice': {
      const known =
        Array.isArray(value) && value.every((item) => field.choices.some((choice) => choice.value === item));
      return known ? undefined : { key: 'choice' };
    }
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : { key: 'choice' };
    case 'declaration':
      return value === true ? undefined : { key: 'declaration' };
    case 'file':
      return fileFault(field, value);
    default:
      return identifierFault(field.kind, value);
  }
}

function identifierFault(kind: 'email' | 'phone' | 'cnie' | 'ice' | 'rib', value: AnswerValue): FieldFault | undefined {
  const parse = { email: parseEmail, phone: parsePhone, cnie: parseCnie, ice: parseIce, rib: parseRib }[kind];
  return typeof value === 'string' && parse(value) === value ? undefined : { key: kind };
}

function dateFault(field: DateField, value: AnswerValue, today: IsoDate): FieldFault | undefined {
  const date = typeof value === 'string' ? parseIsoDate(value) : undefined;
  if (date === undefined) return { key: 'date' };
  const earliest = field.earliest === undefined ? undefined : boundOn(field.earliest, today);
  const latest = field.latest === undefined ? undefined : boundOn(field.latest, today);
  if (earliest !== undefined && date < earliest) return { key: 'too-early', date: earliest };
  if (latest !== undefined && date > latest) return { key: 'too-late', date: latest };
  return undefined;
}

function numberFault(field: NumberField, value: AnswerValue): FieldFault | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { key: 'number' };
  if (Number(value.toFixed(field.decimals)) !== value) return { key: 'decimals', limit: field.decimals };
  if (value < field.min) return { key: 'below', limit: field.min };
  return value > field.max ? { key: 'above', limit: field.max } : undefined;
}

function fileFault(field: FileField, value: AnswerValue): FieldFault | undefined {
  if (!Array.isArray(value)) return { key: 'required' };
  const accepted = field.families.flatMap((family) => MEDIA_TYPES[family]);
  for (const file of value) {
    if (typeof file === 'string' || !accepted.includes(file.mediaType))
      return { key: 'file-type', families: field.families };
    if (file.bytes > field.maxBytes) return { key: 'file-size', megabytes: field.maxBytes / 1_000_000 };
  }
  return value.length > field.maxFiles ? { key: 'too-many-files', limit: field.maxFiles } : undefined;
}

/** The day that a bound stands for; the 29th of February moves to the 28th in other years. */
export function boundOn(bound: DateBound, today: IsoDate): IsoDate {
  if (bound.kind === 'fixed') return bound.date;
  if (bound.unit === 'days') return addDays(today, bound.amount);
  const months = bound.unit === 'years' ? bound.amount * 12 : bound.amount;
  const count = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 + months;
  const month = `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
  for (let day = Number(today.slice(8)); day > 28; day -= 1) {
    const date = parseIsoDate(`${month}-${day}`);
    if (date !== undefined) return date;
  }
  const day = Math.min(Number(today.slice(8)), 28);
  return `${month}-${String(day).padStart(2, '0')}` as IsoDate;
}
