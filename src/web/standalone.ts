import { createHash } from 'node:crypto';
import { directionOf, LANGUAGES, type Language } from '../kernel/index.ts';
import { FAVICON_DATA } from './assets.ts';
import { html, raw } from './html.ts';
import { bodyOf, type Page, titleOf } from './layout.ts';
import { inlineStylesheet } from './stylesheet.ts';

export type Standalone = {
  readonly language: Language;
  /** The same page in each language; the script puts one in the other's place. */
  readonly pages: Readonly<Record<Language, Page>>;
  /** Runs at the end of the body. Must not hold `</script`. */
  readonly script: string;
  /** For the script: JSON in the elements `data-NAME`. */
  readonly data: Readonly<Record<string, unknown>>;
};

export type StandaloneDocument = {
  readonly html: string;
  /** For the header of a served copy; the document itself carries it too, but for what only a header can say. */
  readonly policy: string;
};

/**
 * A page as one file, which needs nothing beside it and may ask nobody for anything: its policy lets run the one script
 * and the one sheet that stand in it, by their digests, and lets the browser make no connection at all. So it may be
 * kept and opened from a disk, and what is put into it stays in it.
 */
export function standaloneDocument({ language, pages, script, data }: Standalone): StandaloneDocument {
  const style = inlineStylesheet();
  const policy = `default-src 'none'; script-src '${digestOf(script)}'; style-src '${digestOf(style)}'; img-src data:; font-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'`;
  const others = LANGUAGES.map(
    (other) =>
      html`<template data-language="${other}" data-direction="${directionOf(other)}" data-title="${titleOf(pages[other])}">${bodyOf(pages[other])}</template>`,
  );
  const values = Object.entries(data).map(
    // A value cannot end its element: "<" is written as JSON's escape.
    ([name, value]) =>
      html`<script type="application/json" id="data-${name}">${raw(JSON.stringify(value).replaceAll('<', '\\u003c'))}</script>`,
  );
  const page = pages[language];
  const text = html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<title>${titleOf(page)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="${FAVICON_DATA}">
<style>${raw(style)}</style>
</head>
<body class="${page.kind ?? 'citizen'}">
<div data-body>${bodyOf(page)}</div>
${others}${values}
<script>${raw(script)}</script>
</body>
</html>
`;
  return { html: String(text), policy: `${policy}; frame-ancestors 'none'` };
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
