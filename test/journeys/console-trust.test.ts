import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { raiseAlarm } from '../../src/exchange/witness/store.ts';
import { axeViolations, findChromium, launchChromium, sidewaysScroll } from '../support/chromium.ts';
import { originOf, signedIn } from '../support/console.ts';
import { openForTest } from '../support/database.ts';
import { startExchange, type TestExchange } from '../support/gateways.ts';

/** Whom a gateway trusts and who has lied, in a real browser without script. */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;

const note = (size: number, root: string) =>
  `wasl/TEST/GOV/X/gw1\n${size}\n${root}\n\n— wasl/TEST/GOV/X/gw1 c2lnbmVk\n`;

describe('trust on the console', { skip }, () => {
  let exchange: TestExchange;
  let browser: Browser;
  let origin: string;

  before(async () => {
    exchange = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    origin = originOf(exchange.provider.gateway);
    browser = await launchChromium(executable ?? '');
    const evidence = { held: note(40, 'b2xkIHJvb3Q='), given: note(40, 'bmV3IHJvb3Q='), detail: 'another tree' };
    await raiseAlarm(exchange.provider.db.read, 'log-forked', 'wasl/TEST/GOV/X/gw1', evidence, new Date());
  });
  after(async () => {
    await browser?.close();
    await exchange?.close();
  });

  test('a log that signed two trees is told in words, with both, and acknowledged by a security officer with a reason', async () => {
    const observer = await signedIn(browser, exchange.provider.gateway, ['observer']);
    await observer.page.goto(`${origin}/fr/console/trust/alarms/1`);
    await observer.page.getByText('a signé deux arbres').waitFor();
    assert.equal(await observer.page.getByRole('button', { name: 'Acquitter l’alerte' }).count(), 0);
    await observer.context.close();
    const { context, page } = await signedIn(browser, exchange.provider.gateway, ['security-officer']);
    await page.goto(`${origin}/fr/console`);
    await page.locator('[data-need=alarms] a').click();
    await page.locator('[data-alarm="1"] a').click();
    await page.getByText('b2xkIHJvb3Q=').first().waitFor();
    await page.getByText('bmV3IHJvb3Q=').first().waitFor();
    const otherTab = await context.newPage();
    await otherTab.goto(page.url());
    await page.getByRole('button', { name: 'Acquitter l’alerte' }).click();
    await page.getByRole('link', { name: 'Dites ce qui a été constaté et décidé' }).waitFor();
    await page.getByLabel('Constat et décision').fill('base restaurée, membre prévenu');
    await page.getByRole('button', { name: 'Acquitter l’alerte' }).click();
    await page.getByText('base restaurée, membre prévenu').waitFor();
    await otherTab.getByLabel('Constat et décision').fill('autre chose');
    await otherTab.getByRole('button', { name: 'Acquitter l’alerte' }).click();
    await page.reload();
    await page.getByText('base restaurée, membre prévenu').waitFor();
    await page.goto(`${origin}/fr/console`);
    assert.equal(await page.locator('[data-need=alarms]').count(), 0);
    await context.close();
  });

  test('who runs the gateway sees what expires next, here and elsewhere, in the order that they choose', async () => {
    const { context, page } = await signedIn(browser, exchange.provider.gateway, ['observer']);
    await page.goto(`${origin}/fr/console/trust`);
    await page.getByRole('link', { name: 'Certificats', exact: true }).click();
    await page.getByText('Certificat de transport (TLS)').first().waitFor();
    const names = () =>
      page
        .locator('[data-expiry]')
        .evaluateAll((rows) => rows.map((row) => (row as unknown as { dataset: { expiry: string } }).dataset.expiry));
    assert.ok((await names()).includes(exchange.consumer.server));
    assert.ok(!(await names()).includes(exchange.provider.server));
    await page.getByRole('link', { name: /Titulaire/ }).click();
    assert.deepEqual(await names(), (await names()).toSorted());
    await context.close();
  });

  test('no page of trust breaks a rule of accessibility or scrolls sideways on a phone', async () => {
    const faults: string[] = [];
    for (const isPhone of [false, true]) {
      const options = { isPhone, hasScript: true };
      const { context, page } = await signedIn(browser, exchange.provider.gateway, ['security-officer'], options);
      for (const path of ['', '/certificates', '/timestamps', '/alarms', '/alarms/1']) {
        await page.goto(`${origin}/${isPhone ? 'ar' : 'fr'}/console/trust${path}`);
        faults.push(...(await axeViolations(page)).map((fault) => `${path}: ${fault}`));
        if ((await sidewaysScroll(page)) > 0) faults.push(`${path}: scrolls sideways`);
      }
      await context.close();
    }
    assert.deepEqual(faults, []);
  });
});
