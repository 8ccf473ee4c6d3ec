import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Pool } from 'undici';
import { runCommand } from '../support/commands.ts';
import { agree, CLIENT, type MemberGateway, type Members, SERVICE, startMembers } from './exchange-members.ts';

const isLong = process.env['WASL_TEST_LONG'] === '1';
const KILLS = isLong ? 12 : 1;
const BODIES = isLong ? 900 : 120;
const URL = process.env['WASL_TEST_DATABASE_URL'];
const databaseUrl = URL === '' ? undefined : URL;
/** In the row, in a file, and streamed. */
const SIZES = [200, 90_000, 12_000_000];

type Kept = { readonly kind: string; readonly size: number; readonly erasedAt: string | null };

/** What was answered with success was kept before it was passed on, whatever is killed. */
describe(`the archive of a gateway that is killed, on ${databaseUrl === undefined ? 'PGlite' : 'PostgreSQL'}`, () => {
  let members: Members;
  let provider: MemberGateway;
  /** Bytes of the request by exchange. */
  const answered = new Map<string, Buffer>();

  before(async () => {
    members = await startMembers(databaseUrl);
    provider = members.provider;
    await agree(members, {
      id: 'archived',
      client: CLIENT,
      service: SERVICE,
      endpoints: [{ method: 'POST', path: '/*' }],
      purposes: [{ code: 'residence', text: { ar: 'شهادة السكنى', fr: 'certificat de résidence' } }],
      legalBasis: { text: { ar: 'القانون 55.19', fr: 'loi 55-19' }, ref: '55-19/7' },
      fields: ['/name'],
      validFrom: '2020-01-01T00:00:00.000Z',
      validUntil: '2100-01-01T00:00:00.000Z',
      terms: { archive: { keep: 'both', days: 1, by: 'provider' } },
    });
  });
  after(() => members.close());

  const operator = (method: string, path: string, body?: object) =>
    fetch(`${provider.url}/operator/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${provider.operatorToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const keptOf = async (exchange: string) =>
    ((await (await operator('GET', `archive?exchange=${exchange}`)).json()) as { bodies: Kept[] }).bodies;
  const archive = (...words: string[]) => runCommand(['gateway', 'archive', ...words, '--data', provider.data]);

  async function filesOf(): Promise<readonly string[]> {
    const dir = join(provider.data, 'archive');
    if (!existsSync(dir)) return [];
    const found = await readdir(dir, { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }

  /** Sends until stopped; what was answered with 200 is acknowledged. */
  function startLoad(sizes: readonly number[], connections: number) {
    const pool = new Pool(members.consumer.url, { connections });
    let isOn = true;
    const send = async (): Promise<void> => {
      while (isOn) {
        const body = randomBytes(sizes[randomInt(sizes.length)] ?? 1);
        try {
          const headers = { 'x-road-client': CLIENT, 'wasl-agreement': 'archived', 'wasl-subject': 'AB123' };
          const answer = await pool.request({ method: 'POST', path: `/r1/${SERVICE}/AB123`, headers, body });
          await answer.body.text();
          if (answer.statusCode === 200) answered.set(String(answer.headers['x-road-request-id']), body);
          else await sleep(50);
        } catch {
          await sleep(50);
        }
      }
    };
    const sending = Promise.all(Array.from({ length: connections }, send));
    return {
      async stop() {
        isOn = false;
        await sending;
        await pool.close();
      },
    };
  }

  async function until(look: () => Promise<boolean> | boolean): Promise<void> {
    for (let waited = 0; waited < 60_000; waited += 50) {
      if (await look()) return;
      await sleep(50);
    }
    assert.fail('it did not come to pass in a minute');
  }

  for (let kill = 1; kill <= KILLS; kill += 1)
    test(`kill ${kill} while bodies are kept: each that was acknowledged is there`, async () => {
      const load = startLoad(SIZES, 4);
      const goal = answered.size + 2;
      try {
        await until(() => answered.size >= goal);
        await sleep(randomInt(0, 400));
        await provider.kill();
        await provider.restart();
        const more = answered.size + 2;
        await until(() => answered.size >= more);
      } finally {
        await load.stop();
      }
      for (const [exchange, { length }] of answered)
        assert.deepEqual(
          (await keptOf(exchange)).map(({ kind, size, erasedAt }) => [kind, kind === 'request' ? size : 0, erasedAt]),
          [
            ['request', length, null],
            ['response', 0, null],
          ],
          exchange,
        );
      await provider.verifyLedger();
    });

  test('what is taken out is what was sent, and nobody else’s key opens it', async () => {
    const identity = join(provider.data, 'archive-identity.txt');
    const [exchange = '', body] =
      [...answered].findLast(([, one]) => one.length > 10_000_000) ?? [...answered][0] ?? [];
    const out = join(provider.data, 'taken');
    const said = await archive('get', exchange, 'request', '--identity', identity, '--out', out);
    assert.match(said, /the body that was signed \(sha-256=:/);
    assert.ok((await readFile(out)).equals(body ?? Buffer.alloc(0)));
    assert.match(await archive('list', exchange), /request +\d+ bytes {2}until/);
    await writeFile(`${out}-wrong`, 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n');
    const refusals: readonly [readonly string[], RegExp][] = [
      [['get', exchange, 'request', '--identity', `${out}-wrong`, '--out', `${out}-2`], /not sealed for this identity/],
      [['get', exchange, 'request', '--identity', identity, '--out', out], /is there already/],
      [['erase', exchange], /--reason is needed/],
      [['key', '--out', identity], /never written over another/],
    ];
    await Promise.all(refusals.map(([words, says]) => assert.rejects(archive(...words), says, words.join(' '))));
    assert.equal(existsSync(`${out}-2`), false);
  });

  test('an operator erases by command, and the proof holds', async () => {
    const [exchange = ''] = [...answered.keys()];
    assert.match(await archive('erase', exchange, '--reason', 'a wish'), /erased +2 bodies/);
    answered.delete(exchange);
    assert.match(await archive('list', exchange), /erased \d{4}-\d\d-\d\d \(operator\)/);
    await provider.proveExchange(exchange);
  });

  const noServer = databaseUrl === undefined ? 'no PostgreSQL: the rows cannot be made older from outside' : false;
  test('killed while it sweeps, it erases all that is over, and no file stays', { skip: noServer }, async () => {
    const load = startLoad([300], 8);
    const goal = answered.size + BODIES;
    await until(() => answered.size >= goal);
    await load.stop();
    await provider.kill();
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      const table = `gateway_${provider.name}.archive_body`;
      await client.query(`update ${table} set expires_at = now() - interval '1 day'`);
      const left = async () =>
        Number((await client.query(`select count(*) from ${table} where erased_at is null`)).rows[0].count);
      assert.ok((await left()) >= 2 * BODIES);
      for (let kill = 0; kill < 3; kill += 1) {
        await provider.restart();
        await sleep(randomInt(0, 150));
        await provider.kill();
        await provider.restart();
        await provider.verifyLedger();
        await provider.kill();
      }
      // What a kill left between forgetting a key and taking its file away is a file that nothing names.
      const old = new Date(Date.now() - 3 * 3_600_000);
      for (const file of await filesOf()) await utimes(file, old, old);
      await provider.restart();
      await until(async () => (await left()) === 0 && (await filesOf()).length === 0);
    } finally {
      await client.end();
    }
    await provider.verifyLedger();
    const [exchange = ''] = [...answered.keys()];
    assert.ok((await keptOf(exchange)).every((one) => one.erasedAt !== null));
    await provider.proveExchange(exchange);
  });
});
