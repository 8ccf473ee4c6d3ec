import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { after, around, filed, MESSAGE, RESIDENCE_ANSWERS, refusalOf } from '../../../test/support/procedures.ts';
import { acceptDossier, refuseDossier } from './decision.ts';
import { type Circumstances, dossierClock } from './dossier.ts';
import { assign, completeDossier, extendDeadline, requestCompletion } from './processing.ts';

describe('processing', () => {
  const items = [{ kind: 'document', id: 'addressProof', problem: 'unreadable' }] as const;
  const ask = { by: 'agent', items, message: MESSAGE };

  test('completion is requested exactly once; the second request is refused', () => {
    let dossier = after(filed(), requestCompletion(filed(), ask, around()));
    assert.equal(dossierClock(dossier, around()).phase, 'suspended');
    assert.equal(refusalOf(requestCompletion(dossier, ask, around())), 'suspended');
    dossier = after(
      dossier,
      completeDossier(dossier, { by: 'amina', answers: RESIDENCE_ANSWERS }, around('2026-12-05T10:00:00Z')),
    );
    assert.equal(dossier.status, 'filed');
    assert.equal(
      refusalOf(requestCompletion(dossier, ask, around('2026-12-06T10:00:00Z'))),
      'completion-already-requested',
    );
  });

  test('an agent asks for nothing that is not published, nor for what an administration holds', () => {
    const other = { kind: 'document', id: 'birthCertificateOriginal', problem: 'missing' } as const;
    const held = { kind: 'document', id: 'birth', problem: 'missing' } as const;
    for (const item of [other, held]) {
      const moves = requestCompletion(filed(), { ...ask, items: [item] }, around());
      assert.ok(!moves.ok && moves.error.kind === 'not-required');
      assert.deepEqual(moves.error.ids, [item.id]);
    }
    assert.equal(refusalOf(requestCompletion(filed(), { ...ask, items: [] }, around())), 'nothing-requested');
    assert.equal(refusalOf(requestCompletion(filed(), { ...ask, message: '  court  ' }, around())), 'reason-required');
  });

  test('once the deadline has passed nothing can be asked for any more', () => {
    assert.equal(refusalOf(requestCompletion(filed(), ask, around('2027-02-01T10:00:00Z'))), 'deadline-passed');
  });

  test('a completion has to satisfy the form', () => {
    const dossier = after(filed(), requestCompletion(filed(), ask, around()));
    assert.equal(refusalOf(completeDossier(dossier, { by: 'amina', answers: {} }, around())), 'form-errors');
    assert.equal(
      refusalOf(completeDossier(filed(), { by: 'amina', answers: RESIDENCE_ANSWERS }, around())),
      'completion-not-requested',
    );
  });

  test('only decisions on the list are extended, once, with reasons, within the list', () => {
    const extend = { by: 'agent', days: 15, reason: 'Une enquête publique est nécessaire.' };
    assert.equal(refusalOf(extendDeadline(filed(), extend, around())), 'not-extendable');
    const here = around();
    const listed: Circumstances = {
      ...here,
      procedure: {
        ...here.procedure,
        extension: {
          listRef: { ar: 'لائحة', fr: 'liste' },
          maxDays: 30,
          provenance: { certainty: 'confirmed', sources: [], note: undefined },
        },
      },
    };
    assert.equal(refusalOf(extendDeadline(filed(), { ...extend, days: 31 }, listed)), 'extension-too-long');
    assert.equal(refusalOf(extendDeadline(filed(), { ...extend, reason: '' }, listed)), 'reason-required');
    const extended = after(filed(), extendDeadline(filed(), extend, listed));
    assert.equal(dossierClock(extended, listed).deadlineOn, '2027-02-06');
    assert.equal(refusalOf(extendDeadline(extended, extend, listed)), 'already-extended');
  });

  test('nobody processes their own dossier', () => {
    const own = { by: 'amina' };
    const moves = [
      assign(filed(), { ...own, to: 'agent' }, around()),
      assign(filed(), { by: 'agent', to: 'amina' }, around()),
      requestCompletion(filed(), { ...ask, ...own }, around()),
      acceptDossier(filed(), { ...own, number: 'D' }, around()),
      refuseDossier(filed(), { ...own, number: 'D', ground: 'outside-jurisdiction', reason: MESSAGE }, around()),
    ];
    assert.deepEqual(
      moves.map(refusalOf),
      moves.map(() => 'own-dossier'),
    );
  });
});
