import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CloudEvent, type CloudEventV1, emitterFor, HTTP, type Message, Mode } from 'cloudevents';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { openForTest } from '../support/database.ts';
import { addEventType, anEventAgreement, CLOSED, PUBLISHER, systemCall, typeOf, until } from '../support/events.ts';
import { startExchange, type TestExchange } from '../support/gateways.ts';
import { startWebhook, type TestWebhook } from '../support/webhook.ts';

/** CloudEvents' own SDK at both ends: it publishes to a gateway, and reads what the subscriber's webhook is sent. */
describe('events, with the SDK of CloudEvents', () => {
  let all: TestExchange;
  let hook: TestWebhook;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    hook = await startWebhook();
    await addEventType(all.provider, CLOSED);
    // What is data other than JSON passes whole only where the agreement leaves all of it.
    await all.provider.gateway.rights.addAgreement(anEventAgreement(CLOSED, { fields: ['/'] }));
  });
  after(async () => {
    await all.close();
    await hook.close();
  });

  const send = async (message: Message): Promise<{ readonly status: number; readonly text: string }> => {
    const given = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
    const headers = { ...Object.fromEntries(given), 'x-road-client': PUBLISHER };
    const body = message.body as string | Uint8Array<ArrayBuffer>;
    const answer = await fetch(`${all.provider.gateway.url}/events/v1/events`, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  const emit = (event: CloudEvent<unknown>, mode: Mode) => emitterFor(send, { binding: HTTP, mode })(event);
  const anEvent = (id: string, more: Partial<CloudEventV1<unknown>> = {}) =>
    new CloudEvent<unknown>({
      id,
      source: '/dgsn/offices',
      type: CLOSED,
      subject: 'office-1',
      time: '2026-11-24T09:00:00.000Z',
      datacontenttype: 'application/json',
      data: { office: 'الرباط أكدال', places: 3, open: false },
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      priority: 5,
      urgent: true,
      ...more,
    });
  /** As a subscriber that knows nothing but CloudEvents reads it. */
  const receive = async (id: string): Promise<CloudEventV1<unknown>> => {
    const read = () =>
      hook.calls.flatMap(({ headers, body }) => {
        const event = HTTP.toEvent({ headers: { ...headers }, body });
        return Array.isArray(event) ? event : [event];
      });
    return until(`${id} comes`, () => read().find((one) => one.id === id), 60_000);
  };

  for (const contentMode of ['structured', 'binary', 'batch'] as const) {
    it(`come to a webhook in ${contentMode} mode as they were published, in either mode`, async () => {
      hook.calls.length = 0;
      const wanted = { service: typeOf(CLOSED), delivery: 'webhook', url: hook.url, contentMode, start: 'now' };
      const { status, json, text } = await systemCall(all.consumer, 'PUT', 'subscriptions', { body: wanted });
      assert.equal(status, 200, text);
      const [binary, structured] = [anEvent(`${contentMode}-1`), anEvent(`${contentMode}-2`)];
      for (const [event, mode] of [
        [binary, Mode.BINARY],
        [structured, Mode.STRUCTURED],
      ] as const) {
        const answer = (await emit(event, mode)) as Awaited<ReturnType<typeof send>>;
        assert.equal(answer.status, 202, answer.text);
        const got = await receive(event.id);
        for (const name of ['source', 'type', 'subject', 'time', 'datacontenttype', 'traceparent'] as const) {
          assert.equal(String(got[name]), String(event[name]), `${name} of ${event.id}`);
        }
        assert.deepEqual(got.data, event.data);
        // In headers every value is a text (HTTP binding 3.1.3); in JSON a number and a truth stay what they are.
        const isText = mode === Mode.BINARY || contentMode === 'binary';
        if (!isText) assert.deepEqual([got['priority'], got['urgent']], [5, true]);
        else assert.deepEqual([String(got['priority']), String(got['urgent'])], ['5', 'true']);
      }
      await systemCall(all.consumer, 'DELETE', `subscriptions/${json.id}`);
    });
  }

  it('in a batch are taken as many, and an empty batch is one (JSON format 4.3)', async () => {
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    const body = JSON.stringify([anEvent('b-1'), anEvent('b-2')]);
    const answer = await send({ headers, body });
    assert.equal(answer.status, 202, answer.text);
    assert.equal(JSON.parse(answer.text).events.length, 2);
    assert.equal((await send({ headers, body: '[]' })).status, 202);
  });

  it('with bytes for data are taken in either mode', async () => {
    const bytes = anEvent('bytes', { datacontenttype: 'application/octet-stream', data: new Uint8Array([0, 255, 10]) });
    for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
      const answer = (await emit(bytes.cloneWith({ id: `bytes-${mode}` }, false), mode)) as {
        status: number;
        text: string;
      };
      assert.equal(answer.status, 202, answer.text);
    }
  });

  it('with attributes that are null are as if those were not there (JSON format 2.2)', async () => {
    const event = { ...anEvent('nulls').toJSON(), subject: null, unsetextension: null, data_base64: null };
    const headers = { 'content-type': 'application/cloudevents+json' };
    const answer = await send({ headers, body: JSON.stringify(event) });
    assert.equal(answer.status, 202, answer.text);
    const again = await send({ headers, body: JSON.stringify({ ...event, id: null }) });
    assert.equal(again.status, 422);
    assert.match(again.text, /"\/id"/);
  });
});
