import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  axeViolations,
  DESK,
  findChromium,
  launchChromium,
  openPage,
  PHONE,
  sidewaysScroll,
} from '../support/chromium.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/commands.ts';

const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;

/** `./wasl sandbox` as somebody meets it who wants to see what the exchange does. */
describe('the page of the sandbox', { skip }, () => {
  let dir: string;
  let running: RunningCommand;
  let browser: Browser;
  let told: { readonly pageUrl: string; readonly anchorFile: string };
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasl-sandbox-page-'));
    running = await startCommand(['sandbox', '--json', join(dir, 'sandbox.json')]);
    told = JSON.parse(await readFile(join(dir, 'sandbox.json'), 'utf8'));
    browser = await launchChromium(executable ?? '');
  });
  after(async () => {
    await browser?.close();
    await running?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('sends a message without script and shows each step, with a proof that verifies elsewhere', async () => {
    const { context, page } = await openPage(browser, { viewport: PHONE, hasScript: false });
    await page.goto(told.pageUrl);
    await page.getByRole('button', { name: 'إرسال' }).click();
    await page.waitForURL('**/ar/messages/trial-*');
    const text = (await page.locator('main').textContent()) ?? '';
    for (const word of ['وصل الطلب وأجيب عنه', '"@method": GET', 'دراسة طلب رخصة البناء', 'T-1001'])
      assert.ok(text.includes(word), `${word} is missing`);
    // The register answers with the owner; the agreement does not let that through.
    assert.ok(!text.includes('Amina'));
    assert.equal(await page.getByRole('table').count(), 2);
    assert.equal(await sidewaysScroll(page), 0);
    const evidence = await fetch(`${page.url()}/evidence`);
    await writeFile(join(dir, 'evidence.json'), Buffer.from(await evidence.arrayBuffer()));
    const said = await runCommand(['evidence', 'verify', join(dir, 'evidence.json'), '--anchor', told.anchorFile]);
    assert.match(said, /verified:/);
    await context.close();
  });

  it('says which rule refused a message, and what to do', async () => {
    const { context, page } = await openPage(browser, { viewport: DESK, hasScript: true });
    await page.goto(`${told.pageUrl}/en`);
    await page.getByRole('link', { name: 'POST /statements' }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.waitForURL('**/en/messages/trial-*');
    const text = (await page.locator('main').textContent()) ?? '';
    assert.match(text, /The message was refused/);
    assert.match(text, /endpoint-not-agreed/);
    assert.match(text, /Server\.ServerProxy\.AccessDenied/);
    await context.close();
  });

  it('names the field that cannot be sent, and keeps what was typed', async () => {
    const { context, page } = await openPage(browser, { viewport: DESK, hasScript: false });
    await page.goto(`${told.pageUrl}/fr`);
    await page.getByLabel('Chemin après le service').fill('sans barre');
    await page.getByRole('button', { name: 'Envoyer' }).click();
    assert.equal(await page.getByLabel('Chemin après le service').inputValue(), 'sans barre');
    assert.match((await page.locator('main').textContent()) ?? '', /qui commence par \//);
    await context.close();
  });

  it('breaks no rule of accessibility', async () => {
    for (const language of ['ar', 'fr', 'en']) {
      const { context, page } = await openPage(browser, { viewport: PHONE, hasScript: true });
      await page.goto(`${told.pageUrl}/${language}`);
      assert.deepEqual(await axeViolations(page), []);
      await page.locator('form button').click();
      await page.waitForURL('**/messages/trial-*');
      assert.deepEqual(await axeViolations(page), []);
      assert.equal(await sidewaysScroll(page), 0);
      await context.close();
    }
  });
});
