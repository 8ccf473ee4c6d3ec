import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';
import type { KeptOptions } from './kept-options.ts';

/** What a gateway was joined with, so that the next start needs its data folder and nothing else. */
export type KeptSettings = {
  readonly registryUrl: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly peerPort: number;
  /** Of the own door over TLS, where it has one. */
  readonly tlsPort?: number;
  /** Which kind only: the address of a database may hold a password. */
  readonly database: 'embedded' | 'postgresql';
  readonly options?: KeptOptions;
};

const fileOf = (dir: string) => join(dir, 'gateway.json');

export async function readKeptSettings(dir: string): Promise<KeptSettings | undefined> {
  if (!existsSync(fileOf(dir))) return undefined;
  try {
    return JSON.parse(await readFile(fileOf(dir), 'utf8')) as KeptSettings;
  } catch {
    throw new CommandRefusal(`${fileOf(dir)} is not JSON; remove it and give the options again`);
  }
}

/** Before the gateway joins: a port that the registry vouches for must be the one that is opened ever after. */
export async function keepSettings(dir: string, settings: KeptSettings): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeDurably(`${fileOf(dir)}.new`, fileOf(dir), `${JSON.stringify(settings, null, 2)}\n`);
}

/** On an empty database a gateway that has a ledger would begin another one, which its peers refuse. */
export function requireSameDatabase(kept: KeptSettings | undefined, database: KeptSettings['database']): void {
  if (kept === undefined || kept.database === database) return;
  throw new CommandRefusal(
    kept.database === 'postgresql'
      ? 'this gateway keeps its data in PostgreSQL; give the same --database-url as before'
      : 'this gateway keeps its data in its folder; start it without --database-url',
  );
}
