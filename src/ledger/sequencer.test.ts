import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setImmediate as yieldTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { onEachDatabase } from '../../test/support/database.ts';
import { Problem } from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import {
  appendArguments,
  createLog,
  logSigner,
  openSequencer,
  readEntries,
  type SequencerOptions,
  verifyLog,
} from './index.ts';

const SIGNER = logSigner('test.example/acts', generateKeyPairSync('ed25519').privateKey);
const clock = () => new Date('2026-03-01T12:00:00Z');
const entryOf = (n: number) => Buffer.from(JSON.stringify({ entry: n }));

onEachDatabase(['ledger'], (_name, open) => {
  let db: Database;
  let logs = 0;
  before(async () => {
    db = await open();
    await db.script('create table payload (entry_index bigint, log text, text text not null, check (text <> $$bad$$))');
  });
  after(() => db.close());

  async function aLog(): Promise<string> {
    const log = `log-${logs++}`;
    await createLog(db, log, SIGNER);
    return log;
  }

  function aSequencer(log: string, options: Partial<SequencerOptions<string>> = {}) {
    const batches: number[] = [];
    const sequencer = openSequencer<string>({
      db,
      log,
      signer: SIGNER,
      clock,
      async place(tx, append, batch) {
        const indexes = batch.map((item) => item.index);
        const texts = batch.map((item) => item.payload);
        const kept = await sql`
          with placed as materialized (select ledger_append(${appendArguments(append)}) as is_placed)
          insert into payload select given.index, ${log}, given.text
          from placed, unnest(${indexes}::bigint[], ${texts}::text[]) as given (index, text)
          where placed.is_placed returning 1`.execute(tx);
        if (kept.rows.length > 0) batches.push(batch.length);
        return kept.rows.length > 0;
      },
      ...options,
    });
    return { sequencer, batches };
  }

  const sizeOf = async (log: string) => {
    const result = await verifyLog(db.read, log, SIGNER.vkey);
    return result.ok ? result.value.size : assert.fail(result.error.detail);
  };

  test('each append is answered with the place of its own entry, and its payload is there', async () => {
    const log = await aLog();
    const { sequencer, batches } = aSequencer(log);
    const places = await Promise.all(
      Array.from({ length: 700 }, (_, n) => sequencer.append(entryOf(n), `payload ${n}`)),
    );
    const entries = await readEntries(db.read, log, 0, 700);
    for (const [n, place] of places.entries()) assert.deepEqual(entries[place.index], entryOf(n));
    const stored = await sql<{ index: number; text: string }>`
      select entry_index as index, text from payload where log = ${log}`.execute(db.read);
    assert.equal(stored.rows.length, 700);
    for (const row of stored.rows) assert.deepEqual(entries[row.index], entryOf(Number(row.text.slice(8))));
    assert.ok(batches.length < 10, `${batches.length} batches`);
    assert.equal(await sizeOf(log), 700);
    await sequencer.close();
  });

  test('no batch is longer than the limit, and entries appended together stay together', async () => {
    const log = await aLog();
    const { sequencer, batches } = aSequencer(log, { maxBatch: 10 });
    const singles = Array.from({ length: 25 }, (_, n) => sequencer.append(entryOf(n), ''));
    const group = sequencer.appendMany(
      Array.from({ length: 14 }, (_, n) => ({ entry: entryOf(100 + n), payload: '' })),
    );
    await Promise.all(singles);
    const indexes = (await group).map((place) => place.index);
    assert.deepEqual(
      indexes,
      Array.from({ length: 14 }, (_, n) => (indexes[0] ?? 0) + n),
    );
    assert.deepEqual(batches, [10, 10, 5, 14]);
    await sequencer.close();
  });

  test('a batch whose payload is refused is wholly rejected, and the log goes on', async () => {
    const log = await aLog();
    const { sequencer } = aSequencer(log);
    const results = await Promise.allSettled(
      ['good', 'bad', 'good'].map((text, n) => sequencer.append(entryOf(n), text)),
    );
    assert.deepEqual(
      results.map((result) => result.status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.equal(await sizeOf(log), 0);
    assert.deepEqual(await sequencer.append(entryOf(9), 'good'), { index: 0 });
    assert.equal(await sizeOf(log), 1);
    await sequencer.close();
  });

  test('several sequencers on one log lose nothing and share no place', async () => {
    const log = await aLog();
    const sequencers = [aSequencer(log), aSequencer(log), aSequencer(log)].map((made) => made.sequencer);
    const places = await Promise.all(
      Array.from({ length: 300 }, (_, n) => sequencers[n % 3]?.append(entryOf(n), '') ?? assert.fail()),
    );
    assert.equal(new Set(places.map((place) => place.index)).size, 300);
    assert.equal(await sizeOf(log), 300);
    await Promise.all(sequencers.map((sequencer) => sequencer.close()));
  });

  test('the audit and the proofs hold while the log grows', async () => {
    const log = await aLog();
    const { sequencer } = aSequencer(log, { maxBatch: 20 });
    const growing = Promise.all(Array.from({ length: 600 }, (_, n) => sequencer.append(entryOf(n), '')));
    const sizes: number[] = [];
    while (sizes.at(-1) !== 600) {
      await yieldTurn();
      sizes.push(await sizeOf(log));
    }
    await growing;
    assert.deepEqual(
      sizes,
      sizes.toSorted((a, b) => a - b),
    );
    await sequencer.close();
  });

  test('a conflict that the database rolled back is tried again, once more the same entries', async () => {
    const log = await aLog();
    let failures = 2;
    const { sequencer } = aSequencer(log, {
      async place(tx, append) {
        if (failures-- > 0)
          await sql`do $$ begin raise exception 'try again' using errcode = '40001'; end $$`.execute(tx);
        await sql`select ledger_append(${appendArguments(append)})`.execute(tx);
        return true;
      },
    });
    assert.deepEqual(await sequencer.append(entryOf(0), ''), { index: 0 });
    assert.equal(await sizeOf(log), 1);
    await sequencer.close();
  });

  test('an error that is no conflict is not tried again', async () => {
    const log = await aLog();
    let calls = 0;
    const { sequencer } = aSequencer(log, {
      async place() {
        calls += 1;
        throw new Error('connection lost');
      },
    });
    await assert.rejects(sequencer.append(entryOf(0), ''), /connection lost/);
    assert.equal(calls, 1);
    await sequencer.close();
  });

  test('too long an entry is refused alone, without harm to those that wait', async () => {
    const log = await aLog();
    const { sequencer } = aSequencer(log);
    const good = sequencer.append(entryOf(0), '');
    await assert.rejects(
      sequencer.append(Buffer.alloc(65_536), ''),
      (cause) => cause instanceof Problem && cause.status === 413,
    );
    assert.deepEqual(await good, { index: 0 });
    await sequencer.close();
  });

  test('more than may wait is refused at once', async () => {
    const log = await aLog();
    const { sequencer } = aSequencer(log, { maxWaiting: 5 });
    const results = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => sequencer.append(entryOf(n), '')));
    const refused = results.filter((result) => result.status === 'rejected');
    assert.equal(refused.length, 3);
    assert.ok(refused.every((result) => result.reason instanceof Problem && result.reason.status === 503));
    await sequencer.close();
  });

  test('closing commits what waits and refuses what comes after', async () => {
    const log = await aLog();
    const { sequencer } = aSequencer(log, { lingerMs: 50 });
    const waiting = [0, 1, 2].map((n) => sequencer.append(entryOf(n), ''));
    await sequencer.close();
    await assert.rejects(sequencer.append(entryOf(3), ''), (cause) => cause instanceof Problem && cause.status === 503);
    assert.deepEqual(await Promise.all(waiting), [{ index: 0 }, { index: 1 }, { index: 2 }]);
  });

  test('lingering gathers what comes within that time', async () => {
    const log = await aLog();
    const { sequencer, batches } = aSequencer(log, { lingerMs: 80 });
    const first = sequencer.append(entryOf(0), '');
    await new Promise((resolve) => setTimeout(resolve, 10));
    await Promise.all([first, sequencer.append(entryOf(1), '')]);
    assert.deepEqual(batches, [2]);
    await sequencer.close();
  });
});
