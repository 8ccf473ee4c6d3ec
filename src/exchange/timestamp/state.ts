import { openCheckpoint, readCheckpoint } from '../../ledger/index.ts';
import type { GatewayContext } from '../gateway/model.ts';
import { listedAuthorities, type VouchedTsa } from './service.ts';
import { listTimestamps, type Round, readRound, type Timestamp } from './store.ts';

/** How taking timestamps goes, for whoever runs the gateway. */
export type TimestampState = {
  /** 0 where this gateway takes none. */
  readonly intervalMs: number;
  readonly authorities: readonly VouchedTsa[];
  /** In the list, and passed over: without the registry's own word nobody could verify their tokens later. */
  readonly unvouched: readonly string[];
  /** Undefined before the first round. */
  readonly round: Round | undefined;
  /** The newest first. */
  readonly stamps: readonly Timestamp[];
  /** Entries in the log now. */
  readonly size: number;
};

export async function timestampState(context: GatewayContext, most: number): Promise<TimestampState> {
  const { db, ledger, settings } = context;
  const list = context.trust.current(context.clock());
  const all = list.ok ? list.value.timestampAuthorities : [];
  const opened = openCheckpoint(await readCheckpoint(db.read, ledger.name), ledger.signer.vkey);
  return {
    intervalMs: settings.timestampIntervalMs,
    authorities: listedAuthorities(context),
    unvouched: all.filter((one) => one.statement === undefined).map((one) => one.name),
    round: await readRound(db.read),
    stamps: await listTimestamps(db.read, Number.MAX_SAFE_INTEGER, most),
    size: opened.ok ? opened.value.size : 0,
  };
}
