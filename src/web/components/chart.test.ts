import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ceilingOf, lineChart } from './chart.ts';

const minutes = (count: number) => Array.from({ length: count }, (_, i) => new Date(Date.UTC(2026, 2, 2, 9, i)));

describe('a chart', () => {
  test('has room for every value, and not ten times as much', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
        const top = ceilingOf(values);
        const most = Math.max(1, ...values);
        return top >= most && top <= most * 10;
      }),
    );
  });

  test('keeps every point inside its frame, whatever is drawn', () => {
    const value = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        const drawn = String(
          lineChart({
            language: 'fr',
            label: 'x',
            caption: 'x',
            instants: minutes(values.length),
            series: [{ name: 'a', values }],
          }),
        );
        assert.doesNotMatch(drawn, /NaN|Infinity|undefined/);
        for (const [, x, y] of drawn.matchAll(/[ML]([\d.]+) ([\d.]+)/g)) {
          assert.ok(Number(x) >= 0 && Number(x) <= 720 && Number(y) >= 0 && Number(y) <= 240);
        }
      }),
    );
  });

  test('leaves a gap where nothing was measured, and shows a value that stands alone', () => {
    const drawn = String(
      lineChart({
        language: 'en',
        label: 'x',
        caption: 'x',
        instants: minutes(4),
        series: [{ name: 'a', values: [1, undefined, 2, 3] }],
      }),
    );
    assert.match(drawn, /d="M[\d. ]+m-3 0h6M[\d. ]+L[\d. ]+"/);
  });

  test('escapes the names that it shows', () => {
    const drawn = String(
      lineChart({
        language: 'en',
        label: '"<',
        caption: '<b>',
        instants: minutes(1),
        series: [{ name: '<i>', values: [1] }],
      }),
    );
    assert.doesNotMatch(drawn, /<b>|<i>|aria-label=""/);
  });
});
