import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import { openPglitePool, type PgliteHost, runScript } from './pglite.ts';

/** A handle that runs SQL: the pool, or one transaction. A store names its own tables with `tables<T>(tx)`. */
export type Tx = Kysely<unknown>;

export function tables<T>(tx: Tx): Kysely<T> {
  return tx as unknown as Kysely<T>;
}

export type Database = {
  readonly kind: 'pglite' | 'postgresql';
  /** For single statements outside a transaction. */
  readonly read: Tx;
  /** All or nothing: commits when `work` resolves, rolls back when it throws. Only services call it. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Several statements in one text, without parameters; for a library that brings its own SQL (jobs). */
  script(text: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

// One meaning for each type on both engines: int8 as number (our counters stay below 2^53), dates as text.
const INT8 = 20;
const DATE = 1082;
const pgTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return Number;
    if (oid === DATE) return (value: string) => value;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

export type PostgresqlOptions = {
  readonly url: string;
  readonly schema: string;
  readonly poolSize?: number;
};

/** A pool on a PostgreSQL server (15 or later), in one schema. The schema is made if it is not there. */
export async function openPostgresql(options: PostgresqlOptions): Promise<Database> {
  assertSchemaName(options.schema);
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    // Our statements are short: compiling one costs 10 ms where running it takes one (seen on ten million entries).
    options: `-c search_path=${options.schema} -c jit=off`,
    types: pgTypes as pg.CustomTypesConfig,
    connectionTimeoutMillis: 10_000,
  });
  // A connection that the server drops while idle is replaced at the next use; without a listener it would end us.
  pool.on('error', () => {});
  // The pool listens to idle connections only. One cut in the middle of a transaction rejects its query, and also
  // emits an error: without this listener that would be an uncaught exception.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await createSchema(pool, options.schema);
  } catch (cause) {
    await pool.end();
    throw cause;
  }
  const db = databaseOver('postgresql', pool, async (text) => {
    const results: pg.QueryResult | pg.QueryResult[] = await pool.query(text);
    return [results].flat().flatMap((result) => result.rows);
  });
  // Kysely ends only a pool that it has used; scripts go past it, and an idle connection holds the process for 10 s.
  const close = async () => {
    await db.close();
    if (!pool.ending) await pool.end();
  };
  return { ...db, close };
}

async function createSchema(pool: pg.Pool, schema: string): Promise<void> {
  const known = await pool.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (known.rowCount === 0) await pool.query(`create schema if not exists ${schema}`);
}

/** One schema of an embedded PostgreSQL. Closing it leaves the host open: the one who opened that closes it. */
export async function openEmbedded(host: PgliteHost, schema: string): Promise<Database> {
  assertSchemaName(schema);
  await host.run(null, (pglite) => pglite.exec(`create schema if not exists ${schema}`));
  return databaseOver('pglite', openPglitePool(host, schema), (text) =>
    host.run(schema, (pglite) => runScript(pglite, text)),
  );
}

function databaseOver(kind: Database['kind'], pool: PostgresPool, script: Database['script']): Database {
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return {
    kind,
    read: kysely,
    transaction: (work) => kysely.transaction().execute(work),
    script,
    close: () => kysely.destroy(),
  };
}

function assertSchemaName(schema: string): void {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`not a schema name: ${schema}`);
}
