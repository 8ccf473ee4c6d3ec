import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openStorage } from './storage.ts';

const dirs: string[] = [];
const aFolder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'wasl-storage-'));
  dirs.push(dir);
  mkdirSync(join(dir, 'database'));
  writeFileSync(join(dir, 'database', 'half'), 'of a database');
  return dir;
};
after(() => dirs.map((dir) => rmSync(dir, { recursive: true, force: true })));

test('what a killed first start left of a database is begun anew', async () => {
  const dir = aFolder();
  writeFileSync(join(dir, 'database.making'), '');
  const storage = await openStorage({ dir });
  await storage.close();
  assert.deepEqual(readdirSync(dir), ['database']);
  assert.ok(readdirSync(join(dir, 'database')).includes('PG_VERSION'));
  assert.ok(!readdirSync(join(dir, 'database')).includes('half'));
});

test('what is no database and nobody began is left alone, with the remedy', async () => {
  const dir = aFolder();
  await assert.rejects(openStorage({ dir }), /holds no database; move it away/);
  assert.deepEqual(readdirSync(join(dir, 'database')), ['half']);
});
