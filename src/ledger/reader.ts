import { invalid, notFound } from '../kernel/index.ts';
import type { Tx } from '../platform/index.ts';
import type { Hash } from './merkle.ts';
import { consistencyRanges, inclusionRanges, type Range, subtreesOf } from './proof.ts';
import type { RangeEdges } from './range.ts';
import * as store from './store.ts';
import { encodeBundle, rangeHash, TILE_WIDTH, type Tile, type TileNodes, tileNodes, tilesFor } from './tile.ts';

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
  return (await store.findTiles(tx, head.id, [{ level, index, width }]))[0];
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

/** What stands to the left and right of the entries from `first` up to, and without, `end` in the tree of `size`. */
export async function rangeEdges(tx: Tx, log: string, first: number, end: number, size: number): Promise<RangeEdges> {
  const head = await getHead(tx, log);
  if (![first, end, size].every(isCount) || first > end || end > size || size > head.size) {
    throw invalid(`The log ${log} has ${head.size} entries: no range from ${first} to ${end} in a tree of ${size}.`);
  }
  const hashesOf = (start: number, stop: number): Promise<readonly Hash[]> => {
    const ranges = subtreesOf({ start, end: stop }).map(({ level, index }) => ({
      start: index * 2 ** level,
      end: (index + 1) * 2 ** level,
    }));
    return proofOf(tx, head.id, ranges, size);
  };
  return { left: await hashesOf(0, first), right: await hashesOf(end, size) };
}

async function proofOf(tx: Tx, logId: number, ranges: readonly Range[], size: number): Promise<readonly Hash[]> {
  const tiles = await nodesOf(tx, logId, tilesFor(ranges, size));
  return ranges.map((range) =>
    rangeHash(range, (level, index) => tiles.get(nameOf({ level, index })) ?? tileNodes(Buffer.alloc(0))),
  );
}

/**
 * Tiles above the leaves at their width, by connection: they never change, and every proof of a long log needs some
 * of them beside the one that is its own. A log of ten million entries has 154.
 */
const upper = new WeakMap<Tx, Map<string, TileNodes>>();
const MAX_KEPT = 1024;

async function nodesOf(tx: Tx, logId: number, tiles: readonly Tile[]): Promise<ReadonlyMap<string, TileNodes>> {
  const kept = upper.get(tx) ?? new Map<string, TileNodes>();
  upper.set(tx, kept);
  const keyOf = (tile: Tile) => `${logId}/${nameOf(tile)}/${tile.width}`;
  const missing = tiles.filter((tile) => !kept.has(keyOf(tile)));
  const found = await store.findTiles(tx, logId, missing);
  const fresh = new Map(missing.map((tile, nth) => [tile, tileNodes(required(tile, found[nth]))]));
  const nodes = new Map(
    tiles.map((tile) => [nameOf(tile), fresh.get(tile) ?? kept.get(keyOf(tile)) ?? tileNodes(Buffer.alloc(0))]),
  );
  if (kept.size > MAX_KEPT) kept.clear();
  for (const [tile, one] of fresh) if (tile.level > 0) kept.set(keyOf(tile), one);
  return nodes;
}

const nameOf = (tile: { level: number; index: number }): string => `${tile.level}/${tile.index}`;

function required(tile: Tile, bytes: Buffer | undefined): Buffer {
  if (bytes === undefined) throw new Error(`tile ${nameOf(tile)} of width ${tile.width} is missing: verify the ledger`);
  return bytes;
}

async function getHead(tx: Tx, log: string): Promise<store.Head> {
  const head = await store.findHead(tx, log);
  if (head === undefined) throw notFound(`There is no log ${log}.`);
  return head;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
