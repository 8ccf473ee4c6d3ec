import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatService, formatSubsystem, parseRestTarget, parseService, parseSubsystem } from './identifiers.ts';

const part = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the parts that are refused
  .filter((text) => text.isWellFormed() && !/^\.\.?$|[\u0000-\u001f\u007f\u200b\u2028\u2029\ufeff]/.test(text));

test('an identifier of any letters is read as it was written', () => {
  fc.assert(
    fc.property(part, part, part, part, part, (instance, memberClass, memberCode, subsystem, service) => {
      const id = { instance, memberClass, memberCode, subsystem, service };
      assert.deepEqual(parseService(formatService(id)), { ok: true, value: id });
    }),
  );
});

test('a slash inside a code is %2F and letters beyond ASCII are percent-encoded UTF-8', () => {
  const parsed = parseSubsystem('MA/GOV/%C3%B6%D9%88/sub%2Fsystem');
  assert.deepEqual(parsed, {
    ok: true,
    value: { instance: 'MA', memberClass: 'GOV', memberCode: 'öو', subsystem: 'sub/system' },
  });
  assert.equal(parsed.ok && formatSubsystem(parsed.value), 'MA/GOV/%C3%B6%D9%88/sub%2Fsystem');
});

for (const [why, text] of [
  ['three parts', 'MA/GOV/DGSN'],
  ['five parts', 'MA/GOV/DGSN/identity/more'],
  ['an empty part', 'MA//DGSN/identity'],
  ['a dot segment', 'MA/GOV/../identity'],
  ['an encoded dot segment', 'MA/GOV/%2e%2E/identity'],
  ['a null byte', 'MA/GOV/DG%00SN/identity'],
  ['a line feed', 'MA/GOV/DGSN/iden%0Atity'],
  ['a zero-width space', 'MA/GOV/DGSN/iden%E2%80%8Btity'],
  ['bytes that are not UTF-8', 'MA/GOV/DGSN/%ff'],
  ['a cut escape', 'MA/GOV/DGSN/iden%2'],
  ['a thousand letters', `MA/GOV/DGSN/${'a'.repeat(1000)}`],
] as const) {
  test(`a client identifier with ${why} is refused`, () => {
    assert.equal(parseSubsystem(text).ok, false);
  });
}

test('a target gives its service, and the rest as it came', () => {
  const target = parseRestTarget('/r1/MA/GOV/DGSN/identity/persons/a%20b/?x=1&y=%2F');
  assert.deepEqual(target, {
    ok: true,
    value: {
      service: { instance: 'MA', memberClass: 'GOV', memberCode: 'DGSN', subsystem: 'identity', service: 'persons' },
      path: '/a%20b/',
      query: '?x=1&y=%2F',
    },
  });
});

test('a target without a path has an empty one, and one slash is a path', () => {
  const pathOf = (text: string) => {
    const target = parseRestTarget(text);
    return target.ok ? target.value.path : undefined;
  };
  assert.equal(pathOf('/r1/MA/GOV/DGSN/identity/persons'), '');
  assert.equal(pathOf('/r1/MA/GOV/DGSN/identity/persons/'), '/');
});

for (const text of [
  '/r2/MA/GOV/DGSN/identity/persons',
  '/r1/MA/GOV/DGSN/identity',
  '/r1/MA/GOV//identity/persons',
  'http://other/r1/MA/GOV/DGSN/identity/persons',
  '/r1/MA/GOV/DGSN/identity\\persons/x',
  '/r1/MA/GOV/DGSN/identity/persons/#x',
]) {
  test(`the target ${text} is refused`, () => {
    assert.equal(parseRestTarget(text).ok, false);
  });
}
