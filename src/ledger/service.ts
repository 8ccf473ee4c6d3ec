import { conflict, notFound, Problem, tooLarge } from '../kernel/index.ts';
import type { Database, Tx } from '../platform/index.ts';
import { planAppend, type Tip } from './append.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { emptyRoot, type Hash } from './merkle.ts';
import type { LogSigner } from './signer.ts';
import * as store from './store.ts';
import { MAX_ENTRY_BYTES, partialTiles, type Tile, tilesToComplete } from './tile.ts';

/**
 * Makes the log where it is not there yet, and signs its empty checkpoint. Throws a conflict where a log of this
 * name has another origin or key: its checkpoints would no longer verify.
 */
export async function createLog(db: Database, log: string, signer: LogSigner): Promise<void> {
  const root = emptyRoot();
  const checkpoint = await signer.sign(formatCheckpoint({ origin: signer.origin, size: 0, root }));
  const head = await db.transaction(async (tx) => {
    await store.insertLog(tx, { name: log, origin: signer.origin, vkey: signer.vkey, root, checkpoint });
    return store.findHead(tx, log);
  });
  if (head === undefined) throw notFound(`There is no log ${log}.`);
  assertOwnSigner(log, head, signer);
}

export type Appended = {
  /** The first of the entries is at this place, the others follow it. */
  readonly firstIndex: number;
  /** The tree after them. */
  readonly size: number;
  readonly root: Hash;
};

/**
 * Appends in the caller's transaction: the entries, the tiles that they fill and the signed checkpoint become
 * visible with the caller's own change, or not at all. Holds the log's head until that transaction ends, so append
 * last. Throws a Problem (413) for an entry above 65,535 bytes and (404) where there is no such log.
 */
export async function appendIn(
  tx: Tx,
  log: string,
  signer: LogSigner,
  entries: readonly Uint8Array[],
  now: Date,
): Promise<Appended> {
  entries.forEach(assertEntrySize);
  const head = await store.lockHead(tx, log);
  if (head === undefined) throw notFound(`There is no log ${log}.`);
  assertOwnSigner(log, head, signer);
  if (entries.length === 0) return { firstIndex: head.size, size: head.size, root: head.root };

  const partials = await readPartials(tx, head.id, tilesToComplete(head.size, entries.length));
  const { append } = await planAppend({ ...head, partials }, entries, signer, now);
  // The row lock makes this impossible; should an engine give no lock, the loser stops here with nothing written.
  if (!(await store.placeEntries(tx, append))) throw logHasGrown(log);
  return { firstIndex: head.size, size: append.size, root: append.root };
}

/**
 * The tip of a log, its head locked until the transaction ends: the appenders of a log take turns here, across
 * processes. Throws a Problem (404) where there is no such log, (409) where it has another key.
 */
export async function lockTip(tx: Tx, log: string, signer: LogSigner): Promise<Tip> {
  const head = await store.lockHead(tx, log);
  if (head === undefined) throw notFound(`There is no log ${log}.`);
  assertOwnSigner(log, head, signer);
  const partials = await readPartials(tx, head.id, partialTiles(head.size));
  return { id: head.id, size: head.size, edge: head.edge, partials };
}

function logHasGrown(log: string): Problem {
  return new Problem(409, 'ledger-log-has-grown', 'The log has grown meanwhile', {
    detail: `Someone else has appended to the log ${log}. Nothing was written; try again.`,
  });
}

export function assertEntrySize(entry: Uint8Array): void {
  if (entry.length > MAX_ENTRY_BYTES) {
    throw tooLarge(`A ledger entry has at most ${MAX_ENTRY_BYTES} bytes, this one has ${entry.length}.`);
  }
}

function assertOwnSigner(log: string, head: store.Head, signer: LogSigner): void {
  if (head.origin === signer.origin && head.vkey === signer.vkey) return;
  throw conflict(`The log ${log} was begun by ${head.vkey}; it cannot go on with the key ${signer.vkey}.`);
}

async function readPartials(tx: Tx, logId: number, tiles: readonly Tile[]): Promise<ReadonlyMap<number, Buffer>> {
  const found = await store.findTiles(tx, logId, tiles);
  return new Map(
    tiles.map(({ level, index, width }, nth) => {
      const bytes = found[nth];
      if (bytes === undefined) throw new Error(`tile ${level}/${index} of width ${width} is missing`);
      return [level, bytes];
    }),
  );
}
