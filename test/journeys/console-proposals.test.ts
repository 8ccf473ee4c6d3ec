import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { axeViolations, findChromium, launchChromium, sidewaysScroll } from '../support/chromium.ts';
import { originOf, signedIn } from '../support/console.ts';
import { openForTest } from '../support/database.ts';
import { until } from '../support/events.ts';
import { CLIENT, SERVICE, startExchange, type TestExchange } from '../support/gateways.ts';

/** Agreements that are asked for, and documents that do not arrive, on both consoles, without script. */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;

describe('agreements are proposed and answered on the console', { skip }, () => {
  let exchange: TestExchange;
  let browser: Browser;
  let asking: Page;
  let asked: Page;

  before(async () => {
    exchange = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      requireSignatures: true,
    });
    browser = await launchChromium(executable ?? '');
    ({ page: asking } = await signedIn(browser, exchange.consumer.gateway, ['service-administrator']));
    ({ page: asked } = await signedIn(browser, exchange.provider.gateway, ['service-administrator']));
  });
  after(async () => {
    await browser?.close();
    await exchange?.close();
  });

  const on = (side: 'provider' | 'consumer', path: string, language = 'fr') =>
    `${originOf(exchange[side].gateway)}/${language}/console${path}`;

  async function propose(id: string): Promise<void> {
    await asking.goto(on('consumer', '/proposals/new'));
    await asking.getByLabel('Référence', { exact: true }).fill(id);
    await asking.getByLabel('Client', { exact: true }).selectOption(CLIENT);
    await asking.getByLabel('Service', { exact: true }).fill(SERVICE);
    await asking.getByLabel('Finalités').fill('residence | شهادة السكنى | certificat de résidence');
    await asking.getByLabel('Base légale (en arabe)').fill('القانون 55-19');
    await asking.getByLabel('Base légale (en français)').fill('loi 55-19');
    await asking.getByLabel('Référence du texte').fill('55-19/7');
    await asking.getByLabel('Champs transmis').fill('/name');
    await asking.getByLabel('À partir du').fill('2026-01-01');
    await asking.getByLabel('Jusqu’au').fill('2030-01-01');
    await asking.getByRole('button', { name: 'Relire le texte' }).click();
    await asking.getByRole('link', { name: 'Saisissez la motivation de la demande' }).waitFor();
    await asking.getByLabel('Motivation').fill('délivrer les certificats de résidence');
    await asking.getByRole('button', { name: 'Relire le texte' }).click();
    await asking.getByRole('button', { name: 'Envoyer la proposition' }).click();
    await asking.getByText('La proposition est envoyée').waitFor();
  }

  async function arrived(page: Page, id: string): Promise<void> {
    await until(
      'the proposal arrives',
      async () => {
        await page.goto(on('provider', '/proposals'));
        return (await page.locator(`[data-proposal=${id}][data-state=open]`).count()) === 1;
      },
      60_000,
    );
    await page.locator(`[data-proposal=${id}] a`).click();
  }

  test('what was asked for is a need of the other member, is read by all, and drafted after a change', async () => {
    await propose('asked');
    const observer = await signedIn(browser, exchange.provider.gateway, ['observer']);
    await arrived(observer.page, 'asked');
    await observer.page.getByText('délivrer les certificats de résidence').waitFor();
    await observer.page.getByText('La réponse revient à l’administrateur des services').waitFor();
    assert.equal(await observer.page.locator('main form').count(), 0);
    await observer.page.goto(on('provider', ''));
    assert.equal(await observer.page.locator('[data-need=proposals-wait]').count(), 1);
    await observer.context.close();
    await arrived(asked, 'asked');
    const later = await asked.context().newPage();
    await later.goto(asked.url());
    await asked.getByRole('link', { name: 'Modifier le texte d’abord' }).click();
    await asked.getByLabel('Champs transmis').fill('/name\n/number');
    await asked.getByRole('button', { name: 'Relire le texte' }).click();
    await asked.getByRole('button', { name: 'Modifier' }).click();
    await asked.getByRole('button', { name: 'Relire le texte' }).click();
    await asked.getByRole('button', { name: 'Enregistrer la convention' }).click();
    await asked.getByText('/number').waitFor();
    assert.match(asked.url(), /agreements\/asked\?version=1$/);
    await later.getByLabel('Motif').fill('trop large');
    await later.getByRole('button', { name: 'Écarter la proposition' }).click();
    await later.getByText('Une réponse a été donnée entre-temps').waitFor();
    await later.getByText('trop large').waitFor();
    await later.close();
  });

  test('it is dismissed with a reason, not without, and the member that asked reads it', async () => {
    await propose('dismissed');
    await arrived(asked, 'dismissed');
    await asked.getByRole('button', { name: 'Écarter la proposition' }).click();
    await asked.getByRole('link', { name: 'Saisissez le motif' }).waitFor();
    await asked.getByLabel('Motif').fill('la loi 09-08 ne le permet pas');
    await asked.getByRole('button', { name: 'Écarter la proposition' }).click();
    await asked.getByText('La proposition est écartée').waitFor();
    await until('the answer arrives', async () => {
      await asking.goto(on('consumer', '/proposals?side=client'));
      return (await asking.locator('[data-proposal=dismissed][data-state=dismissed]').count()) === 1;
    });
    await asking.locator('[data-proposal=dismissed] a').click();
    await asking.getByText('la loi 09-08 ne le permet pas').waitFor();
  });

  test('who asked takes it back while nobody has answered, and the other member sees that', async () => {
    await propose('taken-back');
    await arrived(asked, 'taken-back');
    await asking.getByLabel('Motif').fill('erreur de service');
    await asking.getByRole('button', { name: 'Retirer la proposition' }).click();
    await asking.getByText('La proposition est retirée').waitFor();
    await until('the withdrawal arrives', async () => {
      await asked.reload();
      return (await asked.getByText('erreur de service').count()) > 0;
    });
    assert.equal(await asked.getByRole('button', { name: 'En faire un projet' }).count(), 0);
  });

  test('what another gateway refused stands with its reason and is sent again once', async () => {
    await asking.goto(on('consumer', '/deliveries'));
    await asking.getByText('Tous les documents sont parvenus').waitFor();
    await sql`
      insert into agreement_delivery (peer, agreement, version, kind, jws, due_at, tries, refused_at, status, refusal)
      values (${exchange.provider.server}, 'residence', 9, 'sign', 'x', now(), 3, now(), 409, 'version 9 is declined')
    `.execute(exchange.consumer.db.read);
    await asking.goto(on('consumer', ''));
    await asking.locator('[data-need=documents-refused] a').click();
    await asking.getByText('409 version 9 is declined').waitFor();
    const later = await asking.context().newPage();
    await later.goto(asking.url());
    await asking.getByRole('button', { name: 'Renvoyer' }).click();
    await asking.getByText('Le document est renvoyé').waitFor();
    await later.getByRole('button', { name: 'Renvoyer' }).click();
    await later.getByText('Ce document n’est plus refusé').or(later.getByText('Le document est renvoyé')).waitFor();
    await later.close();
  });

  test('lists are sorted by their heads', async () => {
    await asking.goto(on('consumer', '/proposals?side=client'));
    const names = () =>
      asking
        .locator('[data-proposal]')
        .evaluateAll((rows) =>
          rows.map((row) => (row as unknown as { dataset: { proposal: string } }).dataset.proposal),
        );
    await asking.locator('th a', { hasText: 'Convention' }).click();
    const once = await names();
    await asking.locator('th a', { hasText: 'Convention' }).click();
    assert.deepEqual(await names(), once.toReversed());
    assert.match(asking.url(), /side=client/);
  });

  test('these pages break no rule of accessibility and do not scroll sideways on a phone', async () => {
    const faults: string[] = [];
    for (const isPhone of [false, true]) {
      const options = { isPhone, hasScript: true };
      const { context, page } = await signedIn(browser, exchange.provider.gateway, ['service-administrator'], options);
      await page.goto(on('provider', '/proposals'));
      const one = new URL((await page.locator('[data-proposal] a').first().getAttribute('href')) ?? '', page.url());
      for (const path of ['/proposals', `/proposals/one${one.search}`, '/proposals/new', '/deliveries']) {
        await page.goto(on('provider', path, isPhone ? 'ar' : 'fr'));
        faults.push(...(await axeViolations(page)).map((fault) => `${path}: ${fault}`));
        if ((await sidewaysScroll(page)) > 0) faults.push(`${path}: scrolls sideways`);
      }
      await context.close();
    }
    assert.deepEqual(faults, []);
  });
});
