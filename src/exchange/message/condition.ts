import { type Expression, expressionLanguage } from '../../forms/index.ts';
import type { Result } from '../../kernel/index.ts';

/** What a condition of an agreement may look at. Times are of Casablanca, as the members' offices are. */
export type ConditionInput = {
  readonly method: string;
  /** Decoded service path. */
  readonly path: string;
  /** The last value of each name. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly at: Date;
};

const language = expressionLanguage({
  method: 'string',
  path: 'string',
  query: 'map<string, dyn>',
  headers: 'map<string, dyn>',
  time: { date: 'string', hour: 'int', weekday: 'int' },
});

/** CEL over `method`, `path`, `query`, `headers` and `time` (`date` as text, `hour` 0 to 23, `weekday` 1 is Monday). */
export function parseCondition(source: string): Result<Expression, string> {
  return language.compile(source);
}

const compiled = new Map<string, Result<Expression, string>>();

/** An error of the expression is not a yes: a header that is missing, a number that is none. */
export function conditionHolds(source: string, input: ConditionInput): Result<boolean, string> {
  let expression = compiled.get(source);
  if (expression === undefined) {
    // Conditions come from agreements, not from messages; the bound only guards against a long-lived leak.
    if (compiled.size > 10_000) compiled.clear();
    expression = parseCondition(source);
    compiled.set(source, expression);
  }
  if (!expression.ok) return expression;
  const { at, ...looked } = input;
  return expression.value.evaluate({ ...looked, time: timeOf(at) });
}

const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Africa/Casablanca',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
});

function timeOf(at: Date): { readonly date: string; readonly hour: bigint; readonly weekday: bigint } {
  const date = localDate(at);
  const hour = clock.formatToParts(at).find((part) => part.type === 'hour')?.value ?? '0';
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return { date, hour: BigInt(hour), weekday: BigInt(day === 0 ? 7 : day) };
}

/** YYYY-MM-DD in Casablanca. */
export function localDate(at: Date): string {
  const parts = new Map(clock.formatToParts(at).map((part) => [part.type, part.value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}
