import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { issueToken, openTrustStore, parseAnchor } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { silentLog } from '../../src/platform/index.ts';
import { runCommand, startCommand } from '../support/commands.ts';
import { openForTest } from '../support/database.ts';
import { freePort } from '../support/ports.ts';
import { anAdmission, startRegistry } from '../support/registry.ts';

const isLong = process.env['WASL_TEST_LONG'] === '1';

describe('a gateway and its back-up', () => {
  let dir = '';
  const at = (name: string) => join(dir, name);
  const secret = ['--passphrase-file', ''];
  let close = async (): Promise<void> => {};
  let served: readonly string[] = [];

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasl-backup-'));
    secret[1] = at('passphrase');
    await writeFile(at('passphrase'), `${randomBytes(18).toString('base64')}\n`);
    await writeFile(at('wrong'), 'not the passphrase of it\n');
    const db = await openForTest(['exchange-registry']);
    const registry = await startRegistry(db, new Date());
    close = async () => {
      await registry.close();
      await db.close();
    };
    const token = await issueToken(registry.registry, anAdmission('DGSN'), registry.now);
    served = ['gateway', '--name', 'backuptest', '--registry-url', registry.server.url, '--log-level', 'error'];
    const [port, peerPort] = [await freePort(), await freePort()];
    const gateway = await startCommand([
      ...[...served, '--data', at('data'), '--port', `${port}`, '--peer-port', `${peerPort}`, '--token', token],
    ]);
    // An operator's act, so that the ledger holds something.
    const operatorToken = (await readFile(at('data/operator-token.secret'), 'utf8')).trim();
    const put = await fetch(`${gateway.url}/operator/v1/services`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'MA-TEST/GOV/DGSN/identity/persons', url: 'http://127.0.0.1:9/' }),
    });
    assert.ok(put.ok, await put.text());
    await gateway.stop();
    await runCommand(['backup', '--part', 'gateway', '--data', at('data'), '--out', at('kept.age'), ...secret]);
  });
  after(async () => {
    await close();
    await rm(dir, { recursive: true, force: true });
  });

  test('it holds nothing in the clear', async () => {
    const bytes = await readFile(at('kept.age'));
    assert.match(bytes.subarray(0, 100).toString('latin1'), /^age-encryption\.org\/v1\n-> scrypt /);
    assert.doesNotMatch(bytes.toString('latin1'), /PRIVATE KEY|persons/);
  });

  test('restored into an empty folder, its ledger verifies and it serves as it did', async () => {
    const said = await runCommand(['restore', at('kept.age'), '--data', at('again'), ...secret]);
    assert.match(said, /verified {3}backuptest: [1-9]\d* entries/);
    const gateway = await startCommand([...served, '--data', at('again')]);
    const token = (await readFile(at('again/operator-token.secret'), 'utf8')).trim();
    const headers = { authorization: `Bearer ${token}` };
    const services = await (await fetch(`${gateway.url}/operator/v1/services`, { headers })).text();
    assert.match(services, /DGSN\/identity\/persons/);
    assert.equal((await fetch(`${gateway.url}/health/ready`)).status, 200);
    await gateway.stop();
    await runCommand(['ledger', 'verify', '--data', at('again')]);
  });

  const databaseUrl = process.env['WASL_TEST_DATABASE_URL'] ?? '';
  const noServer =
    databaseUrl === '' ? 'no PostgreSQL: WASL_TEST_DATABASE_URL is not set' : isLong ? false : 'only with --long';
  test('it goes from the embedded database to PostgreSQL and back', { skip: noServer }, async () => {
    const onServer = ['--database-url', databaseUrl];
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      const there = await runCommand(['restore', at('kept.age'), '--data', at('server'), ...secret, ...onServer]);
      const from = ['--part', 'gateway', '--data', at('server'), ...onServer];
      await runCommand(['backup', ...from, '--out', at('server.age'), ...secret]);
      const back = await runCommand(['restore', at('server.age'), '--data', at('back'), ...secret]);
      const verified = /verified .*/.exec(there)?.[0];
      assert.ok(verified !== undefined && back.includes(verified), `${there}${back}`);
      // A schema that holds rows is never written over.
      await assert.rejects(
        runCommand(['restore', at('kept.age'), '--data', at('twice'), ...secret, ...onServer]),
        /has a schema gateway_backuptest with tables already/,
      );
    } finally {
      await client.query('drop schema if exists gateway_backuptest cascade');
      await client.end();
    }
  });

  const refusals: readonly [string, () => Promise<readonly string[]>, RegExp, boolean?][] = [
    ['a wrong passphrase', async () => [at('kept.age'), '--passphrase-file', at('wrong')], /passphrase is wrong/],
    [
      'a file that was changed',
      async () => [await changed((bytes) => flip(bytes)), ...secret],
      /damaged or was changed/,
    ],
    [
      'a file that was cut',
      async () => [await changed((bytes) => bytes.subarray(0, -70)), ...secret],
      /damaged or was/,
      true,
    ],
    ['a file that is no back-up', async () => [at('passphrase'), ...secret], /or it is no back-up/],
  ];
  const flip = (bytes: Buffer): Buffer => {
    const place = bytes.length - 40;
    bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
    return bytes;
  };
  const changed = async (change: (bytes: Buffer) => Buffer): Promise<string> => {
    await writeFile(at('changed.age'), change(await readFile(at('kept.age'))));
    return at('changed.age');
  };
  for (const [what, args, said, onlyLong = false] of refusals) {
    test(`${what} is refused in one line, and nothing is left behind`, {
      skip: onlyLong && !isLong ? 'only with --long' : false,
    }, async () => {
      await assert.rejects(runCommand(['restore', ...(await args()), '--data', at('refused')]), said);
      assert.equal(existsSync(at('refused')), false);
    });
  }

  test('a folder that holds something is not written into', async () => {
    await assert.rejects(runCommand(['restore', at('kept.age'), '--data', at('data'), ...secret]), /is not empty/);
  });
});

describe('a registry and its back-up', () => {
  test('restored from an old back-up, it signs for the same anchor, and a gateway with a later list follows it at once', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'wasl-backup-'));
    const at = (name: string) => join(dir, name);
    await writeFile(at('passphrase'), randomBytes(18).toString('base64'));
    const secret = ['--passphrase-file', at('passphrase')];
    const serve = (data: string) =>
      startCommand(['registry', '--data', at(data), '--port', '0', '--log-level', 'error']);
    try {
      await (await serve('data')).stop();
      await runCommand(['backup', '--part', 'registry', '--data', at('data'), '--out', at('old.age'), ...secret]);
      const registry = await serve('data');
      const anchor = unwrap(parseAnchor(await (await fetch(`${registry.url}/anchor`)).text()));
      for (let turn = 0; turn < 3; turn += 1) await runCommand(['registry', 'publish', '--data', at('data')]);
      let source = registry.url;
      const held = await openTrustStore({
        ...{ dir: at('gateway'), anchor, clock: () => new Date(), log: silentLog, pollSeconds: 600 },
        registry: async () => (await fetch(`${source}/trust-list`)).text(),
      });
      const before = unwrap(held.current(new Date())).version;
      await registry.stop();
      const said = await runCommand(['restore', at('old.age'), '--data', at('again'), ...secret]);
      assert.match(said, /verified +registry|verified +MA\/registry/);
      const again = await serve('again');
      source = again.url;
      assert.deepEqual(unwrap(parseAnchor(await (await fetch(`${again.url}/anchor`)).text())), anchor);
      const after = unwrap(await held.refresh()).version;
      assert.ok(after > before, `${after} after ${before}`);
      await held.close();
      await again.stop();
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
