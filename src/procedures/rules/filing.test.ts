import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AMINA,
  after,
  around,
  BIRTH_DATA,
  FILED_AT,
  filed,
  IDENTITY_DATA,
  RESIDENCE_ANSWERS,
  refusalOf,
  started,
} from '../../../test/support/procedures.ts';
import type { Dossier } from '../model/dossier.ts';
import { acceptDossier } from './decision.ts';
import { dossierClock } from './dossier.ts';
import {
  acknowledgeExchange,
  fileDossier,
  recordDocument,
  refilledAnswers,
  saveAnswers,
  startDraft,
} from './filing.ts';

describe('from a draft to a filed dossier', () => {
  test('the whole way of a certificate of residence', () => {
    const here = around(FILED_AT);
    let dossier = started();
    dossier = after(dossier, acknowledgeExchange(dossier, { by: 'amina', documents: ['identity', 'birth'] }, here));
    const obtained = (document: string, data: typeof IDENTITY_DATA | typeof BIRTH_DATA) =>
      recordDocument(
        dossier,
        { document, outcome: { kind: 'obtained', via: 'exchange', reference: `x-${document}`, data } },
        here,
      );
    dossier = after(dossier, obtained('identity', IDENTITY_DATA));
    dossier = after(dossier, obtained('birth', BIRTH_DATA));
    assert.equal(refilledAnswers(dossier, here)['address'], '12 زنقة فاس، أكدال');
    dossier = after(dossier, saveAnswers(dossier, { by: 'amina', answers: RESIDENCE_ANSWERS }, here));
    dossier = after(dossier, fileDossier(dossier, { by: 'amina', receiptNumber: 'R-2026-000001-Q' }, here));
    assert.equal(dossier.status, 'filed');
    assert.equal(dossier.filing?.number, 'R-2026-000001-Q');
    assert.deepEqual(
      dossier.filing?.items.map(({ outcome }) => outcome),
      ['received', 'received', 'received'],
    );
    assert.equal(dossierClock(dossier, here).deadlineOn, '2027-01-22');
  });

  test('filing and receipt are one act: no event files without a number (L13)', () => {
    const dossier = { ...filed(), status: 'draft' as const, filing: undefined };
    const moves = fileDossier(dossier, { by: 'amina', receiptNumber: 'R-2026-000002-O' }, around(FILED_AT));
    assert.ok(moves.ok);
    assert.deepEqual(
      moves.value.map((event) => [event.kind, 'number' in event && event.number]),
      [['filed', 'R-2026-000002-O']],
    );
  });

  test('an incomplete form is not filed, and each missing field is named', () => {
    const dossier = { ...filed(), status: 'draft' as const, answers: { purpose: 'bank' } };
    const moves = fileDossier(dossier, { by: 'amina', receiptNumber: 'R' }, around(FILED_AT));
    assert.ok(!moves.ok && moves.error.kind === 'form-errors');
    assert.deepEqual(
      moves.error.errors.map(({ field }) => field),
      ['address', 'commune', 'province', 'residentSince', 'proofKind', 'phone'],
    );
  });

  test('answers of hidden fields are not filed', () => {
    const answers = { ...RESIDENCE_ANSWERS, purposeDetail: 'left over from another choice' };
    const moves = fileDossier(
      { ...filed(), status: 'draft', answers },
      { by: 'amina', receiptNumber: 'R' },
      around(FILED_AT),
    );
    const event = moves.ok ? moves.value[0] : undefined;
    assert.ok(event?.kind === 'filed');
    assert.equal(Object.hasOwn(event.answers, 'purposeDetail'), false);
  });

  test('a source that is down does not stop filing: the document is awaited', () => {
    const here = around(FILED_AT);
    const base = filed();
    const draft: Dossier = {
      ...base,
      status: 'draft',
      filing: undefined,
      documents: { ...base.documents, birth: { status: 'awaited', reference: undefined, at: FILED_AT } },
    };
    let dossier = after(draft, fileDossier(draft, { by: 'amina', receiptNumber: 'R-2026-000003-M' }, here));
    assert.deepEqual(dossier.filing?.items[1], { document: 'birth', outcome: 'awaited', via: 'exchange' });
    assert.equal(refusalOf(acceptDossier(dossier, { by: 'agent', number: 'D' }, around())), 'documents-awaited');
    const outcome = { kind: 'obtained', via: 'exchange', reference: 'x-9', data: BIRTH_DATA } as const;
    dossier = after(dossier, recordDocument(dossier, { document: 'birth', outcome }, around()));
    assert.equal(refusalOf(recordDocument(dossier, { document: 'birth', outcome }, around())), 'already-obtained');
    after(dossier, acceptDossier(dossier, { by: 'agent', number: 'D' }, around()));
  });

  test('a document without a record opens the field that replaces it', () => {
    const base = filed();
    const draft: Dossier = {
      ...base,
      status: 'draft',
      documents: { ...base.documents, identity: { status: 'not-found', reference: 'x-7', at: FILED_AT } },
    };
    const moves = fileDossier(draft, { by: 'amina', receiptNumber: 'R' }, around(FILED_AT));
    assert.ok(!moves.ok && moves.error.kind === 'form-errors');
    assert.deepEqual(
      moves.error.errors.map(({ field }) => field),
      ['identityCopy'],
    );
  });

  test('nothing is filed before each fetch was tried', () => {
    const draft: Dossier = { ...filed(), status: 'draft', documents: {} };
    const moves = fileDossier(draft, { by: 'amina', receiptNumber: 'R' }, around(FILED_AT));
    assert.ok(!moves.ok && moves.error.kind === 'documents-not-fetched');
    assert.deepEqual(moves.error.documents, ['identity', 'birth']);
  });

  test('nothing is fetched before the citizen knows', () => {
    const outcome = { kind: 'awaited', reference: undefined } as const;
    assert.equal(refusalOf(recordDocument(started(), { document: 'birth', outcome }, around())), 'not-acknowledged');
  });

  test('a minor is told where to go instead', () => {
    const minor: Dossier = { ...filed(), status: 'draft', person: { ...AMINA, birthDate: '2010-01-01' } };
    const moves = fileDossier(minor, { by: 'amina', receiptNumber: 'R' }, around(FILED_AT));
    assert.ok(!moves.ok && moves.error.kind === 'not-eligible');
    assert.match(moves.error.message.fr, /18 ans/);
  });

  test('a legal person cannot ask for a certificate of residence, and a draft procedure takes no request', () => {
    const here = around(FILED_AT);
    const command = { applicant: 'amina', kind: 'natural', person: AMINA } as const;
    assert.equal(refusalOf(startDraft({ ...command, kind: 'legal' }, here)), 'applicant-kind');
    const unpublished = { ...here, procedure: { ...here.procedure, status: 'reviewed' as const } };
    assert.equal(refusalOf(startDraft(command, unpublished)), 'not-published');
  });

  test('small building projects are filed under fifteen days, large ones under thirty', () => {
    const here = around(FILED_AT, 'permis-construire');
    const file = [{ id: 'f', name: 'f.pdf', mediaType: 'application/pdf', bytes: 1000 }];
    const base = {
      area: 120,
      landTitleNumber: '1/2',
      province: '04.421',
      commune: 'Rabat',
      architect: 'A',
      landTitle: file,
      plans: file,
      phone: '+212612345678',
    };
    const daysFor = (answers: Dossier['answers']) => {
      const dossier = { ...started('permis-construire'), answers };
      return after(dossier, fileDossier(dossier, { by: 'amina', receiptNumber: 'R' }, here)).filing;
    };
    const small = daysFor({ ...base, projectSize: 'small' });
    const large = daysFor({ ...base, projectSize: 'large', studies: file });
    assert.deepEqual([small?.rules.days, large?.rules.days], [15, 30]);
    assert.deepEqual([small?.items.length, large?.items.length], [2, 3]);
  });
});
