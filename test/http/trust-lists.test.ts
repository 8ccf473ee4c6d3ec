import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FAULTS, type FaultSlug, GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { signJws } from '../../src/exchange/trust/jws.ts';
import type { TrustListPayload } from '../../src/exchange/trust/model.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { anInstance } from '../support/evidence.ts';
import { startGateway, type TestGateway } from '../support/gateways.ts';
import { INSTANCE, startRegistry, type TestRegistry } from '../support/registry.ts';

/** Somebody between a gateway and the registry, or a registry that went wrong: each is told by its own name. */
describe('a trust list that a gateway must not take', () => {
  let databases: readonly [Database, Database];
  let registry: TestRegistry;
  let one: TestGateway;
  let given: (() => string) | undefined;
  const listed = async (): Promise<string> => (await fetch(`${registry.server.url}/trust-list`)).text();

  before(async () => {
    databases = [
      await openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]),
      await openForTest(GATEWAY_MIGRATIONS),
    ];
    registry = await startRegistry(databases[0], new Date());
    const listFrom = async () => given?.() ?? listed();
    one = await startGateway(registry, databases[1], { code: 'ADD', subsystem: 'portal', listFrom });
  });
  after(async () => {
    await one.close();
    await registry.close();
    for (const db of databases) await db.close();
  });

  const api = async (method: string, path: string) => {
    const headers = { authorization: `Bearer ${one.token}` };
    // A gateway asks at most every five seconds; a test does not wait for that.
    one.skewMs += 6_000;
    const answer = await fetch(`${one.gateway.url}/operator/v1/trust${path}`, { method, headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const payload = async (): Promise<TrustListPayload> => {
    const [, middle = ''] = (await listed()).split('.');
    return JSON.parse(Buffer.from(middle, 'base64url').toString('utf8')) as TrustListPayload;
  };
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
  const sealed = async (change: Partial<TrustListPayload>) =>
    signJws(registry.registry.keys.signer, 'wasl-trust-list', { ...(await payload()), ...change });

  const hostile: readonly [string, () => Promise<string>, FaultSlug][] = [
    [
      'signed by another registry',
      async () => signJws((await anInstance()).signer, 'wasl-trust-list', await payload()),
      'trust-list-forged',
    ],
    ['of another instance', () => sealed({ instance: `${INSTANCE}-B` }), 'trust-list-forged'],
    ['with one letter changed', async () => (await listed()).replace(/\.(.)/, '.f'), 'trust-list-forged'],
    ['older than the one held', () => sealed({ version: 1 }), 'trust-list-rolled-back'],
    ['another under the same version', () => sealed({ expiresAt: hours(9) }), 'trust-list-equivocal'],
    [
      'that has expired',
      () => sealed({ version: 900, issuedAt: hours(-30), expiresAt: hours(-6) }),
      'trust-list-stale',
    ],
    [
      'of the day after tomorrow',
      () => sealed({ version: 900, issuedAt: hours(48), expiresAt: hours(72) }),
      'trust-list-not-yet-valid',
    ],
    ['whose gateways are none', () => sealed({ version: 900, gateways: ['x'] }), 'trust-list-malformed'],
    ['with a version that is no number', () => sealed({ version: '7' as never }), 'trust-list-malformed'],
  ];
  for (const [how, make, slug] of hostile) {
    it(`${how} is refused as ${slug}, and the one held goes on counting`, async () => {
      await one.trust.refresh();
      const held = (await api('GET', '')).body['list'];
      const text = await make();
      given = () => text;
      const refused = await api('POST', '/refresh');
      assert.equal(refused.status, FAULTS[slug].status);
      assert.equal(String(refused.body['type']).split('/').at(-1), slug, JSON.stringify(refused.body));
      const state = (await api('GET', '')).body;
      assert.deepEqual(state['list'], held);
      assert.equal((state['refused'] as { fault?: string }).fault, slug);
      const metrics = await (await fetch(`${one.gateway.url}/metrics`)).text();
      assert.match(metrics, new RegExp(`wasl_trust_list_refusals\\{[^}]*fault="${slug}"[^}]*\\} [1-9]`));
      assert.equal((await fetch(`${one.gateway.url}/health/ready`)).status, 200);
      given = undefined;
      const taken = await api('POST', '/refresh');
      assert.equal(taken.status, 200, JSON.stringify(taken.body));
      assert.equal(taken.body['refused'], undefined);
    });
  }

  it('when the held one has expired meanwhile, the gateway is not ready and says both', async () => {
    const text = await sealed({ version: 1 });
    given = () => text;
    await one.trust.refresh();
    const skew = one.skewMs;
    one.skewMs = 25 * 3_600_000;
    const ready = await fetch(`${one.gateway.url}/health/ready`);
    const said = await ready.text();
    one.skewMs = skew;
    given = undefined;
    assert.equal(ready.status, 503);
    assert.match(said, /expired at .*trust-list-rolled-back/);
  });

  it('a registry that is away is named too, and is no alarm', async () => {
    given = () => {
      throw new Error('connection refused');
    };
    const refused = await api('POST', '/refresh');
    assert.equal(String(refused.body['type']).split('/').at(-1), 'registry-unreachable');
    given = undefined;
    assert.equal((await api('POST', '/refresh')).status, 200);
  });
});
