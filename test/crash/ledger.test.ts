import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import {
  appendArguments,
  createLog,
  logSigner,
  openSequencer,
  readEntries,
  verifyLog,
} from '../../src/ledger/index.ts';
import type { Database } from '../../src/platform/index.ts';
import { openLedgerDatabase, type Place } from './ledger-database.ts';

const URL = process.env['WASL_TEST_DATABASE_URL'] ?? '';
const skip = URL === '' ? 'no PostgreSQL: WASL_TEST_DATABASE_URL is not set' : false;
const { privateKey } = generateKeyPairSync('ed25519');
const PEM = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
const SIGNER = logSigner('test.example/crash', PEM);
const APPENDER = join(import.meta.dirname, 'ledger-appender.ts');

type Acknowledged = { readonly index: number; readonly text: string };

/** Lets an appender run until it has acknowledged something, then kills it at a random moment soon after. */
async function killWhileAppending(place: Place, run: number): Promise<readonly Acknowledged[]> {
  const argument = JSON.stringify({ place, pem: PEM, run });
  const child = spawn(process.execPath, [APPENDER, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), randomInt(20, 250)));
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the appender ended by itself');
  const lines = Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => ({ index: Number.parseInt(line, 10), text: line.slice(line.indexOf(' ') + 1) }));
}

/** All that was acknowledged is there, each entry has its payload and each payload its entry, the log verifies. */
async function checkNothingLost(db: Database, acknowledged: readonly Acknowledged[]): Promise<void> {
  const verified = await verifyLog(db.read, 'acts', SIGNER.vkey);
  assert.ok(verified.ok, verified.ok ? '' : verified.error.detail);
  const { size } = verified.value;
  const entries = (await readEntries(db.read, 'acts', 0, size)).map((entry) => entry.toString('utf8'));
  for (const { index, text } of acknowledged) assert.equal(entries[index], text, `entry ${index}`);
  const payload = await sql<{ text: string }>`select text from payload order by entry_index`.execute(db.read);
  assert.deepEqual(
    payload.rows.map((row) => row.text),
    entries,
  );
}

async function surviveKills(place: Place, kills: number): Promise<void> {
  const acknowledged: Acknowledged[] = [];
  for (let run = 0; run < kills; run += 1) {
    acknowledged.push(...(await killWhileAppending(place, run)));
    const { db, close } = await openLedgerDatabase(place);
    try {
      await checkNothingLost(db, acknowledged);
    } finally {
      await close();
    }
  }
  assert.equal(new Set(acknowledged.map((entry) => entry.index)).size, acknowledged.length);
}

async function withSchema(work: (place: Place) => Promise<void>): Promise<void> {
  const schema = `crash_${randomUUID().replaceAll('-', '')}`;
  const place: Place = { kind: 'postgresql', url: URL, schema };
  try {
    await work(place);
  } finally {
    const { db, close } = await openLedgerDatabase(place);
    await db.script(`drop schema ${schema} cascade`);
    await close();
  }
}

test('nothing acknowledged is lost when the process is killed while appending, on PGlite', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ledger-crash-'));
  try {
    await surviveKills({ kind: 'pglite', dataDir }, 2);
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test('nothing acknowledged is lost when the process is killed while appending, on PostgreSQL', { skip }, () =>
  withSchema((place) => surviveKills(place, 5)),
);

test('when the database cuts the connection, what is not committed is not acknowledged', { skip }, () =>
  withSchema(async (place) => {
    const { db, close } = await openLedgerDatabase(place);
    await createLog(db, 'acts', SIGNER);
    const sequencer = openSequencer<string>({
      db,
      log: 'acts',
      signer: SIGNER,
      clock: () => new Date(),
      async place(tx, append, batch) {
        const texts = batch.map((item) => item.payload);
        const kept = await sql`
          with placed as materialized (select ledger_append(${appendArguments(append)}) as is_placed),
          kept as (
            insert into payload select ${append.believedSize} + nth - 1, text
            from placed, unnest(${texts}::text[]) with ordinality as given (text, nth) where is_placed returning text)
          select text, case when text = 'cut' then pg_terminate_backend(pg_backend_pid()) end from kept`.execute(tx);
        return kept.rows.length > 0;
      },
    });
    assert.deepEqual(await sequencer.append(Buffer.from('one'), 'one'), { index: 0 });
    await assert.rejects(sequencer.append(Buffer.from('cut'), 'cut'));
    assert.deepEqual(await sequencer.append(Buffer.from('two'), 'two'), { index: 1 });
    await checkNothingLost(db, [
      { index: 0, text: 'one' },
      { index: 1, text: 'two' },
    ]);
    await sequencer.close();
    await close();
  }),
);
