import { CompiledQuery } from 'kysely';
import type { Db, PgBoss } from 'pg-boss';
import type { Database, Tx } from './database.ts';
import type { Log } from './logs.ts';

/**
 * Work done later, at least once: a job that was sent in a transaction exists exactly when that transaction
 * committed, and one whose worker died is taken up again after `expireSeconds`.
 */
export type Jobs = {
  define<T extends object>(name: string, work: (data: T) => Promise<void>, options?: JobOptions): Promise<void>;
  send(name: string, data: object, options?: SendOptions): Promise<void>;
  /** Runs `name` by a cron expression (UTC), once over all processes. */
  every(cron: string, name: string): Promise<void>;
  close(): Promise<void>;
};

export type JobOptions = {
  readonly retryLimit?: number;
  readonly retryDelaySeconds?: number;
  readonly expireSeconds?: number;
  readonly pollSeconds?: number;
};

export type SendOptions = {
  readonly startAfterSeconds?: number;
  /** Two jobs with one key are one job while the first waits. */
  readonly key?: string;
  readonly tx?: Tx;
};

const SCHEMA = 'jobs';

/** pg-boss on our database handle: the same queue on PGlite and PostgreSQL, in the schema `jobs`. */
export async function openJobs(db: Database, log: Log): Promise<Jobs> {
  // Brought when it is used: a gateway has no jobs, and is to be light.
  const library = await import('pg-boss');
  const boss = new library.PgBoss({
    db: adapter(db.read, db),
    schema: SCHEMA,
    backend: db.kind === 'pglite' ? 'pglite' : 'postgres',
    superviseIntervalSeconds: 60,
    openTelemetry: { enabled: false },
  } as ConstructorParameters<typeof PgBoss>[0] & object);
  boss.on('error', (cause) => log.error('jobs.failed', {}, cause));
  await boss.start();

  return {
    async define(name, work, options = {}) {
      await boss.createQueue(name, {
        policy: 'short',
        retryLimit: options.retryLimit ?? 20,
        retryDelay: options.retryDelaySeconds ?? 5,
        retryBackoff: true,
        retryDelayMax: 3600,
        expireInSeconds: options.expireSeconds ?? 120,
      });
      await boss.work(name, { pollingIntervalSeconds: options.pollSeconds ?? 2 }, async (jobs) => {
        for (const job of jobs) await work(job.data as Parameters<typeof work>[0]);
      });
    },
    async send(name, data, options = {}) {
      await boss.send(name, data, {
        ...(options.startAfterSeconds === undefined ? {} : { startAfter: options.startAfterSeconds }),
        ...(options.key === undefined ? {} : { singletonKey: options.key }),
        ...(options.tx === undefined ? {} : { db: adapter(options.tx, undefined) }),
      });
    },
    every: (cron, name) => boss.schedule(name, cron),
    close: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
}

function adapter(tx: Tx, db: Database | undefined): Db {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      if (values.length === 0 && db !== undefined) return { rows: await db.script(text) };
      const result = await tx.executeQuery(CompiledQuery.raw(text, values));
      return { rows: [...result.rows] };
    },
  };
}
