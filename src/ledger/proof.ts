import { emptyRoot, HASH_BYTES, type Hash, nodeHash } from './merkle.ts';

/** Inclusion and consistency proofs: which hashes they consist of (RFC 6962 section 2.1) and how they are checked. */

/** The leaves from `start` up to, and without, `end`. */
export type Range = { readonly start: number; readonly end: number };

/** A perfect subtree: the leaves from `index * 2^level` on, `2^level` of them. */
export type Subtree = { readonly level: number; readonly index: number };

/** RFC 6962 section 2.1.1, PATH(index, D[size]): the subtrees whose hashes prove the leaf, from the leaf up. */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  const path: Range[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const split = start + largestPowerBelow(end - start);
    if (index < split) {
      path.push({ start: split, end });
      end = split;
    } else {
      path.push({ start, end: split });
      start = split;
    }
  }
  return path.reverse();
}

/** RFC 6962 section 2.1.2, PROOF(from, D[to]); empty where there is nothing to prove (`from` is 0 or `to`). */
export function consistencyRanges(from: number, to: number): readonly Range[] {
  if (from === 0 || from === to) return [];
  const path: Range[] = [];
  let start = 0;
  let end = to;
  while (end !== from) {
    const split = start + largestPowerBelow(end - start);
    if (from <= split) {
      path.push({ start: split, end });
      end = split;
    } else {
      path.push({ start, end: split });
      start = split;
    }
  }
  // The verifier holds the old root; what is left is that very tree where the walk never went right.
  if (start > 0) path.push({ start, end });
  return path.reverse();
}

/** The perfect subtrees that a range of a proof consists of, from left to right. */
export function subtreesOf(range: Range): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  let start = range.start;
  while (start < range.end) {
    let level = 0;
    while (start % 2 ** (level + 1) === 0 && start + 2 ** (level + 1) <= range.end) level += 1;
    subtrees.push({ level, index: start / 2 ** level });
    start += 2 ** level;
  }
  return subtrees;
}

/** The root that a proof leads to from a leaf (RFC 9162 section 2.1.3.2); undefined where it cannot be of that tree. */
export function rootOfInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[]): Hash | undefined {
  if (!isCount(index) || !isCount(size) || index >= size || ![leaf, ...proof].every(isHash)) return undefined;
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      root = nodeHash(sibling, root);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      root = nodeHash(root, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** Whether `leaf` is at `index` of the tree of `size` leaves with that root. Everything may come from an attacker. */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  return rootOfInclusion(leaf, index, size, proof)?.equals(root) === true;
}

/** Whether the later tree begins with the whole earlier one (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(
  from: number,
  to: number,
  proof: readonly Hash[],
  fromRoot: Hash,
  toRoot: Hash,
): boolean {
  if (!isCount(from) || !isCount(to) || from > to || ![fromRoot, toRoot, ...proof].every(isHash)) return false;
  if (from === to) return proof.length === 0 && fromRoot.equals(toRoot);
  if (from === 0) return proof.length === 0 && fromRoot.equals(emptyRoot());
  // An old tree that is perfect is itself the first hash of the proof, and is left out of it.
  const isPerfect = largestPowerBelow(from + 1) === from;
  const [seed, ...path] = isPerfect ? [fromRoot, ...proof] : proof;
  if (seed === undefined) return false;
  const roots = rootsOfConsistency(from, to, seed, path);
  return roots?.from.equals(fromRoot) === true && roots.to.equals(toRoot);
}

function rootsOfConsistency(
  from: number,
  to: number,
  seed: Hash,
  path: readonly Hash[],
): { from: Hash; to: Hash } | undefined {
  let node = from - 1;
  let last = to - 1;
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let older = seed;
  let newer = seed;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newer = nodeHash(newer, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? { from: older, to: newer } : undefined;
}

/** The largest power of two smaller than `n`, for n > 1: RFC 6962's k. */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

const half = (n: number): number => Math.floor(n / 2);
const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isHash = (value: Hash): boolean => value.length === HASH_BYTES;
