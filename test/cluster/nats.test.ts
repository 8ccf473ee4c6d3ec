import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { verifyLog } from '../../src/ledger/index.ts';
import { openForTest } from '../support/database.ts';
import {
  addEventType,
  anEvent,
  anEventAgreement,
  CLOSED,
  operatorCall,
  publish,
  systemCall,
  typeOf,
  until,
} from '../support/events.ts';
import { startExchange, type TestExchange } from '../support/gateways.ts';
import { type NatsCluster, startNats, whyNoNats } from '../support/nats.ts';

const SUBJECTS = 7;
type Got = { readonly sequence: number; readonly event: { readonly id: string; readonly subject: string } };

describe('events over three NATS servers', { skip: whyNoNats() }, () => {
  let nats: NatsCluster;
  let all: TestExchange;
  let subscription = '';
  let published = 0;
  before(async () => {
    nats = await startNats(3);
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      eventBroker: { servers: nats.servers, replicas: 3 },
    });
    await addEventType(all.provider, CLOSED);
    await all.provider.gateway.rights.addAgreement(anEventAgreement(CLOSED, { fields: ['/**'] }));
    const wanted = { service: typeOf(CLOSED), delivery: 'pull' };
    subscription = (await systemCall(all.consumer, 'PUT', 'subscriptions', { body: wanted })).json.id;
  });
  after(async () => {
    await all?.close();
    await nats?.close();
  });

  const publishSome = async (count: number): Promise<void> => {
    const events = Array.from({ length: count }, (_nothing, nth) => {
      const number = published + nth;
      return anEvent({ id: `e${number}`, subject: `office-${number % SUBJECTS}` });
    });
    const answer = await publish(all.provider, events);
    assert.equal(answer.status, 202, answer.text);
    published += count;
  };
  /** Pulls until that many have come; the broker may be choosing a leader meanwhile. */
  const pullAll = async (got: Got[], goal: number): Promise<void> => {
    await until(
      `${goal} events`,
      async () => {
        const body = { max: 200, waitSeconds: 1, leaseSeconds: 30 };
        const pulled = await systemCall(all.consumer, 'POST', `subscriptions/${subscription}/pull`, { body });
        const { lease, events } = pulled.json as { lease: string | null; events: readonly Got[] };
        got.push(...events);
        if (lease !== null) {
          await systemCall(all.consumer, 'POST', `subscriptions/${subscription}/ack`, { body: { lease } });
        }
        return got.length >= goal;
      },
      60_000,
    );
  };
  const assertWhole = (got: readonly Got[]): void => {
    assert.equal(new Set(got.map((one) => one.event.id)).size, published);
    for (const [subject, events] of Map.groupBy(got, (one) => one.event.subject)) {
      const sequences = events.map((one) => one.sequence);
      assert.deepEqual(
        sequences,
        sequences.toSorted((a, b) => a - b),
        subject,
      );
    }
  };

  it('all arrive in order per subject, though the stream’s leader is killed while they are on their way', async () => {
    const got: Got[] = [];
    await publishSome(200);
    const pulling = pullAll(got, 1_000);
    await until('the first have come', () => got.length > 0);
    const victim = await nats.leader();
    await publishSome(200);
    await nats.kill(victim);
    for (let round = 0; round < 3; round += 1) await publishSome(200);
    await pulling;
    assertWhole(got);
    const { json } = await operatorCall(all.provider, 'GET', 'event-subscribers');
    await until('nothing waits', async () => {
      const { json } = await operatorCall(all.provider, 'GET', 'event-subscribers');
      return json.subscribers[0].waiting === 0;
    });
    assert.equal(json.subscribers.length, 1);
    await nats.revive(victim);
  });

  it('wait in the database while no server answers, and go on when they are back', async () => {
    const names = ['n0', 'n1', 'n2'];
    for (const name of names) await nats.kill(name);
    const got: Got[] = [];
    const before = published;
    await publishSome(50);
    await until('the operator sees why', async () => {
      const { json } = await operatorCall(all.provider, 'GET', 'event-subscribers');
      return json.subscribers[0].fault === 'broker-unavailable';
    });
    for (const name of names) await nats.revive(name);
    await pullAll(got, published - before);
    assert.equal(new Set(got.map((one) => one.event.id)).size, 50);
  });

  it('leave ledgers that verify', async () => {
    for (const { db, gateway } of [all.provider, all.consumer]) {
      const verified = await verifyLog(db.read, gateway.ledger.name, gateway.ledger.vkey);
      assert.equal(verified.ok, true, JSON.stringify(verified));
    }
  });
});
