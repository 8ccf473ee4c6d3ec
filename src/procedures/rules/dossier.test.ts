import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  AMINA,
  around,
  BIRTH_DATA,
  FILED_AT,
  filedResidence,
  MESSAGE,
  RESIDENCE_ANSWERS,
} from '../../../test/support/procedures.ts';
import type { Dossier, DossierEvent } from '../model/dossier.ts';
import { acceptBySilence, acceptDossier, appealDecision, refuseDossier, withdrawDossier } from './decision.ts';
import { applyEvent, type Circumstances, foldDossier } from './dossier.ts';
import { acknowledgeExchange, fileDossier, type Moves, recordDocument, saveAnswers } from './filing.ts';
import { assign, completeDossier, extendDeadline, requestCompletion } from './processing.ts';

type Command = (dossier: Dossier, around: Circumstances) => Moves;

const actor = fc.constantFrom('amina', 'agent', 'karim');
const outcome = fc.constantFrom(
  { kind: 'obtained', via: 'exchange', reference: 'x', data: BIRTH_DATA } as const,
  { kind: 'awaited', reference: undefined } as const,
  { kind: 'not-found', reference: 'x' } as const,
);
const command: fc.Arbitrary<Command> = fc.oneof(
  actor.map(
    (by): Command =>
      (d, a) =>
        saveAnswers(d, { by, answers: RESIDENCE_ANSWERS }, a),
  ),
  actor.map(
    (by): Command =>
      (d, a) =>
        acknowledgeExchange(d, { by, documents: ['identity', 'birth'] }, a),
  ),
  fc.tuple(fc.constantFrom('identity', 'birth', 'other'), outcome).map(
    ([document, found]): Command =>
      (d, a) =>
        recordDocument(d, { document, outcome: found }, a),
  ),
  actor.map(
    (by): Command =>
      (d, a) =>
        fileDossier(d, { by, receiptNumber: 'R-2026-000001-Q' }, a),
  ),
  fc.tuple(actor, actor).map(
    ([by, to]): Command =>
      (d, a) =>
        assign(d, { by, to }, a),
  ),
  actor.map(
    (by): Command =>
      (d, a) =>
        requestCompletion(
          d,
          { by, items: [{ kind: 'field', id: 'phone', problem: 'incorrect' }], message: MESSAGE },
          a,
        ),
  ),
  actor.map(
    (by): Command =>
      (d, a) =>
        completeDossier(d, { by, answers: RESIDENCE_ANSWERS }, a),
  ),
  actor.map(
    (by): Command =>
      (d, a) =>
        extendDeadline(d, { by, days: 5, reason: MESSAGE }, a),
  ),
  actor.map(
    (by): Command =>
      (d, a) =>
        acceptDossier(d, { by, number: 'D' }, a),
  ),
  actor.map(
    (by): Command =>
      (d, a) =>
        refuseDossier(d, { by, number: 'D', ground: 'identity-mismatch', reason: MESSAGE }, a),
  ),
  fc.constant<Command>((d, a) => acceptBySilence(d, { number: 'D' }, a)),
  actor.map(
    (by): Command =>
      (d, a) =>
        withdrawDossier(d, { by }, a),
  ),
  actor.map(
    (by): Command =>
      (d, a) =>
        appealDecision(d, { by, reason: MESSAGE }, a),
  ),
);

describe('for every sequence of commands', () => {
  test('a refused move changes nothing, replay gives the same state, and the law’s "once" holds', () => {
    const step = fc.record({ run: command, hours: fc.integer({ min: 0, max: 24 * 20 }) });
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 25 }), (alreadyFiled, steps) => {
        const events: DossierEvent[] = alreadyFiled
          ? [...filedResidence(FILED_AT)]
          : [
              {
                kind: 'draft-started',
                at: FILED_AT,
                by: 'amina',
                procedure: 'certificat-residence',
                version: 1,
                person: AMINA,
                answers: {},
              },
            ];
        let dossier = foldDossier(events);
        let now = Date.parse(FILED_AT);
        for (const { run, hours } of steps) {
          now += hours * 3_600_000;
          const before = structuredClone(dossier);
          const moves = run(dossier, around(new Date(now).toISOString()));
          assert.deepEqual(dossier, before);
          if (!moves.ok) continue;
          events.push(...moves.value);
          dossier = moves.value.reduce<Dossier>(applyEvent, dossier);
        }
        assert.deepEqual(foldDossier(events), dossier);
        const stored = JSON.parse(JSON.stringify(events)) as DossierEvent[];
        assert.equal(JSON.stringify(foldDossier(stored)), JSON.stringify(dossier));
        const count = (...kinds: readonly DossierEvent['kind'][]) =>
          events.filter(({ kind }) => kinds.includes(kind)).length;
        for (const kind of ['filed', 'completion-requested', 'completed', 'extended', 'appealed'] as const) {
          assert.ok(count(kind) <= 1, `${kind} happened ${count(kind)} times`);
        }
        assert.ok(count('accepted', 'refused', 'accepted-by-silence', 'withdrawn') <= 1);
        const byApplicant = events.filter(
          ({ by, kind }) =>
            by === 'amina' && ['assigned', 'accepted', 'refused', 'extended', 'completion-requested'].includes(kind),
        );
        assert.deepEqual(byApplicant, []);
      }),
      { numRuns: 300 },
    );
  });
});
