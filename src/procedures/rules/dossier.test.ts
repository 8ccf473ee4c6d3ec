import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  AMINA,
  BIRTH_DATA,
  circumstances,
  filedResidence,
  IDENTITY_DATA,
  RESIDENCE_ANSWERS,
} from '../../../test/support/procedures.ts';
import type { Dossier, DossierEvent } from '../model/dossier.ts';
import { acceptBySilence, acceptDossier, appealDecision, refuseDossier, withdrawDossier } from './decision.ts';
import { applyEvent, type Circumstances, dossierClock, foldDossier } from './dossier.ts';
import {
  acknowledgeExchange,
  fileDossier,
  type Moves,
  recordDocument,
  refilledAnswers,
  saveAnswers,
  startDraft,
} from './filing.ts';
import { assign, completeDossier, extendDeadline, requestCompletion } from './processing.ts';

const MESSAGE = 'La pièce jointe est illisible, merci de la remplacer.';
const FILED_AT = '2026-11-23T10:00:00.000Z';
const LATER = '2026-11-25T10:00:00.000Z';
const around = (now: string = LATER, procedure = 'certificat-residence') => circumstances(procedure, now);

function after(dossier: Dossier, moves: Moves): Dossier {
  assert.ok(moves.ok, `refused: ${JSON.stringify(moves)}`);
  return moves.value.reduce<Dossier>(applyEvent, dossier);
}

function refusalOf(moves: Moves): string {
  assert.ok(!moves.ok, 'was accepted');
  return moves.error.kind;
}

function started(procedure = 'certificat-residence', now = FILED_AT): Dossier {
  const moves = startDraft({ applicant: 'amina', kind: 'natural', person: AMINA }, around(now, procedure));
  assert.ok(moves.ok);
  return foldDossier(moves.value);
}

const filed = () => foldDossier(filedResidence(FILED_AT));

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

describe('deciding', () => {
  const refusal = { by: 'agent', number: 'D-2026-000001-9', ground: 'outside-jurisdiction', reason: MESSAGE };

  test('a refusal carries a ground of the procedure, its legal reference and reasons (L23)', () => {
    const dossier = after(filed(), refuseDossier(filed(), refusal, around()));
    assert.ok(dossier.decision?.kind === 'refused');
    assert.match(dossier.decision.legalReference.fr, /55-19/);
    assert.equal(refusalOf(refuseDossier(filed(), { ...refusal, ground: 'because' }, around())), 'unknown-ground');
    assert.equal(refusalOf(refuseDossier(filed(), { ...refusal, reason: 'non' }, around())), 'reason-required');
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
