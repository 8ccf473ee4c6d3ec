import { conflict, notFound, Problem, tooLarge } from '../kernel/index.ts';
import type { Database, Tx } from '../platform/index.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { edgeRoot, emptyRoot, growTree, type Hash, leafHash } from './merkle.ts';
import type { LogSigner } from './signer.ts';
import * as store from './store.ts';
import { fullTiles, MAX_ENTRY_BYTES, tilesToComplete } from './tile.ts';

/**
 * Makes the log where it is not there yet, and signs its empty checkpoint. Throws a conflict where a log of this
 * name has another origin or key: its checkpoints would no longer verify.
 */
export async function createLog(db: Database, log: string, signer: LogSigner): Promise<void> {
  const root = emptyRoot();
  const checkpoint = signer.sign(formatCheckpoint({ origin: signer.origin, size: 0, root }));
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

  const growth = growTree(head.size, head.edge, entries.map(leafHash));
  const root = edgeRoot(growth.edge);
  // The note stays in this process until the transaction is committed. A rollback or a crash before that leaves no
  // trace of it, so the log never shows two different trees of one size.
  const checkpoint = signer.sign(formatCheckpoint({ origin: head.origin, size: growth.size, root }));
  const partials = new Map<number, Buffer>();
  for (const tile of tilesToComplete(head.size, entries.length)) {
    partials.set(tile.level, await requireTile(tx, head.id, tile));
  }
  const next = { size: growth.size, root, edge: growth.edge, checkpoint, at: now };
  const moved = await store.placeEntries(tx, { id: head.id, believedSize: head.size }, entries, next);
  // The row lock makes this impossible; should an engine give no lock, the loser stops here with nothing written.
  if (!moved) throw logHasGrown(log);
  for (const tile of fullTiles(head.size, growth, partials)) await store.insertTile(tx, head.id, tile);
  return { firstIndex: head.size, size: growth.size, root };
}

/** The slug of the problem that a lost compare-and-swap ends in. Nothing was written: begin again. */
export const LOG_HAS_GROWN = 'ledger-log-has-grown';

function logHasGrown(log: string): Problem {
  return new Problem(409, LOG_HAS_GROWN, 'The log has grown meanwhile', {
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

async function requireTile(
  tx: Tx,
  logId: number,
  tile: { level: number; index: number; width: number },
): Promise<Buffer> {
  const bytes = await store.findTile(tx, logId, tile);
  if (bytes === undefined) throw new Error(`tile ${tile.level}/${tile.index} of width ${tile.width} is missing`);
  return bytes;
}
