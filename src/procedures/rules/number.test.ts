import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkCharacter, formatNumber, parseNumber } from './number.ts';

const numbers = fc.tuple(
  fc.constantFrom('R' as const, 'D' as const),
  fc.integer({ min: 2020, max: 2099 }),
  fc.integer({ min: 1, max: 999_999_999 }),
);

test('the check character is that of ISO 7064 MOD 37,36, on an example in public use', () => {
  assert.equal(checkCharacter('A12425GABC1234002'), 'M');
  assert.match(formatNumber('R', 2026, 123), /^R-2026-000123-[0-9A-Z]$/);
});

test('a number that was printed is read back, however it is typed', () => {
  fc.assert(
    fc.property(numbers, ([kind, year, sequence]) => {
      const printed = formatNumber(kind, year, sequence);
      assert.deepEqual(parseNumber(printed), { kind, year, sequence });
      assert.deepEqual(parseNumber(` ${printed.toLowerCase().replaceAll('-', ' ')} `), { kind, year, sequence });
    }),
  );
});

test('any one wrong character is found', () => {
  fc.assert(
    fc.property(
      numbers,
      fc.nat(),
      fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
      ([kind, year, sequence], at, wrong) => {
        const compact = formatNumber(kind, year, sequence).replaceAll('-', '');
        const place = at % compact.length;
        fc.pre(compact[place] !== wrong);
        assert.equal(parseNumber(compact.slice(0, place) + wrong + compact.slice(place + 1)), undefined);
      },
    ),
  );
});
