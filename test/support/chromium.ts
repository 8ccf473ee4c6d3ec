import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const PLACES = [process.env['WASL_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** Where this machine's Chromium is; undefined where it has none. */
export function findChromium(): string | undefined {
  return PLACES.find((place) => place !== undefined && existsSync(place));
}

/** A Chromium that calls nobody but the pages it is sent to. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const quiet = ['background-networking', 'component-update', 'domain-reliability', 'sync', 'extensions', 'quic'];
  const args = ['--no-sandbox', '--no-first-run', '--disable-dev-shm-usage', ...quiet.map((one) => `--disable-${one}`)];
  return chromium.launch({ executablePath, args });
}

export const PHONE = { width: 360, height: 800 } as const;
export const DESK = { width: 1280, height: 900 } as const;

export async function openPage(
  browser: Browser,
  options: { readonly viewport: typeof PHONE | typeof DESK; readonly hasScript: boolean },
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.newContext({ viewport: options.viewport, javaScriptEnabled: options.hasScript });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return { context, page };
}

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, one line for each element. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    type Found = { id: string; nodes: { target: unknown[]; failureSummary?: string }[] };
    const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: Found[] }> } }).axe;
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    );
  });
}

/** Pixels by which the page is wider than its window. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Counts what pages of one origin cost over the wire, compressed as the server sent them, without fonts. */
export function weigh(page: Page, origin: string): () => Promise<number> {
  let html = Promise.resolve(0);
  const sheets = new Map<string, number>();
  page.on('requestfinished', (request) => {
    if (!request.url().startsWith(origin)) return;
    const bytes = request.sizes().then(
      (sizes) => sizes.responseBodySize,
      () => 0,
    );
    if (request.resourceType() === 'document') html = bytes;
    // Once in the browser's cache a stylesheet costs nothing; what counts is the first visit.
    else if (request.resourceType() === 'stylesheet')
      void bytes.then((size) => sheets.set(request.url(), Math.max(size, sheets.get(request.url()) ?? 0)));
  });
  return async () => {
    await page.waitForLoadState('load');
    const size = await html;
    const styles = [...sheets.values()].reduce((sum, one) => sum + one, 0);
    if (size === 0 || styles === 0) throw new Error(`the weight of ${page.url()} was not measured`);
    return size + styles;
  };
}
