import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, openEmbedded, openPgliteHost, openPostgresql, ROOT } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';

/** Where the parts of this process keep their rows: each in a schema of its own. */
export type Storage = {
  readonly kind: Database['kind'];
  open(schema: string): Promise<Database>;
  close(): Promise<void>;
};

/** On PostgreSQL where an address is given, else embedded in `dir`. */
export async function openStorage(options: {
  readonly databaseUrl?: string | undefined;
  readonly dir: string;
}): Promise<Storage> {
  const { databaseUrl, dir } = options;
  return databaseUrl === undefined ? openEmbeddedStorage(join(dir, 'database')) : postgresqlStorage(databaseUrl);
}

function postgresqlStorage(url: string): Storage {
  return {
    kind: 'postgresql',
    open: (schema) =>
      openPostgresql({ url, schema }).catch((cause: unknown) => {
        throw new CommandRefusal(
          `the database of --database-url does not answer: ${cause instanceof Error ? cause.message : cause}`,
        );
      }),
    close: async () => {},
  };
}

/**
 * For a start of which nothing is kept: schemas of its own in a database that others may use too, dropped at the end. The
 * keys go with the folder, and rows that were signed with them would only be in the way of the next start.
 */
export function passingStorage(storage: Storage, prefix: string): Storage {
  if (storage.kind === 'pglite') return storage;
  const opened = new Set<string>();
  return {
    kind: storage.kind,
    open(schema) {
      opened.add(`${prefix}_${schema}`);
      return storage.open(`${prefix}_${schema}`);
    },
    async close() {
      const db = await storage.open(`${prefix}_end`);
      for (const schema of [...opened, `${prefix}_end`]) await db.script(`drop schema if exists ${schema} cascade`);
      await db.close();
      await storage.close();
    },
  };
}

/**
 * Killed while it makes the database, a first start leaves the mark beside it: what is there then was never acknowledged
 * to anybody, and the next start begins anew.
 */
async function openEmbeddedStorage(dataDir: string): Promise<Storage> {
  const mark = `${dataDir}.making`;
  if (existsSync(mark)) await rm(dataDir, { recursive: true, force: true });
  const isNew = !existsSync(join(dataDir, 'PG_VERSION'));
  if (isNew && existsSync(dataDir)) {
    throw new CommandRefusal(
      `${dataDir} is there but holds no database; move it away or name another folder with --data`,
    );
  }
  if (isNew) {
    await mkdir(join(dataDir, '..'), { recursive: true, mode: 0o700 });
    await writeFile(mark, '');
  }
  const template = isNew ? await readTemplate() : undefined;
  const host = await openPgliteHost({ dataDir, ...(template === undefined ? {} : { template }) }).catch(
    (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CommandRefusal(
        `the database in ${dataDir} cannot be opened (${why}); nothing was changed. Restore a copy or name another folder with --data`,
      );
    },
  );
  await rm(mark, { force: true });
  return { kind: 'pglite', open: (schema) => openEmbedded(host, schema), close: () => host.close() };
}

const TEMPLATE = join(ROOT, '.tools', 'pglite-template.tar');

async function readTemplate(): Promise<Blob | undefined> {
  return existsSync(TEMPLATE) ? new Blob([await readFile(TEMPLATE)]) : undefined;
}

/** Makes the empty database that new folders start from: 1 s instead of 4 for each. */
export async function prepareTemplate(): Promise<void> {
  if (existsSync(TEMPLATE)) return;
  const host = await openPgliteHost();
  const dump = await host.dump();
  await host.close();
  await mkdir(join(TEMPLATE, '..'), { recursive: true });
  await writeFile(TEMPLATE, Buffer.from(await dump.arrayBuffer()));
}
