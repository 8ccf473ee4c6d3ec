import { err, ok, type Result } from '../kernel/index.ts';
import { type Growth, HASH_BYTES, type Hash, nodeHash, TILE_HEIGHT } from './merkle.ts';
import { type Range, type Subtree, subtreesOf } from './proof.ts';

/** Tiles and entry bundles of C2SP tlog-tiles: their names, their bytes, and which of them a tree consists of. */

export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** The length of an entry is a uint16 in its bundle. */
export const MAX_ENTRY_BYTES = 65_535;

/** A tile's place: `width` hashes (1 to 256) of tile `index` at `level`. */
export type Tile = { readonly level: number; readonly index: number; readonly width: number };

export type TileRequest =
  | ({ readonly kind: 'hashes' } & Tile)
  | { readonly kind: 'entries'; index: number; width: number };

export type TileRefusal = { readonly kind: 'malformed-path' | 'malformed-bundle'; readonly detail: string };

/** `tile/0/x001/x234/067` or, where partial, `tile/0/x001/x234/067.p/8`. */
export function tilePath(tile: Tile): string {
  return `tile/${tile.level}/${numberPath(tile.index)}${widthPath(tile.width)}`;
}

/** `tile/entries/x001/x234/067`, with `.p/W` where partial. */
export function bundlePath(index: number, width: number): string {
  return `tile/entries/${numberPath(index)}${widthPath(width)}`;
}

function numberPath(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

const widthPath = (width: number): string => (width === TILE_WIDTH ? '' : `.p/${width}`);

const TILE_PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/;
const MAX_LEVEL = 63;

/** Reads a tile's path from outside. One tile has one path: zeros too many, or a width of 0 or 256, are refused. */
export function parseTilePath(path: string): Result<TileRequest, TileRefusal> {
  const [, level = '', number = '', partial] = TILE_PATH.exec(path) ?? [];
  const index = Number(number.replace(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const request: TileRequest =
    level === 'entries' ? { kind: 'entries', index, width } : { kind: 'hashes', level: Number(level), index, width };
  const again = request.kind === 'entries' ? bundlePath(index, width) : tilePath(request);
  const isInRange = Number.isSafeInteger(index) && width >= 1 && (level === 'entries' || Number(level) <= MAX_LEVEL);
  if (again !== path || !isInRange) {
    return err({
      kind: 'malformed-path',
      detail: 'expected tile/LEVEL/NNN or tile/entries/NNN, with .p/WIDTH if partial',
    });
  }
  return ok(request);
}

/** The width that a tile has in a tree of `size` leaves; 0 where the tree does not reach it. */
export function widthAt(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH;
  return Math.max(0, Math.min(TILE_WIDTH, hashes));
}

/** Every tile of a tree, full and partial, level by level; level 0 also counts the entry bundles. */
export function* tilesOf(size: number): Generator<Tile> {
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    for (let index = 0; widthAt(size, level, index) > 0; index += 1) {
      yield { level, index, width: widthAt(size, level, index) };
    }
  }
}

export type FullTile = { readonly level: number; readonly index: number; readonly hashes: Buffer; readonly root: Hash };

/** The tiles of a tree of `size` leaves that are begun and not full, one a level at most. */
export function partialTiles(size: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    const width = widthAt(size, level, index);
    if (width > 0) tiles.push({ level, index, width });
  }
  return tiles;
}

/** Those of them that become full when `added` more leaves come: what to read beforehand. */
export function tilesToComplete(size: number, added: number): readonly Tile[] {
  return partialTiles(size).filter(({ level, index }) => widthAt(size + added, level, index) === TILE_WIDTH);
}

/** The tiles that a growth from `size` leaves filled. `partials` holds the bytes of `tilesToComplete`, by level. */
export function fullTiles(size: number, growth: Growth, partials: ReadonlyMap<number, Buffer>): readonly FullTile[] {
  return growth.rows.flatMap((fresh, level) => {
    const before = Math.floor(size / TILE_WIDTH ** level);
    const width = before % TILE_WIDTH;
    const count = Math.floor((width + fresh.length) / TILE_WIDTH);
    if (count === 0) return [];
    const partial = partials.get(level) ?? Buffer.alloc(0);
    if (partial.length !== width * HASH_BYTES)
      throw new Error(`the partial tile of level ${level} is not ${width} wide`);
    const hashes = Buffer.concat([partial, ...fresh]);
    return Array.from({ length: count }, (_, nth) => ({
      level,
      index: Math.floor(before / TILE_WIDTH) + nth,
      hashes: hashes.subarray(nth * TILE_WIDTH * HASH_BYTES, (nth + 1) * TILE_WIDTH * HASH_BYTES),
      root: rootInRow(growth, level + 1, nth),
    }));
  });
}

/** A full tile's root is a hash of the level above, which the growth has made already. */
function rootInRow(growth: Growth, level: number, nth: number): Hash {
  const root = growth.rows[level]?.[nth];
  if (root === undefined) throw new Error(`the growth lacks the root of a full tile below level ${level}`);
  return root;
}

/** Where a subtree's hashes are: `count` of them (a power of two) from `offset` on, in one tile. */
export function placeOf(subtree: Subtree): {
  readonly level: number;
  readonly index: number;
  offset: number;
  count: number;
} {
  const level = Math.floor(subtree.level / TILE_HEIGHT);
  const count = 2 ** (subtree.level % TILE_HEIGHT);
  const first = subtree.index * count;
  return { level, index: Math.floor(first / TILE_WIDTH), offset: first % TILE_WIDTH, count };
}

/** The tiles, at their width in a tree of `size` leaves, that hold what the ranges of a proof need; each once. */
export function tilesFor(ranges: readonly Range[], size: number): readonly Tile[] {
  const tiles = new Map<string, Tile>();
  for (const subtree of ranges.flatMap(subtreesOf)) {
    const { level, index } = placeOf(subtree);
    tiles.set(`${level}/${index}`, { level, index, width: widthAt(size, level, index) });
  }
  return [...tiles.values()];
}

/** A tile whose inner nodes are computed when they are asked for, and once. */
export type TileNodes = { root(offset: number, count: number): Hash };

export function tileNodes(hashes: Buffer): TileNodes {
  const known = new Map<number, Hash>();
  function root(offset: number, count: number): Hash {
    if (count === 1) {
      const hash = hashes.subarray(offset * HASH_BYTES, (offset + 1) * HASH_BYTES);
      if (hash.length !== HASH_BYTES) throw new Error(`a tile ends before its hash ${offset}`);
      return hash;
    }
    // Of nodes with equal counts, each begins elsewhere.
    const key = count * TILE_WIDTH + offset;
    const node = known.get(key) ?? nodeHash(root(offset, count / 2), root(offset + count / 2, count / 2));
    known.set(key, node);
    return node;
  }
  return { root };
}

/** The hash of a range, from tiles. */
export function rangeHash(range: Range, tileAt: (level: number, index: number) => TileNodes): Hash {
  const hashes = subtreesOf(range).map((subtree) => {
    const place = placeOf(subtree);
    return tileAt(place.level, place.index).root(place.offset, place.count);
  });
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Entries one after the other, each behind its length as a big-endian uint16. */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.allocUnsafe(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** The entries of a bundle from outside, exactly `width` of them and nothing after. */
export function parseBundle(bytes: Buffer, width: number): Result<readonly Buffer[], TileRefusal> {
  const entries: Buffer[] = [];
  let at = 0;
  while (entries.length < width && at + 2 <= bytes.length) {
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) break;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (entries.length === width && at === bytes.length) return ok(entries);
  return err({ kind: 'malformed-bundle', detail: `expected ${width} whole entries, the bytes end otherwise` });
}
