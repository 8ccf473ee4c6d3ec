import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { axeViolations, findChromium, launchChromium, sidewaysScroll } from '../support/chromium.ts';
import { originOf, signedIn } from '../support/console.ts';
import { openForTest } from '../support/database.ts';
import { until } from '../support/events.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';

/** An agreement from its draft to both signatures, on both consoles, in a real browser without script. */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;

describe('agreements are offered and signed on the console', { skip }, () => {
  let exchange: TestExchange;
  let browser: Browser;

  before(async () => {
    const open = () => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]);
    exchange = await startExchange(open, { requireSignatures: true });
    browser = await launchChromium(executable ?? '');
  });
  after(async () => {
    await browser?.close();
    await exchange?.close();
  });

  const call = async () => {
    const headers = [['x-road-client', CLIENT]] as const;
    return (await sendRaw(exchange.consumer.gateway.url, { path: `/r1/${SERVICE}/one`, headers })).status;
  };
  const on = (side: 'provider' | 'consumer', path: string) => `${originOf(exchange[side].gateway)}/fr/console${path}`;
  const officer = (side: 'provider' | 'consumer') => signedIn(browser, exchange[side].gateway, ['security-officer']);

  async function draft(page: Page, change: (page: Page) => Promise<void>): Promise<void> {
    await page.goto(on('provider', '/agreements/new?from=residence'));
    await change(page);
    await page.getByRole('button', { name: 'Relire le texte' }).click();
    await page.getByRole('button', { name: 'Enregistrer la convention' }).click();
  }

  async function sign(version: number): Promise<void> {
    const { context, page } = await officer('provider');
    await page.goto(on('provider', `/agreements/residence?version=${version}`));
    await page.getByRole('button', { name: 'Signer la convention' }).click();
    await page.getByText('Attend la signature du client').first().waitFor();
    await context.close();
  }

  async function receive(page: Page): Promise<void> {
    await until(
      'the offer arrives',
      async () => {
        await page.goto(on('consumer', '/offers'));
        return (await page.locator('[data-state=offered]').count()) === 1;
      },
      60_000,
    );
    await page.locator('[data-state=offered] a').click();
  }

  test('who drafted a version does not sign it, even with both roles; another officer does', async () => {
    const both = await signedIn(browser, exchange.provider.gateway, ['service-administrator', 'security-officer']);
    await draft(both.page, async () => {});
    await both.page.getByText('Vous avez rédigé cette version').waitFor();
    assert.equal(await both.page.getByRole('button', { name: 'Signer la convention' }).count(), 0);
    await both.context.close();
    assert.notEqual(await call(), 200);
    await sign(2);
    assert.notEqual(await call(), 200);
  });

  test('the offer is a need of the other member, is read in words and signed; then the agreement is in force', async () => {
    const observer = await signedIn(browser, exchange.consumer.gateway, ['observer']);
    await receive(observer.page);
    await observer.page.getByText('La signature revient au responsable sécurité').waitFor();
    await observer.page.goto(on('consumer', ''));
    assert.equal(await observer.page.locator('[data-need=agreement-waits]').count(), 1);
    await observer.context.close();
    const { context, page } = await officer('consumer');
    await receive(page);
    await page.getByText('Première version').waitFor();
    await page.getByText('loi 55-19', { exact: false }).first().waitFor();
    const otherTab = await context.newPage();
    await otherTab.goto(page.url());
    await page.getByRole('button', { name: 'Signer la convention' }).click();
    await page.getByText('La convention est signée').waitFor();
    await otherTab.getByRole('button', { name: 'Signer la convention' }).click();
    await otherTab.getByText('En vigueur').first().waitFor();
    await until('the agreement is in force', async () => (await call()) === 200, 60_000);
    await context.close();
  });

  test('a next version shows what it changes, and is declined with a reason, not without', async () => {
    const drafter = await signedIn(browser, exchange.provider.gateway, ['service-administrator']);
    await draft(drafter.page, (page) => page.getByLabel('Champs transmis', { exact: false }).fill('/name\n/born'));
    await drafter.context.close();
    await sign(3);
    const { context, page } = await officer('consumer');
    await receive(page);
    assert.equal(await page.locator('[data-change]').count(), 1);
    await page.locator('[data-change]').getByText('/born').waitFor();
    await page.getByRole('button', { name: 'Refuser l’offre' }).click();
    await page.getByRole('link', { name: 'Saisissez le motif du refus' }).waitFor();
    await page.getByLabel('Motif').fill('la date de naissance n’est pas nécessaire');
    await page.getByRole('button', { name: 'Refuser l’offre' }).click();
    await page.getByText('L’offre est refusée').waitFor();
    await context.close();
    assert.equal(await call(), 200);
  });

  test('these pages break no rule of accessibility and do not scroll sideways on a phone', async () => {
    const faults: string[] = [];
    for (const isPhone of [false, true]) {
      const options = { isPhone, hasScript: true };
      const { context, page } = await signedIn(browser, exchange.consumer.gateway, ['security-officer'], options);
      const one = new URLSearchParams({ provider: exchange.provider.server, agreement: 'residence', version: '3' });
      for (const path of ['/offers', `/offers/one?${one}`]) {
        await page.goto(`${originOf(exchange.consumer.gateway)}/${isPhone ? 'ar' : 'fr'}/console${path}`);
        faults.push(...(await axeViolations(page)).map((fault) => `${path}: ${fault}`));
        if ((await sidewaysScroll(page)) > 0) faults.push(`${path}: scrolls sideways`);
      }
      await context.close();
    }
    assert.deepEqual(faults, []);
  });
});
