import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { ok } from '../../kernel/index.ts';
import { type KnownGateway, signKeyOf } from '../gateway/trust-view.ts';
import type { Agreement } from '../message/agreement.ts';
import { readSignedAct, signAct, signedNow } from './act-document.ts';
import { type AgreementDocument, readSignedDocument, signDocument } from './document.ts';

const UNTIL = Date.parse('2026-03-02T12:00:00Z');
const [before, after] = ['before', 'after'].map((keyid) => ({
  keyid,
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }),
}));
assert.ok(before !== undefined && after !== undefined);
const formerSigner = { keyid: before.keyid, key: before.privateKey };
const presentSigner = { keyid: after.keyid, key: after.privateKey };

/** A gateway that has renewed its key, as the trust list shows it. */
const renewed = {
  keyid: after.keyid,
  signKey: after.publicKey,
  former: { keyid: before.keyid, signKey: before.publicKey, tlsThumbprint: '', until: UNTIL },
} as unknown as KnownGateway;
const keysAt = (at: number) => (keyid: string) => signKeyOf(renewed, keyid, new Date(at));

const document = { id: 'residence', version: 1 } as unknown as AgreementDocument;
const parse = (payload: unknown) => ok({ ...(payload as object), status: 'active' } as unknown as Agreement);
const act = {
  act: 'suspend',
  provider: 'MA/GOV/DGSN/gw1',
  agreement: 'residence',
  number: 1,
  reason: '',
  at: '2026-03-02T09:00:00.000Z',
} as const;

test('what the former key signed is read until that key ends, and no longer', () => {
  const jws = signDocument(formerSigner, 'provider', document);
  assert.equal(readSignedDocument(jws, keysAt(UNTIL - 1), parse).ok, true);
  assert.equal(readSignedDocument(jws, keysAt(UNTIL), parse).ok, false);
  const signed = signAct(formerSigner, 'provider', act);
  assert.equal(readSignedAct(signed, keysAt(UNTIL - 1)).ok, true);
  assert.equal(readSignedAct(signed, keysAt(UNTIL)).ok, false);
});

test('what waited over a renewal is sent under the present key, with the same words and party', () => {
  for (const jws of [signDocument(formerSigner, 'provider', document), signAct(formerSigner, 'provider', act)]) {
    const again = signedNow(jws, presentSigner);
    assert.notEqual(again, jws);
    assert.equal(again.split('.')[1], jws.split('.')[1]);
    assert.equal(signedNow(again, presentSigner), again, 'once is enough');
  }
  const read = readSignedDocument(
    signedNow(signDocument(formerSigner, 'client', document), presentSigner),
    keysAt(UNTIL + 1),
    parse,
  );
  assert.deepEqual(read, ok({ party: 'client', document }));
});

test('an act says what its party may do, and nothing beside it', () => {
  const read = (party: 'provider' | 'client', more: object) =>
    readSignedAct(signAct(presentSigner, party, { ...act, ...more } as never), keysAt(0)).ok;
  const endsAt = '2026-04-01T00:00:00.000Z';
  assert.equal(read('provider', {}), true);
  assert.equal(read('client', {}), false, 'only the provider suspends');
  assert.equal(read('client', { act: 'decline', version: 1 }), true);
  assert.equal(read('client', { act: 'decline' }), false);
  assert.equal(read('provider', { act: 'decline', version: 1 }), false);
  assert.equal(read('client', { act: 'end', endsAt }), true);
  assert.equal(read('client', { act: 'end' }), false);
  assert.equal(read('provider', { endsAt }), false);
  assert.equal(read('provider', { number: 0 }), false);
  assert.equal(read('provider', { more: 1 }), false);
});
