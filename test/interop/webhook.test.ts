import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { openForTest } from '../support/database.ts';
import {
  addEventType,
  anEvent,
  anEventAgreement,
  CLOSED,
  publish,
  systemCall,
  typeOf,
  until,
} from '../support/events.ts';
import { startExchange, type TestExchange } from '../support/gateways.ts';
import { startWebhook, type TestWebhook } from '../support/webhook.ts';

/** CloudEvents’ HTTP webhook 1.0.2, clause by clause, as a receiver sees it that holds us to each. */
describe('CloudEvents’ webhook', () => {
  let all: TestExchange;
  let hook: TestWebhook;
  let arrived: { readonly id: string; readonly at: number }[] = [];
  let next = 0;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    hook = await startWebhook();
    await addEventType(all.provider, CLOSED);
    await all.provider.gateway.rights.addAgreement(anEventAgreement(CLOSED, { fields: ['/'] }));
  });
  beforeEach(() => {
    arrived = [];
    hook.calls.length = 0;
    hook.answer = ({ body }) => {
      arrived.push({ id: (JSON.parse(body) as { id: string }).id, at: performance.now() });
      return { status: 204 };
    };
  });
  after(async () => {
    await all.close();
    await hook.close();
  });

  const subscribe = async () => {
    const body = { service: typeOf(CLOSED), delivery: 'webhook', url: hook.url, start: 'now' };
    const { status, json, text } = await systemCall(all.consumer, 'PUT', 'subscriptions', { body });
    assert.equal(status, 200, text);
    return json as { readonly ratePerMinute: number | null; readonly permission: string };
  };
  /** Each of a subject of its own, so that none waits for another. */
  const publishSome = async (count: number): Promise<readonly string[]> => {
    const ids = Array.from({ length: count }, () => `hook-${++next}`);
    await publish(
      all.provider,
      ids.map((id) => anEvent({ id, subject: id })),
    );
    return ids;
  };
  const came = (ids: readonly string[]) =>
    until('they came', () => ids.every((id) => arrived.some((one) => one.id === id)), 60_000);

  it('4.1.2, 2.1: names the sender by one DNS name when it asks, and in each delivery', async () => {
    await subscribe();
    const asked = hook.handshakes.at(-1)?.headers['webhook-request-origin'];
    assert.match(String(asked), /^[a-z0-9.-]+$/);
    await came(await publishSome(1));
    assert.equal(hook.calls[0]?.method, 'POST');
    assert.equal(hook.calls[0]?.headers['webhook-request-origin'], asked);
    assert.match(String(hook.calls[0]?.headers['content-type']), /^application\/cloudevents\+json/);
  });

  it('4.2.2: keeps to the rate that was granted, and to none where that is an asterisk', async () => {
    hook.allowedRate = '60';
    assert.deepEqual(await subscribe().then(({ ratePerMinute }) => ratePerMinute), 60);
    await came(await publishSome(4));
    const times = arrived.map(({ at }) => at);
    for (const [n, at] of times.slice(1).entries()) {
      assert.ok(at - (times[n] ?? 0) > 800, `60 a minute is one a second: ${times.map(Math.round)}`);
    }
    hook.allowedRate = '*';
    assert.deepEqual(await subscribe().then(({ ratePerMinute }) => ratePerMinute), null);
    await came(await publishSome(2));
  });

  for (const [form, header] of [
    ['seconds', () => '3'],
    ['a date', () => new Date(Date.now() + 4_000).toUTCString()],
  ] as const) {
    it(`2.2: after 429 sends nothing at all before Retry-After, given as ${form}`, async () => {
      await subscribe();
      const take = hook.answer;
      let refusedAt = 0;
      hook.answer = () => {
        refusedAt = performance.now();
        hook.answer = take;
        return { status: 429, headers: { 'retry-after': header() } };
      };
      const first = await publishSome(1);
      await until('it was refused', () => refusedAt > 0);
      const second = await publishSome(1);
      await came([...first, ...second]);
      for (const { id, at } of arrived) assert.ok(at - refusedAt > 2_500, `${id} came after ${at - refusedAt} ms`);
    });
  }

  it('2.2: follows no redirect', async () => {
    await subscribe();
    const take = hook.answer;
    hook.answer = () => {
      hook.answer = take;
      return { status: 307, headers: { location: `${hook.url}/elsewhere` } };
    };
    await came(await publishSome(1));
    assert.deepEqual(arrived.length, 1);
    assert.equal(hook.calls.length, 2);
  });
});
