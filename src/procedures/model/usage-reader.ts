import type { LocalText } from '../../kernel/index.ts';
import type { Contest, Usage, UsageBatch } from './usage.ts';

/** A page stays a page, whatever a member sends. */
const MOST_LINES = 500;
const MOST_FIELDS = 100;
const MOST_CHARS = 500;
const MOST_DAYS = 36_525;

type Row = { readonly [name: string]: unknown };

/** A member's answer to `findUsage`, attacker-controlled: undefined where it is none, and lines that are none left out. */
export function readUsages(value: unknown): (UsageBatch & { readonly answersFor: readonly string[] }) | undefined {
  const { usages, next, answersFor } = rowOf(value);
  if (!Array.isArray(usages)) return undefined;
  const lines = usages.slice(0, MOST_LINES).flatMap(readUsage);
  return {
    usages: lines,
    hasMore: typeof next === 'string' && lines.length > 0,
    answersFor: Array.isArray(answersFor) ? answersFor.filter((one) => typeof one === 'string') : [],
  };
}

function readUsage(value: unknown): readonly Usage[] {
  const row = rowOf(value);
  const text = (name: string) => textOf(row[name]);
  const [at, service, exchange, place] = [text('logtime'), text('service'), text('exchange'), text('place')];
  if (at === undefined || Number.isNaN(Date.parse(at)) || service === undefined) return [];
  if (exchange === undefined || !isExchange(exchange) || place === undefined || !/^\d{1,15}$/.test(place)) return [];
  const { text: basisText, ref, title } = rowOf(row['legalBasis']);
  const basis = localText(basisText);
  const { fields, outcome, status, agreementVersion } = row;
  return [
    {
      at: new Date(at),
      exchange,
      place,
      role: row['role'] === 'asked' ? 'asked' : 'gave',
      client: text('client') ?? '',
      clientName: localText(row['clientName']),
      service,
      giverName: localText(row['giverName']),
      serviceTitle: text('serviceTitle'),
      outcome: outcome === 'refused' || outcome === 'unanswered' ? outcome : 'answered',
      status: typeof status === 'number' ? status : undefined,
      agreement: text('agreement'),
      agreementVersion: typeof agreementVersion === 'number' ? agreementVersion : undefined,
      purpose: text('purpose'),
      purposeText: localText(row['purposeText']),
      legalBasis: basis === undefined ? undefined : { text: basis, ref: textOf(ref) ?? '', title: localText(title) },
      fields: Array.isArray(fields) ? fields.flatMap((one) => textOf(one) ?? []).slice(0, MOST_FIELDS) : [],
      keptDays: isDays(row['keptDays']) ? row['keptDays'] : undefined,
      contest: readContest(row['contest']),
    },
  ];
}

function isDays(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= MOST_DAYS;
}

export function readContest(value: unknown): Contest | undefined {
  const { number, state, answer } = rowOf(value);
  const isKnown = state === 'open' || state === 'upheld' || state === 'rejected';
  const given = textOf(number);
  if (given === undefined || !isKnown) return undefined;
  return { number: given, state, answer: typeof answer === 'string' ? answer.slice(0, 2_000) : undefined };
}

export function isExchange(text: string): boolean {
  return /^[\w-]{16,64}$/.test(text);
}

function rowOf(value: unknown): Row {
  return value !== null && typeof value === 'object' ? (value as Row) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MOST_CHARS) : undefined;
}

function localText(value: unknown): LocalText | undefined {
  const { ar, fr, en } = rowOf(value);
  const [arabic, french, english] = [textOf(ar), textOf(fr), textOf(en)];
  if (arabic === undefined || french === undefined) return undefined;
  return english === undefined ? { ar: arabic, fr: french } : { ar: arabic, fr: french, en: english };
}
