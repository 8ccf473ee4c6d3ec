import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditEntry } from '../../src/exchange/operators/audit.ts';
import { listAccounts } from '../../src/exchange/operators/store/account.ts';
import { listEvents } from '../../src/exchange/operators/store/event.ts';
import { logSigner, readEntries, verifyLog } from '../../src/ledger/index.ts';
import { type Database, openPostgresql } from '../../src/platform/index.ts';

const URL = process.env['WASL_TEST_DATABASE_URL'] ?? '';
const skip = URL === '' ? 'no PostgreSQL: WASL_TEST_DATABASE_URL is not set' : false;
const PEM = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
const SIGNER = logSigner('test.example/operators', PEM);

/** Ids of the accounts that were acknowledged before the process was killed, at a random moment. */
async function killAtWork(schema: string): Promise<readonly string[]> {
  const argument = JSON.stringify({ url: URL, schema, pem: PEM });
  const worker = join(import.meta.dirname, 'operators-at-work.ts');
  const child = spawn(process.execPath, [worker, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), randomInt(20, 250)));
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the process ended by itself');
  return Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
}

/** Each acknowledged act is there; each account has its event and each event its account, row and leaf agree. */
async function checkActs(db: Database, acknowledged: readonly string[]): Promise<void> {
  const verified = await verifyLog(db.read, 'operators', SIGNER.vkey);
  assert.ok(verified.ok, verified.ok ? '' : verified.error.detail);
  const leaves = await readEntries(db.read, 'operators', 0, verified.value.size);
  const events = (await listEvents(db.read, {}, 100_000)).toReversed();
  assert.deepEqual(
    events.map((event) => auditEntry(event).toString('utf8')),
    leaves.map((leaf) => leaf.toString('utf8')),
  );
  const accounts = (await listAccounts(db.read)).map((one) => one.id).toSorted();
  assert.deepEqual(events.map((event) => event.target).toSorted(), accounts);
  const known = new Set(accounts);
  assert.deepEqual(
    acknowledged.filter((id) => !known.has(id)),
    [],
  );
}

test('an act of an operator and its entry are both there or both not, whenever the process is killed', {
  skip,
}, async () => {
  const schema = `crash_${randomUUID().replaceAll('-', '')}`;
  const acknowledged: string[] = [];
  const db = await openPostgresql({ url: URL, schema, poolSize: 2 });
  try {
    for (let run = 0; run < 3; run += 1) {
      acknowledged.push(...(await killAtWork(schema)));
      await checkActs(db, acknowledged);
    }
    assert.ok(acknowledged.length >= 3);
  } finally {
    await db.script(`drop schema ${schema} cascade`);
    await db.close();
  }
});
