import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportLog, verifyLog } from '../../ledger/index.ts';
import type { Database } from '../../platform/index.ts';
import { writeDurably } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';
import type { Storage } from './storage.ts';

/** A log of this data folder: where its rows are, and the key that its checkpoints must be signed with. */
export type KeptLog = { readonly name: string; readonly schema: string; readonly vkey: string };

const fileOf = (dir: string) => join(dir, 'logs.json');

/** Kept beside the database and not in it: somebody who rewrites the rows does not thereby rewrite the key. */
export async function writeKeptLogs(dir: string, logs: readonly KeptLog[]): Promise<void> {
  await writeDurably(`${fileOf(dir)}.new`, fileOf(dir), `${JSON.stringify(logs, null, 2)}\n`);
}

export async function readKeptLogs(dir: string): Promise<readonly KeptLog[]> {
  if (!existsSync(fileOf(dir))) throw new CommandRefusal(`${dir} holds no ledgers; name a data folder with --data`);
  return JSON.parse(await readFile(fileOf(dir), 'utf8')) as KeptLog[];
}

export type VerifiedKeptLog = { readonly name: string; readonly size: number; readonly root: string };

export async function verifyKeptLog(storage: Storage, log: KeptLog): Promise<VerifiedKeptLog> {
  return inSchema(storage, log, async (db) => {
    const verified = await verifyLog(db.read, log.name, log.vkey);
    if (verified.ok) return { name: log.name, size: verified.value.size, root: verified.value.root.toString('base64') };
    const { kind, detail } = verified.error;
    throw new CommandRefusal(`the ledger ${log.name} does not verify: ${kind}: ${detail}`);
  });
}

export async function exportKeptLog(storage: Storage, log: KeptLog, dir: string): Promise<VerifiedKeptLog> {
  return inSchema(storage, log, async (db) => {
    const exported = await exportLog(db.read, log.name, log.vkey, dir);
    return { name: log.name, size: exported.size, root: Buffer.from(exported.root).toString('base64') };
  });
}

export async function inSchema<T>(storage: Storage, log: KeptLog, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await storage.open(log.schema);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
