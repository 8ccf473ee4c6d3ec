import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { listEvents } from '../../src/exchange/operators/store/event.ts';
import { axeViolations, findChromium, launchChromium, sidewaysScroll } from '../support/chromium.ts';
import { originOf, signedIn } from '../support/console.ts';
import { openForTest } from '../support/database.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';

/** Evidence is found by whoever has to prove an exchange, and charts lead to what they show; without script. */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;
const PERSON = 'AB987654';

describe('evidence and charts on the console', { skip }, () => {
  let exchange: TestExchange;
  let browser: Browser;
  let origin: string;

  before(async () => {
    exchange = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    origin = originOf(exchange.provider.gateway);
    browser = await launchChromium(executable ?? '');
    const send = (path: string, headers: readonly (readonly [string, string])[] = []) =>
      sendRaw(exchange.consumer.gateway.url, {
        path: `/r1/${SERVICE}${path}`,
        headers: [['x-road-client', CLIENT], ...headers],
      });
    await send('/one', [['x-road-id', 'case-77']]);
    await send('/two', [['wasl-subject', PERSON]]);
    await send('/one', [['wasl-purpose', 'curiosity']]);
  });
  after(async () => {
    await browser?.close();
    await exchange?.close();
  });

  const found = (page: Page) => page.locator('[data-exchange]').count();

  test('an exchange is found by its X-Road-Id, its fault, its service and its day, with the address to come back to', async () => {
    const { context, page } = await signedIn(browser, exchange.provider.gateway, ['security-officer']);
    await page.goto(`${origin}/fr/console`);
    await page.getByRole('link', { name: 'Messages', exact: true }).click();
    await page.getByRole('link', { name: 'Preuves', exact: true }).click();
    assert.equal(await found(page), 0);
    await page.getByLabel('N° d’échange ou X-Road-Id').fill('case-77');
    await page.getByRole('button', { name: 'Rechercher', exact: true }).click();
    assert.equal(await found(page), 1);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Extraire/ }).click(),
    ]);
    assert.equal(await download.failure(), null);
    await page.goto(`${origin}/fr/console/evidence`);
    await page.getByLabel('Motif du refus').selectOption('purpose-not-agreed');
    await page.getByRole('button', { name: 'Rechercher', exact: true }).click();
    assert.equal(await page.locator('[data-outcome=refused]').count(), 1);
    await page.locator('[data-exchange] a').first().click();
    await page.goBack();
    assert.equal(await found(page), 1);
    const day = new Date().toISOString().slice(0, 10);
    await page.goto(`${origin}/fr/console/evidence?client=${encodeURIComponent(CLIENT)}&from=${day}&until=${day}`);
    assert.equal(await found(page), 3);
    await page.getByText('./wasl evidence export').waitFor();
    await page.getByLabel('Du', { exact: true }).fill('hier');
    await page.getByRole('button', { name: 'Rechercher', exact: true }).click();
    await page.getByRole('link', { name: /Saisissez une date/ }).waitFor();
    await context.close();
  });

  test('exchanges about a person are found without the number in an address, a log or the ledger, and the search is entered', async () => {
    const { context, page } = await signedIn(browser, exchange.provider.gateway, ['security-officer']);
    await page.goto(`${origin}/fr/console/evidence`);
    await page.getByText('Rechercher une personne').first().click();
    await page.getByLabel('Numéro de la personne').fill(PERSON);
    await page.getByRole('button', { name: 'Rechercher une personne' }).click();
    assert.equal(await found(page), 1);
    assert.ok(!page.url().includes(PERSON));
    assert.ok(!(await page.content()).includes(PERSON));
    const [searched] = await listEvents(exchange.provider.db.read, { event: 'evidence.searched' }, 1);
    assert.equal(searched?.outcome, 'done');
    assert.ok(!JSON.stringify([searched, exchange.provider.log.lines]).includes(PERSON));
    await page.goto(`${origin}/fr/console/evidence`);
    await page.getByText('Rechercher une personne').first().click();
    await page.getByRole('button', { name: 'Rechercher une personne' }).click();
    await page.getByRole('link', { name: 'Saisissez le numéro de la personne' }).waitFor();
    await context.close();
  });

  test('a row of the ranking leads to the charts of it alone, in either direction, and keeps the order that was chosen', async () => {
    for (const side of ['provider', 'consumer'] as const) {
      const { gateway } = exchange[side];
      const { context, page } = await signedIn(browser, gateway, ['observer']);
      await page.goto(`${originOf(gateway)}/fr/console/charts?side=${side}&by-service=-p95`);
      await page.locator(`[data-service="${SERVICE}"] a`).click();
      const { searchParams } = new URL(page.url());
      assert.equal(searchParams.get('service'), SERVICE);
      assert.equal(searchParams.get('by-service'), '-p95');
      assert.equal(await page.getByLabel('Service', { exact: true }).inputValue(), SERVICE);
      assert.equal(await page.locator('th[aria-sort=descending]').count(), 2);
      await page.goBack();
      assert.equal(await page.getByLabel('Service', { exact: true }).inputValue(), '');
      await context.close();
    }
  });

  test('these pages break no rule of accessibility and do not scroll sideways on a phone', async () => {
    const faults: string[] = [];
    for (const isPhone of [false, true]) {
      const options = { isPhone, hasScript: true };
      const { context, page } = await signedIn(browser, exchange.provider.gateway, ['security-officer'], options);
      for (const path of ['evidence?id=case-77', 'evidence?service=a&from=2026-01-01&until=2026-01-02', 'charts']) {
        await page.goto(`${origin}/${isPhone ? 'ar' : 'fr'}/console/${path}`);
        faults.push(...(await axeViolations(page)).map((fault) => `${path}: ${fault}`));
        if ((await sidewaysScroll(page)) > 0) faults.push(`${path}: scrolls sideways`);
      }
      await context.close();
    }
    assert.deepEqual(faults, []);
  });
});
