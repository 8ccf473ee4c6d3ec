import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { unwrap } from '../kernel/index.ts';
import { expressionLanguage } from './expression.ts';

const language = expressionLanguage({
  today: 'string',
  person: { birthDate: 'string' },
  documents: { birth: { status: 'string', data: 'map<string, dyn>' } },
  answers: { kind: 'string', married: 'bool', area: 'double', plans: 'list<string>' },
});
const about = {
  today: '2026-11-23',
  person: { birthDate: '2008-11-24' },
  documents: { birth: { status: 'obtained', data: { birthDate: '2008-11-24' } } },
};
const holds = (source: string, answers: Record<string, unknown> = {}) =>
  unwrap(language.compile(source)).evaluate({ ...about, answers });

describe('an expression', () => {
  test('compares answers, dates and documents', () => {
    assert.deepEqual(holds('answers.kind == "large" && answers.area > 100.0', { kind: 'large', area: 120 }), {
      ok: true,
      value: true,
    });
    assert.deepEqual(holds('person.birthDate < today'), { ok: true, value: true });
    assert.deepEqual(holds('documents.birth.data.birthDate == person.birthDate'), { ok: true, value: true });
    assert.deepEqual(holds('"a" in answers.plans', { plans: ['a'] }), { ok: true, value: true });
  });

  test('counts whole years: eighteen on the birthday, not the day before', () => {
    assert.deepEqual(holds('yearsBetween(person.birthDate, today) >= 18'), { ok: true, value: false });
    assert.deepEqual(holds('yearsBetween("2008-11-23", today) >= 18'), { ok: true, value: true });
    assert.deepEqual(holds('daysBetween("2026-11-20", today) == 3'), { ok: true, value: true });
  });

  test('is total: what goes wrong is a value', () => {
    for (const source of [
      'answers.kind == "x"',
      'answers.area / 0.0 > answers.area',
      'yearsBetween("soon", today) > 1',
      'documents.birth.data.nothing == "x"',
    ]) {
      assert.equal(holds(source).ok, false, source);
    }
  });

  test('an unanswered field makes neither itself nor its negation true', () => {
    assert.equal(holds('answers.married').ok, false);
    assert.equal(holds('!answers.married').ok, false);
    assert.deepEqual(holds('has(answers.married)'), { ok: true, value: false });
  });

  test('is checked when it is compiled', () => {
    for (const source of [
      'answers.none',
      'answers.kind > 1',
      'answers.kind',
      '1 +',
      'x'.repeat(1001),
      'answers.kind.matches("a")',
    ]) {
      assert.equal(language.compile(source).ok, false, source.slice(0, 40));
    }
  });

  test('cannot grow past its bounds', () => {
    const deep = `${'('.repeat(60)}true${')'.repeat(60)}`;
    const wide = Array.from({ length: 150 }, () => 'true').join('&&');
    assert.equal(language.compile(wide).ok, false);
    assert.equal(typeof language.compile(deep).ok, 'boolean');
  });
});
