import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

/** One step of a schema's history, as `migrate` recorded it. */
export type AppliedStep = { readonly step: string; readonly hash: string };

/** A line of a copy: which table follows, or one row of it as texts, in the order of the columns. */
export type CopiedLine =
  | { readonly table: string; readonly columns: readonly string[] }
  | { readonly row: readonly (string | null)[] };

const FETCH = 2_000;
const MOST_BATCH_CHARS = 2_000_000;

/** What a schema was brought to; a copy is put back only where it is the same. */
export async function appliedSteps(db: Database): Promise<readonly AppliedStep[]> {
  const found = await sql<AppliedStep>`select set || '/' || name as step, hash from migration order by 1`.execute(
    db.read,
  );
  return found.rows;
}

/** All rows of a schema as they stood at one moment, tables before those that refer to them. Memory is constant. */
export function copyRows(db: Database, take: (line: CopiedLine) => Promise<void>): Promise<void> {
  return db.transaction(async (tx) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(tx);
    for (const table of await tablesInOrder(tx)) {
      const columns = await columnsOf(tx, table);
      await take({ table, columns: columns.map(({ name }) => name) });
      const texts = sql.join(columns.map(({ name }) => sql`${sql.ref(name)}::text`));
      await sql`declare copied no scroll cursor for select json_build_array(${texts})::text as line
        from ${sql.table(table)}`.execute(tx);
      for (;;) {
        const { rows } = await sql<{ line: string }>`fetch ${sql.raw(String(FETCH))} from copied`.execute(tx);
        for (const { line } of rows) await take({ row: JSON.parse(line) as (string | null)[] });
        if (rows.length < FETCH) break;
      }
      await sql`close copied`.execute(tx);
    }
  });
}

/**
 * Puts a copy into a schema that was migrated and holds nothing else, all or nothing. The triggers that refuse
 * changes are off within this one transaction; who owns the tables could do as much at any console.
 */
export function putRows(db: Database, lines: AsyncIterable<CopiedLine>): Promise<number> {
  return db.transaction(async (tx) => {
    const tables = await tablesInOrder(tx);
    for (const table of tables) await sql`alter table ${sql.table(table)} disable trigger user`.execute(tx);
    for (const table of tables.toReversed()) await sql`delete from ${sql.table(table)}`.execute(tx);
    const written = await writeLines(tx, new Set(tables), lines);
    for (const table of tables) await sql`alter table ${sql.table(table)} enable trigger user`.execute(tx);
    for (const table of tables) await setSequences(tx, table);
    return written;
  });
}

async function writeLines(tx: Tx, tables: ReadonlySet<string>, lines: AsyncIterable<CopiedLine>): Promise<number> {
  let insert: ((rows: string) => Promise<unknown>) | undefined;
  let batch: string[] = [];
  let chars = 0;
  let written = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await insert?.(`[${batch.join(',')}]`);
    written += batch.length;
    [batch, chars] = [[], 0];
  };
  for await (const line of lines) {
    if ('table' in line) {
      await flush();
      if (!tables.has(line.table)) throw new Error(`the copy holds a table ${line.table} that this version has not`);
      insert = await inserter(tx, line.table, line.columns);
      continue;
    }
    const text = JSON.stringify(line.row);
    batch.push(text);
    chars += text.length;
    if (chars > MOST_BATCH_CHARS || batch.length >= FETCH) await flush();
  }
  await flush();
  return written;
}

async function inserter(tx: Tx, table: string, names: readonly string[]) {
  const known = new Map((await columnsOf(tx, table)).map((one) => [one.name, one.type]));
  const values = names.map((name, nth) => {
    const type = known.get(name);
    if (type === undefined) throw new Error(`the copy holds a column ${table}.${name} that this version has not`);
    return sql`(given ->> ${sql.raw(String(nth))})::${sql.raw(type)}`;
  });
  const columns = sql.join(names.map((name) => sql.ref(name)));
  return (rows: string) =>
    sql`insert into ${sql.table(table)} (${columns}) overriding system value
      select ${sql.join(values)} from json_array_elements(${rows}::json) as given`.execute(tx);
}

/** Those that are referred to before those that refer; `migration` is the schema's own history. */
async function tablesInOrder(tx: Tx): Promise<readonly string[]> {
  const found = await sql<{ name: string; needs: string[] }>`
    select c.relname as name, array(select t.relname::text from pg_constraint f join pg_class t on t.oid = f.confrelid
      where f.conrelid = c.oid and f.contype = 'f' and t.oid <> c.oid) as needs
    from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and c.relname <> 'migration' order by 1`.execute(tx);
  const ordered: string[] = [];
  let left = found.rows;
  while (left.length > 0) {
    const free = left.filter(({ needs }) => needs.every((need) => ordered.includes(need)));
    if (free.length === 0) throw new Error('tables refer to each other in a circle');
    ordered.push(...free.map(({ name }) => name));
    left = left.filter(({ name }) => !ordered.includes(name));
  }
  return ordered;
}

/** Without those that the database computes. */
async function columnsOf(tx: Tx, table: string): Promise<readonly { readonly name: string; readonly type: string }[]> {
  const found = await sql<{ name: string; type: string }>`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum`.execute(tx);
  return found.rows;
}

/** The next number of an identity column comes after those that were put back. */
async function setSequences(tx: Tx, table: string): Promise<void> {
  const found = await sql<{ name: string }>`
    select attname as name from pg_attribute where attrelid = ${table}::regclass and attidentity <> ''`.execute(tx);
  for (const { name } of found.rows) {
    await sql`select setval(pg_get_serial_sequence(${table}, ${name}), greatest(max(${sql.ref(name)}), 1), count(*) > 0)
      from ${sql.table(table)}`.execute(tx);
  }
}

/** Whether the schema holds anything. */
export async function hasTables(db: Database): Promise<boolean> {
  const found = await sql`select from pg_class where relnamespace = current_schema()::regnamespace limit 1`.execute(
    db.read,
  );
  return found.rows.length > 0;
}
