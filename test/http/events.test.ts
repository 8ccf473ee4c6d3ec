import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { GATEWAY_MIGRATIONS, verifyEvidence } from '../../src/exchange/index.ts';
import { verifyRequest } from '../../src/exchange/message/signature.ts';
import { verifyLog } from '../../src/ledger/index.ts';
import { onUsualDatabase } from '../support/database.ts';
import {
  addEventType,
  anEvent,
  anEventAgreement,
  CLOSED,
  MOVED,
  operatorCall,
  PUBLISHER,
  publish,
  systemCall,
  typeOf,
  until,
} from '../support/events.ts';
import { anAgreement, CLIENT, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';
import { startWebhook, type TestWebhook } from '../support/webhook.ts';

onUsualDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('events', () => {
    let all: TestExchange;
    let hook: TestWebhook;
    before(async () => {
      all = await startExchange(open);
      hook = await startWebhook();
      await addEventType(all.provider, CLOSED);
      await all.provider.gateway.rights.addAgreement(anEventAgreement(CLOSED));
    });
    after(async () => {
      await all.close();
      await hook.close();
    });

    it('go from the publisher’s gateway to the subscriber’s webhook, with the agreed fields only', async () => {
      const wanted = { service: typeOf(CLOSED), delivery: 'webhook', url: hook.url };
      const subscribed = await systemCall(all.consumer, 'PUT', 'subscriptions', { body: wanted });
      assert.equal(subscribed.status, 200, subscribed.text);
      assert.equal(subscribed.json.permission, 'granted');
      const published = await publish(all.provider, anEvent({ id: 'one' }));
      assert.equal(published.status, 202, published.text);
      const call = await until('the webhook is called', () => hook.calls[0]);
      assert.equal(call.headers['content-type'], 'application/cloudevents+json; charset=utf-8');
      const event = JSON.parse(call.body);
      assert.deepEqual(event.data, { office: 'Rabat-Agdal', reason: { ar: 'أشغال', fr: 'travaux' } });
      assert.equal(event.id, 'one');
    });

    const subscribe = (body: object) =>
      systemCall(all.consumer, 'PUT', 'subscriptions', { body: { service: typeOf(CLOSED), ...body } });
    const pull = (id: string, body: object = {}) =>
      systemCall(all.consumer, 'POST', `subscriptions/${id}/pull`, { body: { waitSeconds: 10, ...body } });
    const acknowledge = (id: string, lease: string, failed: readonly number[] = []) =>
      systemCall(all.consumer, 'POST', `subscriptions/${id}/ack`, { body: { lease, failed } });
    const dead = async (subscription: string) =>
      (await operatorCall(all.consumer, 'GET', `dead-letters?subscription=${subscription}`)).json.letters as {
        readonly sequence: number;
        readonly fault: string;
        readonly tries: number;
      }[];

    it('are signed messages in both ledgers, under the agreement and its purpose', async () => {
      const list = async (gateway: typeof all.provider) =>
        (await operatorCall(gateway, 'GET', 'exchanges')).json.exchanges as Record<string, unknown>[];
      const sent = (await list(all.provider)).find((one) => String(one['service']).endsWith('/receiveEvents'));
      assert.equal(sent?.['client'], PUBLISHER);
      assert.equal(sent?.['service'], `${CLIENT}/receiveEvents`);
      assert.equal(sent?.['purpose'], 'notices');
      const evidence = await fetch(`${all.provider.gateway.url}/operator/v1/exchanges/${sent?.['exchange']}/evidence`, {
        headers: { authorization: `Bearer ${all.provider.token}` },
      });
      const file = Buffer.from(await evidence.arrayBuffer());
      const report = verifyEvidence(file, all.registry.registry.keys.anchor);
      assert.equal(report.ok, true, JSON.stringify(report));
    });

    it('of one source and id are taken once, and another event under that id is refused', async () => {
      const event = anEvent({ id: 'once' });
      const first = await publish(all.provider, event);
      const again = await publish(all.provider, event);
      assert.deepEqual(again.json.events, [{ ...first.json.events[0], duplicate: true }]);
      const other = await publish(all.provider, { ...event, data: { office: 'Salé' } });
      assert.equal(other.status, 409);
      assert.match(other.json.detail, /its own id/);
      const mixed = await publish(all.provider, [anEvent({ id: 'fresh' }), event]);
      assert.equal(mixed.status, 202);
      assert.deepEqual(
        mixed.json.events.map((one: { duplicate?: true }) => one.duplicate ?? false),
        [false, true],
      );
    });

    it('that are not acceptable name their field, and nothing of their batch is published', async () => {
      const cases: readonly (readonly [object | readonly object[], number, string])[] = [
        [anEvent({ specversion: '0.3' }), 422, '/specversion'],
        [anEvent({ id: '' }), 422, '/id'],
        [anEvent({ source: 7 }), 422, '/source'],
        [anEvent({ time: 'yesterday' }), 422, '/time'],
        [anEvent({ time: '2026-02-30T00:00:00Z' }), 422, '/time'],
        [anEvent({ Subject: 'x' }), 422, '/Subject'],
        [anEvent({ extra: { a: 1 } }), 422, '/extra'],
        [anEvent({ data_base64: 'AAAA' }), 422, '/data_base64'],
        [[anEvent({ id: 'good-of-bad-batch' }), anEvent({ type: '' })], 422, '/1/type'],
        [[anEvent({ id: 'twice' }), anEvent({ id: 'twice' })], 409, ''],
      ];
      for (const [event, status, field] of cases) {
        const answer = await publish(all.provider, event);
        assert.equal(answer.status, status, answer.text);
        if (field !== '') assert.equal(answer.json.errors[0].field, field);
      }
      const unknown = await publish(all.provider, anEvent({ type: 'nobody.knows' }));
      assert.equal(unknown.status, 404);
      const stranger = await publish(all.provider, anEvent(), CLIENT);
      assert.equal(stranger.status, 403);
      const fresh = await publish(all.provider, anEvent({ id: 'good-of-bad-batch' }));
      assert.equal(fresh.json.events[0].duplicate, undefined);
    });

    it('come in binary mode too, with any kind of data', async () => {
      const answer = await fetch(`${all.provider.gateway.url}/events/v1/events`, {
        method: 'POST',
        headers: {
          'x-road-client': PUBLISHER,
          'content-type': 'text/plain; charset=utf-8',
          'ce-specversion': '1.0',
          'ce-id': 'binary',
          'ce-source': '/dgsn',
          'ce-type': CLOSED,
          'ce-subject': 'caf%C3%A9',
        },
        body: 'مرحبا',
      });
      assert.equal(answer.status, 202, await answer.text());
      const call = await until('the webhook is called', () => hook.calls.find((one) => one.body.includes('"binary"')));
      const event = JSON.parse(call.body);
      assert.equal(event.subject, 'café');
      // The agreement names fields, and this is no JSON that could be reduced to them.
      assert.equal('data_base64' in event, false);
    });

    it('without an agreement are not handed out, and the refusal is the publisher’s', async () => {
      const refused = await systemCall(all.third, 'PUT', 'subscriptions', {
        client: all.third.server.replace(/[^/]*$/, 'other'),
        body: { service: typeOf(CLOSED), delivery: 'pull' },
      });
      assert.equal(refused.status, 403, refused.text);
      assert.match(refused.json.type, /no-agreement$/);
      const kept = await systemCall(all.third, 'GET', 'subscriptions', {
        client: all.third.server.replace(/[^/]*$/, 'other'),
      });
      assert.deepEqual(kept.json.subscriptions, []);
    });

    it('are pulled under a lease, one subject behind the other, and come again when it runs out', async () => {
      const subscribed = await subscribe({ delivery: 'pull', start: 'now' });
      const { id } = subscribed.json;
      await publish(all.provider, [
        anEvent({ id: 'a1', subject: 'a' }),
        anEvent({ id: 'b1', subject: 'b' }),
        anEvent({ id: 'a2', subject: 'a' }),
      ]);
      const pulled: { sequence: number; event: { id: string } }[] = [];
      const first = await pull(id, { max: 1, leaseSeconds: 60 });
      pulled.push(...first.json.events);
      assert.equal(pulled[0]?.event.id, 'a1');
      // a2 waits behind a1, which somebody has.
      const second = await until('b1 is there', async () => {
        const answer = await pull(id, { leaseSeconds: 60 });
        return answer.json.events.length > 0 && answer;
      });
      assert.deepEqual(
        second.json.events.map((one: { event: { id: string } }) => one.event.id),
        ['b1'],
      );
      const failed = await acknowledge(id, first.json.lease, [pulled[0]?.sequence ?? -1]);
      assert.deepEqual(failed.json, { done: 0, failed: 1 });
      assert.deepEqual((await acknowledge(id, second.json.lease)).json, { done: 1, failed: 0 });
      assert.equal((await acknowledge(id, second.json.lease)).status, 409);
      const third = await pull(id);
      assert.deepEqual(
        third.json.events.map((one: { event: { id: string }; tries: number }) => [one.event.id, one.tries]),
        [
          ['a1', 1],
          ['a2', 0],
        ],
      );
      await acknowledge(id, third.json.lease);
      assert.equal((await pull(id, { waitSeconds: 0 })).json.lease, null);
    });

    it('that a webhook will not have are dead letters, which an operator reads, sends again or gives up', async () => {
      hook.answer = ({ body }) => ({ status: body.includes('poison') ? 422 : 204 });
      const { id } = (await subscribe({ delivery: 'webhook', url: hook.url })).json;
      await publish(all.provider, [
        anEvent({ id: 'poison', subject: 'c' }),
        anEvent({ id: 'poison-too', subject: 'd' }),
        anEvent({ id: 'after', subject: 'c' }),
      ]);
      await until('what follows is handed on', () => hook.calls.some((one) => one.body.includes('"after"')));
      const letters = await until('two dead letters', async () => {
        const found = await dead(id);
        return found.length === 2 && found;
      });
      assert.deepEqual([...new Set(letters.map((one) => one.fault))], ['http-422']);
      const [one, two] = letters;
      const read = await operatorCall(all.consumer, 'GET', `dead-letters/${id}/${one?.sequence}`);
      assert.match(read.json.id, /poison/);
      hook.answer = () => ({ status: 204 });
      const replayed = await operatorCall(all.consumer, 'POST', 'dead-letters/replay', {
        subscription: id,
        sequence: one?.sequence,
      });
      assert.deepEqual(replayed.json, { replayed: 1 });
      const discarded = await operatorCall(all.consumer, 'POST', 'dead-letters/discard', {
        subscription: id,
        sequence: two?.sequence,
      });
      assert.deepEqual(discarded.json, { discarded: 1 });
      assert.deepEqual(await dead(id), []);
      await until('it is handed on', () => hook.calls.filter((call) => call.body.includes(read.json.id)).length >= 2);
    });

    it('about persons travel one by one, each a use of that person’s data', async () => {
      await addEventType(all.provider, MOVED, {
        aboutPerson: true,
        dataSchema: { type: 'object', required: ['city'] },
      });
      await all.provider.gateway.rights.addAgreement(anEventAgreement(MOVED, { fields: ['/city'] }));
      const { id } = (await subscribe({ service: typeOf(MOVED), delivery: 'pull' })).json;
      const moved = (parts: object) => anEvent({ type: MOVED, subject: 'AB123', data: { city: 'Fès' }, ...parts });
      const faults = [
        [moved({ subject: undefined }), '/subject'],
        [moved({ subject: 'أمينة' }), '/subject'],
        [moved({ data: {} }), '/data'],
        [moved({ data: undefined }), '/data'],
      ] as const;
      for (const [event, field] of faults) {
        const answer = await publish(all.provider, event);
        assert.equal(answer.status, 422, answer.text);
        assert.equal(answer.json.errors[0].field, field);
      }
      await publish(all.provider, [moved({ id: 'm1' }), moved({ id: 'm2', subject: 'CD456' }), moved({ id: 'm3' })]);
      const events = await until('all three are there', async () => {
        const pulled = await pull(id, { leaseSeconds: 1 });
        return pulled.json.events.length === 3 && (pulled.json.events as { event: { id: string } }[]);
      });
      assert.deepEqual(
        events.map(({ event }) => event.id),
        ['m1', 'm2', 'm3'],
      );
      const kept = await sql<{ messages: number }>`
        select count(*) as messages from exchange_message where subject_hash is not null and kind = 'request'
          and service = ${`${CLIENT}/receiveEvents`} group by subject_hash order by messages`.execute(
        all.provider.db.read,
      );
      assert.deepEqual(
        kept.rows.map((row) => row.messages),
        [1, 2],
      );
      const usage = `${PUBLISHER}/findUsage`;
      await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'usage', service: usage, fields: ['/'] }));
      const answer = await sendRaw(all.consumer.gateway.url, {
        path: `/r1/${usage}`,
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-subject', 'AB123'],
        ],
      });
      const { usages } = JSON.parse(answer.text) as { usages: Record<string, unknown>[] };
      assert.equal(usages.length, 2);
      const { client, service, agreement, fields } = usages[0] ?? {};
      assert.deepEqual([client, service, agreement, fields], [CLIENT, typeOf(MOVED), `events-${MOVED}`, ['/city']]);
    });

    it('wait while their agreement is suspended, and go on under its next version’s fields', async () => {
      const { rights } = all.provider.gateway;
      await rights.setStatus(`events-${CLOSED}`, 'suspended');
      await publish(all.provider, anEvent({ id: 'suspended' }));
      const standing = await until('the subscriber stands', async () => {
        const { json } = await operatorCall(all.provider, 'GET', 'event-subscribers');
        return json.subscribers[0].fault !== null && json.subscribers[0];
      });
      assert.equal(standing.fault, 'agreement-not-valid');
      assert.equal(standing.waiting, 1);
      await rights.addAgreement(anEventAgreement(CLOSED, { version: 2, fields: ['/office'] }));
      const call = await until('it comes after all', () => hook.calls.find((one) => one.body.includes('"suspended"')));
      assert.deepEqual(JSON.parse(call.body).data, { office: 'Rabat-Agdal' });
    });

    it('go to a webhook only where it may be called and wants them', async () => {
      const bad = async (url: string | undefined, message: RegExp) => {
        const answer = await subscribe({ delivery: 'webhook', url });
        assert.equal(answer.status, 422, answer.text);
        assert.equal(answer.json.errors[0].field, '/url');
        assert.match(answer.json.errors[0].message, message);
      };
      await bad(undefined, /must be there/);
      await bad('http://10.1.2.3/events', /may not call/);
      const refused = await subscribe({ delivery: 'webhook', url: 'http://169.254.169.254/latest' });
      assert.equal(refused.json.type.split('/').at(-1), 'address-refused');
      await bad('http://user:secret@127.0.0.1/', /password/);
      await bad('http://127.0.0.1:9/', /cannot be reached/);
      hook.allowedOrigin = 'elsewhere.example';
      await bad(hook.url, /does not want/);
      hook.allowedOrigin = null;
      const silent = await subscribe({ delivery: 'webhook', url: hook.url });
      assert.equal(silent.json.permission, 'unanswered');
      hook.allowedOrigin = '*';
    });

    it('come to a webhook signed by its own gateway, whole batches at a time where it wants that', async () => {
      const before = hook.calls.length;
      await subscribe({ delivery: 'webhook', url: hook.url, contentMode: 'batch' });
      await publish(all.provider, [anEvent({ id: 'batch-1' }), anEvent({ id: 'batch-2' })]);
      await until('both came', () => hook.calls.slice(before).some((one) => one.body.includes('batch-2')));
      const call = hook.calls.slice(before)[0];
      assert.equal(call?.headers['content-type'], 'application/cloudevents-batch+json; charset=utf-8');
      const facts = {
        method: 'POST',
        targetUri: hook.url,
        headers: Object.entries(call?.headers ?? {}).map(([name, value]) => [name, String(value)] as const),
      };
      const { signKey } = all.consumer.keys;
      const verified = verifyRequest(facts, Buffer.from(call?.body ?? ''), () => createPublicKey(signKey), new Date());
      assert.equal(verified.ok, true, JSON.stringify(verified));
    });

    it('end when the webhook says so (410), and the publisher’s gateway learns of it', async () => {
      hook.answer = () => ({ status: 410 });
      await publish(all.provider, anEvent({ id: 'gone' }));
      const ended = await until('the subscription ends', async () => {
        const { json } = await systemCall(all.consumer, 'GET', 'subscriptions');
        return json.subscriptions[0].state === 'ended' && json.subscriptions[0];
      });
      assert.equal(ended.fault, 'http-410');
      hook.answer = () => ({ status: 204 });
      await publish(all.provider, anEvent({ id: 'after-gone' }));
      await until('the publisher knows', async () => {
        const { json } = await operatorCall(all.provider, 'GET', 'event-subscribers');
        return json.subscribers[0].state === 'ended';
      });
    });

    it('are in the ledger before they are accepted, and it verifies', async () => {
      const { provider } = all;
      const verified = await verifyLog(provider.db.read, provider.gateway.ledger.name, provider.gateway.ledger.vkey);
      assert.equal(verified.ok, true, JSON.stringify(verified));
    });
  });
});
