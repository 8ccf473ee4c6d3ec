import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emptyRoot, type Hash, leafHash, nodeHash } from './merkle.ts';
import {
  consistencyRanges,
  inclusionRanges,
  type Range,
  rootOfInclusion,
  subtreesOf,
  verifyConsistency,
  verifyInclusion,
} from './proof.ts';

const LEAVES = Array.from({ length: 600 }, (_, n) => leafHash(Buffer.from(`entry ${n}`)));

function hashOf({ start, end }: Range): Hash {
  const [only] = LEAVES.slice(start, end);
  if (end === start || only === undefined) return emptyRoot();
  if (end - start === 1) return only;
  let split = 1;
  while (split * 2 < end - start) split *= 2;
  return nodeHash(hashOf({ start, end: start + split }), hashOf({ start: start + split, end }));
}

const rootAt = (size: number) => hashOf({ start: 0, end: size });
const sizes = fc.integer({ min: 1, max: LEAVES.length });
const placeInTree = sizes.chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));
const twoSizes = sizes.chain((to) => fc.tuple(fc.integer({ min: 0, max: to }), fc.constant(to)));
const flip = fc.tuple(fc.nat(), fc.nat(255));

/** One bit changed, somewhere in the hashes. */
function flipped(hashes: readonly Hash[], [nth, bit]: [number, number]): readonly Hash[] {
  const copies = hashes.map((hash) => Buffer.from(hash));
  const chosen = copies[nth % copies.length];
  if (chosen !== undefined) chosen[bit >> 3] = (chosen[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copies;
}

test('each entry of a tree of any size is proved by its path, and by no other place', () => {
  fc.assert(
    fc.property(placeInTree, ([index, size]) => {
      const leaf = hashOf({ start: index, end: index + 1 });
      const proof = inclusionRanges(index, size).map(hashOf);
      assert.ok(verifyInclusion(leaf, index, size, proof, rootAt(size)));
      for (const other of [index - 1, index + 1, size - 1 - index]) {
        if (other !== index) assert.ok(!verifyInclusion(leaf, other, size, proof, rootAt(size)));
      }
    }),
  );
});

test('an inclusion proof with any bit flipped, a hash too many or too few, is refused', () => {
  fc.assert(
    fc.property(placeInTree, flip, ([index, size], bit) => {
      const leaf = hashOf({ start: index, end: index + 1 });
      const proof = inclusionRanges(index, size).map(hashOf);
      const [wrongLeaf = leaf, ...wrongProof] = flipped([leaf, ...proof], bit);
      assert.ok(!verifyInclusion(wrongLeaf, index, size, wrongProof, rootAt(size)));
      assert.ok(!verifyInclusion(leaf, index, size, proof, flipped([rootAt(size)], bit)[0] ?? leaf));
      assert.ok(!verifyInclusion(leaf, index, size, [...proof, leaf], rootAt(size)));
      if (proof.length > 0) assert.ok(!verifyInclusion(leaf, index, size, proof.slice(1), rootAt(size)));
    }),
  );
});

test('a later tree is proved to begin with an earlier one', () => {
  fc.assert(
    fc.property(twoSizes, ([from, to]) => {
      const proof = consistencyRanges(from, to).map(hashOf);
      assert.ok(verifyConsistency(from, to, proof, rootAt(from), rootAt(to)));
    }),
  );
});

test('a consistency proof with any bit flipped, a hash too many or too few, is refused', () => {
  fc.assert(
    fc.property(twoSizes, flip, ([from, to], bit) => {
      fc.pre(from > 0);
      const proof = consistencyRanges(from, to).map(hashOf);
      const changed = flipped([rootAt(from), rootAt(to), ...proof], bit);
      const [older = emptyRoot(), newer = emptyRoot(), ...path] = changed;
      assert.ok(!verifyConsistency(from, to, path, older, newer));
      assert.ok(!verifyConsistency(from, to, [...proof, rootAt(to)], rootAt(from), rootAt(to)));
      if (proof.length > 0) assert.ok(!verifyConsistency(from, to, proof.slice(1), rootAt(from), rootAt(to)));
      if (from < to) assert.ok(!verifyConsistency(from, from, proof, rootAt(from), rootAt(to)));
    }),
  );
});

test('every tree is consistent with the empty one, which has no other root than that of nothing', () => {
  assert.ok(verifyConsistency(0, 5, [], emptyRoot(), rootAt(5)));
  assert.ok(!verifyConsistency(0, 5, [], rootAt(1), rootAt(5)));
  assert.ok(!verifyConsistency(0, 5, [rootAt(5)], emptyRoot(), rootAt(5)));
});

test('two trees of one size with different roots are never consistent', () => {
  assert.ok(verifyConsistency(7, 7, [], rootAt(7), rootAt(7)));
  assert.ok(!verifyConsistency(7, 7, [], rootAt(7), rootAt(8)));
  assert.ok(!verifyConsistency(8, 7, [], rootAt(8), rootAt(7)));
});

test('sizes and places that are no counts are refused', () => {
  const leaf = rootAt(1);
  for (const [index, size] of [
    [0, 0],
    [1, 1],
    [-1, 1],
    [0.5, 1],
    [0, Number.NaN],
    [0, 2 ** 53],
    [0, Infinity],
  ] as const) {
    assert.equal(rootOfInclusion(leaf, index, size, []), undefined);
  }
  assert.ok(!verifyConsistency(-1, 1, [], leaf, leaf));
  assert.ok(!verifyConsistency(1, 2 ** 60, [], leaf, leaf));
});

test('hashes of another length than SHA-256 are refused', () => {
  const leaf = rootAt(1);
  assert.equal(rootOfInclusion(leaf.subarray(1), 0, 1, []), undefined);
  assert.equal(rootOfInclusion(leaf, 0, 2, [leaf.subarray(1)]), undefined);
  assert.ok(!verifyConsistency(1, 1, [], leaf.subarray(1), leaf.subarray(1)));
});

test('a range of a proof is covered by its subtrees without gap or overlap', () => {
  fc.assert(
    fc.property(placeInTree, ([index, size]) => {
      for (const range of inclusionRanges(index, size)) {
        let at = range.start;
        for (const subtree of subtreesOf(range)) {
          assert.equal(subtree.index * 2 ** subtree.level, at);
          at += 2 ** subtree.level;
        }
        assert.equal(at, range.end);
      }
    }),
  );
});

test('a tree near 2^53 entries has proofs as short as its height', () => {
  const size = Number.MAX_SAFE_INTEGER;
  assert.equal(inclusionRanges(0, size).length, 53);
  assert.ok(consistencyRanges(2 ** 52 + 1, size).length <= 54);
});
