import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { type PdfFont, readWoff } from './pdf-fonts.ts';

/**
 * Typesets PDF files with Typst, inside this process and without a network. Data reach a template as JSON text in
 * `sys.inputs` and never as Typst source, so that a name such as `#panic()` prints as a name.
 */
export type Pdf = {
  /**
   * Equal arguments give equal bytes. Throws an Error with the typesetter's words when the template is wrong; data
   * cannot make it throw once their texts went through `printable`.
   */
  render(source: PdfSource, options: PdfOptions): Promise<Buffer>;
  /**
   * The text as the fonts can show it: one line, without control and direction characters; a letter that no font has
   * loses its marks or becomes a question mark. PDF/A (ISO 19005-2, 6.2.11.8) forbids the glyph for missing characters, so that
   * one emoji in a name would otherwise cost its owner the receipt.
   */
  printable(text: string): string;
};

export type PdfSource = {
  /** Typst source. */
  readonly main: string;
  /** What `main` imports or reads, by path from it. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** `sys.inputs` of the template. */
  readonly inputs: Readonly<Record<string, string>>;
};

export type PdfOptions = {
  /** Seconds since 1970, for the metadata. */
  readonly creationTimestamp: number;
  readonly standard: 'a-2b' | 'a-2u' | 'a-2a' | 'ua-1';
};

/** The families that a template can name, in the order in which a character is looked up. */
export const PDF_FAMILIES = ['Wasl Arabic', 'Wasl Latin', 'Wasl Latin Extended'] as const;

const require = createRequire(import.meta.url);

const SUBSETS = { 'Wasl Arabic': 'arabic', 'Wasl Latin': 'latin', 'Wasl Latin Extended': 'latin-ext' } as const;
const WEIGHTS = [400, 600] as const;

/** A root that holds nothing but what `files` puts there. */
const WORKSPACE = '/wasl-pdf';

/** How many renderings an unused memoised result outlives. Without eviction the process grows by each document. */
const CACHE_AGE = 5;

/** A run without a space this long is no word; it may break there, or it would leave the paper. */
const LONG_RUN = /[^\s\u200b]{48}(?=[^\s\p{M}])/gu;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const ZERO_WIDTH_SPACE = '\u200b';

/** Reads and converts the fonts (15 ms) and starts the typesetter (20 ms). Throws when a font file is missing. */
export function openPdf(fonts: readonly PdfFont[] = plexFonts()): Pdf {
  // Brought when it is used: who makes no documents needs no typesetter in memory.
  const library = require('@myriaddreamin/typst-ts-node-compiler') as { NodeCompiler: typeof NodeCompiler };
  const compiler = library.NodeCompiler.create({
    workspace: WORKSPACE,
    fontArgs: [{ fontBlobs: fonts.map((font) => font.bytes) }],
  });
  const families = familiesOf(fonts);
  return {
    printable: (text) => printable(text, families),
    async render(source, options) {
      for (const [path, content] of Object.entries(source.files)) {
        compiler.mapShadow(join(WORKSPACE, path), Buffer.from(content));
      }
      try {
        return typeset(compiler, source, options);
      } finally {
        compiler.resetShadow();
        compiler.evictCache(CACHE_AGE);
      }
    },
  };
}

/**
 * In one call from source to bytes. A compiled document that passes through JavaScript is freed by the garbage
 * collector only, which does not see its 1.2 MB: 400 documents held 1.4 GB before it ran, against 25 MB this way.
 */
function typeset(compiler: NodeCompiler, source: PdfSource, options: PdfOptions): Buffer {
  try {
    return compiler.pdf(
      { mainFileContent: source.main, inputs: { ...source.inputs } },
      { pdfStandard: options.standard, creationTimestamp: options.creationTimestamp },
    );
  } catch (cause) {
    // The binding leaves `message` empty and puts the diagnostics into `code`.
    const { code } = cause as { readonly code?: unknown };
    throw new Error(`the PDF template is wrong: ${String(code)}`, { cause });
  }
}

/** For each family, what every weight of it can show: a text may stand in any of them. */
function familiesOf(fonts: readonly PdfFont[]): ReadonlySet<number>[] {
  const families = new Map<string, ReadonlySet<number>>();
  for (const font of fonts) {
    const before = families.get(font.family);
    families.set(font.family, before === undefined ? font.codePoints : font.codePoints.intersection(before));
  }
  return [...families.values()];
}

function printable(text: string, families: readonly ReadonlySet<number>[]): string {
  const visible = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{C}--\s]/gv, '')
    .replace(/\s/gu, ' ');
  const shown = Array.from(graphemes.segment(visible), ({ segment }) => shownCluster(segment, families)).join('');
  return shown.replace(/ +/g, ' ').trim().replace(LONG_RUN, `$&${ZERO_WIDTH_SPACE}`);
}

/** A letter and its marks are set from one font; where none has them all, the marks go. */
function shownCluster(cluster: string, families: readonly ReadonlySet<number>[]): string {
  if (isShown(cluster, families)) return cluster;
  const letters = Array.from(cluster).filter((part) => !/\p{M}/u.test(part));
  return letters.map((letter) => (isShown(letter, families) ? letter : nearest(letter, families))).join('');
}

/** The letter without its marks (Ş as S), as passports write it for machines (ICAO 9303-3, section 6). */
function nearest(letter: string, families: readonly ReadonlySet<number>[]): string {
  const parts = Array.from(letter.normalize('NFKD')).filter((part) => !/[\p{M}\s]/u.test(part));
  return parts.filter((part) => isShown(part, families)).join('') || '?';
}

function isShown(cluster: string, families: readonly ReadonlySet<number>[]): boolean {
  return families.some((known) => Array.from(cluster).every((character) => known.has(character.codePointAt(0) ?? 0)));
}

function plexFonts(): PdfFont[] {
  const pathOf = (subset: string, weight: number) =>
    require.resolve(`@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-${subset}-${weight}-normal.woff`);
  return PDF_FAMILIES.flatMap((family) =>
    WEIGHTS.map((weight) => readWoff(readFileSync(pathOf(SUBSETS[family], weight)), family)),
  );
}
