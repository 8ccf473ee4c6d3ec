import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { countDeadLetters } from '../../src/exchange/events/store/dead-letter.ts';
import { listSubscriptions } from '../../src/exchange/events/store/subscription.ts';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { listEvents } from '../../src/exchange/operators/store/event.ts';
import { axeViolations, findChromium, launchChromium, sidewaysScroll } from '../support/chromium.ts';
import { originOf, signedIn } from '../support/console.ts';
import { openForTest } from '../support/database.ts';
import { anEvent, anEventAgreement, CLOSED, publish, systemCall, typeOf, until } from '../support/events.ts';
import { CLIENT, startExchange, type TestExchange } from '../support/gateways.ts';
import { startWebhook, type TestWebhook } from '../support/webhook.ts';

/** Events on both consoles, in a real browser without script. */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;

describe('events on the console', { skip }, () => {
  let exchange: TestExchange;
  let browser: Browser;
  let hook: TestWebhook;

  before(async () => {
    exchange = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    hook = await startWebhook();
    browser = await launchChromium(executable ?? '');
  });
  after(async () => {
    await browser?.close();
    await exchange?.close();
    await hook?.close();
  });

  const deadLetters = async (count: number) => {
    const { read } = exchange.consumer.db;

    await until(`${count} dead letters`, async () => (await countDeadLetters(read)) === count);
  };

  test('an empty page says how to begin, and a type is added, corrected and described there', async () => {
    const { gateway } = exchange.provider;
    const { context, page } = await signedIn(browser, gateway, ['service-administrator']);
    await page.goto(`${originOf(gateway)}/fr/console`);
    await page.getByRole('link', { name: 'Événements', exact: true }).click();
    await page.getByText('Ajoutez un type').waitFor();
    await page.getByRole('link', { name: 'Ajouter un type d’événement' }).click();
    await page.getByLabel('Code du type').fill(CLOSED);
    await page.getByLabel('Intitulé en arabe').fill('إغلاق مصلحة');
    await page.getByLabel('Schéma des données').fill('{"type":');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByText('Le schéma ne peut pas être lu').first().waitFor();
    assert.equal(await page.getByLabel('Intitulé en arabe').inputValue(), 'إغلاق مصلحة');
    await page.getByLabel('Schéma des données').fill('{"type":"object","required":["office"]}');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('link', { name: /1 à 200 caractères/ }).waitFor();
    await page.getByLabel('Intitulé en français').fill('Fermeture d’un service');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('heading', { level: 1, name: typeOf(CLOSED) }).waitFor();
    await page.goto(`${originOf(gateway)}/fr/console/events`);
    assert.equal(await page.locator('[data-type]').count(), 1);
    const answer = await page.goto(
      new URL(String(await page.getByRole('link', { name: /AsyncAPI/ }).getAttribute('href')), page.url()).href,
    );
    assert.match(String(await answer?.text()), /"asyncapi":"3\.0\.0"/);
    await context.close();
  });

  test('a letter that a webhook refuses is a need, is read with an entry in the ledger, and sent again', async () => {
    await exchange.provider.gateway.rights.addAgreement(anEventAgreement(CLOSED));
    const subscribed = await systemCall(exchange.consumer, 'PUT', 'subscriptions', {
      body: { service: typeOf(CLOSED), delivery: 'webhook', url: hook.url },
    });
    assert.equal(subscribed.status, 200, subscribed.text);
    hook.answer = () => ({ status: 422 });
    const sent = await publish(exchange.provider, [anEvent(), anEvent(), anEvent()]);
    assert.equal(sent.status, 202, sent.text);
    await deadLetters(3);
    const { gateway } = exchange.consumer;
    const { context, page } = await signedIn(browser, gateway, ['service-administrator']);
    await page.goto(`${originOf(gateway)}/fr/console`);
    await page.locator('[data-need=dead-letters] a').click();
    assert.equal(await page.locator('[data-letter]').count(), 3);
    assert.equal(await page.getByText('Rabat-Agdal').count(), 0);
    await page.locator('[data-letter] a').first().click();
    await page.getByText('Le webhook répond 422').waitFor();
    const otherTab = await context.newPage();
    await otherTab.goto(page.url());
    await page.getByRole('button', { name: 'Lire le contenu' }).click();
    await page.getByText('Rabat-Agdal').waitFor();
    const [read] = await listEvents(exchange.consumer.db.read, { event: 'dead-letter.read' }, 1);
    assert.equal(read?.outcome, 'done');
    hook.answer = () => ({ status: 204 });
    const before = hook.calls.length;
    await page.getByRole('button', { name: 'Renvoyer' }).click();
    await page.getByText('Renvoyés : 1').waitFor();
    await until('the webhook is called again', () => hook.calls.length === before + 1);
    await otherTab.getByRole('button', { name: 'Renvoyer' }).click();
    await otherTab.getByText('déjà renvoyés ou abandonnés').waitFor();
    assert.equal(hook.calls.length, before + 1);
    await context.close();
  });

  test('letters are given up with a reason and after a word, not without; an observer can do neither', async () => {
    const { gateway } = exchange.consumer;
    const observer = await signedIn(browser, gateway, ['observer']);
    await observer.page.goto(`${originOf(gateway)}/fr/console/events/letters`);
    assert.equal(await observer.page.locator('[data-letter]').count(), 2);
    assert.equal(await observer.page.getByRole('checkbox').count(), 0);
    await observer.page.locator('[data-letter] a').first().click();
    await observer.page.getByText('réservé au responsable sécurité').waitFor();
    await observer.context.close();
    const { context, page } = await signedIn(browser, gateway, ['service-administrator']);
    await page.goto(`${originOf(gateway)}/fr/console/events/letters`);
    await page.getByRole('button', { name: 'Abandonner…' }).click();
    await page.getByText('Choisissez au moins un événement').waitFor();
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: 'Abandonner…' }).click();
    await page.getByText('nombre : 2').waitFor();
    await page.getByRole('button', { name: 'Abandonner des événements' }).click();
    await page.getByRole('link', { name: 'Saisissez le motif' }).waitFor();
    await page.getByLabel('Motif').fill('doublons du 3 mars');
    await page.getByRole('button', { name: 'Abandonner des événements' }).click();
    await page.getByText('Abandonnés : 2').waitFor();
    await page.getByText('Aucun événement non remis').waitFor();
    const [given] = await listEvents(exchange.consumer.db.read, { event: 'dead-letter.discarded', outcome: 'done' }, 1);
    assert.deepEqual(given?.detail, { events: 2, reason: 'doublons du 3 mars' });
    await context.close();
  });

  test('the publisher sees how far each subscriber is, and stops one after a word', async () => {
    const { gateway } = exchange.provider;
    const { context, page } = await signedIn(browser, gateway, ['service-administrator']);
    await page.goto(`${originOf(gateway)}/fr/console/events/subscribers?sort=client`);
    assert.equal(await page.locator(`[data-subscriber="${CLIENT}"]`).getAttribute('data-state'), 'flowing');
    assert.equal(await page.locator('th[aria-sort=ascending]').count(), 1);
    await page
      .getByRole('link', { name: /Abonné/ })
      .last()
      .click();
    await page.locator('th[aria-sort=descending]').waitFor();
    await page.getByRole('link', { name: 'Arrêter la remise' }).click();
    await page.getByRole('button', { name: 'Arrêter la remise' }).click();
    await page.locator('[data-state=ended]').waitFor();
    await page.goto(`${originOf(gateway)}/fr/console/events/types/one?service=${encodeURIComponent(typeOf(CLOSED))}`);
    await page.getByRole('link', { name: 'Retirer le type d’événement' }).click();
    await page.getByRole('button', { name: 'Retirer le type d’événement' }).click();
    await page.getByText('Ajoutez un type').waitFor();
    await context.close();
  });

  test('no page of events breaks a rule of accessibility or scrolls sideways on a phone', async () => {
    const faults: string[] = [];
    const { gateway } = exchange.consumer;
    await exchange.provider.gateway.rights.addAgreement(anEventAgreement(CLOSED));
    for (const isPhone of [false, true]) {
      const { context, page } = await signedIn(browser, gateway, ['service-administrator', 'security-officer'], {
        isPhone,
        hasScript: true,
      });

      const [one] = await listSubscriptions(exchange.consumer.db.read);
      const paths = ['', '/types/new', '/subscribers', '/subscriptions', `/subscriptions/${one?.id}`, '/letters'];
      for (const language of isPhone ? ['ar', 'en'] : ['fr', 'ar'])
        for (const path of paths) {
          await page.goto(`${originOf(gateway)}/${language}/console/events${path}`);
          faults.push(...(await axeViolations(page)).map((fault) => `${language} ${path}: ${fault}`));
          if ((await sidewaysScroll(page)) > 0) faults.push(`${language} ${path}: scrolls sideways`);
        }
      await context.close();
    }
    assert.deepEqual(faults, []);
  });
});
