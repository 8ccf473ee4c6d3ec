import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseForm } from './definition.ts';

const t = (fr: string) => ({ ar: 'نص', fr });
const around = {
  lists: { regions: [{ value: '01', label: t('Tanger') }] },
  variables: { person: { birthDate: 'string' } },
} as const;

function formWith(...fields: readonly Record<string, unknown>[]) {
  return { steps: [{ id: 'one', title: t('Un'), fields: fields.map((field) => ({ label: t('Champ'), ...field })) }] };
}

function issuesOf(data: unknown): readonly string[] {
  const read = parseForm(data, around);
  return read.ok ? [] : read.error.map(({ path, cause }) => `${path.join('.')}: ${cause}`);
}

describe('a form definition', () => {
  test('has every kind of field', () => {
    const read = parseForm(
      formWith(
        { id: 'a', kind: 'text', pattern: '\\d{4}', example: '1234' },
        { id: 'b', kind: 'date', earliest: '1900-01-01', latest: 'today-18y' },
        { id: 'c', kind: 'yes-no' },
        {
          id: 'd',
          kind: 'single-choice',
          choices: [
            { value: 'x', label: t('X') },
            { value: 'y', label: t('Y') },
          ],
        },
        {
          id: 'e',
          kind: 'multiple-choice',
          choices: [
            { value: 'x', label: t('X') },
            { value: 'y', label: t('Y') },
          ],
        },
        { id: 'f', kind: 'number', min: 1, max: 5, unit: t('pièces') },
        { id: 'g', kind: 'amount' },
        { id: 'h', kind: 'email', required: false },
        { id: 'i', kind: 'phone' },
        { id: 'j', kind: 'cnie' },
        { id: 'k', kind: 'ice' },
        { id: 'l', kind: 'rib' },
        { id: 'm', kind: 'list', list: 'regions' },
        {
          id: 'n',
          kind: 'file',
          families: ['pdf'],
          visibleWhen: 'answers.c && size(answers.e) > 1 && answers.g > 100.0',
        },
        { id: 'o', kind: 'declaration', statement: t('Je déclare'), check: { rule: 'answers.o', message: t('Non') } },
      ),
      around,
    );
    assert.ok(read.ok, JSON.stringify(read));
    assert.equal(read.value.steps[0]?.fields.length, 15);
  });

  for (const [name, field, issue] of [
    ['an unknown kind', { id: 'a', kind: 'txt' }, /kind: must be one of text, .*, is "txt"/],
    ['a key of another kind', { id: 'a', kind: 'phone', families: ['pdf'] }, /families: unknown key "families"/],
    ['an id that is no name', { id: '1 a', kind: 'text' }, /id: has not the right form/],
    ['a label without Arabic', { id: 'a', kind: 'text', label: { fr: 'x' } }, /label\.ar: must be text, is missing/],
    [
      'one choice only',
      { id: 'a', kind: 'single-choice', choices: [{ value: 'x', label: t('X') }] },
      /choices: has 1 items/,
    ],
    ['an unknown list', { id: 'a', kind: 'list', list: 'planets' }, /list: no list "planets"/],
    ['a bound that is no date', { id: 'a', kind: 'date', latest: 'tomorrow' }, /latest: not a bound/],
    ['min above max', { id: 'a', kind: 'number', min: 9, max: 2 }, /min: min 9 is above max 2/],
    [
      'an example that does not match',
      { id: 'a', kind: 'text', pattern: '\\d{4}', example: 'abcd' },
      /example: the example "abcd" does not match/,
    ],
    [
      'a pattern of exponential time',
      { id: 'a', kind: 'text', pattern: '(a+)+b', example: 'ab' },
      /pattern: the pattern can take exponential time/,
    ],
    [
      'a condition on itself',
      { id: 'a', kind: 'yes-no', visibleWhen: 'answers.a' },
      /visibleWhen: CEL: No such key: a/,
    ],
    [
      'a condition that is no condition',
      { id: 'a', kind: 'text', visibleWhen: 'person.birthDate' },
      /visibleWhen: CEL: gives string/,
    ],
    [
      'a condition on an undeclared variable',
      { id: 'a', kind: 'text', visibleWhen: 'secret == 1' },
      /visibleWhen: CEL: Unknown variable: secret/,
    ],
    [
      'a regular expression inside CEL',
      { id: 'a', kind: 'text', check: { rule: 'answers.a.matches("(a+)+$")', message: t('x') } },
      /rule: CEL: matches\(\) is not available/,
    ],
    [
      'a prefill below a text',
      { id: 'a', kind: 'text', prefill: 'person.birthDate.year' },
      /prefill: there is nothing below "year"/,
    ],
  ] as const) {
    test(`refuses ${name}`, () => {
      const issues = issuesOf(formWith(field));
      assert.ok(
        issues.some((one) => issue.test(one)),
        issues.join(' | '),
      );
      assert.match(issues[0] ?? '', /^steps\.0\.fields\.0/);
    });
  }

  test('refuses a field id that stands twice, and data of any other shape', () => {
    assert.ok(
      issuesOf(formWith({ id: 'a', kind: 'text' }, { id: 'a', kind: 'text' })).some((one) => /stands twice/.test(one)),
    );
    for (const data of [
      undefined,
      null,
      [],
      'x',
      7,
      {},
      { steps: {} },
      { steps: [null] },
      { steps: [{ fields: [7] }] },
    ]) {
      assert.notEqual(issuesOf(data).length, 0);
    }
  });
});
