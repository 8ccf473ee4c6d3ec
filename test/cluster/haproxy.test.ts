import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { CLIENT, SERVICE, startClusters, type TwoClusters } from './members.ts';

const databaseUrl = process.env['WASL_TEST_DATABASE_URL'] ?? '';
const CONNECTIONS = 6;
const isLong = process.env['WASL_TEST_LONG'] === '1';

function whySkipped(): string | false {
  if (databaseUrl === '') return 'no PostgreSQL: WASL_TEST_DATABASE_URL is not set';
  return spawnSync('haproxy', ['-v']).status === 0 ? false : 'haproxy is not installed (apt-get install haproxy)';
}

/** Information systems that ask without end through the balancer. */
type Load = { readonly answered: Set<string>; readonly failed: string[]; stop(): Promise<void> };

function startLoad(url: string): Load {
  const pool = new Pool(url, { connections: CONNECTIONS });
  const answered = new Set<string>();
  const failed: string[] = [];
  let isOn = true;
  const ask = async (): Promise<void> => {
    while (isOn) {
      try {
        const answer = await pool.request({
          method: 'GET',
          path: `/r1/${SERVICE}/AB123`,
          headers: { 'x-road-client': CLIENT },
        });
        const text = await answer.body.text();
        if (answer.statusCode === 200) answered.add(String(answer.headers['x-road-request-id']));
        else failed.push(`${answer.statusCode} ${text.slice(0, 200)}`);
      } catch (cause) {
        failed.push(String(cause));
      }
    }
  };
  const asking = Promise.all(Array.from({ length: CONNECTIONS }, ask));
  return {
    answered,
    failed,
    async stop() {
      isOn = false;
      await asking;
      await pool.close();
    },
  };
}

async function untilMore(load: Load, count: number): Promise<void> {
  const goal = load.answered.size + count;
  for (let waited = 0; load.answered.size < goal; waited += 20) {
    assert.ok(waited < 20_000, `${load.answered.size} of ${goal} were answered in 20 s: ${load.failed.slice(-3)}`);
    await sleep(20);
  }
}

describe('two gateway processes of one member behind HAProxy on one PostgreSQL', { skip: whySkipped() }, () => {
  let members: TwoClusters;
  const answered = new Set<string>();
  before(async () => {
    members = await startClusters(databaseUrl);
    // What one process was told is in force at the other within its reload.
    await sleep(2_500);
  });
  after(() => members?.close());

  async function under(work: (load: Load) => Promise<void>): Promise<Load> {
    const load = startLoad(members.consumer.url);
    try {
      await untilMore(load, 20);
      await work(load);
      await untilMore(load, 20);
    } finally {
      await load.stop();
    }
    for (const one of load.answered) answered.add(one);
    return load;
  }

  for (const side of isLong ? (['provider', 'consumer'] as const) : (['provider'] as const)) {
    test(`a process of the ${side} is killed under load: only what it had in hand fails, and it comes back`, async () => {
      const load = await under(async (running) => {
        await members[side].first.kill();
        await untilMore(running, 50);
        await members[side].first.start();
      });
      assert.ok(load.failed.length <= 2 * CONNECTIONS, `${load.failed.length} failed: ${load.failed.join('\n')}`);
    });
  }

  for (const side of isLong ? (['provider', 'consumer'] as const) : (['consumer'] as const)) {
    test(`a process of the ${side} is taken out and put back under load: nothing fails`, async () => {
      const load = await under(async (running) => {
        await members[side].second.stop();
        await untilMore(running, 50);
        await members[side].second.start();
      });
      assert.deepEqual(load.failed, []);
    });
  }

  test('both members renew their keys and certificates under load: nothing fails', async () => {
    const load = await under(async (running) => {
      for (const side of ['provider', 'consumer'] as const) {
        // The other member is not told: it finds a certificate that it does not know, and asks for the list.
        await members[side].renew();
        await untilMore(running, 50);
      }
    });
    assert.deepEqual(load.failed, []);
  });

  test('the registry changes its signing key under load: nothing fails, and all follow it', async () => {
    const load = await under(async (running) => {
      const { server, operatorToken } = members.registry;
      const headers = { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' };
      const url = `${server.url}/registry/v1/keys/rotate`;
      const rotated = await fetch(url, { method: 'POST', headers, body: '{}' });
      assert.equal(rotated.status, 200, await rotated.text());
      for (const side of [members.consumer, members.provider]) await side.refreshTrust();
      await untilMore(running, 50);
    });
    assert.deepEqual(load.failed, []);
  });

  test('both processes write one ledger: it verifies, and either proves what the other did', async () => {
    await Promise.all([members.consumer.verifyLedger(), members.provider.verifyLedger()]);
    const all = [...answered];
    assert.ok(all.length > 80, `${all.length} were answered`);
    for (const exchange of [...all.slice(0, 20), ...all.slice(-20)]) {
      for (const cluster of [members.consumer, members.provider]) await cluster.requireKept(exchange);
    }
  });
});
