import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConditionInput, conditionHolds, localDate, parseCondition } from './condition.ts';

// A Monday, 08:30 UTC.
const AT = new Date('2026-03-02T08:30:00Z');
const INPUT: ConditionInput = {
  method: 'GET',
  path: '/persons/1',
  query: { kind: 'short' },
  headers: { 'x-road-issue': 'R-12' },
  at: AT,
};
const holds = (source: string) => {
  const result = conditionHolds(source, INPUT);
  return result.ok && result.value;
};

for (const [source, expected] of [
  ['method == "GET" && path.startsWith("/persons/")', true],
  ['query.kind == "short"', true],
  ['query.kind == "long"', false],
  ['headers["x-road-issue"].startsWith("R-")', true],
  ['time.weekday <= 5 && time.hour >= 8 && time.hour < 18', true],
  ['time.weekday == 7', false],
  ['time.date == "2026-03-02"', true],
  ['"kind" in query', true],
  ['"x-road-userid" in headers', false],
] as const) {
  test(`${source} ${expected ? 'holds' : 'does not hold'}`, () => assert.equal(holds(source), expected));
}

test('what is asked for and is not there is no yes', () => {
  assert.equal(holds('headers["x-road-userid"] == "x"'), false);
  assert.equal(holds('query.missing != "x"'), false);
});

for (const source of ['', '1 + 1', 'secret == 1', 'path.matches("(a+)+$")', 'true ||', `${'!'.repeat(1001)}true`]) {
  test(`${JSON.stringify(source.slice(0, 30))} is no condition`, () => assert.equal(parseCondition(source).ok, false));
}

test('what fails is a no with its error, which is not the no of a condition that does not hold', () => {
  assert.deepEqual(conditionHolds('query.kind == "long"', INPUT), { ok: true, value: false });
  const failed = conditionHolds('headers["x-road-userid"] == "x"', INPUT);
  assert.equal(failed.ok, false);
  assert.equal(conditionHolds('int(query.kind) > 1', INPUT).ok, false);
});

test('the hour is that of Casablanca, also where it is not that of Greenwich', () => {
  // In Ramadan Morocco is at UTC, else an hour ahead.
  const hourAt = (instant: string, hour: number) =>
    conditionHolds(`time.hour == ${hour}`, { ...INPUT, at: new Date(instant) });
  assert.deepEqual(hourAt('2025-07-01T10:00:00Z', 11), { ok: true, value: true });
  assert.deepEqual(hourAt('2025-03-15T10:00:00Z', 10), { ok: true, value: true });
  assert.deepEqual(hourAt('2025-07-01T23:30:00Z', 0), { ok: true, value: true });
});

test('a condition that would run long is refused when it is written', () => {
  const nested = (depth: number): string => (depth === 0 ? 'true' : `[1, 2, 3].all(x${depth}, ${nested(depth - 1)})`);
  for (const source of [
    `${Array.from({ length: 120 }, () => 'true').join(' && ')}`,
    nested(12),
    `[${Array.from({ length: 150 }, (_one, n) => n).join(',')}].all(x, x > 0)`,
    `method == "${'x'.repeat(2_000)}"`,
  ]) {
    assert.equal(parseCondition(source).ok, false, source.slice(0, 40));
  }
});

test('a day begins in Casablanca', () => {
  assert.equal(localDate(new Date('2026-03-02T00:30:00Z')), '2026-03-02');
  assert.match(localDate(new Date('2026-12-31T23:59:00Z')), /^(2026-12-31|2027-01-01)$/);
});
