import { setImmediate as yieldTurn } from 'node:timers/promises';
import { err, ok, type Result } from '../kernel/index.ts';
import { type CheckpointRefusal, type OpenedCheckpoint, openCheckpoint } from './checkpoint.ts';
import { edgeRoot, growTree, HASH_BYTES, type Hash, leafHash } from './merkle.ts';
import { parseBundle, TILE_WIDTH, type Tile, tilePath, widthAt } from './tile.ts';

/**
 * Where a log's files come from: a database, a folder, a server. Undefined is "not there". What it gives is taken
 * for hostile.
 */
export type LogSource = {
  checkpoint(): Promise<Uint8Array | string | undefined>;
  tile(tile: Tile): Promise<Buffer | undefined>;
  bundle(index: number, width: number): Promise<Buffer | undefined>;
};

export type LogRefusal = {
  readonly kind:
    | 'no-log'
    | 'entries-missing'
    | 'entry-altered'
    | 'tile-missing'
    | 'tile-altered'
    | 'root-differs'
    | 'head-altered'
    | 'entries-beyond-head'
    | CheckpointRefusal['kind'];
  readonly detail: string;
  /** The entry, or the first entry below the tile, that is wrong. */
  readonly index?: number;
};

export type VerifiedLog = {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  readonly checkpoint: OpenedCheckpoint;
  /** The right edge, recomputed. */
  readonly edge: readonly Hash[];
};

/**
 * Verifies a whole log: the checkpoint's signature, each entry against its leaf hash, each tile against what is below
 * it, and the root. Reads every entry once, 256 at a time, and keeps no more than one tile a level in memory.
 */
export async function verifyTree(source: LogSource, vkey: string): Promise<Result<VerifiedLog, LogRefusal>> {
  const note = await source.checkpoint();
  if (note === undefined) return err({ kind: 'no-log', detail: 'there is no checkpoint' });
  const checkpoint = openCheckpoint(note, vkey);
  if (!checkpoint.ok) return checkpoint;
  const { origin, size, root } = checkpoint.value;

  const edge = await verifyEntries(source, size);
  if (!edge.ok) return edge;
  const computed = edgeRoot(edge.value);
  if (computed.equals(root)) return ok({ origin, size, root, checkpoint: checkpoint.value, edge: edge.value });
  const detail = `the entries lead to the root ${computed.toString('base64')}, the checkpoint says ${root.toString('base64')}`;
  return err({ kind: 'root-differs', detail });
}

/** Recomputes the tree from the entries, comparing each tile as it fills. The result is the edge. */
async function verifyEntries(source: LogSource, size: number): Promise<Result<readonly Hash[], LogRefusal>> {
  let edge: readonly Hash[] = [];
  const unfilled: Hash[][] = [];
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - first);
    // The embedded database answers without ever leaving the event loop's turn: a server that audits a long log
    // would answer nobody meanwhile.
    await yieldTurn();
    const leaves = await readLeaves(source, first / TILE_WIDTH, width);
    if (!leaves.ok) return leaves;
    const growth = growTree(first, edge, leaves.value);
    edge = growth.edge;
    for (const [level, fresh] of growth.rows.entries()) {
      const pending = [...(unfilled[level] ?? []), ...fresh];
      unfilled[level] = pending.length === TILE_WIDTH ? [] : pending;
      if (pending.length < TILE_WIDTH) continue;
      const index = Math.floor(first / TILE_WIDTH ** (level + 1));
      const full = await compareTile(source, { level, index, width: TILE_WIDTH }, pending);
      if (!full.ok) return full;
    }
  }
  const partials = await comparePartials(source, size, unfilled);
  return partials.ok ? ok(edge) : partials;
}

async function readLeaves(
  source: LogSource,
  index: number,
  width: number,
): Promise<Result<readonly Hash[], LogRefusal>> {
  const first = index * TILE_WIDTH;
  const bundle = await source.bundle(index, width);
  if (bundle === undefined) {
    return err({
      kind: 'entries-missing',
      detail: `entries ${first} to ${first + width - 1} are not all there`,
      index: first,
    });
  }
  const entries = parseBundle(bundle, width);
  if (!entries.ok) return err({ kind: 'entries-missing', detail: entries.error.detail, index: first });
  return ok(entries.value.map(leafHash));
}

/** The tiles at the right edge that are not full: the last at each level. */
async function comparePartials(
  source: LogSource,
  size: number,
  unfilled: readonly (readonly Hash[])[],
): Promise<Result<null, LogRefusal>> {
  for (const [level, hashes] of unfilled.entries()) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    const width = widthAt(size, level, index);
    if (width === 0) continue;
    const compared = await compareTile(source, { level, index, width }, hashes);
    if (!compared.ok) return compared;
  }
  return ok(null);
}

async function compareTile(source: LogSource, tile: Tile, hashes: readonly Hash[]): Promise<Result<null, LogRefusal>> {
  const stored = await source.tile(tile);
  const span = TILE_WIDTH ** tile.level;
  const first = tile.index * TILE_WIDTH * span;
  if (stored?.length !== tile.width * HASH_BYTES) {
    return err({
      kind: 'tile-missing',
      detail: `${tilePath(tile)} is not there with its ${tile.width} hashes`,
      index: first,
    });
  }
  const wrong = hashes.findIndex(
    (hash, nth) => !hash.equals(stored.subarray(nth * HASH_BYTES, (nth + 1) * HASH_BYTES)),
  );
  if (wrong === -1) return ok(null);
  const index = first + wrong * span;
  if (tile.level === 0) {
    return err({
      kind: 'entry-altered',
      detail: `entry ${index} does not have the leaf hash of ${tilePath(tile)}`,
      index,
    });
  }
  return err({
    kind: 'tile-altered',
    detail: `hash ${wrong} of ${tilePath(tile)} is not that of the entries below`,
    index,
  });
}
