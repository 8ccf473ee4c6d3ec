import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { after, around, filed, MESSAGE, RESIDENCE_ANSWERS } from '../../../test/support/procedures.ts';
import type { CompletionItem, Dossier } from '../model/dossier.ts';
import { completionFields, readCompletion } from './completion.ts';
import { completeDossier, requestCompletion } from './processing.ts';

function asked(...items: CompletionItem[]): Dossier {
  return after(filed(), requestCompletion(filed(), { by: 'agent', items, message: MESSAGE }, around()));
}

const ADDRESS = { kind: 'field', id: 'address', problem: 'incorrect' } as const;
const PHONE = { kind: 'field', id: 'phone', problem: 'missing' } as const;
const PROOF = { kind: 'document', id: 'addressProof', problem: 'unreadable' } as const;

describe('the answer to a completion request', () => {
  test('asks for all that was requested, in the order of the form, whatever step it stands in', () => {
    assert.deepEqual(completionFields(around().procedure, [PHONE, ADDRESS]), ['address', 'phone']);
  });

  test('a requested paper brings the questions that it is answered in, and the one that chooses between them', () => {
    assert.deepEqual(completionFields(around().procedure, [PROOF]), [
      'proofKind',
      'addressDeclaration',
      'addressProofFile',
    ]);
  });

  test('changes what was asked for and completes the dossier', () => {
    const dossier = asked(ADDRESS);
    const { reading } = readCompletion(dossier, { address: '4, rue Neuve' }, {}, around());
    assert.deepEqual([reading.errors, reading.revealed], [[], []]);
    const done = after(dossier, completeDossier(dossier, { by: 'amina', answers: reading.answers }, around()));
    assert.equal(done.status, 'filed');
    assert.equal(done.answers['address'], '4, rue Neuve');
  });

  test('an answer that makes another question necessary brings it up before anything is sent', () => {
    const { ids, reading } = readCompletion(asked(PROOF), { proofKind: 'file' }, {}, around());
    assert.ok(ids.includes('addressProofFile'));
    assert.deepEqual(reading.revealed, ['addressProofFile']);
  });

  test('takes no answer to a question that was not asked', () => {
    const dossier = asked(ADDRESS);
    const others = Object.keys(RESIDENCE_ANSWERS).filter((id) => id !== 'address');
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...others), fc.string({ maxLength: 20 })), (posted) => {
        const { ids, reading } = readCompletion(dossier, { ...posted, address: '4, rue Neuve' }, {}, around());
        assert.deepEqual(ids, ['address']);
        for (const id of others) assert.deepEqual(reading.answers[id], dossier.answers[id]);
      }),
    );
  });
});
