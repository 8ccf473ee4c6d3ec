import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { LANGUAGES } from '../kernel/index.ts';
import { sayIn } from './gallery/frame.ts';
import { SAMPLES, writeGallery } from './gallery.ts';
import { webAssets } from './index.ts';
import { STYLESHEET_PATH } from './stylesheet.ts';

const CHROMIUM = '/usr/bin/chromium';
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const missing = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed: the pages were not looked at`;

/** The narrowest that WCAG 1.4.10 asks for, a phone, a desk's window at 200 % zoom, a desk. */
const WIDTHS = [320, 360, 640, 1280] as const;

const AXE_RUN = 'axe.run().then((result) => result.violations.map((v) => v.id + " " + v.nodes[0].html))';
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
/** Controls less than 44 pixels high, half a pixel aside for rounding. */
const SMALL = `[...document.querySelectorAll('button, .button, .input, .menu a, .languages a, .page-number, summary, .choice-label')]
  .map((e) => [e.className, e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && box.height < 43.5)
  .map(([name, box]) => name + ' ' + box.height)`;

test('a citizen page with its styles weighs at most 30 kB compressed, and so does an inbox of 30 rows', () => {
  const sheet = webAssets().find((asset) => asset.path === STYLESHEET_PATH);
  assert.ok(sheet !== undefined);
  const styles = brotliCompressSync(sheet.body).length;
  for (const sample of SAMPLES) {
    for (const language of LANGUAGES) {
      const bytes = styles + brotliCompressSync(sample.render(language, sayIn(language))).length;
      assert.ok(bytes <= 30_000, `${language}-${sample.name}: ${bytes} bytes`);
    }
  }
});

describe('pages in a browser', { skip: missing }, () => {
  let browser: Browser;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wasl-gallery-'));
    writeGallery(folder);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  for (const sample of SAMPLES) {
    test(`${sample.name}: no axe violation, no scrolling sideways, controls of 44 pixels`, async () => {
      const axe = readFileSync(AXE, 'utf8');
      const tab = await browser.newPage();
      for (const language of LANGUAGES) {
        await tab.goto(String(pathToFileURL(join(folder, `${language}-${sample.name}.html`))));
        await tab.evaluate(axe);
        for (const width of WIDTHS) {
          await tab.setViewportSize({ width, height: 800 });
          assert.equal(await tab.evaluate(OVERFLOW), 0, `${language} at ${width} scrolls sideways`);
          assert.deepEqual(await tab.evaluate(SMALL), [], `${language} at ${width}`);
        }
        assert.deepEqual(await tab.evaluate(AXE_RUN), [], `${language} on a desk`);
        await tab.setViewportSize({ width: 360, height: 800 });
        assert.deepEqual(await tab.evaluate(AXE_RUN), [], `${language} on a phone`);
      }
      await tab.close();
    });
  }

  test('the error summary has the focus when the page is there, without script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(String(pathToFileURL(join(folder, 'ar-form.html'))));
    assert.equal(await tab.locator('.error-summary:focus').count(), 1);
    await context.close();
  });
});
