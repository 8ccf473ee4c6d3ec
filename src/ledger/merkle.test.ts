import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { edgeRoot, emptyRoot, growTree, type Hash, leafHash, nodeHash, splitHashes } from './merkle.ts';

/** MTH of RFC 6962 section 2.1, as it is written there. */
function treeHash(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return emptyRoot();
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

const leavesUpTo = (count: number) => Array.from({ length: count }, (_, n) => leafHash(Buffer.from(`entry ${n}`)));

test('the empty tree has the hash of nothing', () => {
  assert.equal(emptyRoot().toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.deepEqual(edgeRoot([]), emptyRoot());
});

test('a leaf and a node of the same bytes have different hashes', () => {
  const left = leafHash(Buffer.from('left'));
  const right = leafHash(Buffer.from('right'));
  assert.notDeepEqual(leafHash(Buffer.concat([left, right])), nodeHash(left, right));
});

test('growing a tree in any steps gives the root that RFC 6962 defines', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 });
  fc.assert(
    fc.property(steps, (counts) => {
      const leaves = leavesUpTo(counts.reduce((sum, count) => sum + count, 0));
      let size = 0;
      let edge: readonly Hash[] = [];
      for (const count of counts) ({ size, edge } = growTree(size, edge, leaves.slice(size, size + count)));
      assert.equal(size, leaves.length);
      assert.equal(edge.length, size.toString(2).replaceAll('0', '').length);
      assert.deepEqual(edgeRoot(edge), treeHash(leaves));
    }),
    { numRuns: 40 },
  );
});

test('growing a tree yields the root of every 256 leaves', () => {
  const leaves = leavesUpTo(700);
  const before = growTree(0, [], leaves.slice(0, 200));
  const { rows } = growTree(200, before.edge, leaves.slice(200));
  assert.deepEqual(rows[0], leaves.slice(200));
  assert.deepEqual(rows[1], [treeHash(leaves.slice(0, 256)), treeHash(leaves.slice(256, 512))]);
});

test('an edge that is too short for its size is refused', () => {
  assert.throws(() => growTree(3, [], leavesUpTo(1)), /edge/);
});

test('a run of hashes is cut into hashes, and refused where it ends in the middle of one', () => {
  const leaves = leavesUpTo(3);
  assert.deepEqual(splitHashes(Buffer.concat(leaves)), leaves);
  assert.throws(() => splitHashes(Buffer.alloc(33)));
});
