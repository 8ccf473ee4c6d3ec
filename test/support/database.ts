import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
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

/** PostgreSQL where the tests have one, which opens faster and serves several at once; else the embedded database. */
export function openForTest(sets: readonly string[]): Promise<Database> {
  const url = process.env['WASL_TEST_DATABASE_URL'];
  return url === undefined || url === '' ? openOnPglite(sets) : openOnPostgresql(url, sets);
}

export async function openOnPglite(sets: readonly string[]): Promise<Database> {
  const host = await openPgliteHost(template);
  const db = await openEmbedded(host, 'test');
  await migrate(db, sets);
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
