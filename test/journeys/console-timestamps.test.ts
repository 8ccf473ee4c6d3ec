import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { axeViolations, findChromium, launchChromium, sidewaysScroll } from '../support/chromium.ts';
import { originOf, signedIn } from '../support/console.ts';
import { openForTest } from '../support/database.ts';
import { until } from '../support/events.ts';
import { startExchange, type TestExchange } from '../support/gateways.ts';
import { startAuthority, type TestAuthority } from '../support/tsa.ts';

/** How far a gateway's ledger is timestamped, in a real browser without script. */
const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;
const NAME = 'Horodatage national';

describe('timestamps on the console', { skip }, () => {
  let exchange: TestExchange;
  let authority: TestAuthority;
  let browser: Browser;
  let origin: string;
  let page: Page;

  before(async () => {
    authority = await startAuthority();
    exchange = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      timestampIntervalMs: 1000,
    });
    origin = originOf(exchange.provider.gateway);
    browser = await launchChromium(executable ?? '');
    ({ page } = await signedIn(browser, exchange.provider.gateway, ['observer']));
  });
  after(async () => {
    await browser?.close();
    await exchange?.close();
    await authority?.close();
  });

  /** As the registry's security officer lists it; the path says how OpenSSL's authority answers. */
  const listAuthority = async (path: string) => {
    const certificate = (await authority.certificate('rsa')).toString('base64');
    const url = `${exchange.registry.server.url}/registry/v1/timestamp-authorities/${encodeURIComponent(NAME)}`;
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { authorization: `Bearer ${exchange.registry.operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${authority.url}${path}`, certificate }),
    });
    assert.equal(answer.status, 200);
    unwrap(await exchange.provider.trust.refresh());
  };
  const shown = async (language: string) => {
    await page.goto(`${origin}/${language}/console/trust/timestamps`);
    return (await page.locator('main').textContent()) ?? '';
  };
  const faultsOf = async (state: string) => {
    const faults: string[] = [];
    for (const isPhone of [false, true]) {
      const visit = await signedIn(browser, exchange.provider.gateway, ['observer'], { isPhone, hasScript: true });
      await visit.page.goto(`${origin}/${isPhone ? 'ar' : 'fr'}/console/trust/timestamps`);
      faults.push(...(await axeViolations(visit.page)).map((fault) => `${state}: ${fault}`));
      if ((await sidewaysScroll(visit.page)) > 0) faults.push(`${state}: scrolls sideways`);
      await visit.context.close();
    }
    return faults;
  };

  test('where the registry lists no authority the page says so, and whose part it is', async () => {
    await page.goto(`${origin}/fr/console/trust`);
    await page.getByRole('link', { name: 'Horodatage', exact: true }).click();
    await page.getByText('Le registre des participants n’inscrit aucune autorité d’horodatage').waitFor();
    assert.equal(await page.locator('[data-empty]').count(), 1);
    assert.equal(await page.locator('[data-stamp], [data-authority]').count(), 0);
    assert.match(await shown('ar'), /لا يدرج سجل المشاركين أي هيئة للختم الزمني/);
    assert.match(await shown('en'), /The registry lists no timestamp authority/);
    assert.deepEqual(await faultsOf('empty'), []);
  });

  test('an authority that gives no token is told with its reason, and as late after four hours', async () => {
    const { read } = exchange.provider.db;
    await listAuthority('failing');
    await until('a failure', async () => /Attempts in a row/.test(await shown('en')), 60_000);
    const text = await shown('fr');
    assert.match(text, /Tentatives consécutives sans résultat : \d+\. Dernier motif :/);
    assert.match(text, /Horodatage national: it answered 503/);
    assert.match(text, /Aucun horodatage n’a encore été obtenu/);
    await sql`update exchange_timestamp_round set succeeded_at = now() - interval '5 hours'`.execute(read);
    await page.goto(`${origin}/fr/console`);
    await page.locator('[data-need=timestamps-late] a').click();
    await page.getByText('Le journal n’a pas été horodaté depuis le').waitFor();
    assert.match((await page.locator('main').textContent()) ?? '', /5\s*heures/);
    assert.deepEqual(await faultsOf('late'), []);
  });

  test('the last token is told: when, by whom, over how many entries, and how many wait', async () => {
    await listAuthority('rsa');
    await until('a token', async () => /Derniers horodatages/.test(await shown('fr')), 60_000);
    const [stamp] = await page
      .locator('[data-stamp]')
      .evaluateAll((rows) => rows.map((row) => (row as unknown as { dataset: { stamp: string } }).dataset.stamp));
    const rows = await page.locator('.summary-row').allTextContents();
    const value = (key: string) => rows.find((row) => row.startsWith(key))?.slice(key.length);
    assert.equal(value('Autorité'), NAME);
    assert.equal(value('Écritures couvertes'), stamp);
    assert.match(value('Écritures en attente du prochain') ?? '', /^\d+$/);
    assert.equal(value('Échecs depuis'), '0');
    assert.match(value('Fréquence') ?? '', /^1\s*seconde$/);
    assert.equal(await page.locator('.warning').count(), 0);
    assert.equal(await page.locator('[data-authority]').count(), 1);
    assert.deepEqual(await faultsOf('stamped'), []);
  });
});
