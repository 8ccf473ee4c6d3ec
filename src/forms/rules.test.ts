import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type IsoDate, unwrap } from '../kernel/index.ts';
import { parseForm } from './definition.ts';
import type { Answers, FileAnswer, FormContext, Step } from './field.ts';
import { checkAnswers, prefilledAnswers, readAnswers, visibleAnswers, visibleFields, visibleSteps } from './rules.ts';
import type { Posted } from './values.ts';

const t = (fr: string) => ({ ar: fr, fr });
const form = unwrap(
  parseForm(
    {
      steps: [
        {
          id: 'one',
          title: t('Un'),
          fields: [
            { id: 'name', kind: 'text', maxChars: 10, label: t('Nom'), prefill: 'person.name' },
            { id: 'born', kind: 'date', label: t('Né le'), latest: 'today', prefill: 'documents.birth.data.on' },
            {
              id: 'kind',
              kind: 'single-choice',
              label: t('Type'),
              choices: [
                { value: 'a', label: t('A') },
                { value: 'b', label: t('B') },
              ],
            },
            { id: 'why', kind: 'text', label: t('Pourquoi'), visibleWhen: 'answers.kind == "b"' },
            { id: 'deep', kind: 'text', required: false, label: t('Encore'), visibleWhen: 'answers.why != ""' },
            {
              id: 'tags',
              kind: 'multiple-choice',
              required: false,
              label: t('Mots'),
              choices: [
                { value: 'x', label: t('X') },
                { value: 'y', label: t('Y') },
              ],
            },
            {
              id: 'sum',
              kind: 'amount',
              required: false,
              max: 1000,
              label: t('Somme'),
              check: { rule: 'answers.sum != 13.0', message: t('pas 13') },
            },
          ],
        },
        {
          id: 'two',
          title: t('Deux'),
          fields: [
            {
              id: 'file',
              kind: 'file',
              families: ['pdf'],
              maxMegabytes: 1,
              label: t('Fichier'),
              visibleWhen: 'answers.kind == "b"',
            },
            { id: 'sworn', kind: 'declaration', label: t('Serment'), statement: t('Je jure') },
            { id: 'adult', kind: 'yes-no', label: t('Majeur') },
          ],
        },
      ],
    },
    {
      lists: {},
      variables: { person: { name: 'string' }, documents: { birth: { status: 'string', data: 'map<string, dyn>' } } },
    },
  ),
);
const [one, two] = form.steps as readonly [Step, Step];
const context: FormContext = {
  today: '2026-11-23' as IsoDate,
  variables: { person: { name: 'Amina' }, documents: { birth: { status: 'obtained', data: { on: '1990-03-27' } } } },
};
const read = (step: Step, posted: Posted, answers: Answers = {}, mode: 'save' | 'continue' = 'continue') =>
  readAnswers(form, step, posted, { answers, context, mode });
const faults = (reading: ReturnType<typeof read>) => reading.errors.map(({ field, fault }) => `${field} ${fault.key}`);

const GOOD = { name: 'Amina', 'born-day': '27', 'born-month': '3', 'born-year': '1990', kind: 'a' };

describe('reading a step', () => {
  test('keeps valid answers, typed and normalised', () => {
    const posted = { ...GOOD, 'born-day': '٢٧', sum: '٩٩٩,٥٠', tags: ['x', 'y', 'x'] };
    const { answers, errors, revealed } = read(one, posted);
    assert.deepEqual(answers, { name: 'Amina', born: '1990-03-27', kind: 'a', tags: ['x', 'y'], sum: 999.5 });
    assert.deepEqual([errors, revealed], [[], []]);
  });

  test('names each field that is wrong and does not keep its value', () => {
    const posted = {
      name: 'far too long a name',
      'born-day': '31',
      'born-month': '2',
      'born-year': '2020',
      kind: 'c',
      sum: '1,2,3',
      tags: 'z',
    };
    const reading = read(one, posted);
    assert.deepEqual(faults(reading), ['name too-long', 'born date', 'kind choice', 'tags choice', 'sum number']);
    assert.deepEqual(reading.answers, {});
  });

  test('"continue" asks for what is required, "save" does not', () => {
    assert.deepEqual(faults(read(one, {})), ['name required', 'born required', 'kind required']);
    assert.deepEqual(faults(read(one, { name: '', kind: '' }, {}, 'save')), []);
    assert.deepEqual(faults(read(one, { 'born-day': '99', 'born-month': '1', 'born-year': '1' }, {}, 'save')), [
      'born date',
    ]);
  });

  test('a field that this post makes visible is revealed, not blamed', () => {
    const reading = read(one, { ...GOOD, kind: 'b' });
    assert.deepEqual([reading.errors, reading.revealed], [[], ['why']]);
    assert.deepEqual(faults(read(one, { ...GOOD, kind: 'b', why: ' ' }, reading.answers)), ['why required']);
  });

  test('a field’s own check speaks in its own words, and its answer is not kept', () => {
    const reading = read(one, { ...GOOD, sum: '13' });
    assert.deepEqual(reading.errors, [{ field: 'sum', fault: { key: 'check', message: t('pas 13') } }]);
    assert.equal(reading.answers['sum'], undefined);
  });

  test('bounds of dates and amounts', () => {
    assert.deepEqual(faults(read(one, { ...GOOD, 'born-year': '2027' })), ['born too-late']);
    const today = { 'born-day': '23', 'born-month': '11', 'born-year': '2026' };
    assert.deepEqual(faults(read(one, { ...GOOD, ...today })), []);
    assert.deepEqual(faults(read(one, { ...GOOD, ...today, 'born-day': '24' })), ['born too-late']);
    assert.deepEqual(faults(read(one, { ...GOOD, sum: '1000,01' })), ['sum above']);
    assert.deepEqual(faults(read(one, { ...GOOD, sum: '1,001' })), ['sum decimals']);
    assert.deepEqual(faults(read(one, { ...GOOD, sum: '-1' })), ['sum below']);
    assert.equal(read(one, { ...GOOD, sum: '1 000.00' }).answers['sum'], 1000);
  });

  test('an emptied tick box is emptied; a text that was not posted stays', () => {
    const before = { name: 'Amina', tags: ['x'], sworn: true };
    assert.deepEqual(read(one, {}, before, 'save').answers, { name: 'Amina', sworn: true });
    assert.deepEqual(faults(read(two, { adult: 'yes' }, before)), ['sworn declaration']);
  });

  test('names that are no field of the step are ignored, also those of every object', () => {
    const posted = JSON.parse('{"__proto__":"x","constructor":"y","sworn":"yes","admin":"true"}') as Posted;
    assert.deepEqual(read(one, posted, {}, 'save').answers, {});
  });

  test('files come from the store, never from what is posted', () => {
    const pdf: FileAnswer = { id: 'f1', name: 'bail.pdf', mediaType: 'application/pdf', bytes: 900_000 };
    const started = { kind: 'b', name: 'A', born: '1990-01-01', why: 'x' };
    assert.equal(read(two, { file: 'someone-elses-file' }, started, 'save').answers['file'], undefined);
    const options = { answers: started, context, mode: 'save' } as const;
    const withFile = (file: FileAnswer) => readAnswers(form, two, {}, { ...options, files: { file: [file] } });
    assert.deepEqual(withFile(pdf).answers['file'], [pdf]);
    assert.equal(withFile({ ...pdf, mediaType: 'text/html' }).errors[0]?.fault.key, 'file-type');
    assert.equal(withFile({ ...pdf, bytes: 1_000_001 }).errors[0]?.fault.key, 'file-size');
    assert.deepEqual(readAnswers(form, two, {}, { ...options, files: { file: [pdf, pdf] } }).errors[0]?.fault, {
      key: 'too-many-files',
      limit: 1,
    });
  });

  test('never throws and never keeps what its own check would refuse, whatever is posted', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.string(), { maxLength: 4 }),
      fc.constantFrom('a', 'b', '13', '27'),
    );
    const posted = fc.dictionary(
      fc.constantFrom('name', 'born', 'born-day', 'born-month', 'born-year', 'kind', 'why', 'deep', 'tags', 'sum'),
      value,
    );
    fc.assert(
      fc.property(posted, (given) => {
        const { answers } = read(one, given, {}, 'save');
        const again = checkAnswers(form, answers, context);
        const wrong = again.errors.filter(({ fault }) => fault.key !== 'required' && fault.key !== 'declaration');
        assert.deepEqual(wrong, []);
      }),
    );
  });
});

describe('visibility', () => {
  const answers = { kind: 'b', why: 'because', deep: 'deeper' };

  test('follows the answers before a field, through several conditions', () => {
    const ids = (given: Answers) => visibleFields(form, given, context).map(({ id }) => id);
    assert.deepEqual(ids({ kind: 'a' }), ['name', 'born', 'kind', 'tags', 'sum', 'sworn', 'adult']);
    assert.ok(ids(answers).includes('deep'));
    // "why" is hidden, so what was once written there does not keep "deep" visible.
    assert.equal(ids({ ...answers, kind: 'a' }).includes('deep'), false);
  });

  test('hidden answers are cleaned at submission', () => {
    assert.deepEqual(visibleAnswers(form, { ...answers, kind: 'a' }, context), { kind: 'a' });
  });

  test('a step without anything to ask is left out', () => {
    const steps = visibleSteps(form, {}, context).map(({ id, fields }) => [id, fields.length]);
    assert.deepEqual(steps, [
      ['one', 5],
      ['two', 2],
    ]);
  });
});

describe('submission', () => {
  test('checks everything again, also answers that come from storage', () => {
    const stored = {
      name: 'Amina',
      born: '1990-02-31',
      kind: 'zzz',
      sum: 'thirteen',
      tags: 'x',
      sworn: 'yes',
      adult: true,
    };
    const { errors } = checkAnswers(form, stored, context);
    assert.deepEqual(
      errors.map(({ field, fault }) => `${field} ${fault.key}`),
      ['born date', 'kind choice', 'tags choice', 'sum number', 'sworn declaration'],
    );
  });
});

describe('prefill', () => {
  test('fills what is empty from the declared variables, and nothing that breaks the field’s rules', () => {
    assert.deepEqual(prefilledAnswers(form, {}, context), { name: 'Amina', born: '1990-03-27' });
    assert.deepEqual(prefilledAnswers(form, { name: 'Karim' }, context)['name'], 'Karim');
    const odd = {
      today: context.today,
      variables: { person: { name: 'x'.repeat(11) }, documents: { birth: { data: { on: { year: 1990 } } } } },
    };
    assert.deepEqual(prefilledAnswers(form, {}, odd), {});
  });
});
