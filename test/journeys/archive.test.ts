import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { axeViolations, DESK, findChromium, launchChromium, PHONE, sidewaysScroll } from '../support/chromium.ts';
import { openForTest } from '../support/database.ts';
import { anAgreement, CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';
import { addAuthenticator } from '../support/passkey.ts';

const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;
const SHOTS = process.env['WASL_TEST_SHOTS'];

describe('the archive of bodies in a browser', { skip }, () => {
  let all: TestExchange;
  let browser: Browser;
  let origin: string;
  let state: Awaited<ReturnType<BrowserContext['storageState']>>;
  const exchanges: string[] = [];

  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    origin = all.provider.gateway.url.replace('127.0.0.1', 'localhost');
    const archive = { keep: 'both', days: 90, by: 'provider' } as const;
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'archived', terms: { archive } }));
    for (const subject of ['AB123', 'CD456']) {
      const answer = await sendRaw(all.consumer.gateway.url, {
        method: 'POST',
        path: `/r1/${SERVICE}/find`,
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-agreement', 'archived'],
          ['wasl-subject', subject],
        ],
        body: '{"number":"AB123"}',
      });
      exchanges.push(answer.headers['x-road-request-id'] ?? '');
    }
    browser = await launchChromium(executable ?? '');
    const context = await browser.newContext({ viewport: DESK });
    const page = await context.newPage();
    await addAuthenticator(context, page);
    const { link } = await all.provider.gateway.operators.add({ name: 'سعاد', roles: ['security-officer'] });
    await page.goto(link);
    await page.getByRole('button', { name: 'تسجيل مفتاح المرور' }).click();
    await page.waitForURL(`${origin}/ar/console`);
    state = await context.storageState();
    await context.close();
  });
  after(async () => {
    await browser?.close();
    await all?.close();
  });

  async function open(viewport: typeof DESK | typeof PHONE) {
    const context = await browser.newContext({ viewport, javaScriptEnabled: false, storageState: state });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    return { context, page };
  }

  test('no page of it breaks a rule of accessibility or scrolls sideways, on a phone and on a desk', async () => {
    const faults: string[] = [];
    for (const [viewport, language] of [
      [PHONE, 'ar'],
      [DESK, 'fr'],
      [PHONE, 'en'],
    ] as const) {
      const context = await browser.newContext({ viewport, storageState: state });
      const page = await context.newPage();
      const paths = ['/archive', '/archive/person', `/traffic/${exchanges[0]}`, `/traffic/${exchanges[0]}/erase`];
      for (const [nth, path] of [...paths, '/agreements/archived', '/agreements/new?from=archived'].entries()) {
        const answer = await page.goto(`${origin}/${language}/console${path}`);
        if (answer?.status() === 403 && path.startsWith('/agreements/new')) continue;
        assert.equal(answer?.status(), 200, path);
        faults.push(...(await axeViolations(page)).map((fault) => `${language}${path}: ${fault}`));
        if ((await sidewaysScroll(page)) > 0) faults.push(`${language}${path}: scrolls sideways`);
        if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${language}-${nth}.png`, fullPage: true });
      }
      await context.close();
    }
    assert.deepEqual(faults, []);
  });

  test('a security officer erases the bodies of an exchange with a reason, and sees that it was done', async () => {
    const { context, page } = await open(PHONE);
    await page.goto(`${origin}/ar/console/traffic/${exchanges[0]}`);
    assert.equal(await page.locator('[data-body][data-erased=no]').count(), 2);
    await page.getByRole('link', { name: 'محو نصوص هذا التبادل' }).click();
    await page.getByRole('button', { name: 'محو نصوص هذا التبادل' }).click();
    await page.getByText('اكتبوا السبب').first().waitFor();
    await page.getByLabel('السبب').fill('بطلب من مسؤول حماية المعطيات');
    await page.getByRole('button', { name: 'محو نصوص هذا التبادل' }).click();
    await page.locator('[data-body=request][data-erased=operator]').waitFor();
    assert.equal(await page.getByRole('link', { name: 'محو نصوص هذا التبادل' }).count(), 0);
    await context.close();
  });

  test('and all about one person, whose number the page does not keep', async () => {
    const { context, page } = await open(DESK);
    await page.goto(`${origin}/fr/console/archive`);
    await page.getByRole('link', { name: 'Effacer tout ce qui concerne une personne' }).click();
    const send = () => page.getByRole('button', { name: 'Effacer tout ce qui concerne une personne' }).click();
    await page.getByLabel('Numéro de la personne').fill('NOBODY');
    await page.getByLabel('Motif').fill('loi 09-08, article 8');
    await send();
    await page.getByText('Aucun contenu n’est gardé ici').first().waitFor();
    assert.equal(await page.getByLabel('Numéro de la personne').inputValue(), '');
    assert.equal(await page.getByLabel('Motif').inputValue(), 'loi 09-08, article 8');
    await page.getByLabel('Numéro de la personne').fill('cd456');
    await send();
    await page.getByText('C’est effacé.').waitFor();
    assert.equal(page.url().toLowerCase().includes('cd456'), false);
    await page.goto(`${origin}/fr/console/traffic/${exchanges[1]}`);
    await page.locator('[data-body=request][data-erased=subject]').waitFor();
    await context.close();
  });
});
