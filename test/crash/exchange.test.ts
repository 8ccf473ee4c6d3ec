import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import {
  CLIENT,
  type LedgerEntry,
  type MemberGateway,
  type Members,
  SERVICE,
  startMembers,
} from './exchange-members.ts';

const KILLS = process.env['WASL_TEST_LONG'] === '1' ? 20 : 3;
const CONNECTIONS = 8;
const URL = process.env['WASL_TEST_DATABASE_URL'];
const databaseUrl = URL === '' ? undefined : URL;

/** Eight information systems that ask without end; what was answered with success is acknowledged. */
type Load = { readonly answered: ReadonlySet<string>; stop(): Promise<void> };

function startLoad(url: string, answered: Set<string>): Load {
  const pool = new Pool(url, { connections: CONNECTIONS });
  let isOn = true;
  const ask = async (): Promise<void> => {
    while (isOn) {
      try {
        const headers = { 'x-road-client': CLIENT, 'wasl-subject': 'AB123' };
        const answer = await pool.request({ method: 'GET', path: `/r1/${SERVICE}/AB123`, headers });
        const text = await answer.body.text();
        if (answer.statusCode === 200) {
          assert.equal(text, '{"name":"أمينة"}');
          answered.add(String(answer.headers['x-road-request-id']));
        }
      } catch (cause) {
        if (cause instanceof assert.AssertionError) throw cause;
        await sleep(20);
      }
    }
  };
  const asking = Promise.all(Array.from({ length: CONNECTIONS }, ask));
  return {
    answered,
    async stop() {
      isOn = false;
      await asking;
      await pool.close();
    },
  };
}

async function untilAnswered(load: Load, count: number): Promise<void> {
  const goal = load.answered.size + count;
  for (let waited = 0; load.answered.size < goal; waited += 20) {
    assert.ok(waited < 20_000, `${load.answered.size} of ${goal} calls were answered in 20 s`);
    await sleep(20);
  }
}

const kindsByExchange = (entries: readonly LedgerEntry[]): ReadonlyMap<string, string> => {
  const kinds = new Map<string, string>();
  for (const { exchange, kind } of entries) {
    const before = kinds.get(exchange);
    kinds.set(exchange, before === undefined ? kind : `${before} ${kind}`);
  }
  return kinds;
};

describe(`gateways killed under load, on ${databaseUrl === undefined ? 'PGlite' : 'PostgreSQL'}`, () => {
  let members: Members;
  const answered = new Set<string>();
  const held = new Map<MemberGateway, readonly LedgerEntry[]>();
  before(async () => {
    members = await startMembers(databaseUrl);
  });
  after(() => members.close());

  /** What the ledgers say must hold after each kill, whatever its moment. */
  async function checkNothingLost(): Promise<void> {
    const sides = [members.consumer, members.provider];
    await Promise.all(sides.map((side) => side.verifyLedger()));
    for (const side of sides) {
      const entries = await side.readEntries();
      const before = held.get(side) ?? [];
      assert.deepEqual(entries.slice(0, before.length), before, `the past of ${side.name} has changed`);
      held.set(side, entries);
      const kinds = kindsByExchange(entries);
      for (const exchange of answered)
        assert.equal(kinds.get(exchange), 'request response', `${side.name} ${exchange}`);
      for (const exchange of members.served)
        assert.match(kinds.get(exchange) ?? '', /^request/, `${side.name} ${exchange}`);
    }
  }

  for (let kill = 0; kill < KILLS; kill += 1) {
    const victim = kill % 2 === 0 ? 'provider' : 'consumer';
    test(`kill ${kill + 1}, of the ${victim}: all that was answered is in both ledgers, and they verify`, async () => {
      const load = startLoad(members.consumer.url, answered);
      try {
        await untilAnswered(load, 1);
        await sleep(randomInt(20, 700));
        await members[victim].kill();
        await sleep(randomInt(0, 200));
        await members[victim].restart();
        await untilAnswered(load, 10);
      } finally {
        await load.stop();
      }
      await checkNothingLost();
    });
  }

  test('what was answered before the first kill is proved after the last', async () => {
    const [first = ''] = answered;
    await members.consumer.proveExchange(first);
  });
});
