import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  after,
  around,
  FILED_AT,
  filed,
  filedResidence,
  MESSAGE,
  refusalOf,
  started,
} from '../../../test/support/procedures.ts';
import type { DossierEvent } from '../model/dossier.ts';
import {
  acceptBySilence,
  acceptDossier,
  appealDecision,
  faultsOfDecision,
  mayAppeal,
  refuseDossier,
  withdrawDossier,
} from './decision.ts';
import { foldDossier } from './dossier.ts';
import { acknowledgeExchange, fileDossier, saveAnswers } from './filing.ts';
import { completeDossier, requestCompletion } from './processing.ts';

describe('deciding', () => {
  const refusal = { by: 'agent', number: 'D-2026-000001-9', ground: 'outside-jurisdiction', reason: MESSAGE };

  test('a refusal carries a ground of the procedure, its legal reference and reasons (L23)', () => {
    const dossier = after(filed(), refuseDossier(filed(), refusal, around()));
    assert.ok(dossier.decision?.kind === 'refused');
    assert.match(dossier.decision.legalReference.fr, /55-19/);
    assert.equal(refusalOf(refuseDossier(filed(), { ...refusal, ground: 'because' }, around())), 'unknown-ground');
    assert.equal(refusalOf(refuseDossier(filed(), { ...refusal, reason: 'non' }, around())), 'reason-required');
  });

  test('all that is wrong with a refusal is said at once, before it is confirmed', () => {
    const faults = (ground: string, reason: string) =>
      faultsOfDecision(filed(), 'agent', { kind: 'refuse', ground, reason }, around()).map(({ kind }) => kind);
    assert.deepEqual(faults('', 'non'), ['unknown-ground', 'reason-required']);
    assert.deepEqual(faults('outside-jurisdiction', 'non'), ['reason-required']);
    assert.deepEqual(faults('outside-jurisdiction', MESSAGE), []);
    assert.deepEqual(
      faultsOfDecision(filed(), 'amina', { kind: 'accept', remark: '' }, around()).map(({ kind }) => kind),
      ['own-dossier'],
    );
  });

  test('an appeal is offered exactly where it would be taken: after a refusal, or a silence that is no yes', () => {
    const offeredAsTaken = (dossier: ReturnType<typeof filed>, now: string) => {
      const taken = appealDecision(dossier, { by: 'amina', reason: MESSAGE }, around(now)).ok;
      assert.equal(mayAppeal(dossier, around(now)), taken, now);
      return taken;
    };
    const refused = after(filed(), refuseDossier(filed(), refusal, around()));
    assert.equal(offeredAsTaken(filed(), '2026-11-25T10:00:00.000Z'), false);
    assert.equal(offeredAsTaken(refused, '2026-11-26T10:00:00.000Z'), true);
    assert.equal(offeredAsTaken(refused, '2027-11-26T10:00:00.000Z'), false);
    assert.equal(offeredAsTaken(filed(), '2027-01-25T10:00:00.000Z'), true);
    const appealed = after(refused, appealDecision(refused, { by: 'amina', reason: MESSAGE }, around()));
    assert.equal(offeredAsTaken(appealed, '2026-11-26T10:00:00.000Z'), false);
  });

  test('nothing is decided while the applicant is asked to complete', () => {
    const ask = {
      by: 'agent',
      items: [{ kind: 'field', id: 'phone', problem: 'incorrect' } as const],
      message: MESSAGE,
    };
    const dossier = after(filed(), requestCompletion(filed(), ask, around()));
    assert.equal(refusalOf(acceptDossier(dossier, { by: 'agent', number: 'D' }, around())), 'suspended');
    assert.equal(refusalOf(refuseDossier(dossier, refusal, around())), 'suspended');
  });

  test('after a decision nothing moves but the appeal', () => {
    const dossier = after(filed(), acceptDossier(filed(), { by: 'agent', number: 'D', remark: ' ' }, around()));
    assert.equal(refusalOf(acceptDossier(dossier, { by: 'agent', number: 'D' }, around())), 'ended');
    assert.equal(refusalOf(withdrawDossier(dossier, { by: 'amina' }, around())), 'ended');
    assert.equal(refusalOf(appealDecision(dossier, { by: 'amina', reason: MESSAGE }, around())), 'nothing-to-appeal');
  });

  test('silence of the commune grants the building permit, and it cannot be refused afterwards (L19)', () => {
    const events = filedResidence(FILED_AT).map((event): DossierEvent => {
      if (event.kind === 'draft-started') return { ...event, procedure: 'permis-construire' };
      return event.kind === 'filed' ? { ...event, rules: { ...event.rules, days: 15, silence: 'acceptance' } } : event;
    });
    const dossier = foldDossier(events);
    const inTime = around('2026-12-08T10:00:00Z', 'permis-construire');
    const past = around('2026-12-09T10:00:00Z', 'permis-construire');
    assert.equal(refusalOf(acceptBySilence(dossier, { number: 'D' }, inTime)), 'silence-not-due');
    assert.equal(refusalOf(refuseDossier(dossier, { ...refusal, ground: 'zoning' }, past)), 'accepted-by-silence');
    const accepted = after(dossier, acceptBySilence(dossier, { number: 'D' }, past));
    assert.ok(accepted.decision?.kind === 'accepted-by-silence');
    assert.equal(accepted.decision.effectiveOn, '2026-12-09');
    assert.equal(refusalOf(acceptBySilence(accepted, { number: 'D' }, past)), 'ended');
  });

  test('a refusal and a silence past the deadline can be appealed, once and in time (L24)', () => {
    const refused = after(filed(), refuseDossier(filed(), refusal, around()));
    const appeal = { by: 'amina', reason: 'La décision repose sur une erreur d’adresse.' };
    const appealed = after(refused, appealDecision(refused, appeal, around()));
    assert.equal(appealed.appeal?.against, 'refusal');
    assert.equal(refusalOf(appealDecision(appealed, appeal, around())), 'already-appealed');
    assert.equal(refusalOf(appealDecision(refused, appeal, around('2027-03-01T10:00:00Z'))), 'appeal-closed');
    const silent = after(filed(), appealDecision(filed(), appeal, around('2027-02-01T10:00:00Z')));
    assert.equal(silent.appeal?.against, 'silence');
    assert.equal(refusalOf(appealDecision(filed(), appeal, around())), 'nothing-to-appeal');
  });

  test('what is not mine I cannot move', () => {
    const other = { by: 'karim' };
    const moves = [
      saveAnswers(started(), { ...other, answers: {} }, around()),
      fileDossier(started(), { ...other, receiptNumber: 'R' }, around()),
      withdrawDossier(filed(), other, around()),
      completeDossier(filed(), { ...other, answers: {} }, around()),
      acknowledgeExchange(started(), { ...other, documents: ['birth'] }, around()),
      appealDecision(filed(), { ...other, reason: MESSAGE }, around()),
    ];
    assert.deepEqual(
      moves.map(refusalOf),
      moves.map(() => 'not-yours'),
    );
  });
});
