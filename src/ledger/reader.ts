import { invalid, notFound } from '../kernel/index.ts';
import type { Tx } from '../platform/index.ts';
import type { Hash } from './merkle.ts';
import { consistencyRanges, inclusionRanges, type Range } from './proof.ts';
import * as store from './store.ts';
import { encodeBundle, rangeHash, TILE_WIDTH, type Tile, tilesFor } from './tile.ts';

/** Reading a log that may grow meanwhile: what was once there stays as it is, so no transaction is needed. */

/** The newest signed checkpoint, as its file holds it. Throws a Problem (404) where there is no such log. */
export async function readCheckpoint(tx: Tx, log: string): Promise<string> {
  return (await getHead(tx, log)).checkpoint;
}

/** The hashes of a tile, 32 bytes each; undefined where the log has not reached that width. */
export async function readTile(
  tx: Tx,
  log: string,
  level: number,
  index: number,
  width: number = TILE_WIDTH,
): Promise<Buffer | undefined> {
  const head = await getHead(tx, log);
  return store.findTile(tx, head.id, { level, index, width });
}

/** Bundle `index`, the entries from `256 * index` on; undefined where the log has not that many. */
export async function readBundle(
  tx: Tx,
  log: string,
  index: number,
  width: number = TILE_WIDTH,
): Promise<Buffer | undefined> {
  const head = await getHead(tx, log);
  const first = index * TILE_WIDTH;
  const entries = await store.findEntries(tx, head.id, first, first + width);
  return entries.length === width ? encodeBundle(entries) : undefined;
}

/** The entries from `first` up to, and without, `end`; fewer where the log ends before. */
export async function readEntries(tx: Tx, log: string, first: number, end: number): Promise<readonly Buffer[]> {
  const head = await getHead(tx, log);
  return store.findEntries(tx, head.id, first, end);
}

/** RFC 6962 section 2.1.1, from the leaf up. Throws a Problem (422) where the tree of that size has no such entry. */
export async function inclusionProof(tx: Tx, log: string, index: number, size: number): Promise<readonly Hash[]> {
  const head = await getHead(tx, log);
  if (!isCount(index) || !isCount(size) || index >= size || size > head.size) {
    throw invalid(`The log ${log} has ${head.size} entries: no entry ${index} in a tree of ${size}.`);
  }
  return proofOf(tx, head.id, inclusionRanges(index, size), size);
}

/** RFC 6962 section 2.1.2. Throws a Problem (422) unless `from` ≤ `to` ≤ the log's size. */
export async function consistencyProof(tx: Tx, log: string, from: number, to: number): Promise<readonly Hash[]> {
  const head = await getHead(tx, log);
  if (!isCount(from) || !isCount(to) || from > to || to > head.size) {
    throw invalid(`The log ${log} has ${head.size} entries: no proof from ${from} to ${to}.`);
  }
  return proofOf(tx, head.id, consistencyRanges(from, to), to);
}

async function proofOf(tx: Tx, logId: number, ranges: readonly Range[], size: number): Promise<readonly Hash[]> {
  const tiles = new Map<string, Buffer>();
  for (const tile of tilesFor(ranges, size)) tiles.set(nameOf(tile), await requireTile(tx, logId, tile));
  return ranges.map((range) =>
    rangeHash(range, (level, index) => tiles.get(nameOf({ level, index })) ?? Buffer.alloc(0)),
  );
}

const nameOf = (tile: { level: number; index: number }): string => `${tile.level}/${tile.index}`;

async function requireTile(tx: Tx, logId: number, tile: Tile): Promise<Buffer> {
  const bytes = await store.findTile(tx, logId, tile);
  if (bytes === undefined) throw new Error(`tile ${nameOf(tile)} of width ${tile.width} is missing: verify the ledger`);
  return bytes;
}

async function getHead(tx: Tx, log: string): Promise<store.Head> {
  const head = await store.findHead(tx, log);
  if (head === undefined) throw notFound(`There is no log ${log}.`);
  return head;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
