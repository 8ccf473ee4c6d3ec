import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 6962 section 2.1, grown at its right edge. Sizes and positions are counts of leaves below
 * 2^53; shifts are divisions because JavaScript's own shifts end at 32 bits.
 */

/** 32 bytes of SHA-256. */
export type Hash = Buffer;

export const HASH_BYTES = 32;

/** A tile is eight levels of the tree high (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;

// RFC 6962 section 2.1: the prefixes keep a leaf from being passed off as a node, and a node as a leaf.
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

export function emptyRoot(): Hash {
  return hash('sha256', '', 'buffer');
}

export function leafHash(entry: Uint8Array): Hash {
  const input = Buffer.allocUnsafe(1 + entry.length);
  input[0] = LEAF_PREFIX;
  input.set(entry, 1);
  return hash('sha256', input, 'buffer');
}

export function nodeHash(left: Hash, right: Hash): Hash {
  const input = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  input[0] = NODE_PREFIX;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return hash('sha256', input, 'buffer');
}

/**
 * The roots of the perfect subtrees that a tree of `size` leaves consists of, largest first: one for each bit set
 * in `size`. Nothing more of a tree is needed to append to it.
 */
export type Edge = readonly Hash[];

export type Growth = {
  readonly size: number;
  readonly edge: Edge;
  /** The hashes that came into being at each tile level: row 0 the new leaves, row 1 the roots of 256 leaves, … */
  readonly rows: readonly (readonly Hash[])[];
};

/** Appends leaf hashes to a tree of which only the edge is known; about one node hash per leaf. */
export function growTree(size: number, edge: Edge, leaves: readonly Hash[]): Growth {
  const stack = [...edge];
  const rows: Hash[][] = [[]];
  let position = size;
  for (const leaf of leaves) {
    addToRow(rows, 0, leaf);
    let node = leaf;
    let level = 0;
    // Each odd digit of the position from below is a subtree that the new node completes.
    for (let rest = position; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = stack.pop();
      if (left === undefined) throw new Error(`the edge of a tree of ${size} leaves is too short`);
      node = nodeHash(left, node);
      level += 1;
      if (level % TILE_HEIGHT === 0) addToRow(rows, level / TILE_HEIGHT, node);
    }
    stack.push(node);
    position += 1;
  }
  return { size: position, edge: stack, rows };
}

function addToRow(rows: Hash[][], level: number, node: Hash): void {
  const row = rows[level];
  if (row === undefined) rows[level] = [node];
  else row.push(node);
}

/** The root of the tree whose edge this is. */
export function edgeRoot(edge: Edge): Hash {
  const [last, ...others] = edge.toReversed();
  if (last === undefined) return emptyRoot();
  return others.reduce((right, left) => nodeHash(left, right), last);
}

/** A run of equally long hashes, as tiles and stored edges hold them. Throws where it is not whole hashes. */
export function splitHashes(bytes: Buffer): readonly Hash[] {
  if (bytes.length % HASH_BYTES !== 0) throw new Error(`${bytes.length} bytes are not a run of hashes`);
  const hashes: Hash[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) hashes.push(bytes.subarray(at, at + HASH_BYTES));
  return hashes;
}
