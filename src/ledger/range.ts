import { emptyRoot, HASH_BYTES, type Hash, nodeHash } from './merkle.ts';
import { type Subtree, subtreesOf } from './proof.ts';

/**
 * Proves that a run of entries is all that a log has between two places: the roots of the perfect subtrees to its left
 * and to its right, with the run's own leaf hashes, lead to the tree's root. None can be left out, put in or moved.
 */
export type RangeEdges = {
  /** Of the tree before the run, largest first. */
  readonly left: readonly Hash[];
  /** Of what stands behind it up to the tree's size, from left to right. */
  readonly right: readonly Hash[];
};

type Node = Subtree & { readonly hash: Hash };

/** Takes the leaf hashes of the run one after the other, and holds no more than the edge. */
export type RangeReader = {
  add(leaf: Hash): void;
  /** The root of the tree of `size`; undefined where `right` is not what stands behind the run. */
  root(size: number, right: readonly Hash[]): Hash | undefined;
};

/** Undefined where `left` cannot be the edge of a tree of `first` entries. Everything may come from an attacker. */
export function openRange(first: number, left: readonly Hash[]): RangeReader | undefined {
  const before = nodesOf(subtreesOf({ start: 0, end: first }), left);
  if (before === undefined) return undefined;
  const stack: Node[] = [...before];
  let position = first;
  return {
    add(hash) {
      push(stack, { level: 0, index: position, hash });
      position += 1;
    },
    root(size, right) {
      if (size < position) return undefined;
      if (size === 0) return right.length === 0 ? emptyRoot() : undefined;
      const after = nodesOf(subtreesOf({ start: position, end: size }), right);
      if (after === undefined) return undefined;
      const whole = [...stack];
      for (const node of after) push(whole, node);
      return whole.map(({ hash }) => hash).reduceRight((behind, hash) => nodeHash(hash, behind));
    },
  };
}

function nodesOf(places: readonly Subtree[], hashes: readonly Hash[]): readonly Node[] | undefined {
  if (places.length !== hashes.length || hashes.some((hash) => hash.length !== HASH_BYTES)) return undefined;
  return places.map((place, nth) => ({ ...place, hash: hashes[nth] as Hash }));
}

/** Joins what completes a subtree: the left child of a pair has an even place in its level. */
function push(stack: Node[], node: Node): void {
  let right = node;
  for (
    let left = stack.at(-1);
    left !== undefined && left.level === right.level && right.index % 2 === 1;
    left = stack.at(-1)
  ) {
    stack.pop();
    right = { level: right.level + 1, index: (right.index - 1) / 2, hash: nodeHash(left.hash, right.hash) };
  }
  stack.push(right);
}
