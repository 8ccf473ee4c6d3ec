import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type IsoDate, LANGUAGES, unwrap } from '../kernel/index.ts';
import { parseForm } from './definition.ts';
import { fieldsOf, type Step } from './field.ts';
import { answerSummary, renderStep } from './render.ts';
import type { FieldFault } from './values.ts';
import { errorTexts, faultText } from './words.ts';

const t = (fr: string) => ({ ar: `عربية ${fr}`, fr });
const form = unwrap(
  parseForm(
    {
      steps: [
        {
          id: 'one',
          title: t('Un'),
          intro: t('Une introduction'),
          fields: [
            { id: 'name', kind: 'text', label: t('Nom <b>') },
            { id: 'born', kind: 'date', label: t('Né le') },
            {
              id: 'kind',
              kind: 'single-choice',
              label: t('Type'),
              choices: [
                { value: 'a', label: t('Premier') },
                { value: 'b', label: t('Second') },
              ],
            },
            { id: 'phone', kind: 'phone', label: t('Téléphone') },
            { id: 'sum', kind: 'amount', required: false, label: t('Somme') },
            { id: 'file', kind: 'file', families: ['pdf', 'image'], required: false, label: t('Fichier') },
            { id: 'sworn', kind: 'declaration', label: t('Serment'), statement: t('Je jure') },
          ],
        },
      ],
    },
    { lists: {}, variables: {} },
  ),
);
const step = form.steps[0] as Step;
const context = { today: '2026-11-23' as IsoDate, variables: {} };

describe('a step as a page', () => {
  test('shows labels, hints and answers, escaped, under the names that reading expects', () => {
    const answers = { name: '"><script>alert(1)</script>', born: '1990-03-27', kind: 'b', sworn: true, sum: 12.5 };
    const page = String(renderStep({ language: 'fr', step, answers, errors: [] }));
    for (const part of [
      'name="name"',
      'name="born-day"',
      'value="27"',
      'name="kind"',
      'value="12.5"',
      'Nom &lt;b&gt;',
      'Exemple : 0612345678',
      'accept="application/pdf,image/jpeg,image/png"',
    ]) {
      assert.ok(page.includes(part), part);
    }
    assert.equal(page.includes('<script'), false);
    assert.match(page, /value="b" checked/);
  });

  test('shows what was typed again, and the error beside its field', () => {
    const posted = { name: 'A', 'born-day': '31', 'born-month': '2', 'born-year': '2020' };
    const errors = [{ field: 'born', fault: { key: 'date' } }] as const;
    const page = String(renderStep({ language: 'fr', step, answers: { born: '1990-03-27' }, posted, errors }));
    assert.match(page, /id="born-error"/);
    assert.ok(page.includes('value="31"') && !page.includes('value="1990"'));
  });

  test('a refused declaration is not shown as ticked', () => {
    const page = String(renderStep({ language: 'ar', step, answers: {}, posted: { name: 'A' }, errors: [] }));
    assert.equal(/type="checkbox"[^>]*checked/.test(page), false);
  });
});

describe('words', () => {
  test('every fault has a sentence in each language, in that language’s script', () => {
    const faults: readonly FieldFault[] = [
      ...(['required', 'declaration', 'choice', 'date', 'number', 'email', 'phone', 'cnie', 'ice', 'rib'] as const).map(
        (key) => ({ key }),
      ),
      ...(['too-long', 'decimals', 'too-many-files', 'below', 'above'] as const).map((key) => ({ key, limit: 12 })),
      ...(['too-early', 'too-late'] as const).map((key) => ({ key, date: '2026-11-23' as IsoDate })),
      { key: 'pattern', example: '1234' },
      { key: 'file-type', families: ['pdf', 'image'] },
      { key: 'file-size', megabytes: 5 },
    ];
    const [field] = fieldsOf(form);
    assert.ok(field);
    for (const language of LANGUAGES) {
      for (const fault of faults) {
        const text = faultText(field, fault, language);
        assert.ok(text.length > 10, `${language} ${fault.key}`);
        assert.equal(/[٠-٩]/.test(text), false);
        if (fault.key !== 'declaration') assert.ok(text.includes(language === 'ar' ? 'عربية Nom' : 'Nom'), text);
      }
    }
  });

  test('an error of a field that is not in the form is not shown', () => {
    assert.deepEqual(errorTexts(fieldsOf(form), [{ field: 'ghost', fault: { key: 'required' } }], 'fr'), []);
  });
});

describe('check your answers', () => {
  test('shows choices by their labels, dates in words, and where each step is changed', () => {
    const answers = { name: 'Amina', born: '1990-03-27', kind: 'b', phone: '+212612345678', sum: 1250.5, sworn: true };
    const [summary] = answerSummary({ form, answers, context, language: 'fr', changeHref: (id) => `/fr/d/1/${id}` });
    const rows = summary?.rows.map(({ value }) => String(value)) ?? [];
    assert.match(rows[1] ?? '', /27 mars 1990/);
    assert.equal(rows[2], 'Second');
    assert.match(rows[4] ?? '', /1.250,5.*MAD/);
    assert.equal(rows[6], 'Déclaré sur l’honneur');
    assert.match(rows[5] ?? '', /Sans réponse/);
    assert.equal(summary?.rows[1]?.change?.href, '/fr/d/1/one#born');
  });
});
