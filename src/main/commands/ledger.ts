import { resolve } from 'node:path';
import type { TimestampFacts } from '../../exchange/index.ts';
import { verifyExport } from '../../ledger/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { askRunning } from '../parts/ask-running.ts';
import { exportKeptLog, type KeptLog, readKeptLogs, type VerifiedKeptLog, verifyKeptLog } from '../parts/logs-kept.ts';
import { holdFolder } from '../parts/process.ts';
import { findRunning, type Running } from '../parts/running.ts';
import { openStorage, type Storage } from '../parts/storage.ts';
import { timestampsOfLog } from '../parts/timestamps-kept.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { writeTimestamp } from './ledger-timestamp.ts';

/** `./wasl ledger list | verify [LOG] | export LOG DIR | verify --files DIR | timestamps LOG [DIR]`. */
export async function ledgerCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('ledger', args, {
    data: { type: 'string' },
    'database-url': { type: 'string' },
    files: { type: 'string' },
    vkey: { type: 'string' },
    size: { type: 'string' },
  });
  const [action = 'list', name, dir] = positionals;
  if (action === 'verify' && typeof values['files'] === 'string') return verifyFiles(values['files'], values['vkey']);
  const config = configFrom({ data: values['data'], 'database-url': values['database-url'] });
  const logs = await readKeptLogs(config.data);
  if (action === 'list') return listLogs(logs);
  if (action === 'timestamps')
    return withReach(config, (reach) => tellTimestamps(reach, logs, values['size'], name, dir));
  if (action !== 'verify' && action !== 'export')
    throw new CommandRefusal(`"${action}" is not an action; see ./wasl help ledger`, 2);
  const chosen = logs.filter((log) => name === undefined || log.name === name);
  if (chosen.length === 0)
    throw new CommandRefusal(`there is no log "${name}" in ${config.data}; ./wasl ledger list names them`);
  if (action === 'export' && (name === undefined || dir === undefined))
    throw new CommandRefusal('export needs LOG and DIR', 2);
  return withReach(config, async (reach) => {
    for (const log of chosen) {
      const done = action === 'verify' ? await reach.verify(log) : await reach.export(log, resolve(dir ?? ''));
      print(`${action === 'verify' ? 'verified' : 'exported'}  ${done.name}: ${done.size} entries, root ${done.root}`);
    }
    return 0;
  });
}

function listLogs(logs: readonly KeptLog[]): number {
  for (const log of logs) print(`${log.name}  ${log.vkey}`);
  return 0;
}

async function verifyFiles(dir: string, vkey: unknown): Promise<number> {
  const verified = await verifyExport(dir, typeof vkey === 'string' ? vkey : undefined);
  if (!verified.ok)
    throw new CommandRefusal(`${dir} does not verify: ${verified.error.kind}: ${verified.error.detail}`);
  print(
    `verified  ${verified.value.origin}: ${verified.value.size} entries, root ${Buffer.from(verified.value.root).toString('base64')}`,
  );
  if (typeof vkey !== 'string') print('by the folder’s own vkey: give --vkey to check whose log it is');
  return 0;
}

/** Lists a log's tokens, or writes one and its checkpoint as files that `openssl ts -verify` takes. */
async function tellTimestamps(
  reach: Reach,
  logs: readonly KeptLog[],
  given: unknown,
  name: string | undefined,
  dir: string | undefined,
): Promise<number> {
  const log = logs.find((one) => one.name === name);
  if (log === undefined) throw new CommandRefusal('timestamps needs LOG; ./wasl ledger list names them', 2);
  if (given !== undefined && !/^[1-9]\d{0,14}$/.test(String(given))) throw new CommandRefusal('--size is a number', 2);
  const found = await reach.timestamps(log, given === undefined ? undefined : Number(given));
  const [newest] = found;
  if (newest === undefined)
    throw new CommandRefusal(`${log.name} has no such timestamp; does the trust list name an authority?`);
  if (dir !== undefined) return writeTimestamp(newest, resolve(dir));
  for (const { size, beforeAt, witnesses, authority } of found)
    print(`${size} entries before ${beforeAt}  ${authority}  (${witnesses} witnesses)`);
  return 0;
}

type Reach = {
  timestamps(log: KeptLog, size: number | undefined): Promise<readonly TimestampFacts[]>;
  verify(log: KeptLog): Promise<VerifiedKeptLog>;
  export(log: KeptLog, dir: string): Promise<VerifiedKeptLog>;
};

/** Through the process that holds the folder, or with the folder opened for the time of the command. */
async function withReach(
  config: { readonly data: string; readonly databaseUrl?: string },
  work: (reach: Reach) => Promise<number>,
): Promise<number> {
  const running = await findRunning(config.data);
  if (running !== undefined) return work(reachRunning(running));
  const release = holdFolder(config.data, 'ledger command');
  const storage = await openStorage({ databaseUrl: config.databaseUrl, dir: config.data });
  try {
    return await work(reachStorage(storage));
  } finally {
    await storage.close();
    release();
  }
}

function reachStorage(storage: Storage): Reach {
  return {
    verify: (log) => verifyKeptLog(storage, log),
    export: (log, dir) => exportKeptLog(storage, log, dir),
    timestamps: (log, size) => timestampsOfLog(storage, log, size),
  };
}

function reachRunning(running: Running): Reach {
  const ask = async <T = VerifiedKeptLog>(path: string, body?: object): Promise<T> => {
    const answer = await askRunning(running, path, body);
    const value = (await answer.json()) as T & { detail?: string };
    if (!answer.ok) throw new CommandRefusal(value.detail ?? `the running process answered ${answer.status}`);
    return value;
  };
  return {
    verify: (log) => ask(`/ledger/${log.name}/verify`),
    export: (log, dir) => ask(`/ledger/${log.name}/export`, { dir }),
    timestamps: (log, size) => ask(`/ledger/${log.name}/timestamps${size === undefined ? '' : `?size=${size}`}`),
  };
}
