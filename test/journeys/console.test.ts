import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import type { OperatorRole } from '../../src/exchange/operators/model.ts';
import { axeViolations, DESK, findChromium, launchChromium, PHONE, sidewaysScroll } from '../support/chromium.ts';
import { openForTest } from '../support/database.ts';
import { anAgreement, CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';
import { addAuthenticator } from '../support/passkey.ts';

/** The operator's console of a gateway in a real browser: a passkey once with script, everything else without. */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;
const PROVIDER_SYSTEM = SERVICE.split('/').slice(0, 4).join('/');
const ALL: readonly OperatorRole[] = ['security-officer', 'service-administrator', 'system-administrator'];

describe('the console in a browser', { skip }, () => {
  let exchange: TestExchange;
  let browser: Browser;
  let origin: string;
  /** Signed in with a passkey; the pages after that are looked at without script. */
  let state: Awaited<ReturnType<BrowserContext['storageState']>>;

  before(async () => {
    exchange = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {}, { tls: true });
    origin = exchange.provider.gateway.url.replace('127.0.0.1', 'localhost');
    const headers = [['x-road-client', CLIENT]] as const;
    const send = (path: string) => sendRaw(exchange.consumer.gateway.url, { path: `/r1/${SERVICE}${path}`, headers });
    for (const path of ['/one', '/broken', '/two']) await send(path);
    browser = await launchChromium(executable ?? '');
  });

  after(async () => {
    await browser?.close();
    await exchange?.close();
  });

  async function open(options: { readonly hasScript: boolean; readonly isPhone?: boolean }) {
    const context = await browser.newContext({
      viewport: options.isPhone === true ? PHONE : DESK,
      javaScriptEnabled: options.hasScript,
      ...(state === undefined ? {} : { storageState: state }),
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    return { context, page };
  }

  const invite = async (roles: readonly OperatorRole[], name = 'نادية الفاسي') =>
    (await exchange.provider.gateway.operators.add({ name, roles })).link;

  test('an operator registers a passkey by a one-time link, signs out and in again with it', async () => {
    const { context, page } = await open({ hasScript: true });
    await addAuthenticator(context, page);
    const link = await invite(ALL);
    await page.goto(link);
    await page.getByRole('button', { name: 'تسجيل مفتاح المرور' }).click();
    await page.waitForURL(`${origin}/ar/console`);
    await page.getByRole('button', { name: 'تسجيل الخروج' }).click();
    await page.waitForURL('**/console/sign-in');
    assert.equal(
      (await page.goto(`${origin}/fr/console/audit`))?.url(),
      `${origin}/fr/console/sign-in?return=%2Ffr%2Fconsole%2Faudit`,
    );
    await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click();
    await page.waitForURL('**/fr/console/audit');
    const events = await page
      .locator('[data-event]')
      .evaluateAll((rows) => rows.map((row) => (row as unknown as { dataset: { event: string } }).dataset.event));
    assert.deepEqual(events.slice(0, 4), [
      'operator.signed-in',
      'operator.signed-out',
      'operator.enrolled',
      'operator.added',
    ]);
    state = await context.storageState();
    await page.goto(link);
    await page.getByRole('button', { name: 'تسجيل مفتاح المرور' }).click();
    await page.getByText('سبق استعمال الرابط').waitFor();
    await context.close();
  });

  test('a stranger is sent to sign in, and a passkey of nobody here is refused in words', async () => {
    const context = await browser.newContext({ viewport: DESK });
    const page = await context.newPage();
    await addAuthenticator(context, page);
    await page.goto(`${origin}/en/console/traffic`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('status').filter({ hasText: /./ }).waitFor();
    assert.match(String(await page.getByRole('status').textContent()), /cancelled|not accepted/);
    await context.close();
  });

  test('what was typed when the session had ended is there after sign-in, and is sent once looked at', async () => {
    // Not in the session of the other tests: who registers in a browser closes the one before.
    const context = await browser.newContext({ viewport: DESK });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await addAuthenticator(context, page);
    await page.goto(await invite(ALL, 'Rachid'));
    await page.getByRole('button', { name: 'تسجيل مفتاح المرور' }).click();
    await page.waitForURL(`${origin}/ar/console`);
    await page.goto(`${origin}/fr/console/operators`);
    await page.getByLabel('Nom', { exact: true }).fill('Hind <Alaoui>');
    await page.getByLabel('Observateur').check();
    await page.getByLabel('Responsable sécurité').check();
    await context.clearCookies();
    await page.getByRole('button', { name: 'Créer le compte' }).click();
    await page.getByText('Votre session a pris fin').first().waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await page.getByRole('button', { name: 'Continuer avec ma saisie' }).click();
    await page.getByText('Votre session a pris fin').first().waitFor();
    await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click();
    await page.getByRole('heading', { name: 'Vérifiez, puis envoyez' }).waitFor();
    assert.ok(!page.url().includes('Hind'), 'nothing of it stands in an address');
    assert.deepEqual(await axeViolations(page), []);
    await page.getByRole('button', { name: 'Envoyer' }).click();
    assert.match(String(await page.locator('pre').textContent()), /console\/enrol#[\w-]{43}$/);
    await page.goto(`${origin}/fr/console/operators`);
    const row = String(await page.getByRole('row', { name: /Hind <Alaoui>/ }).textContent());
    assert.match(row, /Responsable sécurité.*Observateur|Observateur.*Responsable sécurité/);
    await context.close();
    const sentFrom = async (site: string) => {
      const headers = {
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': site,
      };
      const answer = await fetch(`${origin}/fr/console/operators`, { method: 'POST', headers, body: 'name=Mallory' });
      assert.equal(answer.status, 401);
      return (await answer.text()).includes('Mallory');
    };
    assert.equal(await sentFrom('same-origin'), true);
    assert.equal(await sentFrom('cross-site'), false, 'what another site sends is not carried on');
  });

  test('messages are found, filtered and seen step by step without script', async () => {
    const { context, page } = await open({ hasScript: false });
    await page.goto(`${origin}/fr/console`);
    await page.getByRole('link', { name: 'Messages', exact: true }).click();
    assert.equal(await page.locator('[data-exchange]').count(), 3);
    await page.getByLabel('Résultat').selectOption('failed');
    await page.getByRole('button', { name: 'Filtrer' }).click();
    assert.equal(await page.locator('[data-exchange]').count(), 1);
    const exchangeId = await page.locator('[data-exchange]').getAttribute('data-exchange');
    await page.goto(`${origin}/fr/console/traffic`);
    await page.getByLabel('Numéro d’échange ou X-Road-Id').fill(exchangeId ?? '');
    await page.getByRole('button', { name: 'Rechercher' }).first().click();
    await page.getByText('loi 55-19', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Réunir et vérifier la preuve' }).click();
    await page.locator('#verified').waitFor();
    assert.equal(await page.locator('[data-holds=no]').count(), 0);
    assert.ok((await page.locator('[data-holds=yes]').count()) >= 9);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Extraire le fichier de preuve' }).click(),
    ]);
    assert.equal(await download.failure(), null);
    await context.close();
  });

  test('an operator answers what a person contests, once, without script', async () => {
    const usage = `${SERVICE.split('/').slice(0, 4).join('/')}/findUsage`;
    await exchange.provider.gateway.rights.addAgreement(
      anAgreement({ id: 'usage', service: usage, fields: ['/'], endpoints: [{ method: '*', path: '/**' }] }),
    );
    const headers = [
      ['x-road-client', CLIENT],
      ['wasl-subject', 'AB123'],
      ['content-type', 'application/json'],
    ] as const;
    const send = (path: string, body?: string) =>
      sendRaw(exchange.consumer.gateway.url, {
        path: `/r1/${path}`,
        headers,
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { body }),
      });
    const id = (await send(`${SERVICE}/one`)).headers['x-road-request-id'];
    const words = 'لم أطلب أي شهادة في هذا التاريخ';
    const opened = await send(`${usage}/${id}/contest`, JSON.stringify({ reason: 'not-mine', words }));
    const { number } = JSON.parse(opened.text) as { number: string };
    const { context, page } = await open({ hasScript: false });
    await page.goto(`${origin}/ar/console`);
    await page.locator('[data-need=contests-wait] a').click();
    await page.getByRole('link', { name: number }).click();
    await page.getByText(words).waitFor();
    await page.getByRole('button', { name: 'إرسال الجواب' }).click();
    assert.equal(await page.locator('.field-wrong').count(), 2);
    await page.getByLabel('مقبول').check();
    await page.getByLabel('الجواب', { exact: false }).last().fill('صحيح، وقد أوقفنا هذا الاستعمال.');
    await page.getByRole('button', { name: 'إرسال الجواب' }).click();
    await page.getByText('أوقفنا').waitFor();
    assert.equal(await page.getByRole('button', { name: 'إرسال الجواب' }).count(), 0);
    const own = JSON.parse((await send(`${usage}/contests`)).text) as { contests: { state: string }[] };
    assert.equal(own.contests[0]?.state, 'upheld');
    await context.close();
  });

  test('new messages come to the page while it is looked at', async () => {
    const { context, page } = await open({ hasScript: true });
    await page.goto(`${origin}/en/console/traffic`);
    const before = await page.locator('[data-exchange]').count();
    await page.getByRole('button', { name: 'Follow live' }).click();
    await sendRaw(exchange.consumer.gateway.url, { path: `/r1/${SERVICE}/live`, headers: [['x-road-client', CLIENT]] });
    await page.locator(`[data-exchange] >> nth=${before}`).waitFor();
    await page.getByRole('button', { name: 'Stop following' }).click();
    await context.close();
  });

  test('accounts are made, changed and closed without script, each with its confirmation', async () => {
    const { context, page } = await open({ hasScript: false });
    await page.goto(`${origin}/fr/console/operators`);
    await page.getByRole('button', { name: 'Créer le compte' }).click();
    await page.getByText('Saisissez un nom').first().waitFor();
    await page.getByLabel('Nom', { exact: true }).fill('Yassine');
    await page.getByLabel('Observateur').check();
    await page.getByRole('button', { name: 'Créer le compte' }).click();
    assert.match(String(await page.locator('pre').textContent()), /console\/enrol#[\w-]{43}$/);
    await page.goto(`${origin}/fr/console/operators`);
    await page.getByRole('link', { name: 'Yassine' }).click();
    await page.getByRole('link', { name: 'Fermer le compte' }).click();
    await page.getByRole('button', { name: /Fermer le compte/ }).click();
    await page.waitForURL('**/fr/console/operators');
    assert.match(String(await page.getByRole('row', { name: /Yassine/ }).textContent()), /Fermé/);
    await context.close();
  });

  test('a service is added, tested, described and disabled without script', async () => {
    const { context, page } = await open({ hasScript: false });
    await page.goto(`${origin}/fr/console/services`);
    await page.getByRole('link', { name: 'Ajouter un service' }).click();
    await page.getByLabel('Code du service').fill('listMethods');
    await page.getByLabel('Adresse du service').fill('ftp://nowhere');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('link', { name: /Saisissez une adresse/ }).waitFor();
    await page.getByLabel('Code du service').fill('addresses');
    await page.getByLabel('Adresse du service').fill(exchange.service.url);
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('button', { name: 'Tester la connexion' }).click();
    await page.getByText('Le service a répondu 200').waitFor();
    const description = JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'Adresses', version: '1' },
      paths: { '/streets/{id}': { get: { responses: {} } } },
    });
    await page
      .getByLabel('Fichier')
      .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{') });
    await page.getByRole('button', { name: 'Enregistrer la description' }).click();
    await page.getByText('La description n’a pas été acceptée').first().waitFor();
    await page
      .getByLabel('Fichier')
      .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(description) });
    await page.getByRole('button', { name: 'Enregistrer la description' }).click();
    await page.getByText('/streets/*').waitFor();
    await page.getByLabel('Arrêté').check();
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await page.goto(`${origin}/fr/console`);
    await page.getByText('addresses est arrêté').waitFor();
    await context.close();
  });

  test('a system is set to mutual TLS, its certificate registered and taken back, without script', async () => {
    const { context, page } = await open({ hasScript: false });
    await page.goto(`${origin}/fr/console/systems`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Télécharger le certificat' }).click(),
    ]);
    const own = await readFile(await download.path());
    await page.getByRole('link', { name: PROVIDER_SYSTEM }).click();
    await page.getByLabel('HTTPS avec certificat du système').check();
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await page.getByText('en vigueur dès le prochain message').waitFor();
    const add = page.getByRole('button', { name: 'Enregistrer un certificat' });
    await add.click();
    await page.getByRole('link', { name: /Donnez un seul certificat/ }).waitFor();
    await page
      .getByLabel('Fichier du certificat')
      .setInputFiles({ name: 'a.pem', mimeType: 'text/plain', buffer: own });
    await add.click();
    await page.getByText('en vigueur dès le prochain message').waitFor();
    await page.getByRole('link', { name: /Retirer le certificat/ }).click();
    await page.getByRole('button', { name: 'Retirer le certificat' }).click();
    await page.getByText('Aucun certificat enregistré').waitFor();
    await page.getByLabel('HTTP ou HTTPS').check();
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await add.waitFor();
    await page.getByLabel('ou son texte (PEM)').fill(own.toString());
    await add.click();
    await page.getByText('en vigueur dès le prochain message').waitFor();
    await context.close();
  });

  test('an agreement gets its next version after it was read, and is suspended and ended with a word first', async () => {
    const { context, page } = await open({ hasScript: false });
    const call = async () =>
      (
        await sendRaw(exchange.consumer.gateway.url, {
          path: `/r1/${SERVICE}/one`,
          headers: [['x-road-client', CLIENT]],
        })
      ).status;
    await page.goto(`${origin}/fr/console/agreements`);
    await page.getByRole('link', { name: 'residence' }).click();
    await page.getByRole('link', { name: 'Nouvelle version' }).click();
    await page.getByLabel('Opérations autorisées').fill('persons');
    await page.getByRole('button', { name: 'Relire le texte' }).click();
    await page.getByRole('link', { name: /Écrivez par ligne/ }).waitFor();
    await page.getByLabel('Opérations autorisées').fill('GET /**');
    await page.getByRole('button', { name: 'Relire le texte' }).click();
    await page.getByRole('button', { name: 'Modifier' }).click();
    await page.getByRole('button', { name: 'Relire le texte' }).click();
    await page.getByRole('button', { name: 'Enregistrer la convention' }).click();
    await page.getByText('Version 2', { exact: false }).first().waitFor();
    assert.equal(await call(), 200);
    await page.getByRole('link', { name: 'Suspendre' }).click();
    await page.getByRole('button', { name: /Suspendre/ }).click();
    assert.notEqual(await call(), 200);
    await page.goto(`${origin}/fr/console/agreements/explain`);
    await page.getByLabel('Client').selectOption(CLIENT);
    await page.getByLabel('Service').selectOption(SERVICE);
    await page.getByRole('button', { name: 'Expliquer' }).click();
    await page.getByText('La convention est suspendue par le fournisseur').first().waitFor();
    await page.goto(`${origin}/fr/console/agreements/residence`);
    await page.getByRole('link', { name: 'Reprendre' }).click();
    await page.getByRole('button', { name: /Reprendre/ }).click();
    assert.equal(await call(), 200);
    await context.close();
  });

  test('an operator of the registry registers there as well, with a passkey of its own', async () => {
    const context = await browser.newContext({ viewport: DESK });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await addAuthenticator(context, page);
    const { operators } = exchange.registry.server;
    const { link } = await operators.add({ name: 'Hind', roles: ['registration-officer', 'system-administrator'] });
    await page.goto(link);
    await page.getByRole('button', { name: 'تسجيل مفتاح المرور' }).click();
    await page.getByRole('button', { name: 'تسجيل الخروج' }).waitFor();
    await page.goto(`${new URL(page.url()).origin}/ar/console/operators`);
    await page.getByRole('link', { name: 'Hind' }).waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await context.close();
  });

  test('no page breaks a rule of accessibility or scrolls sideways on a phone, in any language', async () => {
    const faults: string[] = [];
    const pages = [
      '',
      '/traffic',
      '/charts',
      '/trust',
      '/agreements',
      '/agreements/residence',
      '/agreements/new?from=residence',
      '/agreements/residence/end',
      `/agreements/explain?client=${encodeURIComponent(CLIENT)}&service=${encodeURIComponent(SERVICE)}&method=GET&path=/`,
      '/services',
      `/services/one?service=${encodeURIComponent(SERVICE)}`,
      '/services/new',
      '/systems',
      `/systems/one?subsystem=${encodeURIComponent(PROVIDER_SYSTEM)}`,
      '/contests',
      '/contests/1',
      '/operators',
      '/tokens',
      '/audit',
      '/sign-in',
      '/enrol',
    ];
    for (const isPhone of [false, true]) {
      const { context, page } = await open({ hasScript: true, isPhone });
      for (const language of isPhone ? ['fr', 'en'] : ['ar'])
        for (const path of await withDetails(page, `${origin}/${language}/console`, pages)) {
          await page.goto(path);
          if (language !== 'en') faults.push(...(await axeViolations(page)).map((fault) => `${path}: ${fault}`));
          if ((await sidewaysScroll(page)) > 0) faults.push(`${path}: scrolls sideways`);
        }
      await context.close();
    }
    assert.deepEqual(faults, []);
  });

  async function withDetails(page: Page, base: string, pages: readonly string[]): Promise<readonly string[]> {
    await page.goto(`${base}/traffic`);
    const id = await page.locator('[data-exchange]').first().getAttribute('data-exchange');
    return [...pages, `/traffic/${id}`].map((path) => `${base}${path}`);
  }
});
