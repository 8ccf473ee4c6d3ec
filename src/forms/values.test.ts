import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { IsoDate } from '../kernel/index.ts';
import { parseCnie, parseEmail, parseIce, parsePhone, parseRib } from './identifiers.ts';
import { latinDigits, normaliseLine, normaliseParagraphs } from './text-input.ts';
import { boundOn } from './values.ts';

describe('identifiers in use in Morocco', () => {
  test('an ICE is fifteen digits that are 0 modulo 97', () => {
    assert.equal(parseIce('001561191000066'), '001561191000066');
    assert.equal(parseIce('0021 3609 3000 040'), '002136093000040');
    for (const wrong of ['001561191000067', '00156119100006', '0015611910000666', '000000000000000', 'abc']) {
      assert.equal(parseIce(wrong), undefined, wrong);
    }
  });

  test('a RIB is twenty-four digits that are 0 modulo 97', () => {
    assert.equal(parseRib('011 519 0000012050005349 21'), '011519000001205000534921');
    assert.equal(parseRib('011519000001205000534922'), undefined);
  });

  test('any wrong digit of an ICE or RIB is found', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('001561191000066', '011519000001205000534921'),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        (number, at, by) => {
          const place = at % number.length;
          const digit = (Number(number[place]) + by) % 10;
          const changed = number.slice(0, place) + digit + number.slice(place + 1);
          assert.equal(number.length === 15 ? parseIce(changed) : parseRib(changed), undefined);
        },
      ),
    );
  });

  test('a telephone number is written as E.164, however it is typed', () => {
    for (const typed of [
      '0612345678',
      '+212612345678',
      '+212 (0)6 12-34-56-78',
      '00212 612 345 678',
      '212612345678',
      '612345678',
    ]) {
      assert.equal(parsePhone(typed), '+212612345678', typed);
    }
    for (const wrong of ['0112345678', '061234567', '06123456789', '+33612345678', ''])
      assert.equal(parsePhone(wrong), undefined, wrong);
  });

  test('an identity card number is one or two letters and digits', () => {
    assert.equal(parseCnie(' ab 123456 '.trim()), 'AB123456');
    assert.equal(parseCnie('k1'), 'K1');
    for (const wrong of ['123456', 'ABC123', 'AB1234567', 'AB12É']) assert.equal(parseCnie(wrong), undefined, wrong);
  });

  test('an e-mail address has one deliverable shape', () => {
    assert.equal(parseEmail('Amina.Alaoui+wasl@Exemple.MA'), 'Amina.Alaoui+wasl@exemple.ma');
    for (const wrong of [
      'a',
      'a@b',
      '@b.ma',
      'a@.ma',
      'a b@c.ma',
      'a@b..ma',
      '.a@b.ma',
      'a@-b.ma',
      `${'x'.repeat(65)}@b.ma`,
      'a@b.ma\nBcc: c@d.ma',
    ]) {
      assert.equal(parseEmail(wrong), undefined, wrong);
    }
  });
});

describe('what a person typed', () => {
  test('Arabic-Indic and Persian digits become Latin ones', () =>
    assert.equal(latinDigits('٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹'), '0123456789 0123456789'));

  test('bidi controls, zero-width characters and controls go; joiners of Arabic script stay', () => {
    assert.equal(normaliseLine('\u202eevil\u2066\u200b \u0000x\ufeff'), 'evil x');
    assert.equal(normaliseLine('می\u200cخواهم'), 'می\u200cخواهم');
  });

  test('composed and decomposed letters are one, lines and spaces are tidy', () => {
    assert.equal(normaliseLine('Re\u0301sidence\u00a0 de\t\nFe\u0300s '), 'Résidence de Fès');
    assert.equal(normaliseParagraphs('a\r\nb\rc\n'), 'a\nb\nc');
  });

  test('normalising twice changes nothing, and never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const once = normaliseLine(raw);
        assert.equal(normaliseLine(once), once);
        assert.ok(once.isWellFormed() && !once.includes('\u0000'));
      }),
    );
    assert.equal(normaliseLine('\ud800'), '\ufffd');
  });
});

describe('a bound relative to today', () => {
  const on = (amount: number, unit: 'days' | 'months' | 'years', today: string) =>
    boundOn({ kind: 'relative', amount, unit }, today as IsoDate);

  test('moves by days, months and years, and stays in the month', () => {
    assert.equal(on(-18, 'years', '2026-11-23'), '2008-11-23');
    assert.equal(on(-1, 'years', '2024-02-29'), '2023-02-28');
    assert.equal(on(1, 'months', '2026-01-31'), '2026-02-28');
    assert.equal(on(-1, 'months', '2026-01-15'), '2025-12-15');
    assert.equal(on(10, 'days', '2026-12-25'), '2027-01-04');
  });
});
