import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  bucketsOf,
  CHART_PERIODS,
  type ChartPeriod,
  type CountedMinute,
  chosen,
  firstInstant,
  rankingOf,
} from './charts.ts';

const NOW = new Date('2026-03-02T09:17:42Z');

function aMinute(parts: Partial<CountedMinute> = {}): CountedMinute {
  return {
    minute: new Date('2026-03-02T09:10:00Z'),
    side: 'provider',
    client: 'MA/GOV/ADD/portal',
    service: 'MA/GOV/DGSN/identity/persons',
    answered: 1,
    failed: 0,
    refused: 0,
    latencies: { '10': 1 },
    ...parts,
  };
}

describe('steps of a chart', () => {
  test('hold every minute of the period once, and none from before it', () => {
    const period = fc.constantFrom(...(Object.keys(CHART_PERIODS) as ChartPeriod[]));
    fc.assert(
      fc.property(period, fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 50 }), (wanted, ages) => {
        const minutes = ages.map((age) =>
          aMinute({ minute: new Date(Math.floor(NOW.getTime() / 60_000 - age) * 60_000) }),
        );
        const from = firstInstant(wanted, NOW);
        const inside = minutes.filter((one) => one.minute >= from).length;
        const buckets = bucketsOf(minutes, wanted, NOW);
        assert.equal(
          buckets.reduce((sum, one) => sum + one.answered, 0),
          inside,
        );
        assert.deepEqual(buckets[0]?.at, from);
        assert.ok((buckets.at(-1)?.at ?? NOW) <= NOW);
      }),
    );
  });

  test('of a quiet time have no latency, rather than none at all', () => {
    const [first] = bucketsOf([], 'hour', NOW);
    assert.deepEqual([first?.answered, first?.p95], [0, undefined]);
  });
});

describe('who is busiest', () => {
  test('is told by service and by the member at the other end', () => {
    const minutes = [
      aMinute(),
      aMinute({ client: 'MA/GOV/DGI/tax', refused: 5 }),
      aMinute({ side: 'consumer', client: 'MA/GOV/DGSN/x', service: 'MA/GOV/ADD/portal/files', answered: 2 }),
    ];
    assert.deepEqual(
      rankingOf(minutes, 'member', 5).map((one) => [one.name, one.answered, one.refused]),
      [
        ['MA/GOV/DGI', 1, 5],
        ['MA/GOV/ADD', 3, 0],
      ],
    );
    assert.equal(rankingOf(minutes, 'service', 1)[0]?.name, 'MA/GOV/DGSN/identity/persons');
  });

  test('a member’s filter does not take the next member with a longer code', () => {
    const minutes = [aMinute(), aMinute({ client: 'MA/GOV/ADDX/portal' })];
    assert.equal(chosen(minutes, { service: '', member: 'MA/GOV/ADD', side: '' }).length, 1);
    assert.equal(chosen(minutes, { service: '', member: '', side: 'consumer' }).length, 0);
  });
});
