import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { unwrap } from '../../src/kernel/index.ts';
import { readConfig } from '../../src/main/config.ts';
import { openWasl, type Wasl } from '../../src/main/parts/wasl.ts';
import {
  axeViolations,
  DESK,
  findChromium,
  launchChromium,
  openPage,
  PHONE,
  sidewaysScroll,
  weigh,
} from '../support/chromium.ts';
import {
  answerForm,
  collect,
  decide,
  downloadPdf,
  file,
  obtainDocuments,
  press,
  signIn,
  signOut,
  start,
  type Walk,
} from './residence-walk.ts';

/** The certificate of residence in a real browser, from the first search to "who used my data". */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;
const CITIZEN = 'AB123456';
const OTHER_CITIZEN = 'CD234567';
const AGENT = 'EF345678';
const MAX_PAGE_BYTES = 30 * 1024;
const FETCH_PATIENCE_MS = 40_000;
const nothing = async () => {};

describe('the certificate of residence in a browser', { skip }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'wasl-journey-test-'));
  let wasl: Wasl;
  let browser: Browser;

  before(async () => {
    wasl = await openWasl(unwrap(readConfig({ data: dir, port: '0', logLevel: 'silent' }, {})));
    browser = await launchChromium(executable ?? '');
  });

  after(async () => {
    await browser?.close();
    await wasl?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test('goes from sign-in to certificate in Arabic on a phone without script', async () => {
    const citizen = await openPage(browser, { viewport: PHONE, hasScript: false });
    const walk: Walk = { portal: wasl.portalUrl, language: 'ar', page: citizen.page, look: sayArabic };
    await signIn(walk, CITIZEN);
    const request = await start(walk);
    assert.deepEqual(await obtainDocuments(walk), { identity: 'obtained', birth: 'obtained' });
    await answerForm(walk);
    const number = await file(walk);
    await downloadPdf(citizen.page, 'receipt-ar');
    await signOut(walk);
    const agent = await openPage(browser, { viewport: DESK, hasScript: false });
    const office = { ...walk, page: agent.page };
    await signIn(office, AGENT);
    await decide(office, number);
    await signIn(walk, CITIZEN);
    await collect(walk, request);
    await Promise.all([citizen.context.close(), agent.context.close()]);
  });

  test('no page breaks a rule of accessibility, scrolls sideways on a phone or weighs more than 30 KB', async () => {
    const faults: string[] = [];
    const citizen = await openPage(browser, { viewport: PHONE, hasScript: true });
    const agent = await openPage(browser, { viewport: DESK, hasScript: true });
    const weight = weigh(citizen.page, wasl.portalUrl);
    let looked = 0;
    const look = async (page: Page, name: string) => {
      looked += 1;
      faults.push(...(await axeViolations(page)).map((one) => `${name}: ${one}`));
      const sideways = await sidewaysScroll(page);
      if (sideways > 0) faults.push(`${name}: ${sideways} px wider than the window`);
      if (page !== citizen.page || name === 'sign-in') return;
      const bytes = await weight();
      if (bytes > MAX_PAGE_BYTES) faults.push(`${name}: ${bytes} bytes`);
    };
    const walk: Walk = { portal: wasl.portalUrl, language: 'fr', page: citizen.page, look };
    const office: Walk = { ...walk, page: agent.page };
    await signIn(walk, OTHER_CITIZEN);
    const request = await start(walk);
    await obtainDocuments(walk);
    await answerForm(walk);
    const number = await file(walk);
    await signIn(office, AGENT);
    await decide(office, number);
    await collect(walk, request);
    await lookAtRest({ ...walk, language: 'ar' }, request);
    await Promise.all([citizen.context.close(), agent.context.close()]);
    assert.ok(looked > 30, `only ${looked} pages were looked at`);
    assert.deepEqual(faults, []);
  });

  test('a source that is down does not stop filing: its document comes later and the citizen is told', async () => {
    const { context, page } = await openPage(browser, { viewport: PHONE, hasScript: false });
    const walk: Walk = { portal: wasl.portalUrl, language: 'ar', page, look: nothing };
    await signIn(walk, 'IJ567890');
    await wasl.authorities.civil.stop();
    try {
      const request = await start(walk);
      assert.deepEqual(await obtainDocuments(walk), { identity: 'obtained', birth: 'awaited' });
      await answerForm(walk);
      await file(walk);
      await page.goto(`${wasl.portalUrl}/ar${request}`);
      assert.equal(await stateOf(page, 'birth'), 'awaited');
      await wasl.authorities.civil.start();
      await waitUntilObtained(page, 'birth');
      assert.match(
        (await page.locator('main .notice').textContent()) ?? '',
        /الولادة|الازدياد/,
        'the page names what has come',
      );
    } finally {
      await wasl.authorities.civil.start();
      await context.close();
    }
  });
});

async function sayArabic(page: Page, name: string): Promise<void> {
  assert.equal(await page.locator('html').getAttribute('dir'), 'rtl', `${name} reads from right to left`);
  assert.equal(await page.locator('h1').count(), 1, `${name} has one title`);
  assert.equal(await sidewaysScroll(page), 0, `${name} stays within the window`);
}

/** Pages that the journey itself does not pass. */
async function lookAtRest(walk: Walk, request: string): Promise<void> {
  const places = ['', '/procedures', '/procedures?q=zzzz', '/requests', request, `${request}/withdraw`, '/data-use'];
  for (const place of [...places, '/not-here', '/accessibility', '/legal', '/ledger']) {
    await walk.page.goto(`${walk.portal}/${walk.language}${place}`);
    await walk.look(walk.page, `${walk.language}${place}`);
  }
  await press(walk.page, 'form.account button');
  await walk.look(walk.page, 'signed-out');
}

function stateOf(page: Page, document: string): Promise<string | null> {
  return page.locator(`[data-document="${document}"]`).getAttribute('data-state');
}

async function waitUntilObtained(page: Page, document: string): Promise<void> {
  const until = performance.now() + FETCH_PATIENCE_MS;
  while ((await stateOf(page, document)) !== 'obtained') {
    assert.ok(performance.now() < until, `the job did not fetch ${document} within ${FETCH_PATIENCE_MS} ms`);
    await page.waitForTimeout(1_000);
    await page.reload();
  }
}
