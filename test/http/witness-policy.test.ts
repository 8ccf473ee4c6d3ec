import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseWitnessPolicy } from '../../src/exchange/evidence/witnesses.ts';
import { issueToken, joinAsGateway } from '../../src/exchange/index.ts';
import { listEvents } from '../../src/exchange/operators/store/event.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { openWitness } from '../../src/ledger/index.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { anAdmission, INSTANCE, officer, startRegistry, type TestRegistry } from '../support/registry.ts';

/** How many witnesses whoever verifies is told to demand, and who at the registry says so. */
describe('the witness policy that a registry proposes', () => {
  let db: Database;
  let test: TestRegistry;
  let dir: string;
  const names = ['university', 'bar', 'press', `${INSTANCE}/GOV/DGSN/gw1/witness`];
  const witnesses = names.map((name) => openWitness(name, generateKeyPairSync('ed25519').privateKey));

  before(async () => {
    db = await openForTest([]);
    test = await startRegistry(db, new Date());
    dir = await mkdtemp(join(tmpdir(), 'wasl-witness-policy-'));
  });
  after(async () => {
    await test.close();
    await db.close();
    await rm(dir, { recursive: true, force: true });
  });

  const call = async (method: string, path: string, body?: object, token = test.operatorToken) => {
    const answer = await fetch(`${test.server.url}/registry/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.json()) as Readonly<Record<string, unknown>>;
    return { status: answer.status, json, detail: String(json['detail'] ?? '') };
  };
  const list = (nth: number) => {
    const { name, vkey } = witnesses[nth] ?? assert.fail();
    return call('PUT', `witnesses/${encodeURIComponent(name)}`, { vkey, url: 'https://witness.example/' });
  };
  const unlist = (nth: number) => call('DELETE', `witnesses/${encodeURIComponent(names[nth] ?? '')}`);
  const demand = (required: unknown, token?: string) => call('PUT', 'witness-policy', { required }, token);
  /** As whoever verifies takes it, and as the command reads it. */
  const published = async () => {
    const answer = await fetch(`${test.server.url}/witness-policy`);
    assert.equal(answer.status, 200);
    return unwrap(parseWitnessPolicy(await answer.text()));
  };

  it('demands nothing while no witness is listed, and cannot be made to', async () => {
    assert.deepEqual(await published(), { v: 1, instance: INSTANCE, required: 0, witnesses: [] });
    const refused = await demand(1);
    assert.equal(refused.status, 422);
    assert.match(refused.detail, /required is 1, and no ledger can have the cosignatures of more than 0/);
    assert.equal((await published()).required, 0);
  });

  it('demands more than half but for one of those that are listed, where nobody has set a number', async () => {
    const expected = [1, 1, 2];
    for (const nth of [0, 1, 2]) {
      assert.equal((await list(nth)).status, 200);
      assert.equal((await published()).required, expected[nth]);
    }
    const { json } = await call('GET', 'witness-policy');
    assert.equal(json['set'], null);
    assert.equal(json['most'], 3);
  });

  it('demands what the security officer has set, with an entry in the registry’s ledger, and what nobody can fulfil never', async () => {
    const set = await demand(3);
    assert.equal(set.status, 200, set.detail);
    assert.equal(set.json['required'], 3);
    assert.equal((await published()).required, 3);
    const tooMany = await demand(4);
    assert.equal(tooMany.status, 422);
    assert.match(tooMany.detail, /more than 3 of the listed witnesses.*List more witnesses first, or demand fewer/);
    assert.deepEqual(tooMany.json['errors'], [
      { field: '/required', message: 'must be at most 3: so many of the listed witnesses can count' },
    ]);
    for (const wrong of [0, -1, 33, 1.5, '2', null]) assert.equal((await demand(wrong)).status, 422, String(wrong));
    assert.equal((await published()).required, 3);
    const [event, ...others] = await listEvents(db.read, { event: 'registry.witness-quorum-set', outcome: 'done' }, 9);
    assert.equal(others.length, 0);
    assert.equal(event?.detail['required'], 3);
  });

  it('does not count a gateway’s own witness among those that its ledger can have', async () => {
    await list(3);
    assert.equal((await call('GET', 'witness-policy')).json['most'], 4, 'of nobody’s gateway yet');
    const token = await issueToken(test.registry, anAdmission(), new Date());
    const address = 'https://127.0.0.1:24999';
    await joinAsGateway({ registryUrl: test.server.url, token, dir, address, clock: () => new Date() });
    const { json } = await call('GET', 'witness-policy');
    assert.equal(json['most'], 3);
    assert.match((await demand(4)).detail, /a gateway’s witness does not count for its own ledger/);
    assert.equal((await published()).witnesses.length, 4);
  });

  it('keeps the witnesses that it needs: one is taken out once fewer are demanded', async () => {
    const kept = await unlist(0);
    assert.equal(kept.status, 409);
    assert.match(kept.detail, /demands 3 witnesses, and 2 would be left; lower it first/);
    assert.equal((await published()).witnesses.length, 4);
    assert.equal((await demand(2)).status, 200);
    assert.equal((await unlist(0)).status, 200);
    assert.deepEqual([(await published()).required, (await published()).witnesses.length], [2, 3]);
  });

  it('is set by the security officer and by no other role', async () => {
    const registrar = await officer(test, 'Registrar', ['registration-officer']);
    const security = await officer(test, 'Security', ['security-officer']);
    assert.equal((await demand(1, registrar)).status, 403);
    assert.equal((await call('DELETE', 'witness-policy', undefined, registrar)).status, 403);
    assert.equal((await call('GET', 'witness-policy', undefined, registrar)).status, 200);
    assert.equal((await fetch(`${test.server.url}/registry/v1/witness-policy`)).status, 401);
    assert.equal((await published()).required, 2);
    assert.equal((await demand(1, security)).status, 200);
    assert.equal((await published()).required, 1);
  });

  it('demands more than half again once the number is taken back', async () => {
    const back = await call('DELETE', 'witness-policy');
    assert.equal(back.status, 200);
    assert.equal(back.json['set'], null);
    assert.equal((await published()).required, 2);
  });
});
