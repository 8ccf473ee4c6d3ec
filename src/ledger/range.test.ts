import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { edgeRoot, growTree, type Hash, leafHash } from './merkle.ts';
import { subtreesOf } from './proof.ts';
import { openRange } from './range.ts';

const leaves = Array.from({ length: 70 }, (_, nth) => leafHash(Buffer.from(`entry ${nth}`)));
const treeOf = (hashes: readonly Hash[]) => edgeRoot(growTree(0, [], hashes).edge);
const edges = (start: number, end: number): readonly Hash[] =>
  subtreesOf({ start, end }).map(({ level, index }) =>
    treeOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
  );

const rootOf = (first: number, run: readonly Hash[], size: number, left: readonly Hash[], right: readonly Hash[]) => {
  const range = openRange(first, left);
  for (const leaf of run) range?.add(leaf);
  return range?.root(size, right);
};

describe('a run of entries of a log', () => {
  const sizes = fc
    .tuple(fc.nat({ max: 70 }), fc.nat({ max: 70 }), fc.integer({ min: 1, max: 70 }))
    .map((three) => three.toSorted((a, b) => a - b) as [number, number, number])
    .filter(([, , size]) => size > 0);

  it('leads to the root of the tree, wherever it stands', () => {
    fc.assert(
      fc.property(sizes, ([first, end, size]) => {
        const found = rootOf(first, leaves.slice(first, end), size, edges(0, first), edges(end, size));
        assert.deepEqual(found, treeOf(leaves.slice(0, size)));
      }),
    );
  });

  it('leads to no such root when an entry was left out, put in, changed or moved', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([first, end, size], at) => {
        fc.pre(end > first);
        const run = leaves.slice(first, end);
        const root = treeOf(leaves.slice(0, size));
        const nth = at % run.length;
        const other = leafHash(Buffer.from('another'));
        const [left, right] = [edges(0, first), edges(end, size)];
        for (const changed of [run.toSpliced(nth, 1), run.toSpliced(nth, 0, other), run.with(nth, other)]) {
          assert.notDeepEqual(rootOf(first, changed, size, left, right), root);
          // Also when somebody makes the edges fit the number of what is left; a shorter run is a whole one of its own.
          if (first + changed.length <= size && changed.at(-1) === run.at(-1))
            assert.notDeepEqual(rootOf(first, changed, size, left, edges(first + changed.length, size)), root);
        }
        if (run.length > 1) assert.notDeepEqual(rootOf(first, run.toReversed(), size, left, right), root);
      }),
    );
  });

  it('takes no edges of another number or length', () => {
    assert.equal(openRange(3, []), undefined);
    assert.equal(openRange(1, [Buffer.alloc(31)]), undefined);
    assert.equal(rootOf(1, [], 0, edges(0, 1), []), undefined);
    assert.deepEqual(rootOf(0, [], 0, [], []), treeOf([]));
    assert.equal(rootOf(0, leaves.slice(0, 5), 4, [], []), undefined);
  });
});
