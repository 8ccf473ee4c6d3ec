import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { onEachDatabase } from '../../test/support/database.ts';
import { Problem, unwrap } from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import {
  appendIn,
  consistencyProof,
  createLog,
  inclusionProof,
  leafHash,
  logSigner,
  openCheckpoint,
  readBundle,
  readCheckpoint,
  readEntries,
  readTile,
  verifyConsistency,
  verifyInclusion,
  verifyLog,
} from './index.ts';

const SIGNER = logSigner('test.example/acts', generateKeyPairSync('ed25519').privateKey);
const NOW = new Date('2026-03-01T12:00:00Z');
const entriesFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, n) => Buffer.from(JSON.stringify({ entry: first + n })));
const isProblem = (status: number) => (cause: unknown) => cause instanceof Problem && cause.status === status;

onEachDatabase(['ledger'], (_name, open) => {
  let db: Database;
  let logs = 0;
  before(async () => {
    db = await open();
  });
  after(() => db.close());

  async function aLog(size = 0): Promise<string> {
    const log = `log-${logs++}`;
    await createLog(db, log, SIGNER);
    if (size > 0) await append(log, 0, size);
    return log;
  }
  const append = (log: string, first: number, count: number) =>
    db.transaction((tx) => appendIn(tx, log, SIGNER, entriesFrom(first, count), NOW));
  const rootAt = async (log: string) => unwrap(openCheckpoint(await readCheckpoint(db.read, log), SIGNER.vkey)).root;
  const verified = async (log: string) => {
    const result = await verifyLog(db.read, log, SIGNER.vkey);
    return result.ok ? result.value.size : result.error;
  };

  test('a new log has a signed empty checkpoint, and making it again changes nothing', async () => {
    const log = await aLog();
    await createLog(db, log, SIGNER);
    assert.equal(await verified(log), 0);
    await append(log, 0, 1);
    await createLog(db, log, SIGNER);
    assert.equal(await verified(log), 1);
  });

  test('a log does not go on under another key or origin', async () => {
    const log = await aLog(1);
    const otherKey = logSigner(SIGNER.origin, generateKeyPairSync('ed25519').privateKey);
    await assert.rejects(createLog(db, log, otherKey), isProblem(409));
    const appending = db.transaction((tx) => appendIn(tx, log, otherKey, [Buffer.from('x')], NOW));
    await assert.rejects(appending, isProblem(409));
    assert.equal(await verified(log), 1);
  });

  test('entries stand where they were told to stand, at every step over the edges of tiles', async () => {
    const log = await aLog();
    let size = 0;
    let before = await rootAt(log);
    for (const count of [1, 254, 1, 1, 255, 300, 65_536 - 812 - 1, 1, 1]) {
      const appended = await append(log, size, count);
      assert.equal(appended.firstIndex, size);
      assert.equal(appended.size, size + count);
      assert.deepEqual(await rootAt(log), appended.root);
      const proof = await consistencyProof(db.read, log, size, appended.size);
      assert.ok(verifyConsistency(size, appended.size, proof, before, appended.root));
      ({ size, root: before } = appended);
    }
    assert.equal(await verified(log), 65_537);
    assert.deepEqual(await readEntries(db.read, log, 65_535, 65_540), entriesFrom(65_535, 2));
    assert.equal((await readTile(db.read, log, 1, 0))?.length, 8192);
    assert.equal((await readTile(db.read, log, 2, 0, 1))?.length, 32);
    for (const index of [0, 255, 256, 40_000, 65_536]) {
      const [entry = Buffer.alloc(0)] = await readEntries(db.read, log, index, index + 1);
      const proof = await inclusionProof(db.read, log, index, size);
      assert.ok(verifyInclusion(leafHash(entry), index, size, proof, before));
    }
  });

  test('a rollback takes the entries back, and the next ones take their places', async () => {
    const log = await aLog(3);
    const failing = db.transaction(async (tx) => {
      await appendIn(tx, log, SIGNER, entriesFrom(3, 300), NOW);
      throw new Error('the change was refused');
    });
    await assert.rejects(failing, /refused/);
    assert.equal(await verified(log), 3);
    assert.equal((await append(log, 3, 2)).firstIndex, 3);
    assert.equal(await verified(log), 5);
  });

  test('two appends in one transaction follow each other', async () => {
    const log = await aLog(250);
    await db.transaction(async (tx) => {
      await appendIn(tx, log, SIGNER, entriesFrom(250, 10), NOW);
      const second = await appendIn(tx, log, SIGNER, entriesFrom(260, 300), NOW);
      assert.equal(second.firstIndex, 260);
    });
    assert.equal(await verified(log), 560);
  });

  test('appending nothing leaves the checkpoint as it is', async () => {
    const log = await aLog(2);
    const before = await readCheckpoint(db.read, log);
    assert.equal((await append(log, 2, 0)).size, 2);
    assert.equal(await readCheckpoint(db.read, log), before);
  });

  test('appenders of one log take turns', async () => {
    const log = await aLog();
    const places = await Promise.all(Array.from({ length: 12 }, (_, n) => append(log, n * 30, 30)));
    const firsts = places.map((place) => place.firstIndex).sort((a, b) => a - b);
    assert.deepEqual(
      firsts,
      Array.from({ length: 12 }, (_, n) => n * 30),
    );
    assert.equal(await verified(log), 360);
  });

  test('logs of one schema do not touch each other', async () => {
    const [one, two] = [await aLog(300), await aLog(7)];
    await append(one, 300, 300);
    assert.deepEqual([await verified(one), await verified(two)], [600, 7]);
  });

  test('the longest entry and the empty one are kept, a longer one is refused and nothing with it', async () => {
    const log = await aLog();
    const longest = Buffer.alloc(65_535, 0xff);
    await db.transaction((tx) => appendIn(tx, log, SIGNER, [Buffer.alloc(0), longest, Buffer.of(0, 0xff)], NOW));
    assert.deepEqual(await readEntries(db.read, log, 0, 3), [Buffer.alloc(0), longest, Buffer.of(0, 0xff)]);
    const tooLong = [Buffer.from('good'), Buffer.alloc(65_536)];
    await assert.rejects(
      db.transaction((tx) => appendIn(tx, log, SIGNER, tooLong, NOW)),
      isProblem(413),
    );
    assert.equal(await verified(log), 3);
  });

  test('what the log has not reached is not there', async () => {
    const log = await aLog(300);
    assert.equal(await readTile(db.read, log, 0, 1), undefined);
    assert.equal(await readTile(db.read, log, 0, 1, 45), undefined);
    assert.equal((await readTile(db.read, log, 0, 1, 44))?.length, 44 * 32);
    assert.equal(await readTile(db.read, log, 1, 0, 2), undefined);
    assert.equal(await readTile(db.read, log, 63, 0, 1), undefined);
    assert.equal(await readBundle(db.read, log, 1), undefined);
    assert.equal(await readBundle(db.read, log, 2 ** 45, 1), undefined);
  });

  test('a narrower partial tile of an earlier size is still there', async () => {
    const log = await aLog(300);
    const full = await readTile(db.read, log, 0, 0);
    assert.deepEqual(await readTile(db.read, log, 0, 0, 17), full?.subarray(0, 17 * 32));
    assert.ok((await readBundle(db.read, log, 0, 17)) !== undefined);
  });

  test('proofs of what is not in the log are refused, as is a log that does not exist', async () => {
    const log = await aLog(5);
    for (const [index, size] of [
      [5, 5],
      [0, 6],
      [-1, 5],
      [0.5, 5],
      [0, 0],
    ] as const) {
      await assert.rejects(inclusionProof(db.read, log, index, size), isProblem(422));
    }
    for (const [from, to] of [
      [3, 2],
      [0, 6],
      [-1, 2],
      [1.5, 2],
    ] as const) {
      await assert.rejects(consistencyProof(db.read, log, from, to), isProblem(422));
    }
    await assert.rejects(readCheckpoint(db.read, 'nowhere'), isProblem(404));
    const appending = db.transaction((tx) => appendIn(tx, 'nowhere', SIGNER, [Buffer.from('x')], NOW));
    await assert.rejects(appending, isProblem(404));
    assert.equal(((await verified('nowhere')) as { kind: string }).kind, 'no-log');
  });

  test('the database refuses to change or remove what was appended', async () => {
    const log = await aLog(300);
    const refused = [
      "update ledger_entry set data = 'x'",
      'delete from ledger_entry',
      'truncate ledger_entry',
      'update ledger_tile set root = hashes',
      'delete from ledger_tile',
      'truncate ledger_tile',
      'delete from ledger_log',
      'truncate ledger_log, ledger_tile',
      'update ledger_log set size = size - 1',
      "update ledger_log set origin = 'x', size = size + 1",
      'update ledger_log set root = root',
    ];
    for (const statement of refused) {
      await assert.rejects(db.script(statement), /append-only|only grow/, statement);
    }
    assert.equal(await verified(log), 300);
  });

  test('the database refuses entries that leave a gap, repeat a place or lie beyond the head', async () => {
    const log = await aLog(3);
    const id = await idOf(log);
    for (const index of [2, 3, 4, 5, -1]) {
      const inserting = sql`insert into ledger_entry (log_id, entry_index, data) values (${id}, ${index}, 'x')`;
      await assert.rejects(inserting.execute(db.read), `entry ${index}`);
    }
    const stranger = sql`insert into ledger_entry (log_id, entry_index, data) values (987654, 0, 'x')`;
    await assert.rejects(stranger.execute(db.read), /do not end/);
    const moving = db.script(`update ledger_log set size = 7, edge = decode(repeat('00', 96), 'hex') where id = ${id}`);
    await assert.rejects(moving, /has no entry/);
    assert.equal(await verified(log), 3);
  });

  const idOf = async (log: string): Promise<number> => {
    const result = await sql<{ id: number }>`select id from ledger_log where name = ${log}`.execute(db.read);
    return result.rows[0]?.id ?? assert.fail();
  };

  /** What someone with every right over the database could do. */
  async function tamper(statement: string): Promise<void> {
    const tables = ['ledger_entry', 'ledger_tile', 'ledger_log'];
    for (const table of tables) await db.script(`alter table ${table} disable trigger user`);
    await db.script(statement);
    for (const table of tables) await db.script(`alter table ${table} enable trigger user`);
  }

  test('the audit names what was tampered with behind the back of the triggers', async () => {
    const cases: readonly (readonly [string, string, number | undefined])[] = [
      [
        'update ledger_entry set data = \'{"entry":false}\' where entry_index = 137 and log_id = ID',
        'entry-altered',
        137,
      ],
      ["update ledger_entry set data = 'x' where entry_index = 599 and log_id = ID", 'root-differs', undefined],
      ['delete from ledger_entry where entry_index = 300 and log_id = ID', 'entries-missing', 256],
      ['delete from ledger_entry where entry_index = 599 and log_id = ID', 'entries-missing', 512],
      ['delete from ledger_tile where tile_index = 1 and log_id = ID', 'tile-missing', 256],
      [
        "update ledger_tile set hashes = overlay(hashes placing '\\xffff'::bytea from 65) where tile_index = 1 and log_id = ID",
        'entry-altered',
        258,
      ],
      [
        "update ledger_tile set root = decode(repeat('ab', 32), 'hex') where tile_index = 1 and log_id = ID",
        'tile-altered',
        256,
      ],
      ["update ledger_log set edge = decode(repeat('ab', 128), 'hex') where id = ID", 'head-altered', undefined],
      ["update ledger_log set root = decode(repeat('ab', 32), 'hex') where id = ID", 'head-altered', undefined],
      [
        "update ledger_log set checkpoint = replace(checkpoint, '600', '599') where id = ID",
        'bad-signature',
        undefined,
      ],
      ["update ledger_log set checkpoint = 'gone' where id = ID", 'malformed-note', undefined],
      ["insert into ledger_entry (log_id, entry_index, data) values (ID, 600, 'x')", 'entries-beyond-head', undefined],
      [
        "insert into ledger_entry (log_id, entry_index, data) values (ID, 10000, 'x')",
        'entries-beyond-head',
        undefined,
      ],
      [
        'insert into ledger_tile select ID, 0, 2, hashes, root from ledger_tile where tile_index = 0 and log_id = ID',
        'entries-beyond-head',
        undefined,
      ],
    ];
    for (const [statement, kind, index] of cases) {
      const log = await aLog(600);
      await tamper(statement.replaceAll('ID', String(await idOf(log))));
      const refusal = await verifyLog(db.read, log, SIGNER.vkey);
      assert.ok(!refusal.ok, statement);
      assert.deepEqual([refusal.error.kind, refusal.error.index], [kind, index], statement);
    }
  });

  test('a log that was rewritten and signed anew with another key is refused by the key that is trusted', async () => {
    const forger = logSigner(SIGNER.origin, generateKeyPairSync('ed25519').privateKey);
    const log = `log-${logs++}`;
    await createLog(db, log, forger);
    await db.transaction((tx) => appendIn(tx, log, forger, entriesFrom(0, 5), NOW));
    const refusal = await verifyLog(db.read, log, SIGNER.vkey);
    assert.equal(!refusal.ok && refusal.error.kind, 'unknown-key');
  });
});
