import assert from 'node:assert/strict';
import { createHash, createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../kernel/index.ts';
import { commitment, ledgerEntry, subjectHash } from './entry.ts';
import type { MessageRecord } from './model.ts';

const SIGNATURE = Buffer.alloc(64, 9);

function aRecord(parts: Partial<MessageRecord> = {}): MessageRecord {
  return {
    exchange: '5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10',
    kind: 'response',
    side: 'provider',
    at: new Date('2026-03-02T09:00:00.123Z'),
    peer: 'MA/GOV/ADD/gw1',
    client: 'MA/GOV/ADD/portal',
    service: 'MA/GOV/DGSN/identity/persons',
    agreement: 'residence',
    agreementVersion: 2,
    purpose: 'residence',
    status: 200,
    fault: null,
    xRoadId: 'MA-of-the-client',
    keyid: 'k'.repeat(43),
    base: '"@target-uri": https://gw/r1/MA/GOV/DGSN/identity/persons/AB123456\n"wasl-subject": AB123456',
    signatureInput: 'wasl=()',
    signature: `wasl=:${SIGNATURE.toString('base64')}:`,
    salt: Buffer.alloc(16, 7),
    subjectHash: Buffer.alloc(32, 5),
    ...parts,
  };
}

const entryOf = (record: MessageRecord) => JSON.parse(ledgerEntry(record).toString('utf8')) as Record<string, Json>;

test('the public entry says who, what, when and why, and nothing else', () => {
  assert.deepEqual(entryOf(aRecord()), {
    v: 1,
    kind: 'response',
    exchange: '5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10',
    at: '2026-03-02T09:00:00.123Z',
    client: 'MA/GOV/ADD/portal',
    service: 'MA/GOV/DGSN/identity/persons',
    commitment: commitment(aRecord()),
    agreement: 'residence',
    purpose: 'residence',
    status: 200,
  });
});

test('what is not known is left out of the entry', () => {
  const record = aRecord({ kind: 'refusal', agreement: null, purpose: null, status: null, fault: 'no-agreement' });
  assert.deepEqual(Object.keys(entryOf(record)).sort(), [
    ...['at', 'client', 'commitment', 'exchange', 'fault', 'kind', 'service', 'v'],
  ]);
});

test('the entry is canonical JSON, so that anybody computes the same leaf', () => {
  const text = ledgerEntry(aRecord()).toString('utf8');
  assert.equal(text, canonicalJson(JSON.parse(text) as Json));
});

test('the commitment is to the salt, the signed base and the signature', () => {
  const { salt, base } = aRecord();
  const bytes = Buffer.concat([salt, Buffer.from(`${base}\n`), SIGNATURE]);
  assert.equal(commitment(aRecord()), createHash('sha256').update(bytes).digest('base64url'));
  for (const other of [
    { salt: Buffer.alloc(16, 8) },
    { base: `${base} ` },
    { signature: `wasl=:${Buffer.alloc(64, 8).toString('base64')}:` },
  ]) {
    assert.notEqual(commitment(aRecord(other)), commitment(aRecord()));
  }
});

test('no text that was signed shows in the entry, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, unit: fc.constantFrom(...'QXZ#_') }), (secret) => {
      const record = aRecord({ base: `"wasl-subject": ${secret}`, xRoadId: secret, signatureInput: secret });
      assert.ok(!ledgerEntry(record).toString('utf8').includes(secret));
    }),
  );
});

test('a person’s number has one hash here, however it is typed, and another at each gateway', () => {
  const [here, there] = [createSecretKey(Buffer.alloc(32, 1)), createSecretKey(Buffer.alloc(32, 2))];
  const hash = subjectHash('AB123456', here);
  assert.equal(hash?.length, 32);
  assert.deepEqual(subjectHash(' ab123456 ', here), hash);
  assert.notDeepEqual(subjectHash('AB123457', here), hash);
  assert.notDeepEqual(subjectHash('AB123456', there), hash);
  assert.equal(subjectHash(undefined, here), null);
});
