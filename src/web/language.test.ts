import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type IsoDate, LANGUAGES } from '../kernel/index.ts';
import {
  comparing,
  dateTime,
  formatBytes,
  formatDate,
  formatDateTime,
  formatDays,
  formatList,
  formatMoney,
  formatNumber,
  formatRelativeDays,
  formatTime,
  localText,
  reference,
  toLatinDigits,
} from './language.ts';

const DAY = '2026-11-23' as IsoDate;

test('dates carry the month names of Morocco and Latin digits', () => {
  assert.equal(formatDate(DAY, 'ar'), '23 نونبر 2026');
  assert.equal(formatDate('2026-08-01' as IsoDate, 'ar'), '1 غشت 2026');
  assert.equal(formatDate(DAY, 'fr'), '23 novembre 2026');
  assert.equal(formatDate(DAY, 'en', 'full'), 'Monday, 23 November 2026');
  for (const language of LANGUAGES) assert.equal(formatDate(DAY, language, 'short'), '23/11/2026');
});

test('nothing that is formatted holds Eastern digits or direction marks', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 10_000_000 }), fc.constantFrom(...LANGUAGES), (n, language) => {
      const at = new Date(1_790_000_000_000 + n * 60_000);
      const shown = [
        formatDate(at, language, 'short'),
        formatDateTime(at, language, 'full'),
        formatNumber(n, language),
        formatMoney(n / 4, language),
        formatDays(Math.abs(n), language),
        formatRelativeDays(n, language),
        formatBytes(Math.abs(n), language),
      ].join(' ');
      assert.doesNotMatch(shown, /[٠-٩۰-۹\u200e\u200f\u061c]/);
    }),
  );
});

test('an instant just before midnight in UTC is shown with the date of Morocco', () => {
  // On 1 July 2024 legal time in Morocco was UTC+1.
  assert.equal(formatDate(new Date('2024-07-01T23:30:00Z'), 'fr'), '2 juillet 2024');
  assert.equal(formatTime(new Date('2024-07-01T23:30:00Z'), 'en'), '00:30');
});

test('a number of days agrees with its noun in Arabic', () => {
  assert.deepEqual(
    [1, 2, 3, 11, 30].map((days) => formatDays(days, 'ar')),
    ['يوم', 'يومان', '3 أيام', '11 يومًا', '30 يومًا'],
  );
});

test('an amount shows centimes only where there are some', () => {
  assert.equal(formatMoney(50, 'fr'), '50\u00a0MAD');
  assert.equal(formatMoney(2.5, 'fr'), '2,50\u00a0MAD');
  assert.equal(formatMoney(75, 'ar'), '75\u00a0درهمًا');
  assert.equal(formatMoney(5, 'ar'), '5\u00a0دراهم');
});

test('sizes and lists are in the words of the language', () => {
  assert.equal(formatBytes(5_000_000, 'fr'), '5 Mo'.replace(' ', '\u202f'));
  assert.match(formatBytes(5_000_000, 'ar'), /^5 ميغابايت$/);
  assert.equal(formatList(['a', 'b', 'c'], 'fr'), 'a, b et c');
});

test('Arabic is sorted by its alphabet and numbers by their value', () => {
  assert.deepEqual(['يوسف', 'أمينة', 'بدر'].toSorted(comparing('ar')), ['أمينة', 'بدر', 'يوسف']);
  assert.deepEqual(['10', '9', 'É', 'E', 'F'].toSorted(comparing('fr')), ['9', '10', 'E', 'É', 'F']);
});

test('digits that a person types in Arabic or Persian are read as Latin ones', () => {
  assert.equal(toLatinDigits('٠٦١٢٣٤٥٦٧٨ ۱۹۹۱'), '0612345678 1991');
});

test('a text that is missing in English is shown in French and says so', () => {
  assert.equal(String(localText({ ar: 'أ', fr: 'À' }, 'en')), '<span lang="fr" dir="ltr">À</span>');
  assert.equal(String(localText({ ar: 'أ', fr: 'À' }, 'ar')), 'أ');
});

test('references and short dates keep their order among Arabic words', () => {
  assert.equal(String(reference('AB<1')), '<bdi dir="ltr" class="reference">AB&lt;1</bdi>');
  assert.equal(
    String(dateTime(DAY, 'ar', 'short')),
    '<time datetime="2026-11-23"><bdi dir="ltr">23/11/2026</bdi></time>',
  );
});
