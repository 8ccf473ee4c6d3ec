import { FONTS, STYLESHEET, STYLESHEET_PATH } from './stylesheet.ts';

/** A file that every server of pages must offer at its path; `immutable` ones carry their hash in the name. */
export type WebAsset = {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly immutable: boolean;
};

/** The first letter of وصل over the gold rule; a font is not at hand where a browser draws this. */
const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="13" fill="#0b5a3c"/><path d="M14 54h36" stroke="#f0bd48" stroke-width="4" stroke-linecap="round"/><path d="M47 22.5a9 9 0 1 0-9 9h9zv4c0 6.5-8 10-24 9.5" fill="none" stroke="#fff" stroke-width="6.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const FAVICON_PATH = '/favicon.svg';

export const FAVICON_DATA = `data:image/svg+xml;base64,${Buffer.from(FAVICON).toString('base64')}`;

/** Stylesheet, fonts and icon. */
export function webAssets(): readonly WebAsset[] {
  return [
    { path: STYLESHEET_PATH, contentType: 'text/css; charset=utf-8', body: Buffer.from(STYLESHEET), immutable: true },
    { path: FAVICON_PATH, contentType: 'image/svg+xml', body: Buffer.from(FAVICON), immutable: false },
    ...FONTS.map((font) => ({ path: font.path, contentType: 'font/woff2', body: font.body, immutable: true })),
  ];
}
