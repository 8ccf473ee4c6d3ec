import type { Clock } from '../kernel/index.ts';
import type { Database, Tx } from '../platform/index.ts';
import { type LogAppend, planAppend, type Tip } from './append.ts';
import { lockTip } from './service.ts';
import type { LogSigner } from './signer.ts';
import { placeEntries } from './store.ts';

export type Item<P> = { readonly entry: Uint8Array; readonly payload: P };

export type Sequenced<P> = Item<P> & { readonly index: number };

export type AppenderOptions<P> = {
  readonly db: Database;
  readonly log: string;
  readonly signer: LogSigner;
  readonly clock: Clock;
  /**
   * Places a batch's entries, and whatever belongs to them, in one statement around `ledger_append`; by default
   * the entries alone. False where that call answered false, and then nothing may be written. It may run again after
   * a conflict.
   */
  readonly place?: (tx: Tx, append: LogAppend, batch: readonly Sequenced<P>[]) => Promise<boolean>;
};

/** Appends batch after batch, the next only when the one before it is answered. */
export type Appender<P> = {
  /** The place of the first item. Throws where the batch is not committed, or that cannot be known. */
  append(items: readonly Item<P>[]): Promise<number>;
};

const ATTEMPTS = 6;

/**
 * Remembers the tip that it left the log with, so that a batch is one statement and one round trip: the head moves
 * only from the size that is remembered. Where another process has appended meanwhile nothing is written, and the
 * batch is placed under the head's lock, where the appenders of a log take turns; as long as somebody else appends
 * too, each batch begins there.
 */
export function openAppender<P>(options: AppenderOptions<P>): Appender<P> {
  const { db, log, signer, clock } = options;
  const place: NonNullable<typeof options.place> = options.place ?? placeEntries;
  let tip: Tip | undefined;

  async function placeOn(tx: Tx, from: Tip, items: readonly Item<P>[]): Promise<Tip | undefined> {
    const entries = items.map((item) => item.entry);
    const { append, after } = await planAppend(from, entries, signer, clock());
    const batch = items.map((item, nth) => ({ ...item, index: from.size + nth }));
    return (await place(tx, append, batch)) ? after : undefined;
  }

  /** Undefined where there is no tip, or it is not the log's any more. */
  async function placeOnTip(items: readonly Item<P>[]): Promise<Tip | undefined> {
    const from = tip;
    // Until the database has answered, nobody knows how the log ends: after an error it is read again.
    tip = undefined;
    return from === undefined ? undefined : placeOn(db.read, from, items);
  }

  async function placeLocked(items: readonly Item<P>[]): Promise<Tip> {
    let hasBegun = false;
    const placing = db.transaction(async (tx) => {
      hasBegun = true;
      const after = await placeOn(tx, await lockTip(tx, log, signer), items);
      // The row lock makes this impossible; should an engine give no lock, the loser stops here.
      if (after === undefined) throw new NothingWritten(`somebody else has appended to the log ${log}`);
      return after;
    });
    return placing.catch((cause: unknown) => {
      // A connection that the server cut while it was idle: it was never told of the batch.
      throw hasBegun ? cause : new NothingWritten('no transaction could be begun', { cause });
    });
  }

  return {
    async append(items) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const after = (await placeOnTip(items)) ?? (await placeLocked(items));
          tip = after;
          return after.size - items.length;
        } catch (cause) {
          if (attempt === ATTEMPTS || !wasNotWritten(cause)) throw cause;
        }
      }
    },
  };
}

/** The batch was not written for certain, and may be placed again. */
class NothingWritten extends Error {
  override readonly name = 'NothingWritten';
}

/**
 * Whether nothing of the batch was written, for certain. After a lost connection it is not certain: the commit may
 * have arrived, and a second try would append the entries twice.
 */
function wasNotWritten(cause: unknown): boolean {
  if (cause instanceof NothingWritten) return true;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === '40001' || code === '40P01';
}
