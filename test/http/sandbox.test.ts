import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openPostgresql } from '../../src/platform/index.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/commands.ts';
import { openLogFromUrl } from '../support/log-over-http.ts';

type Description = {
  readonly consumerUrl: string;
  readonly client: string;
  readonly service: string;
  readonly providerGateway: string;
  readonly adminUrl: string;
  readonly adminToken: string;
  readonly consumerAdminUrl: string;
  readonly consumerAdminToken: string;
  readonly ledgers: readonly { readonly name: string; readonly url: string; readonly vkey: string }[];
};

type Shown = {
  readonly agreement: { readonly status: string };
  readonly signatures: readonly { readonly party: string }[];
  readonly offers: readonly { readonly agreement: string; readonly state: string }[];
};

/** As an outsider uses it: an HTTP service of their own, the command, the file, and plain HTTP from there on. */
describe('the sandbox around an outside service', () => {
  let dir: string;
  let outside: Server;
  let running: RunningCommand;
  let described: Description;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasl-sandbox-test-'));
    outside = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ method: request.method, url: request.url, client: request.headers['x-road-client'] }),
      );
    }).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const service = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/base`;
    running = await startCommand(['sandbox', '--service', service, '--json', join(dir, 'sandbox.json')]);
    described = JSON.parse(await readFile(join(dir, 'sandbox.json'), 'utf8')) as Description;
  });
  after(async () => {
    await running?.stop();
    outside.close();
    await rm(dir, { recursive: true, force: true });
  });

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${described.consumerUrl}/r1/${described.service}${path}`, {
      ...init,
      headers: { 'x-road-client': described.client },
    });

  it('brings any method and path to the service, by the words of the file alone', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await call('/a/b?c=d', { method });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('x-road-service'), described.service);
      assert.deepEqual(await answer.json(), { method, url: '/base/a/b?c=d', client: described.client });
    }
  });

  it('gives the operator’s API and both ledgers, which hold what passed', async () => {
    const before = await Promise.all(described.ledgers.map(openLogFromUrl));
    assert.equal((await call('/counted')).status, 200);
    const grown = await Promise.all(described.ledgers.map(openLogFromUrl));
    assert.deepEqual(
      grown.map((log, nth) => log.size - (before[nth]?.size ?? 0)),
      [2, 2],
    );
    const services = await fetch(`${described.adminUrl}/services`, {
      headers: { authorization: `Bearer ${described.adminToken}` },
    });
    assert.equal(services.status, 200);
    assert.ok(JSON.stringify(await services.json()).includes(described.service));
  });

  it('starts with an agreement that both members have signed', async () => {
    const read = async (url: string, token: string) =>
      (await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json()) as Shown;
    const url = `${described.adminUrl}/agreements/sandbox/versions/1`;
    const { agreement, signatures } = await read(url, described.adminToken);
    assert.equal(agreement.status, 'active');
    assert.deepEqual(signatures.map(({ party }) => party).sort(), ['client', 'provider']);
    const { offers } = await read(`${described.consumerAdminUrl}/offers`, described.consumerAdminToken);
    assert.deepEqual(
      offers.map((one) => [one.agreement, one.state]),
      [['sandbox', 'active']],
    );
  });

  const databaseUrl = process.env['WASL_TEST_DATABASE_URL'] ?? '';
  const skip = databaseUrl === '' ? 'no PostgreSQL: WASL_TEST_DATABASE_URL is not set' : false;
  it('starts on a PostgreSQL that an earlier one was on, in schemas of its own', { skip }, async () => {
    const db = await openPostgresql({ url: databaseUrl, schema: 'sandbox_look' });
    const schemas = () => db.script(`select 1 from pg_namespace where nspname ~ '^sandbox[0-9a-f]{10}_'`);
    const args = ['sandbox', '--service', 'http://127.0.0.1:1', '--database-url', databaseUrl];
    for (const _turn of ['first', 'second']) {
      const one = await startCommand(args);
      assert.ok((await schemas()).length >= 3);
      await one.stop();
    }
    await db.script('drop schema sandbox_look');
    await db.close();
  });

  it('refuses wrong words with one line', async () => {
    for (const args of [
      ['--openapi', 'x.yaml'],
      ['--service', 'ftp://x'],
      ['--service', 'http://x/?q=1'],
      ['--service', 'http://x', 'y'],
    ]) {
      await assert.rejects(runCommand(['sandbox', ...args]), /ended with 2: wasl: [^\n]+\n$/);
    }
  });
});
