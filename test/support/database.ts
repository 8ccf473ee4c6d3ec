import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import pg from 'pg';
import {
  type Database,
  migrate,
  openEmbedded,
  openPgliteHost,
  openPostgresql,
  ROOT,
} from '../../src/platform/index.ts';

/** The empty database that `./wasl` keeps ready: 0.35 s to open instead of 1.4, in each of many tests. */
const TEMPLATE = join(ROOT, '.tools', 'pglite-template.tar');
const template = existsSync(TEMPLATE) ? { template: new Blob([readFileSync(TEMPLATE)]) } : {};

/** Migrated databases, by what was migrated: most of a test's start is these migrations. */
const MIGRATED = join(ROOT, '.tools', 'test-databases');
const MIGRATIONS = join(ROOT, 'db', 'migrations');
let digest: string | undefined;

function migratedKey(sets: readonly string[]): string {
  digest ??= readdirSync(MIGRATIONS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .reduce((hash, file) => hash.update(file).update(readFileSync(file)), createHash('sha256'))
    .digest('hex');
  return createHash('sha256')
    .update(`${digest} ${sets.join(' ')}`)
    .digest('hex')
    .slice(0, 32);
}

/** Whole or not at all: other test files look for it meanwhile. Those of other migrations go. */
function keepMigrated(path: string, dump: Buffer): void {
  mkdirSync(MIGRATED, { recursive: true });
  const known = join(MIGRATED, 'migrations');
  if (!existsSync(known) || readFileSync(known, 'utf8') !== digest) {
    for (const name of readdirSync(MIGRATED)) rmSync(join(MIGRATED, name), { force: true });
    writeFileSync(known, digest ?? '');
  }
  const part = `${path}.${process.pid}`;
  writeFileSync(part, dump);
  renameSync(part, path);
}

/**
 * Runs the block once on the embedded database and once on a real PostgreSQL (WASL_TEST_DATABASE_URL, which
 * `./wasl test` sets or says why it could not). Each `open()` gives a fresh, migrated schema.
 */
export function onEachDatabase(
  sets: readonly string[],
  block: (name: string, open: () => Promise<Database>) => void,
): void {
  describe('on PGlite', () => block('PGlite', () => openOnPglite(sets)));
  const url = process.env['WASL_TEST_DATABASE_URL'];
  const skip = url === undefined || url === '' ? 'no PostgreSQL: WASL_TEST_DATABASE_URL is not set' : false;
  describe('on PostgreSQL', { skip }, () => block('PostgreSQL', () => openOnPostgresql(url ?? '', sets)));
}

/**
 * For tests through a part's doors, whose stores have tests on each database of their own: once on the real PostgreSQL,
 * and on the embedded database where there is none, or with --long.
 */
export function onUsualDatabase(
  sets: readonly string[],
  block: (name: string, open: () => Promise<Database>) => void,
): void {
  const url = process.env['WASL_TEST_DATABASE_URL'];
  if (url === undefined || url === '' || process.env['WASL_TEST_LONG'] === '1') onEachDatabase(sets, block);
  else describe('on PostgreSQL', () => block('PostgreSQL', () => openOnPostgresql(url, sets)));
}

/** PostgreSQL where the tests have one, which opens faster and serves several at once; else the embedded database. */
export function openForTest(sets: readonly string[]): Promise<Database> {
  const url = process.env['WASL_TEST_DATABASE_URL'];
  return url === undefined || url === '' ? openOnPglite(sets) : openOnPostgresql(url, sets);
}

export async function openOnPglite(sets: readonly string[]): Promise<Database> {
  const path = join(MIGRATED, `${migratedKey(sets)}.tar`);
  const isKept = existsSync(path);
  const host = await openPgliteHost(isKept ? { template: new Blob([readFileSync(path)]) } : template);
  const db = await openEmbedded(host, 'test');
  await migrate(db, sets);
  if (!isKept) keepMigrated(path, Buffer.from(await (await host.dump()).arrayBuffer()));
  return {
    ...db,
    close: async () => {
      await db.close();
      await host.close();
    },
  };
}

export async function openOnPostgresql(url: string, sets: readonly string[]): Promise<Database> {
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  const db = await openPostgresql({ url, schema, poolSize: 8 });
  await migrate(db, sets);
  return {
    ...db,
    close: async () => {
      await db.close();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`drop schema ${schema} cascade`);
      await client.end();
    },
  };
}
