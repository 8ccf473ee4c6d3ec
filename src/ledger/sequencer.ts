import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '../kernel/index.ts';
import { type Appender, type AppenderOptions, type Item, openAppender } from './appender.ts';
import { assertEntrySize } from './service.ts';

/** Where an entry came to stand in its log. */
export type Place = { readonly index: number };

export type SequencerOptions<P> = AppenderOptions<P> & {
  /** Entries in one transaction, by default 1024. */
  readonly maxBatch?: number;
  /** Milliseconds to wait for more entries, by default none: a batch gathers while the one before it commits. */
  readonly lingerMs?: number;
  /** Entries that may wait; beyond them `append` refuses with 503. By default 20,000. */
  readonly maxWaiting?: number;
};

/**
 * Group commit. A promise of `append` resolves when the entry, its checkpoint and its payload are committed, and
 * rejects when they are not or when that cannot be known. Several sequencers, in several processes, may append to
 * one log.
 */
export type Sequencer<P> = {
  append(entry: Uint8Array, payload: P): Promise<Place>;
  /** All in one transaction and side by side. */
  appendMany(items: readonly Item<P>[]): Promise<readonly Place[]>;
  /** Refuses what comes after, commits what waits, then resolves. */
  close(): Promise<void>;
};

type Waiting<P> = {
  readonly items: readonly Item<P>[];
  resolve(places: readonly Place[]): void;
  reject(cause: unknown): void;
};

// One batch's bytes travel in one statement; this keeps it far from the protocol's and the memory's limits.
const MAX_BATCH_BYTES = 8 * 1_048_576;

export function openSequencer<P>(options: SequencerOptions<P>): Sequencer<P> {
  const { maxBatch = 1024, lingerMs = 0, maxWaiting = 20_000 } = options;
  const appender = openAppender(options);
  const queue: Waiting<P>[] = [];
  let waiting = 0;
  let isClosed = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      // Those just answered get a turn first: what they append next then travels in this batch, not the one after.
      await (lingerMs > 0 && waiting < maxBatch && !isClosed ? sleep(lingerMs) : yieldTurn());
      const batch = takeBatch(queue, maxBatch);
      waiting -= batch.reduce((count, group) => count + group.items.length, 0);
      await commitBatch(appender, batch);
    }
    running = undefined;
  }

  function appendMany(items: readonly Item<P>[]): Promise<readonly Place[]> {
    for (const item of items) assertEntrySize(item.entry);
    if (isClosed) throw unavailable(`The ledger ${options.log} is closing.`);
    if (waiting + items.length > maxWaiting)
      throw unavailable(`The ledger ${options.log} has too many entries waiting.`);
    if (items.length === 0) return Promise.resolve([]);
    const { promise, resolve, reject } = Promise.withResolvers<readonly Place[]>();
    queue.push({ items, resolve, reject });
    waiting += items.length;
    running ??= run();
    return promise;
  }

  return {
    appendMany: async (items) => appendMany(items),
    async append(entry, payload) {
      const [place] = await appendMany([{ entry, payload }]);
      if (place === undefined) throw new Error('the batch answered without a place');
      return place;
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}

const yieldTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** From the head of the queue: whole groups up to the limits, at least one. */
function takeBatch<P>(queue: Waiting<P>[], maxBatch: number): readonly Waiting<P>[] {
  let entries = 0;
  let bytes = 0;
  const end = queue.findIndex((group, nth) => {
    entries += group.items.length;
    bytes += group.items.reduce((sum, item) => sum + item.entry.length, 0);
    return nth > 0 && (entries > maxBatch || bytes > MAX_BATCH_BYTES);
  });
  return queue.splice(0, end === -1 ? queue.length : end);
}

async function commitBatch<P>(appender: Appender<P>, batch: readonly Waiting<P>[]): Promise<void> {
  try {
    let index = await appender.append(batch.flatMap((group) => group.items));
    // Only now, with the commit answered, does anyone learn of it. A crash before this line may leave entries that
    // nobody was told of, never an answer without its entry.
    for (const group of batch) group.resolve(group.items.map(() => ({ index: index++ })));
  } catch (cause) {
    for (const group of batch) group.reject(cause);
  }
}
