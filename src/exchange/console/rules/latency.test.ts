import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addLatencies, latencyOf, percentile, stepOf } from './latency.ts';

test('a latency is at most a tenth off after it was put on the scale', () => {
  fc.assert(
    fc.property(fc.double({ min: 1.001, max: 600_000, noNaN: true }), (ms) => {
      const read = latencyOf(stepOf(ms));
      return Math.abs(read - ms) / ms < 0.11;
    }),
  );
  for (const odd of [0, -5, Number.NaN, 1]) assert.equal(stepOf(odd), 0);
});

test('percentiles of sums are those of all messages together, a tenth off at most', () => {
  const latencies = fc.array(fc.integer({ min: 2, max: 60_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(latencies, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (minutes, share) => {
        const counted = minutes.map((minute) => addLatencies(minute.map((ms) => ({ [String(stepOf(ms))]: 1 }))));
        const all = minutes.flat().toSorted((a, b) => a - b);
        const exact = all[Math.ceil(share * all.length) - 1] ?? 0;
        const read = percentile(addLatencies(counted), share) ?? 0;
        return Math.abs(read - exact) / exact < 0.11;
      },
    ),
  );
});

test('there is no percentile of nothing', () => {
  assert.equal(percentile({}, 0.5), undefined);
});
