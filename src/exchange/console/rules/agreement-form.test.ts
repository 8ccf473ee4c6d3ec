import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Agreement } from '../../message/agreement.ts';
import { formOfAgreement, readAgreementForm, type TypedAgreement } from './agreement-form.ts';

const CLIENT = 'MA/GOV/ADD/portal';
const SERVICE = 'MA/GOV/DGSN/identity/persons';
const KNOWN = { clients: [CLIENT], services: [SERVICE] };

const AGREEMENT: Agreement = {
  id: 'residence',
  version: 3,
  client: CLIENT,
  service: SERVICE,
  endpoints: [
    { method: 'GET', path: '/persons/*' },
    { method: '*', path: '/x/**' },
  ],
  purposes: [{ code: 'residence', text: { ar: 'السكنى', fr: 'résidence', en: 'residence' } }],
  legalBasis: { text: { ar: 'القانون 55.19', fr: 'loi 55-19' }, ref: '55-19/7' },
  fields: ['/number', '/addresses/*/city'],
  validFrom: '2026-01-01T00:00:00.000Z',
  validUntil: '2027-01-01T00:00:00.000Z',
  status: 'active',
  terms: { condition: 'method == "GET"', ratePerMinute: 60, quota: { perDay: 1000 }, otherBodies: 'whole' },
};
const ARCHIVED: Agreement = { ...AGREEMENT, terms: { archive: { keep: 'response', days: 3_653, by: 'both' } } };

describe('the form of an agreement', () => {
  test('gives back what the agreement says, as its next version', () => {
    assert.deepEqual(readAgreementForm(formOfAgreement(AGREEMENT), KNOWN), {
      ok: true,
      value: { ...AGREEMENT, version: 4 },
    });
  });

  test('keeps what the agreement says of the archive', () => {
    assert.deepEqual(readAgreementForm(formOfAgreement(ARCHIVED), KNOWN), {
      ok: true,
      value: { ...ARCHIVED, version: 4 },
    });
  });

  test('refuses days that no archive has, and a group that would keep', () => {
    const known = { ...KNOWN, clients: ['GROUP:all'] };
    for (const archiveDays of ['', '0', '3654', '1.5', '-1', '1e3', 'x'])
      assert.deepEqual(readAgreementForm({ ...formOfAgreement(ARCHIVED), archiveDays }, KNOWN), {
        ok: false,
        error: ['archiveDays'],
      });
    const ofGroup = { ...formOfAgreement(ARCHIVED), client: 'GROUP:all' };
    assert.deepEqual(readAgreementForm(ofGroup, known), { ok: false, error: ['archiveBy'] });
    assert.equal(readAgreementForm({ ...ofGroup, archiveBy: 'provider' }, known).ok, true);
  });

  test('names each field that is wrong, and no other', () => {
    const good = formOfAgreement(AGREEMENT);
    const wrong: readonly [Partial<TypedAgreement>, readonly string[]][] = [
      [{ client: 'MA/GOV/OTHER/x' }, ['client']],
      [{ service: '' }, ['service']],
      [{ endpoints: 'GET persons' }, ['endpoints']],
      [{ endpoints: '' }, ['endpoints']],
      [{ purposes: 'residence | السكنى' }, ['purposes']],
      [{ fields: 'name' }, ['fields']],
      [{ from: '2026-02-30' }, ['from']],
      [{ until: '2025-01-01' }, ['until']],
      [{ condition: 'method ==' }, ['condition']],
      [{ ratePerMinute: '0', perDay: 'x', perMonth: '-1' }, ['ratePerMinute', 'perDay', 'perMonth']],
      [{ id: '../x', basisRef: ' ' }, ['id', 'basisRef']],
    ];
    for (const [change, fields] of wrong)
      assert.deepEqual(readAgreementForm({ ...good, ...change }, KNOWN), { ok: false, error: fields });
  });

  test('without terms has none', () => {
    const { terms: _terms, ...plain } = AGREEMENT;
    assert.deepEqual(readAgreementForm(formOfAgreement(plain), KNOWN), { ok: true, value: { ...plain, version: 4 } });
  });

  test('reads whatever is typed without breaking', () => {
    const good = formOfAgreement(AGREEMENT);
    const names = fc.constantFrom(...(Object.keys(good) as (keyof TypedAgreement)[]));
    fc.assert(
      fc.property(names, fc.string(), (name, text) => {
        readAgreementForm({ ...good, [name]: text }, KNOWN);
      }),
    );
  });
});
