import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import {
  anAgreement,
  sendRaw,
  startGateway,
  startService,
  type TestGateway,
  type TestService,
} from '../support/gateways.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

const OTHER = 'XX-TEST';
const SERVICE = `${OTHER}/GOV/CIVIL/registry/persons`;

describe('two instances whose registries trust each other', () => {
  const databases: Database[] = [];
  let here: TestRegistry;
  let there: TestRegistry;
  let consumer: TestGateway;
  let provider: TestGateway;
  let hidden: TestGateway;
  let service: TestService;
  const open = async (sets: readonly string[]) => {
    const db = await openForTest(sets);
    databases.push(db);
    return db;
  };
  const call = async (registry: TestRegistry, method: string, path: string, body?: object) => {
    const response = await fetch(new URL(`/registry/v1${path}`, registry.server.url), {
      method,
      headers: {
        authorization: `Bearer ${registry.operatorToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const trust = (of: TestRegistry, other: TestRegistry, filter: object) => {
    const { anchor } = other.registry.keys;
    const body = { url: other.server.url, anchor, filter: { classes: [], members: [], subsystems: [], ...filter } };
    return call(of, 'PUT', `/federation/${anchor.instance}`, body);
  };
  const ask = (path: string, client = 'MA-TEST/GOV/ADD/portal') =>
    sendRaw(consumer.gateway.url, {
      path,
      headers: [
        ['x-road-client', client],
        ['accept', 'application/json'],
      ],
    });

  before(async () => {
    here = await startRegistry(await open([]), new Date());
    there = await startRegistry(await open([]), new Date(), OTHER);
    for (const one of [here, there]) Object.defineProperty(one, 'now', { get: () => new Date() });
    consumer = await startGateway(here, await open(GATEWAY_MIGRATIONS), { code: 'ADD', subsystem: 'portal' });
    provider = await startGateway(there, await open(GATEWAY_MIGRATIONS), { code: 'CIVIL', subsystem: 'registry' });
    hidden = await startGateway(there, await open(GATEWAY_MIGRATIONS), { code: 'HIDDEN', subsystem: 'secret' });
    service = await startService();
    await provider.gateway.rights.addService({
      service: SERVICE,
      url: service.url,
      timeoutMs: 400,
      enabled: true,
      notice: '',
    });
    await provider.gateway.rights.addAgreement(anAgreement({ service: SERVICE }));
  });
  after(async () => {
    await Promise.all([consumer, provider, hidden].map((one) => one?.close()));
    await service?.close();
    await Promise.all([here, there].map((one) => one?.close()));
    for (const db of databases) await db.close();
  });

  it('are strangers before an operator has said otherwise', async () => {
    assert.equal((await ask(`/r1/${SERVICE}/json`)).headers['x-road-error'], 'Server.ClientProxy.UnknownMember');
  });

  it('pass messages once each has let the other’s members in, and an agreement exists', async () => {
    assert.equal((await trust(here, there, { members: [`${OTHER}/GOV/CIVIL`] })).status, 200);
    assert.equal((await trust(there, here, { classes: ['GOV'] })).status, 200);
    for (const one of [consumer, provider, hidden]) await one.trust.refresh();
    // The provider's door takes a new authority up within a second.
    let answer = await ask(`/r1/${SERVICE}/json`);
    for (let turn = 0; turn < 40 && answer.status !== 200; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      answer = await ask(`/r1/${SERVICE}/json`);
    }
    assert.equal(answer.status, 200, answer.text);
    assert.equal(JSON.parse(answer.text).number, 'AB123');
    assert.equal('secret' in JSON.parse(answer.text), false);
  });

  it('show of the other instance what the filter let in, and nothing else', async () => {
    const listed = JSON.parse((await ask(`/listClients?xRoadInstance=${OTHER}`)).text).member;
    const codes = listed.map(({ id }: { id: Record<string, string> }) => id['subsystem_code'] ?? id['member_code']);
    assert.deepEqual(codes, ['CIVIL', 'registry']);
    const answer = await ask(`/r1/${OTHER}/GOV/HIDDEN/secret/x/json`);
    assert.equal(answer.headers['x-road-error'], 'Server.ClientProxy.UnknownMember');
  });

  it('do not let in a member that is outside of the filter, though its own registry knows both', async () => {
    const from = await sendRaw(hidden.gateway.url, {
      path: '/r1/MA-TEST/GOV/ADD/portal/x/json',
      headers: [['x-road-client', `${OTHER}/GOV/HIDDEN/secret`]],
    });
    assert.ok(from.status >= 400);
    const lines = consumer.log.lines.filter(({ event }) => event.includes('refused') || event.includes('peer'));
    assert.equal(from.status === 200, false, JSON.stringify(lines));
  });

  it('follow each other’s new keys', async () => {
    assert.equal((await call(there, 'POST', '/keys/rotate')).status, 200);
    const { body } = await call(here, 'POST', '/federation/refresh');
    assert.equal(body.federation[0].problem, null);
    assert.equal(body.federation[0].anchor.keys.length, 2);
    await consumer.trust.refresh();
    assert.equal((await ask(`/r1/${SERVICE}/json`)).status, 200);
  });

  it('are refused with another anchor than their own', async () => {
    const body = {
      url: there.server.url,
      anchor: { ...here.registry.keys.anchor, instance: OTHER },
      filter: { classes: [], members: [], subsystems: [] },
    };
    const refused = await call(here, 'PUT', `/federation/${OTHER}`, body);
    assert.equal(refused.status, 422);
    assert.match(refused.body.type, /federation-refused$/);
  });

  it('are strangers again once the trust is taken back', async () => {
    assert.equal((await call(here, 'DELETE', `/federation/${OTHER}`)).status, 200);
    await consumer.trust.refresh();
    assert.equal((await ask(`/r1/${SERVICE}/json`)).headers['x-road-error'], 'Server.ClientProxy.UnknownMember');
  });
});
