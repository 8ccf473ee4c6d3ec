import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The order is the cascade: tokens, bare elements, frame, then parts. */
const SHEETS = [
  'tokens',
  'base',
  'frame',
  'content',
  'forms',
  'parts',
  'table',
  'chart',
  'home',
  'certificate',
  'print',
] as const;

const SUBSETS = ['arabic', 'latin', 'latin-ext'] as const;
const WEIGHTS = [400, 600] as const;

export type FontFile = {
  readonly subset: (typeof SUBSETS)[number];
  readonly weight: (typeof WEIGHTS)[number];
  readonly path: string;
  readonly body: Buffer;
};

function hashOf(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12);
}

const fontPackage = dirname(createRequire(import.meta.url).resolve('@fontsource/ibm-plex-sans-arabic/package.json'));

function readFont(subset: FontFile['subset'], weight: FontFile['weight']): FontFile {
  const body = readFileSync(join(fontPackage, 'files', `ibm-plex-sans-arabic-${subset}-${weight}-normal.woff2`));
  return { subset, weight, body, path: `/assets/plex-${subset}-${weight}.${hashOf(body)}.woff2` };
}

export const FONTS: readonly FontFile[] = SUBSETS.flatMap((subset) =>
  WEIGHTS.map((weight) => readFont(subset, weight)),
);

/** The blocks of letters that stand on our pages; a narrower Arabic range than the font's keeps the sheet small. */
const RANGES: Readonly<Record<FontFile['subset'], string>> = {
  arabic: 'U+0600-06FF,U+0750-077F,U+08A0-08FF,U+200C-200F,U+FB50-FDFF,U+FE70-FEFC',
  latin: 'U+0000-00FF,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2000-200B,U+2010-206F,U+20AC,U+2122,U+2190-2193,U+2212',
  'latin-ext': 'U+0100-0151,U+0154-02BA,U+1E00-1EFF,U+20A0-20AB,U+20AD-20C0',
};

function fontFace(font: FontFile, url: string = font.path): string {
  return `@font-face{font-family:Plex;font-style:normal;font-weight:${font.weight};font-display:swap;src:url(${url}) format("woff2");unicode-range:${RANGES[font.subset]}}`;
}

/** Takes out comments and the spaces that mean nothing; spaces inside values and selectors stay. */
export function minifyCss(css: string): string {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(/: /g, ':')
    .replaceAll(';}', '}')
    .trim();
}

function readSheets(): string {
  const sheets = SHEETS.map((name) => readFileSync(join(import.meta.dirname, 'styles', `${name}.css`), 'utf8'));
  return minifyCss(sheets.join('\n'));
}

export const STYLESHEET = FONTS.map((font) => fontFace(font)).join('') + readSheets();

/** For a page that may ask nobody for anything: the fonts of our two scripts stand in the sheet itself. */
export function inlineStylesheet(): string {
  const fonts = FONTS.filter(({ subset }) => subset !== 'latin-ext');
  return (
    fonts.map((font) => fontFace(font, `data:font/woff2;base64,${font.body.toString('base64')}`)).join('') +
    readSheets()
  );
}

/** The name carries the content's hash, so that a cache may keep it for a year. */
export const STYLESHEET_PATH = `/assets/wasl.${hashOf(STYLESHEET)}.css`;
