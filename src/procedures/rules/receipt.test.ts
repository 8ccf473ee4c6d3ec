import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { circumstances, filedResidence } from '../../../test/support/procedures.ts';
import type { Dossier } from '../model/dossier.ts';
import { attestationRows } from './attestation.ts';
import { foldDossier } from './dossier.ts';
import { receiptOf } from './receipt.ts';

const FILED_AT = '2026-11-23T10:00:00.000Z';
const here = circumstances('certificat-residence', '2027-05-01T10:00:00Z');
const dossier = foldDossier(filedResidence(FILED_AT));

describe('the receipt', () => {
  test('states number, instant, authority, items, deadline, effect of silence and appeal (L14)', () => {
    const receipt = receiptOf(dossier, here);
    assert.ok(receipt);
    assert.deepEqual(
      [receipt.number, receipt.filedAt, receipt.mention, receipt.silence.kind],
      ['R-2026-000001-Q', FILED_AT, 'complete', 'none'],
    );
    assert.deepEqual(receipt.deadline, { days: 60, on: '2027-01-22', basis: 'law-ceiling' });
    assert.deepEqual(
      receipt.received.map(({ id, via }) => [id, via]),
      [
        ['identity', 'exchange'],
        ['birth', 'exchange'],
        ['addressProof', 'declaration'],
      ],
    );
    assert.equal(receipt.applicant.ar, 'أمينة العلوي');
    assert.equal(receipt.appeal.fileWithinDays, 30);
  });

  test('says the same after later acts: it is what was handed over at filing', () => {
    const later: Dossier = {
      ...dossier,
      completion: { requestedAt: '2026-12-01T10:00:00Z', by: 'agent', items: [], message: '', completedAt: undefined },
      extension: { at: '2026-12-02T10:00:00Z', days: 30, reason: '' },
    };
    assert.deepEqual(receiptOf(later, here), receiptOf(dossier, here));
  });

  test('mentions what is awaited from administrations and what is missing', () => {
    const filing = dossier.filing;
    assert.ok(filing);
    const withItems = (outcome: 'awaited' | 'missing') => ({
      ...dossier,
      filing: { ...filing, items: [{ document: 'birth', outcome, via: 'exchange' as const }] },
    });
    assert.equal(receiptOf(withItems('awaited'), here)?.mention, 'awaiting-administrations');
    assert.equal(receiptOf(withItems('missing'), here)?.mention, 'with-missing-items');
    assert.equal(
      receiptOf(withItems('missing'), here)?.missing[0]?.title.fr,
      'Acte de naissance enregistré à l’état civil',
    );
  });

  test('a draft has none', () => assert.equal(receiptOf({ ...dossier, filing: undefined }, here), undefined));
});

describe('the attestation', () => {
  test('states facts from documents, person and answers, with the labels of choices and both scripts', () => {
    const rows = attestationRows(here.procedure, dossier);
    assert.deepEqual(
      rows.map(({ kind, value }) => [kind, value.ar, value.fr]),
      [
        ['text', 'أمينة العلوي', 'Amina Alaoui'],
        ['text', 'AB123456', 'AB123456'],
        ['date', '1990-03-27', '1990-03-27'],
        ['text', 'فاس', 'Fès'],
        ['text', '12 زنقة فاس، أكدال', '12 زنقة فاس، أكدال'],
        ['text', 'الرباط', 'الرباط'],
        ['text', 'الرباط', 'Rabat'],
        ['date', '2015-09-01', '2015-09-01'],
      ],
    );
  });

  test('states nothing that the dossier does not hold', () => {
    const bare = attestationRows(here.procedure, { ...dossier, documents: {}, answers: {} });
    assert.deepEqual(
      bare.map(({ value }) => value.fr),
      ['AB123456'],
    );
  });
});
