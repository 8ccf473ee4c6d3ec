import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';
import { ROOT } from './root.ts';

/** One forward-only step: `db/migrations/SET/NNNN_name.sql`. */
type Migration = { readonly set: string; readonly name: string; readonly text: string; readonly hash: string };

const FOLDER = join(ROOT, 'db', 'migrations');

export async function readMigrations(set: string): Promise<readonly Migration[]> {
  const names = (await readdir(join(FOLDER, set))).filter((name) => /^\d{4}_[a-z0-9_-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(FOLDER, set, name), 'utf8');
      return { set, name, text, hash: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * Brings a schema up to date, set by set, each step in its own transaction together with its row in `migration`.
 * A crash between two steps leaves whole steps only, and the next start goes on from there. Two processes that
 * start at once take turns on an advisory lock. A step that was changed after it ran is refused.
 */
export async function migrate(db: Database, sets: readonly string[]): Promise<void> {
  const steps = (await Promise.all(sets.map(readMigrations))).flat();
  const done = await appliedHashes(db);
  for (const step of steps) {
    const known = done.get(`${step.set}/${step.name}`);
    if (known === undefined) await apply(db, step);
    else if (known !== step.hash) {
      throw new Error(`db/migrations/${step.set}/${step.name} was changed after it ran; add a new file instead`);
    }
  }
}

async function appliedHashes(db: Database): Promise<Map<string, string>> {
  await db.transaction(async (tx) => {
    await lockMigrations(tx);
    await sql`create table if not exists migration (
      set text not null, name text not null, hash text not null, applied_at timestamptz not null default now(),
      primary key (set, name))`.execute(tx);
  });
  const rows = await sql<{ set: string; name: string; hash: string }>`select set, name, hash from migration`.execute(
    db.read,
  );
  return new Map(rows.rows.map((row) => [`${row.set}/${row.name}`, row.hash]));
}

async function apply(db: Database, step: Migration): Promise<void> {
  await db.transaction(async (tx) => {
    await lockMigrations(tx);
    const row = await sql`insert into migration (set, name, hash) values (${step.set}, ${step.name}, ${step.hash})
      on conflict do nothing returning name`.execute(tx);
    if (row.rows.length === 0) return;
    for (const statement of splitStatements(step.text)) await sql.raw(statement).execute(tx);
  });
}

function lockMigrations(tx: Tx): Promise<unknown> {
  return sql`select pg_advisory_xact_lock(hashtext('wasl migrations ' || current_schema()))`.execute(tx);
}

/**
 * Statements one by one: PGlite's prepared protocol takes no more. Ends at a semicolon outside quotes, comments
 * and dollar-quoted bodies.
 */
export function splitStatements(text: string): readonly string[] {
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g;
  const statements: string[] = [];
  let from = 0;
  for (const match of text.matchAll(token)) {
    if (match[0] !== ';') continue;
    statements.push(text.slice(from, match.index));
    from = match.index + 1;
  }
  statements.push(text.slice(from));
  return statements.filter((statement) => statement.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() !== '');
}
