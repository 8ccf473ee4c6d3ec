import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { webAssets } from './assets.ts';
import { html } from './html.ts';
import { type Page, page } from './layout.ts';
import { problemPage } from './problem-page.ts';
import { minifyCss, STYLESHEET, STYLESHEET_PATH } from './stylesheet.ts';

const PLAIN: Page = { language: 'ar', title: 'عنوان', path: '/procedures?q=a&page=2', main: html`<h1>x</h1>` };

test('an Arabic page reads from right to left and a French one from left to right', () => {
  assert.match(page(PLAIN), /^<!doctype html>\n<html lang="ar" dir="rtl">/);
  assert.match(page({ ...PLAIN, language: 'fr' }), /<html lang="fr" dir="ltr">/);
});

test('changing the language keeps the place', () => {
  const markup = page(PLAIN);
  assert.match(markup, /href="\/fr\/procedures\?q=a&amp;page=2" lang="fr" hreflang="fr"/);
  const elsewhere = page({ ...PLAIN, hrefIn: (language) => `/v/1?language=${language}` });
  assert.match(elsewhere, /href="\/v\/1\?language=fr" lang="fr"/);
  assert.doesNotMatch(elsewhere, /href="\/fr\/procedures/);
});

test('the title of a refused form begins with the word error', () => {
  assert.match(
    page({ ...PLAIN, language: 'fr', title: 'Adresse', hasErrors: true }),
    /<title>Erreur : Adresse – Wasl<\/title>/,
  );
});

test('a signed-in person can leave by a form that carries the token', () => {
  const markup = page({
    ...PLAIN,
    account: { kind: 'signed-in', name: '<b>Amina</b>', signOutPath: '/auth/logout', csrf: 'abc' },
  });
  assert.match(markup, /<form class="account" method="post" action="\/auth\/logout">/);
  assert.match(markup, /name="_csrf" value="abc"/);
  assert.match(markup, /&lt;b&gt;Amina/);
});

test('a page sends no script and no inline style, which the content policy refuses', () => {
  const markup = page({ ...PLAIN, banners: ['demonstration', 'simulator'], back: { href: '/ar/' }, noIndex: true });
  assert.doesNotMatch(markup, /<script|<style| style=| on[a-z]+=/);
  assert.match(markup, /noindex/);
});

test('a fault of ours shows its number, a missing page does not', () => {
  const frame = { language: 'ar', path: '/x', requestId: 'req-7' } as const;
  assert.match(problemPage({ ...frame, status: 500 }), /req-7/);
  assert.doesNotMatch(problemPage({ ...frame, status: 404 }), /req-7/);
  assert.match(problemPage({ ...frame, status: 404, language: 'fr' }), /<h1>Cette page n’existe pas<\/h1>/);
  assert.match(problemPage({ ...frame, status: 418, language: 'en' }), /could not be accepted/);
});

test('the stylesheet is at the address that pages name, compressed under 12 kB', () => {
  const sheet = webAssets().find((asset) => asset.path === STYLESHEET_PATH);
  assert.equal(sheet?.immutable, true);
  assert.match(page(PLAIN), new RegExp(`href="${STYLESHEET_PATH.replaceAll('.', '\\.')}"`));
  assert.ok(gzipSync(STYLESHEET, { level: 9 }).length < 12_000);
  for (const url of STYLESHEET.matchAll(/url\((\/[^)]+)\)/g)) {
    assert.ok(
      webAssets().some((asset) => asset.path === url[1]),
      `${url[1]} is served`,
    );
  }
});

test('the styles know no left and no right, except where CSS has no other word', () => {
  const words = STYLESHEET.replaceAll(/background-position:left|no-repeat right/g, '');
  assert.doesNotMatch(words, /(?:margin|padding|border)-(?:left|right|top|bottom)/);
  assert.doesNotMatch(words, /[;{](?:left|right|top|bottom|width|height|min-width|max-width|min-height):/);
  assert.doesNotMatch(words, /text-align:(?:left|right)|float:/);
});

test('minifying keeps values and selectors', () => {
  assert.equal(
    minifyCss('/* why */\na > b :hover ,\n c { width : calc(1px + 2px); margin: 0 auto ; }\n'),
    'a > b :hover,c{width :calc(1px + 2px);margin:0 auto}',
  );
});
