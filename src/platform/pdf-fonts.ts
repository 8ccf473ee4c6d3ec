import { inflateSync } from 'node:zlib';

/**
 * Font files as the web has them (WOFF 1.0), made into what a typesetter reads (OpenType), under a family name of
 * our choice. The name matters: the publisher ships one family as one file per script, and a typesetter that finds
 * the same family twice takes one of the files and calls the other scripts missing.
 */
export type PdfFont = {
  /** The OpenType bytes, with `family` as the only name. */
  readonly bytes: Buffer;
  readonly family: string;
  /** The characters that the font can show. */
  readonly codePoints: ReadonlySet<number>;
};

type Table = { readonly tag: string; readonly bytes: Buffer };

const WOFF_SIGNATURE = 0x774f4646;
const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;

/** Throws an Error that says what is wrong when the bytes are not WOFF 1.0 (WOFF2 needs Brotli and is not read). */
export function readWoff(woff: Buffer, family: string): PdfFont {
  if (woff.length < WOFF_HEADER || woff.readUInt32BE(0) !== WOFF_SIGNATURE) throw new Error('not a WOFF 1.0 font');
  const tables = tablesOf(woff).filter((table) => table.tag !== 'name');
  const cmap = tables.find((table) => table.tag === 'cmap');
  if (cmap === undefined) throw new Error('the font has no cmap table');
  const named = [...tables, { tag: 'name', bytes: nameTable(family) }].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return { bytes: sfnt(woff.readUInt32BE(4), named), family, codePoints: codePointsOf(cmap.bytes) };
}

function tablesOf(woff: Buffer): Table[] {
  return Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
    const entry = WOFF_HEADER + index * WOFF_ENTRY;
    const offset = woff.readUInt32BE(entry + 4);
    const compressed = woff.readUInt32BE(entry + 8);
    const length = woff.readUInt32BE(entry + 12);
    const stored = woff.subarray(offset, offset + compressed);
    // WOFF 1.0 section 5: a table that does not shrink is stored as it is.
    const bytes = compressed < length ? inflateSync(stored, { maxOutputLength: length }) : stored;
    return { tag: woff.toString('latin1', entry, entry + 4), bytes };
  });
}

/** OpenType "Table Directory": the search fields are redundant, but strict readers compare them. */
function sfnt(flavor: number, tables: readonly Table[]): Buffer {
  const power = 2 ** Math.floor(Math.log2(tables.length));
  const header = Buffer.alloc(SFNT_HEADER + SFNT_ENTRY * tables.length);
  header.writeUInt32BE(flavor, 0);
  header.writeUInt16BE(tables.length, 4);
  header.writeUInt16BE(power * 16, 6);
  header.writeUInt16BE(Math.log2(power), 8);
  header.writeUInt16BE((tables.length - power) * 16, 10);
  const parts = [header];
  let offset = header.length;
  tables.forEach((table, index) => {
    const entry = SFNT_HEADER + SFNT_ENTRY * index;
    const padded = Buffer.concat([table.bytes, Buffer.alloc(-table.bytes.length & 3)]);
    header.write(table.tag, entry, 'latin1');
    header.writeUInt32BE(checksum(padded), entry + 4);
    header.writeUInt32BE(offset, entry + 8);
    header.writeUInt32BE(table.bytes.length, entry + 12);
    parts.push(padded);
    offset += padded.length;
  });
  return Buffer.concat(parts);
}

function checksum(padded: Buffer): number {
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}

/** A `name` table (format 0) with family, subfamily, full and PostScript names, for Windows in UTF-16BE, en-US. */
function nameTable(family: string): Buffer {
  const names: readonly (readonly [id: number, text: string])[] = [
    [1, family],
    [2, 'Regular'],
    [4, family],
    [6, family.replaceAll(' ', '')],
    [16, family],
  ];
  const head = Buffer.alloc(6 + 12 * names.length);
  head.writeUInt16BE(names.length, 2);
  head.writeUInt16BE(head.length, 4);
  const texts = names.map(([, text]) => Buffer.from(text, 'utf16le').swap16());
  let offset = 0;
  names.forEach(([id], index) => {
    const length = texts[index]?.length ?? 0;
    [3, 1, 0x0409, id, length, offset].forEach((value, column) => {
      head.writeUInt16BE(value, 6 + 12 * index + 2 * column);
    });
    offset += length;
  });
  return Buffer.concat([head, ...texts]);
}

/** Reads the `cmap` subtables of format 4 (the basic plane) and 12 (all planes); others are for old systems. */
function codePointsOf(cmap: Buffer): Set<number> {
  const found = new Set<number>();
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const subtable = cmap.subarray(cmap.readUInt32BE(4 + 8 * index + 4));
    const format = subtable.readUInt16BE(0);
    if (format === 4) addSegments(subtable, found);
    if (format === 12) addGroups(subtable, found);
  }
  return found;
}

function addSegments(subtable: Buffer, found: Set<number>): void {
  const doubled = subtable.readUInt16BE(6);
  const starts = 16 + doubled;
  for (let at = 0; at < doubled; at += 2) {
    const end = subtable.readUInt16BE(14 + at);
    const delta = subtable.readUInt16BE(starts + doubled + at);
    const rangeAt = starts + 2 * doubled + at;
    const range = subtable.readUInt16BE(rangeAt);
    for (let code = subtable.readUInt16BE(starts + at); code <= end && code !== 0xffff; code += 1) {
      const start = subtable.readUInt16BE(starts + at);
      const listed = range === 0 ? code : subtable.readUInt16BE(rangeAt + range + 2 * (code - start));
      if (listed !== 0 && ((listed + delta) & 0xffff) !== 0) found.add(code);
    }
  }
}

function addGroups(subtable: Buffer, found: Set<number>): void {
  for (let group = 0; group < subtable.readUInt32BE(12); group += 1) {
    const at = 16 + 12 * group;
    const end = subtable.readUInt32BE(at + 4);
    for (let code = subtable.readUInt32BE(at); code <= end; code += 1) found.add(code);
  }
}
