import { keptTimestamps, type TimestampFacts } from '../../exchange/index.ts';
import { CommandRefusal } from '../terminal.ts';
import { inSchema, type KeptLog } from './logs-kept.ts';
import type { Storage } from './storage.ts';

/** The newest first; with `size`, the one on a tree of that size. */
export async function timestampsOfLog(
  storage: Storage,
  log: KeptLog,
  size: number | undefined,
): Promise<readonly TimestampFacts[]> {
  const found = await inSchema(storage, log, (db) => keptTimestamps(db, size));
  if (found === undefined) throw new CommandRefusal(`the log ${log.name} is not a gateway’s; only those are stamped`);
  return found;
}
