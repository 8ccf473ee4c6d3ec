import { formatCheckpoint } from './checkpoint.ts';
import { type Edge, edgeRoot, growTree, HASH_BYTES, type Hash, leafHash } from './merkle.ts';
import type { LogSigner } from './signer.ts';
import { type FullTile, fullTiles, TILE_WIDTH } from './tile.ts';

/** All that is needed of a log to append to it: its head, and the bytes of its partial tiles by level. */
export type Tip = {
  readonly id: number;
  readonly size: number;
  readonly edge: Edge;
  readonly partials: ReadonlyMap<number, Buffer>;
};

/** What an append writes: one head, the entries and the tiles that they fill, all or nothing. */
export type LogAppend = {
  readonly logId: number;
  /** Compare-and-swap: where the log has another size, nothing is written. */
  readonly believedSize: number;
  readonly entries: readonly Uint8Array[];
  readonly size: number;
  readonly root: Hash;
  readonly edge: Edge;
  /** The signed note. */
  readonly checkpoint: string;
  readonly at: Date;
  readonly tiles: readonly FullTile[];
};

/**
 * Computes an append of one entry or more and the tip after it. `partials` of the tip may lack the levels whose tile
 * does not become full; then the tip after it is of no use. The signed note stays in this process until the append
 * is committed: a rollback or a crash before that leaves no trace of it, so the log never shows two different trees
 * of one size.
 */
export async function planAppend(
  tip: Tip,
  entries: readonly Uint8Array[],
  signer: LogSigner,
  at: Date,
): Promise<{ readonly append: LogAppend; readonly after: Tip }> {
  const growth = growTree(tip.size, tip.edge, entries.map(leafHash));
  const { size, edge } = growth;
  const root = edgeRoot(edge);
  const checkpoint = await signer.sign(formatCheckpoint({ origin: signer.origin, size, root }));
  const tiles = fullTiles(tip.size, growth, tip.partials);
  const append = { logId: tip.id, believedSize: tip.size, entries, size, root, edge, checkpoint, at, tiles };
  return { append, after: { id: tip.id, size, edge, partials: partialsAfter(tip, growth.rows) } };
}

/** What is left of each level beyond its full tiles. */
function partialsAfter(tip: Tip, rows: readonly (readonly Hash[])[]): ReadonlyMap<number, Buffer> {
  const partials = new Map(tip.partials);
  rows.forEach((fresh, level) => {
    const hashes = Buffer.concat([tip.partials.get(level) ?? Buffer.alloc(0), ...fresh]);
    const full = Math.floor(hashes.length / HASH_BYTES / TILE_WIDTH) * TILE_WIDTH * HASH_BYTES;
    partials.set(level, full === 0 ? hashes : Buffer.from(hashes.subarray(full)));
  });
  return partials;
}
