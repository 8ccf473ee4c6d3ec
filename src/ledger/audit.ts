import { err, ok, type Result } from '../kernel/index.ts';
import type { Tx } from '../platform/index.ts';
import type { Hash } from './merkle.ts';
import * as store from './store.ts';
import { encodeBundle, TILE_WIDTH } from './tile.ts';
import { type LogRefusal, type LogSource, verifyTree } from './verify.ts';

/**
 * Re-reads a whole log in the database and recomputes everything that it says: leaf hashes, tiles, edge, root and the
 * checkpoint's signature. `vkey` is the key that the auditor trusts, not the one stored. The log may grow meanwhile.
 */
export async function verifyLog(
  tx: Tx,
  log: string,
  vkey: string,
): Promise<Result<{ readonly size: number; readonly root: Hash }, LogRefusal>> {
  const head = await store.findHead(tx, log);
  if (head === undefined) return err({ kind: 'no-log', detail: `there is no log ${log}` });
  const verified = await verifyTree(sourceOf(tx, head), vkey);
  if (!verified.ok) return verified;
  const { origin, size, root, edge } = verified.value;
  const isSame = head.size === size && head.root.equals(root) && head.origin === origin && head.vkey === vkey;
  if (!isSame || !Buffer.concat(head.edge).equals(Buffer.concat(edge))) {
    return err({ kind: 'head-altered', detail: `the stored head of ${log} is not that of its checkpoint and entries` });
  }
  const stray = await store.countStored(tx, head.id);
  if (stray.strayEntries > 0 || stray.strayTiles > 0) {
    const detail = `${stray.strayEntries} entries and ${stray.strayTiles} tiles lie beyond the head of ${log}`;
    return err({ kind: 'entries-beyond-head', detail });
  }
  return ok({ size, root });
}

/** The files of a log, made from the database as of `head`. */
export function sourceOf(tx: Tx, head: store.Head): LogSource {
  return {
    checkpoint: async () => head.checkpoint,
    tile: async (tile) => (await store.findTiles(tx, head.id, [tile]))[0],
    async bundle(index, width) {
      const first = index * TILE_WIDTH;
      const entries = await store.findEntries(tx, head.id, first, first + width);
      return entries.length === width ? encodeBundle(entries) : undefined;
    },
  };
}
