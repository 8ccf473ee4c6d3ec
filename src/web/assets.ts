import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { FONTS, STYLESHEET, STYLESHEET_PATH } from './stylesheet.ts';

/** A file that every server of pages must offer at its path; `immutable` ones carry their hash in the name. */
export type WebAsset = {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly br?: Buffer;
  readonly gzip?: Buffer;
  readonly immutable: boolean;
};

/** The first letter of وصل over the gold rule; a font is not at hand where a browser draws this. */
const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="13" fill="#0b5a3c"/><path d="M14 54h36" stroke="#f0bd48" stroke-width="4" stroke-linecap="round"/><path d="M47 22.5a9 9 0 1 0-9 9h9zv4c0 6.5-8 10-24 9.5" fill="none" stroke="#fff" stroke-width="6.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const FAVICON_PATH = '/favicon.svg';

function compressed(path: string, contentType: string, text: string, immutable: boolean): WebAsset {
  const body = Buffer.from(text);
  const br = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return { path, contentType, body, br, gzip: gzipSync(body, { level: 9 }), immutable };
}

/** Stylesheet, fonts and icon, compressed once when asked for (about 60 ms). */
export function webAssets(): readonly WebAsset[] {
  return [
    compressed(STYLESHEET_PATH, 'text/css; charset=utf-8', STYLESHEET, true),
    compressed(FAVICON_PATH, 'image/svg+xml', FAVICON, false),
    // woff2 is Brotli inside: compressing it again only costs time.
    ...FONTS.map((font) => ({ path: font.path, contentType: 'font/woff2', body: font.body, immutable: true })),
  ];
}
