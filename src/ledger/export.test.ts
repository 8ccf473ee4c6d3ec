import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openForTest } from '../../test/support/database.ts';
import { Problem } from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import { appendIn, createLog, exportLog, logSigner, verifyExport } from './index.ts';

const SIGNER = logSigner('test.example/acts', generateKeyPairSync('ed25519').privateKey);
let db: Database;
let folder: string;

before(async () => {
  db = await openForTest(['ledger']);
  folder = await mkdtemp(join(tmpdir(), 'ledger-export-'));
});
after(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

let names = 0;
const freshFolder = () => join(folder, `export-${names++}`);

async function aLog(size: number): Promise<string> {
  const log = `log-${names++}`;
  await createLog(db, log, SIGNER);
  await grow(log, 0, size);
  return log;
}

async function grow(log: string, from: number, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, n) => Buffer.from(JSON.stringify({ entry: from + n })));
  await db.transaction((tx) => appendIn(tx, log, SIGNER, entries, new Date(0)));
}

const filesIn = async (dir: string) => {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  return found.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
};

test('an exported log holds every file of its tree and verifies from them alone', async () => {
  const dir = freshFolder();
  const { size, files } = await exportLog(db.read, await aLog(600), SIGNER.vkey, dir);
  const names = (await filesIn(dir)).map((path) => path.slice(dir.length + 1)).sort();
  assert.deepEqual(names, [
    'checkpoint',
    'tile/0/000',
    'tile/0/001',
    'tile/0/002.p/88',
    'tile/1/000.p/2',
    'tile/entries/000',
    'tile/entries/001',
    'tile/entries/002.p/88',
    'vkey',
  ]);
  assert.deepEqual([size, files], [600, names.length]);
  assert.equal(await readFile(join(dir, 'vkey'), 'utf8'), SIGNER.vkey);
  const verified = await verifyExport(dir);
  assert.ok(verified.ok);
  assert.deepEqual([verified.value.origin, verified.value.size], ['test.example/acts', 600]);
});

test('an empty log is a checkpoint and a key', async () => {
  const dir = freshFolder();
  await exportLog(db.read, await aLog(0), SIGNER.vkey, dir);
  assert.deepEqual((await readdir(dir)).sort(), ['checkpoint', 'vkey']);
  assert.ok((await verifyExport(dir)).ok);
});

test('exporting again over an earlier export brings it up to date', async () => {
  const [dir, log] = [freshFolder(), await aLog(250)];
  await exportLog(db.read, log, SIGNER.vkey, dir);
  await grow(log, 250, 20);
  await exportLog(db.read, log, SIGNER.vkey, dir);
  const verified = await verifyExport(dir);
  assert.equal(verified.ok && verified.value.size, 270);
});

test('a folder that holds something else is left alone', async () => {
  const [dir, log] = [freshFolder(), await aLog(3)];
  await exportLog(db.read, log, SIGNER.vkey, dir);
  await writeFile(join(dir, 'vkey'), 'another key');
  const before = await filesIn(dir);
  const refused = (cause: unknown) => cause instanceof Problem && cause.status === 409;
  await assert.rejects(exportLog(db.read, log, SIGNER.vkey, dir), refused);
  await assert.rejects(exportLog(db.read, log, SIGNER.vkey, folder), refused);
  assert.deepEqual(await filesIn(dir), before);
});

test('a change of any one byte in any file is refused', async () => {
  const [dir, log] = [freshFolder(), await aLog(300)];
  await exportLog(db.read, log, SIGNER.vkey, dir);
  for (const path of await filesIn(dir)) {
    const bytes = await readFile(path);
    for (let nth = 0; nth < 12; nth += 1) {
      const at = Math.floor((nth * (bytes.length - 1)) / 11);
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(path, changed);
      assert.equal((await verifyExport(dir)).ok, false, `${path} at ${at}`);
    }
    await writeFile(path, bytes);
  }
  assert.ok((await verifyExport(dir)).ok);
});

test('a file that is missing, cut short or swollen is refused', async () => {
  const [dir, log] = [freshFolder(), await aLog(300)];
  await exportLog(db.read, log, SIGNER.vkey, dir);
  for (const path of await filesIn(dir)) {
    const bytes = await readFile(path);
    await truncate(path, bytes.length - 1);
    assert.equal((await verifyExport(dir)).ok, false, `${path} cut`);
    await writeFile(path, Buffer.concat([bytes, Buffer.alloc(20_000_000)]));
    assert.equal((await verifyExport(dir)).ok, false, `${path} swollen`);
    await rm(path);
    assert.equal((await verifyExport(dir)).ok, false, `${path} missing`);
    await writeFile(path, bytes);
  }
});

test('a log that is wholly forged agrees with its own key, not with the one that is trusted', async () => {
  const forger = logSigner(SIGNER.origin, generateKeyPairSync('ed25519').privateKey);
  const [dir, log] = [freshFolder(), `log-${names++}`];
  await createLog(db, log, forger);
  await exportLog(db.read, log, forger.vkey, dir);
  assert.ok((await verifyExport(dir)).ok);
  const refused = await verifyExport(dir, SIGNER.vkey);
  assert.equal(!refused.ok && refused.error.kind, 'unknown-key');
});

test('an older checkpoint still verifies among the files of a newer one', async () => {
  const [older, newer, log] = [freshFolder(), freshFolder(), await aLog(255)];
  await exportLog(db.read, log, SIGNER.vkey, older);
  await cp(older, newer, { recursive: true });
  await grow(log, 255, 300);
  await exportLog(db.read, log, SIGNER.vkey, newer);
  await cp(join(older, 'checkpoint'), join(newer, 'checkpoint'));
  const verified = await verifyExport(newer);
  assert.equal(verified.ok && verified.value.size, 255);
});

test('what is not an export is said not to be one', async () => {
  const refused = await verifyExport(join(folder, 'nowhere'));
  assert.equal(!refused.ok && refused.error.kind, 'no-log');
});
