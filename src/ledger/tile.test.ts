import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../kernel/index.ts';
import { edgeRoot, growTree, type Hash, leafHash } from './merkle.ts';
import { consistencyRanges, inclusionRanges, verifyConsistency, verifyInclusion } from './proof.ts';
import {
  bundlePath,
  encodeBundle,
  fullTiles,
  parseBundle,
  parseTilePath,
  rangeHash,
  tileNodes,
  tilePath,
  tilesFor,
  tilesOf,
  tilesToComplete,
  widthAt,
} from './tile.ts';

const LEAVES = Array.from({ length: 70_000 }, (_, n) => leafHash(Buffer.from(String(n))));

/** A log in memory that keeps only what the database keeps: the edge, full tiles and what is below partial ones. */
function growLog(sizes: readonly number[]) {
  const rows: Hash[][] = [];
  const full = new Map<string, Buffer>();
  let edge: readonly Hash[] = [];
  let size = 0;
  const tileBytes = (level: number, index: number, width: number) =>
    Buffer.concat((rows[level] ?? []).slice(index * 256, index * 256 + width));
  for (const next of sizes) {
    const growth = growTree(size, edge, LEAVES.slice(size, next));
    const wanted = tilesToComplete(size, next - size);
    const partials = new Map(wanted.map((tile) => [tile.level, tileBytes(tile.level, tile.index, tile.width)]));
    for (const tile of fullTiles(size, growth, partials)) full.set(tilePath({ ...tile, width: 256 }), tile.hashes);
    for (const [level, row] of growth.rows.entries()) rows[level] = [...(rows[level] ?? []), ...row];
    ({ size, edge } = growth);
  }
  return { full, edge, tileBytes };
}

test('an index is written in groups of three digits, all but the last behind an x', () => {
  assert.equal(tilePath({ level: 0, index: 1_234_067, width: 256 }), 'tile/0/x001/x234/067');
  assert.equal(tilePath({ level: 2, index: 0, width: 1 }), 'tile/2/000.p/1');
  assert.equal(bundlePath(1000, 256), 'tile/entries/x001/000');
  assert.equal(bundlePath(999, 255), 'tile/entries/999.p/255');
});

test('reading a path gives back what was written', () => {
  const level = fc.option(fc.nat(63));
  const index = fc.oneof(fc.nat(3000), fc.maxSafeNat());
  fc.assert(
    fc.property(level, index, fc.integer({ min: 1, max: 256 }), (atLevel, atIndex, width) => {
      const tile = { index: atIndex, width };
      const path = atLevel === null ? bundlePath(atIndex, width) : tilePath({ ...tile, level: atLevel });
      const expected = atLevel === null ? { kind: 'entries', ...tile } : { kind: 'hashes', level: atLevel, ...tile };
      assert.deepEqual(unwrap(parseTilePath(path)), expected);
    }),
  );
});

test('a path that is not the one of its tile is refused', () => {
  const paths = [
    '',
    'tile',
    'tile/',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/x001/x002',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/%30%30%30',
    'tile/0/../000',
    'tile/data/000',
    'tile/entries/00',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/x001/x001/x001/x001/x001/x001/001',
    'tile/0/٠٠٠',
  ];
  for (const path of paths) assert.equal(parseTilePath(path).ok, false, path);
});

test('a tree of 70,000 entries has the tiles that the specification lists', () => {
  const tiles = [...tilesOf(70_000)];
  const countOf = (level: number, isFull: boolean) =>
    tiles.filter((tile) => tile.level === level && (tile.width === 256) === isFull).length;
  assert.deepEqual([countOf(0, true), countOf(1, true), countOf(2, true)], [273, 1, 0]);
  const partials = tiles.filter((tile) => tile.width < 256);
  assert.deepEqual(partials, [
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ]);
});

test('a tree of 256 entries has a full tile and one of width 1 above it, and none for an empty tree', () => {
  assert.deepEqual(
    [...tilesOf(256)],
    [
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ],
  );
  assert.deepEqual([...tilesOf(0)], []);
  assert.equal(widthAt(256, 0, 1), 0);
});

test('tiles filled step by step are those of the tree, at whichever sizes the steps end', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: LEAVES.length - 1 }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (sizes) => {
      const log = growLog([...sizes.sort((a, b) => a - b), LEAVES.length]);
      const expected = [...tilesOf(LEAVES.length)].filter((tile) => tile.width === 256);
      assert.equal(log.full.size, expected.length);
      for (const tile of expected) {
        assert.deepEqual(log.full.get(tilePath(tile)), log.tileBytes(tile.level, tile.index, 256));
      }
    }),
    { numRuns: 5 },
  );
});

test('tiles alone give every inclusion and consistency proof', () => {
  const log = growLog([1, 255, 256, 257, 65_535, 65_536, 65_537, LEAVES.length]);
  const atSize = fc
    .integer({ min: 1, max: LEAVES.length })
    .chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));
  const rootAt = (size: number) => edgeRoot(growTree(0, [], LEAVES.slice(0, size)).edge);
  fc.assert(
    fc.property(atSize, ([index, size]) => {
      const tileAt = (ranges: ReturnType<typeof inclusionRanges>) => {
        const tiles = tilesFor(ranges, size).map(
          ({ level, index: n, width }) => [`${level}/${n}`, tileNodes(log.tileBytes(level, n, width))] as const,
        );
        const byName = new Map(tiles);
        return (level: number, n: number) => byName.get(`${level}/${n}`) ?? assert.fail('a tile is missing');
      };
      const path = inclusionRanges(index, size);
      const inclusion = path.map((range) => rangeHash(range, tileAt(path)));
      const leaf = LEAVES[index] ?? assert.fail();
      assert.ok(verifyInclusion(leaf, index, size, inclusion, rootAt(size)));
      const steps = consistencyRanges(index, size);
      const consistency = steps.map((range) => rangeHash(range, tileAt(steps)));
      assert.ok(verifyConsistency(index, size, consistency, rootAt(index), rootAt(size)));
    }),
    { numRuns: 12 },
  );
});

test('a tile that ends too early is noticed, not read beyond', () => {
  assert.throws(() => rangeHash({ start: 0, end: 2 }, () => tileNodes(Buffer.alloc(32))), /ends/);
});

test('a bundle gives back its entries, empty ones and the longest too', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (entries) => {
      const parsed = unwrap(parseBundle(encodeBundle(entries), entries.length));
      assert.deepEqual(
        parsed.map((entry) => Uint8Array.from(entry)),
        entries,
      );
    }),
  );
  const longest = Buffer.alloc(65_535, 1);
  assert.deepEqual(unwrap(parseBundle(encodeBundle([longest]), 1)), [longest]);
  assert.equal(encodeBundle([Buffer.from('ab')]).toString('hex'), '00026162');
});

test('a bundle with an entry too many, too few, cut or followed by anything is refused', () => {
  const bundle = encodeBundle([Buffer.from('one'), Buffer.from(''), Buffer.from('three')]);
  assert.ok(parseBundle(bundle, 3).ok);
  for (const width of [0, 1, 2, 4]) assert.equal(parseBundle(bundle, width).ok, false);
  for (let length = 0; length < bundle.length; length += 1) {
    assert.equal(parseBundle(bundle.subarray(0, length), 3).ok, false);
  }
  assert.equal(parseBundle(Buffer.concat([bundle, Buffer.of(0)]), 3).ok, false);
  assert.ok(parseBundle(Buffer.alloc(0), 0).ok);
});
