import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { initRegistry, parseTrustList } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { verifyLog } from '../../src/ledger/index.ts';
import { type Database, openPostgresql } from '../../src/platform/index.ts';
import { INSTANCE } from '../support/registry.ts';

const URL = process.env['WASL_TEST_DATABASE_URL'] ?? '';
const skip = URL === '' ? 'no PostgreSQL: WASL_TEST_DATABASE_URL is not set' : false;

type Told =
  | { readonly approved: string; readonly server: string }
  | { readonly version: number; readonly hash: string };

/** What was acknowledged before the registry was killed, at a random moment. */
async function killAtWork(schema: string, dir: string): Promise<readonly Told[]> {
  const worker = join(import.meta.dirname, 'registry-at-work.ts');
  const argument = JSON.stringify({ url: URL, schema, dir });
  const child = spawn(process.execPath, [worker, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  let isDying = false;
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (isDying || !chunk.includes('approved')) return;
    isDying = true;
    setTimeout(() => child.kill('SIGKILL'), randomInt(20, 400));
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the process ended by itself');
  const lines = Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Told);
}

async function listsOf(db: Database) {
  const found = await sql<{ version: number; jws: string }>`
    select version, jws from trust_list order by version`.execute(db.read);
  return found.rows;
}

/** After the crash, before anything else is done: what was said is there, and nothing half is. */
async function checkKept(db: Database, dir: string, told: readonly Told[]): Promise<void> {
  const registry = await initRegistry({ db, dir, instance: INSTANCE, random: randomBytes }, new Date());
  const verified = await verifyLog(db.read, registry.ledger.name, registry.ledger.signer.vkey);
  assert.ok(verified.ok, verified.ok ? '' : verified.error.detail);
  const lists = await listsOf(db);
  const hashes = new Map(lists.map(({ version, jws }) => [version, createHash('sha256').update(jws).digest('hex')]));
  const latest = lists.at(-1) ?? assert.fail('there is no list');
  const list = unwrap(parseTrustList(latest.jws, registry.keys.anchor, new Date()));
  const listed = new Set(list.gateways.map(({ statement }) => statement.server));
  for (const one of told) {
    if ('version' in one) assert.equal(hashes.get(one.version), one.hash, `version ${one.version} says something else`);
    else assert.ok(listed.has(one.server), `${one.server} was let in and is not in the list`);
  }
  const halves = await sql<{ id: string }>`
    select r.id from request r left join gateway g on g.server = r.server
    where (r.state = 'approved') <> (g.server is not null)`.execute(db.read);
  assert.deepEqual(halves.rows, [], 'a request and its gateway disagree');
  const row = await sql<{ version: number }>`select list_version as version from registry`.execute(db.read);
  // A join that waits takes a number and publishes nothing, so numbers may be left out, never used again.
  assert.ok((row.rows[0]?.version ?? 0) >= latest.version);
}

test('whoever was let in stays in, and no version of the list has two contents, whenever the registry is killed', {
  skip,
}, async () => {
  const schema = `crash_${randomUUID().replaceAll('-', '')}`;
  const dir = await mkdtemp(join(tmpdir(), 'wasl-registry-crash-'));
  const told: Told[] = [];
  const db = await openPostgresql({ url: URL, schema, poolSize: 2 });
  try {
    for (let run = 0; run < 3; run += 1) {
      told.push(...(await killAtWork(schema, dir)));
      await checkKept(db, dir, told);
    }
    const versions = told.flatMap((one) => ('version' in one ? [one.version] : []));
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
      'a later list has a lower version',
    );
    assert.ok(told.some((one) => 'server' in one));
  } finally {
    await db.script(`drop schema ${schema} cascade`);
    await db.close();
    await rm(dir, { recursive: true, force: true });
  }
});
