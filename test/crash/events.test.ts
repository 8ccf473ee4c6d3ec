import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { agree, type MemberGateway, type Members, startMembers } from './exchange-members.ts';

const KILLS = process.env['WASL_TEST_LONG'] === '1' ? 16 : 4;
const SUBJECTS = 5;
const URL = process.env['WASL_TEST_DATABASE_URL'];
const databaseUrl = URL === '' ? undefined : URL;

const doorOf = (member: MemberGateway) => ({ gateway: { url: member.url }, token: member.operatorToken });

type Got = { readonly sequence: number; readonly event: { readonly id: string; readonly subject: string } };

/** A system that publishes without end, and one that pulls; both do again what got no answer. */
type Systems = {
  /** Ids that were accepted: committed, says the gateway. */
  readonly accepted: Set<string>;
  readonly got: Got[];
  stopPublishing(): Promise<void>;
  stop(): Promise<void>;
};

function startSystems(members: Members, subscription: string): Systems {
  const [publisher, subscriber] = [doorOf(members.provider), doorOf(members.consumer)];
  const accepted = new Set<string>();
  const got: Got[] = [];
  let isPublishing = true;
  let isPulling = true;
  let number = 0;
  const again = async (work: () => Promise<void>): Promise<void> => {
    await work().catch(async (cause: unknown) => {
      if (cause instanceof assert.AssertionError) throw cause;
      await sleep(20);
    });
  };
  const publishing = (async () => {
    while (isPublishing) {
      const events = Array.from({ length: 5 }, (_nothing, nth) => {
        const id = `e${number + nth}`;
        return anEvent({ id, subject: `office-${(number + nth) % SUBJECTS}` });
      });
      number += 5;
      for (let isDone = false; !isDone; ) {
        await again(async () => {
          const answer = await publish(publisher, events);
          if (answer.status !== 202) return;
          for (const one of answer.json.events as { readonly id: string }[]) accepted.add(one.id);
          isDone = true;
        });
      }
      await sleep(25);
    }
  })();
  const pulling = (async () => {
    while (isPulling) {
      await again(async () => {
        const path = `subscriptions/${subscription}`;
        const body = { max: 200, waitSeconds: 1, leaseSeconds: 2 };
        const pulled = await systemCall(subscriber, 'POST', `${path}/pull`, { body });
        if (pulled.status !== 200 || pulled.json.lease === null) return;
        got.push(...(pulled.json.events as Got[]));
        await systemCall(subscriber, 'POST', `${path}/ack`, { body: { lease: pulled.json.lease } });
      });
    }
  })();
  return {
    accepted,
    got,
    async stopPublishing() {
      isPublishing = false;
      await publishing;
    },
    async stop() {
      isPublishing = false;
      isPulling = false;
      await Promise.all([publishing, pulling]);
    },
  };
}

describe(`events while gateways are killed, on ${databaseUrl === undefined ? 'PGlite' : 'PostgreSQL'}`, () => {
  let members: Members;
  let systems: Systems;
  before(async () => {
    members = await startMembers(databaseUrl);
    const provider = doorOf(members.provider);
    await addEventType(provider, CLOSED);
    await agree(members, anEventAgreement(CLOSED));
    const body = { service: typeOf(CLOSED), delivery: 'pull' };
    const subscribed = await systemCall(doorOf(members.consumer), 'PUT', 'subscriptions', { body });
    assert.equal(subscribed.status, 200, subscribed.text);
    systems = startSystems(members, subscribed.json.id);
  });
  after(async () => {
    await systems?.stop();
    await members.close();
  });

  for (let kill = 0; kill < KILLS; kill += 1) {
    const victim = kill % 2 === 0 ? 'provider' : 'consumer';
    test(`kill ${kill + 1}, of the ${victim === 'provider' ? 'publisher' : 'subscriber'}: both go on`, async () => {
      const [before, came] = [systems.accepted.size, systems.got.length];
      await until('some are accepted', () => systems.accepted.size > before);
      await sleep(randomInt(20, 500));
      await members[victim].kill();
      await sleep(randomInt(0, 300));
      await members[victim].restart();
      await until('more are accepted', () => systems.accepted.size > before + 5, 20_000);
      await until('more have come', () => systems.got.length > came, 30_000);
    });
  }

  test('all that was accepted has come, in order per subject, and both ledgers verify', async () => {
    await systems.stopPublishing();
    const missing = () => systems.accepted.difference(new Set(systems.got.map((one) => one.event.id)));
    await until('all have come', () => missing().size === 0, 60_000);
    await systems.stop();
    // What came twice came after a kill, between our acknowledgement and its answer: its first coming is the order.
    const first = new Map<string, Got>();
    for (const one of systems.got) if (!first.has(one.event.id)) first.set(one.event.id, one);
    for (const [subject, events] of Map.groupBy(first.values(), (one) => one.event.subject)) {
      const sequences = events.map((one) => one.sequence);
      assert.deepEqual(
        sequences,
        sequences.toSorted((a, b) => a - b),
        subject,
      );
    }
    await Promise.all([members.consumer.verifyLedger(), members.provider.verifyLedger()]);
    const published = (await members.provider.readEntries()).filter((entry) => entry.kind === 'event');
    assert.equal(published.length, first.size);
  });
});
