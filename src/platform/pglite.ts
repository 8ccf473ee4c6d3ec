import type { PGlite, PGliteOptions, Results } from '@electric-sql/pglite';
import type { PostgresPool } from 'kysely';

/**
 * PostgreSQL inside this process (WebAssembly), shared by several schemas. It has one connection, so a turn is
 * taken for each statement or transaction, and the search path follows whoever holds the turn.
 * It never calls fsync: safe when the process dies, not when the power fails (docs/decisions/0003).
 */
export type PgliteHost = {
  /** Runs with the connection to oneself. `schema` null leaves the search path as it is. */
  run<T>(schema: string | null, work: (pglite: PGlite) => Promise<T>): Promise<T>;
  acquire(schema: string | null): Promise<{ readonly pglite: PGlite; release(): void }>;
  dump(): Promise<Blob>;
  close(): Promise<void>;
};

const INT8 = 20;
const BYTEA = 17;
const DATE = 1082;

const parsers = {
  [INT8]: Number,
  [DATE]: (value: string) => value,
  [BYTEA]: (value: string) => Buffer.from(value.slice(2), 'hex'),
};

/** `dataDir` absent: in memory. `template`: a dump to start an empty folder from, three times faster than initdb. */
export async function openPgliteHost(options: { dataDir?: string; template?: Blob } = {}): Promise<PgliteHost> {
  const settings: PGliteOptions = { parsers };
  if (options.dataDir !== undefined) settings.dataDir = options.dataDir;
  if (options.template !== undefined) settings.loadDataDir = options.template;
  // Brought when it is used: beside a PostgreSQL it would only take memory.
  const library = await import('@electric-sql/pglite');
  const pglite = await library.PGlite.create(settings);
  let tail: Promise<void> = Promise.resolve();
  let path: string | null = null;

  async function acquire(schema: string | null) {
    const before = tail;
    let release: () => void = () => {};
    tail = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    try {
      if (schema !== null && schema !== path) {
        await pglite.exec(`set search_path to ${schema}`);
        path = schema;
      }
    } catch (cause) {
      release();
      throw cause;
    }
    return { pglite, release };
  }

  return {
    acquire,
    async run(schema, work) {
      const turn = await acquire(schema);
      try {
        return await work(turn.pglite);
      } finally {
        turn.release();
      }
    },
    dump: () => pglite.dumpDataDir('none'),
    async close() {
      const turn = await acquire(null);
      await pglite.close();
      turn.release();
    },
  };
}

/** The part of node-postgres' pool that Kysely's PostgreSQL dialect uses, over one embedded connection. */
export function openPglitePool(host: PgliteHost, schema: string): PostgresPool {
  const pool = {
    options: {},
    async connect() {
      const turn = await host.acquire(schema);
      return {
        query: (sql: string, parameters: readonly unknown[]) => query(turn.pglite, sql, parameters),
        release: () => turn.release(),
      };
    },
    async end() {},
  };
  return pool as unknown as PostgresPool;
}

/** A script that fails inside its own BEGIN must not leave the only connection in a dead transaction. */
export async function runScript(pglite: PGlite, text: string): Promise<Record<string, unknown>[]> {
  try {
    const results = await pglite.exec(text);
    return results.flatMap((result) => result.rows as Record<string, unknown>[]);
  } catch (cause) {
    await pglite.query('rollback').catch(() => {});
    throw cause;
  }
}

async function query(pglite: PGlite, sql: string, parameters: readonly unknown[]) {
  const results: Results<Record<string, unknown>> = await pglite.query(sql, parameters.map(toParameter));
  return {
    command: commandOf(sql),
    rowCount: results.affectedRows ?? results.rows.length,
    rows: results.rows,
  };
}

/** node-postgres sends objects as JSON text and buffers as bytes; PGlite needs plain Uint8Arrays. */
function toParameter(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value;
}

function commandOf(sql: string): string {
  const word = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'SELECT';
  if (word !== 'WITH') return word;
  return /\b(insert|update|delete|merge)\b/i.exec(sql)?.[1]?.toUpperCase() ?? 'SELECT';
}
