import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { GATEWAY_MIGRATIONS, REGISTRY_MIGRATIONS, reviveRegistry } from '../../exchange/index.ts';
import { type Database, hasTables, migrate } from '../../platform/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { type BackupPart, openBackup, removeRestored, restoreInto, writeBackup } from '../parts/backup.ts';
import { readKeptSettings } from '../parts/gateway-settings.ts';
import { readKeptLogs, verifyKeptLog } from '../parts/logs-kept.ts';
import { holdFolder } from '../parts/process.ts';
import { openStorage, type Storage } from '../parts/storage.ts';
import { CommandRefusal, print } from '../terminal.ts';

const OPTIONS = {
  data: { type: 'string' },
  'database-url': { type: 'string' },
  'passphrase-file': { type: 'string' },
} as const;
const SETS: Readonly<Record<BackupPart, readonly string[]>> = {
  gateway: GATEWAY_MIGRATIONS,
  registry: REGISTRY_MIGRATIONS,
};

/** `./wasl backup --part gateway|registry --out FILE --passphrase-file FILE`. */
export async function backupCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions('backup', args, { ...OPTIONS, part: { type: 'string' }, out: { type: 'string' } });
  const { part, out } = values;
  if (part !== 'gateway' && part !== 'registry') throw new CommandRefusal('--part is gateway or registry', 2);
  if (typeof out !== 'string') throw new CommandRefusal('--out is needed: the file to write', 2);
  if (existsSync(out)) throw new CommandRefusal(`${out} is there already; a back-up is never written over another`);
  const config = configFrom({ data: values['data'], 'database-url': values['database-url'] });
  const passphrase = await readPassphrase(values['passphrase-file']);
  const schema = part === 'registry' ? 'registry' : `gateway_${await gatewayName(config.data)}`;
  // The embedded database has one process; on PostgreSQL a running part is copied as it stands at one moment.
  const release = config.databaseUrl === undefined ? holdFolder(config.data, 'backup') : () => {};
  const storage = await openStorage({ databaseUrl: config.databaseUrl, dir: config.data });
  try {
    const db = await storage.open(schema);
    if (!(await hasTables(db))) throw new CommandRefusal(`${config.data} has no rows of a ${part} in this database`);
    const rows = await writeBackup({ part, schema, dir: config.data, db }, { file: out, passphrase });
    await db.close();
    print(`backed up  ${part}: ${rows} rows, ${out}`);
    return 0;
  } finally {
    await storage.close();
    release();
  }
}

async function gatewayName(dir: string): Promise<string> {
  const kept = await readKeptSettings(dir);
  if (kept === undefined) throw new CommandRefusal(`no gateway joined in ${dir}; name its folder with --data`);
  return kept.name;
}

/** `./wasl restore FILE --passphrase-file FILE --data DIR`, into what is empty and no other place. */
export async function restoreCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('restore', args, OPTIONS);
  const [file] = positionals;
  if (file === undefined || typeof values['data'] !== 'string')
    throw new CommandRefusal('./wasl restore FILE --passphrase-file FILE --data DIR', 2);
  const config = configFrom({ data: values['data'], 'database-url': values['database-url'] });
  const dir = resolve(config.data);
  if (existsSync(dir) && (await readdir(dir)).length > 0)
    throw new CommandRefusal(`${dir} is not empty; a back-up is restored into an empty folder only`);
  const backup = await openBackup(file, await readPassphrase(values['passphrase-file']));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  let storage: Storage | undefined;
  try {
    storage = await openStorage({ databaseUrl: config.databaseUrl, dir });
    const held = storage;
    const done = await restoreInto(dir, backup, (schema) => openEmpty(held, schema, backup.head.part));
    await verifyRestored(held, dir);
    if (backup.head.part === 'registry') await revive(held, backup.head.schema, dir);
    print(`restored   ${backup.head.part}: ${done.files} files, ${done.rows} rows, ${dir}`);
    print('before you start it: is there a later ledger of it that others have seen? See ./wasl help restore');
    await held.close();
    return 0;
  } catch (cause) {
    await storage?.close();
    await removeRestored(dir);
    throw cause;
  }
}

async function openEmpty(storage: Storage, schema: string, part: BackupPart): Promise<Database> {
  const db = await storage.open(schema);
  if (await hasTables(db)) {
    await db.close();
    throw new CommandRefusal(`the database has a schema ${schema} with tables already; give an empty database`);
  }
  await migrate(db, SETS[part]);
  return db;
}

async function verifyRestored(storage: Storage, dir: string): Promise<void> {
  if (!existsSync(join(dir, 'logs.json'))) return;
  for (const log of await readKeptLogs(dir)) {
    const { name, size, root } = await verifyKeptLog(storage, log);
    print(`verified   ${name}: ${size} entries, root ${root}`);
  }
}

async function revive(storage: Storage, schema: string, dir: string): Promise<void> {
  const db = await storage.open(schema);
  const { from, to } = await reviveRegistry({ db, dir, random: randomBytes }, new Date());
  await db.close();
  print(`published  version ${to} of the trust list, above all of before (the back-up's was ${from})`);
  print('certificates revoked since the back-up are in force again: revoke them; gateways that joined since join anew');
}

/** Never an argument: every user of the machine can read those. */
async function readPassphrase(from: unknown): Promise<string> {
  if (typeof from !== 'string') throw new CommandRefusal('--passphrase-file is needed: a file, or - for stdin', 2);
  const text = await (from === '-' ? readAll(process.stdin) : readFile(from, 'utf8')).catch(() => {
    throw new CommandRefusal(`the passphrase cannot be read from ${from}`, 2);
  });
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase.length < 12) throw new CommandRefusal('the passphrase has fewer than 12 characters', 2);
  return passphrase;
}
