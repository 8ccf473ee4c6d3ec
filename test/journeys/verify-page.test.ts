import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { verifyRoutes } from '../../src/exchange/index.ts';
import { openWitness } from '../../src/ledger/index.ts';
import { evidenceCommand } from '../../src/main/commands/evidence.ts';
import { createHttpServer, mountRoutes, silentLog } from '../../src/platform/index.ts';
import {
  axeViolations,
  DESK,
  findChromium,
  launchChromium,
  openPage,
  PHONE,
  sidewaysScroll,
} from '../support/chromium.ts';
import { anEvidenceFile, aWorld, type World } from '../support/evidence.ts';
import { aStampedFile } from '../support/stamped.ts';
import { startAuthority, type TestAuthority } from '../support/tsa.ts';

/** The verifier as a page, in a real browser: nothing that is put into it may leave it. */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;

describe('the page that checks a proof', { skip }, () => {
  let world: World;
  let proof: Buffer;
  let anchor: string;
  let server: FastifyInstance;
  let url: string;
  let browser: Browser;
  let dir: string;
  let authority: TestAuthority;
  /** What reached the server. */
  const arrived: string[] = [];

  before(async () => {
    world = await aWorld();
    authority = await startAuthority();
    proof = anEvidenceFile(world);
    anchor = JSON.stringify(world.instance.anchor);
    server = await createHttpServer({ log: silentLog, baseUrl: () => url });
    server.addHook('onRequest', async (request) => {
      arrived.push(request.url);
    });
    mountRoutes(
      server,
      verifyRoutes(() => world.instance.anchor),
      async () => {},
    );
    url = await server.listen({ host: '127.0.0.1', port: 0 });
    // The first one who asks waits for the bundler.
    await (await fetch(`${url}/ar/verify`)).arrayBuffer();
    browser = await launchChromium(executable ?? '');
    dir = await mkdtemp(join(tmpdir(), 'wasl-verify-'));
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    await authority?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const give = async (page: Page, box: 'file' | 'anchor' | 'policy', name: string, buffer: Buffer) => {
    await page.locator(`#${box}`).setInputFiles({ name, mimeType: 'application/json', buffer });
    await page.locator('[data-result] :is(.verdict, .inset)').waitFor();
  };
  const states = async (page: Page) =>
    (await page.locator('[data-result] .task-status').allTextContents()).map((text) => text.trim());
  const altered = () => {
    const bytes = Buffer.from(proof);
    const at = bytes.indexOf('x-road-client') + 20;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };

  test('a whole proof is found sound step by step, and sends nothing anywhere', async () => {
    const { context, page } = await openPage(browser, { viewport: DESK, hasScript: true });
    await page.goto(`${url}/en/verify`);
    const before = arrived.length;
    assert.match((await page.locator('[data-anchor]').textContent()) ?? '', /MA-TEST/);
    await give(page, 'file', 'proof.json', proof);
    assert.match(
      (await page.locator('.verdict').textContent()) ?? '',
      /proves that Administration ADD asked Administration DGSN/,
    );
    assert.deepEqual(await states(page), Array(11).fill('Holds'));
    assert.match((await page.locator('.summary').last().textContent()) ?? '', /agr-residence-identity/);
    assert.deepEqual(await axeViolations(page), []);
    // The browser itself refuses: not only does the script not try.
    const attempt = await page.evaluate(`fetch('/health/live').then(() => 'sent', (cause) => String(cause))`);
    assert.match(String(attempt), /Failed to fetch/);
    const image = `new Promise((done) => { const i = new Image(); i.onload = () => done('sent'); i.onerror = () => done('refused'); i.src = '/favicon.svg'; })`;
    assert.equal(await page.evaluate(image), 'refused');
    assert.deepEqual(arrived.slice(before), []);
    await context.close();
  });

  test('one changed byte is refused at the step that it breaks, with what was expected', async () => {
    const { context, page } = await openPage(browser, { viewport: PHONE, hasScript: true });
    await page.goto(`${url}/ar/verify`);
    await give(page, 'file', 'proof.json', altered());
    assert.deepEqual(await states(page), [...Array(4).fill('سليم'), 'مرفوض', ...Array(6).fill('لم يفحص')]);
    assert.match(
      (await page.locator('.task', { has: page.locator('#step-request-status') }).textContent()) ?? '',
      /the signature is not of this text/,
    );
    assert.equal(await page.locator('[data-result] .summary').count(), 0);
    assert.deepEqual(await axeViolations(page), []);
    assert.equal(await sidewaysScroll(page), 0);
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    // What was given stays when the language changes.
    await page.getByRole('link', { name: 'Français' }).click();
    assert.deepEqual(await states(page), [...Array(4).fill('Vérifié'), 'Refusé', ...Array(6).fill('Non examiné')]);
    assert.equal(await page.title(), 'Vérifier une preuve – Wasl');
    await context.close();
  });

  test('files that are dropped tell by themselves what they are, and a keyboard reaches each box', async () => {
    const { context, page } = await openPage(browser, { viewport: DESK, hasScript: true });
    await page.goto(`${url}/fr/verify`);
    const drop = (name: string, text: string) =>
      page.evaluate(`{
        const data = new DataTransfer();
        data.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'application/json' }));
        document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
      }`);
    await drop('proof.json', proof.toString());
    await page.locator('.verdict-valid').waitFor();
    const policy = { v: 1, instance: 'MA-TEST', required: 1, witnesses: [] };
    await drop('policy.json', JSON.stringify(policy));
    await page.locator('.verdict-invalid').waitFor();
    assert.equal((await states(page)).indexOf('Refusé'), 8);
    const other = await aWorld();
    await drop('anchor.json', JSON.stringify(other.instance.anchor));
    await page.locator('.task:nth-child(3) .tag-red').waitFor();
    const reached = new Set<string>();
    for (let presses = 0; presses < 15; presses += 1) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate<string>(`document.activeElement?.id ?? ''`));
    }
    assert.ok(
      ['file', 'anchor', 'policy'].every((id) => reached.has(id)),
      [...reached].join(),
    );
    await context.close();
  });

  test('a timestamp is checked, and demanded where the box is ticked, in the words of the command', async () => {
    const stamped = await aStampedFile(world, { authority, signer: 'rsa' });
    const { context, page } = await openPage(browser, { viewport: PHONE, hasScript: true });
    // As on a page over plain HTTP from another machine, to which a browser gives no WebCrypto.
    await page.addInitScript(`Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })`);
    await page.goto(`${url}/ar/verify`);
    assert.equal(await page.evaluate('typeof crypto.subtle'), 'undefined');
    const step = page.locator('.task', { has: page.locator('#step-timestamps-status') });
    await give(page, 'file', 'proof.json', proof);
    await page.locator('.verdict-valid').waitFor();
    assert.match((await step.textContent()) ?? '', /لا يحمل سجل الجهة الطالبة ختما زمنيا في هذا الملف/);
    await page.locator('#timestamps').check();
    await page.locator('.verdict-invalid').waitFor();
    assert.deepEqual(await states(page), [...Array(10).fill('سليم'), 'مرفوض']);
    assert.match((await step.textContent()) ?? '', /consumer has no timestamp, and one is demanded/);
    assert.deepEqual(await axeViolations(page), []);
    assert.equal(await sidewaysScroll(page), 0);
    await give(page, 'file', 'stamped.json', stamped);
    await page.locator('.verdict-valid').waitFor();
    assert.deepEqual(await states(page), Array(11).fill('سليم'));
    // What was ticked stays when the language changes.
    await page.getByRole('link', { name: 'Français' }).click();
    await page.locator('.verdict-valid').waitFor();
    assert.equal(await page.locator('#timestamps').isChecked(), true);
    assert.match((await step.textContent()) ?? '', /avant le .* selon l’autorité d’horodatage « Horodatage national »/);
    const anchorFile = join(dir, 'stamp-anchor.json');
    await writeFile(anchorFile, anchor);
    await writeFile(join(dir, 'stamped.json'), stamped);
    const command = ['verify', join(dir, 'stamped.json'), '--anchor', anchorFile, '--timestamps'];
    assert.equal(await evidenceCommand(command), 0);
    await context.close();
  });

  test('a witness policy that is chosen counts as the command’s does', async () => {
    const { context, page } = await openPage(browser, { viewport: DESK, hasScript: true });
    await page.goto(`${url}/en/verify`);
    await give(page, 'file', 'proof.json', proof);
    await page.locator('.verdict-valid').waitFor();
    const witness = openWitness('MA-TEST/GOV/ONE/gw1/witness', generateKeyPairSync('ed25519').privateKey);
    const policy = (required: number) => ({ v: 1, instance: 'MA-TEST', required, witnesses: [witness.vkey] });
    await give(page, 'policy', 'policy.json', Buffer.from(JSON.stringify(policy(1))));
    await page.locator('.verdict-invalid').waitFor();
    assert.equal((await states(page)).indexOf('Refused'), 8);
    assert.match((await page.locator('[data-policy]').textContent()) ?? '', /MA-TEST 1 \/ 1/);
    await give(page, 'policy', 'policy.json', Buffer.from(JSON.stringify(policy(0))));
    await page.locator('.verdict-valid').waitFor();
    await context.close();
  });

  test('kept as a file, it works without network from a disk', async () => {
    const kept = join(dir, 'wasl-verify.html');
    assert.equal(await evidenceCommand(['page', '--out', kept, '--language', 'en']), 0);
    const { context, page } = await openPage(browser, { viewport: PHONE, hasScript: true });
    await context.setOffline(true);
    await page.goto(pathToFileURL(kept).href);
    await give(page, 'file', 'proof.json', proof);
    assert.match((await page.locator('[data-result]').textContent()) ?? '', /Give the trust anchor/);
    await page.locator('summary').click();
    await page.locator('#anchor-text').fill(anchor);
    await page.locator('.verdict-valid').waitFor();
    assert.equal(await page.locator('[data-keep]').isVisible(), false);
    await give(page, 'file', 'altered.json', altered());
    await page.locator('.verdict-invalid').waitFor();
    assert.equal((await states(page)).indexOf('Refused'), 4);
    await page.getByRole('link', { name: 'العربية' }).click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ar');
    assert.equal(await sidewaysScroll(page), 0);
    await context.close();
    // The copy that the page itself offers is the same document.
    const offered = await fetch(`${url}/ar/verify/wasl-verify.html`);
    assert.match(offered.headers.get('content-disposition') ?? '', /^attachment; filename="wasl-verify.html"/);
    await writeFile(join(dir, 'offered.html'), Buffer.from(await offered.arrayBuffer()));
    const again = await openPage(browser, { viewport: DESK, hasScript: true });
    await again.page.goto(pathToFileURL(join(dir, 'offered.html')).href);
    await give(again.page, 'file', 'proof.json', proof);
    await again.page.locator('.verdict-valid').waitFor();
    await again.context.close();
  });

  test('without script it tells the command that does the same', async () => {
    const { context, page } = await openPage(browser, { viewport: PHONE, hasScript: false });
    await page.goto(`${url}/ar/verify`);
    assert.match((await page.locator('main').textContent()) ?? '', /wasl evidence verify FILE --anchor/);
    assert.equal(await page.locator('#file').isVisible(), false);
    assert.equal(await sidewaysScroll(page), 0);
    await context.close();
  });

  test('its policy lets the browser make no connection, and no other path answers', async () => {
    const answer = await fetch(`${url}/fr/verify`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    for (const part of [
      /default-src 'none'/,
      /connect-src 'none'/,
      /form-action 'none'/,
      /img-src data:;/,
      /frame-ancestors 'none'/,
    ])
      assert.match(policy, part);
    assert.doesNotMatch(policy, /unsafe|'self'|https?:|\*/);
    assert.equal((await fetch(`${url}/xx/verify`)).status, 404);
  });
});
