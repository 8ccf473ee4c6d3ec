import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { askRegistry, issueToken, joinAsGateway } from '../../src/exchange/index.ts';
import { signListing } from '../../src/exchange/trust/listing.ts';
import type { Database } from '../../src/platform/index.ts';
import { axeViolations, DESK, findChromium, launchChromium, PHONE, sidewaysScroll } from '../support/chromium.ts';
import { openForTest } from '../support/database.ts';
import { addAuthenticator } from '../support/passkey.ts';
import { anAdmission, INSTANCE, startRegistry, type TestRegistry } from '../support/registry.ts';

const executable = findChromium();
const skip = executable === undefined ? 'no Chromium on this machine: install Debian’s package chromium' : false;
const SHOTS = process.env['WASL_SCREENSHOTS'];

describe('the registry in a browser', { skip }, () => {
  let db: Database;
  let registry: TestRegistry;
  let browser: Browser;
  let origin: string;
  let dir: string;
  let state: Awaited<ReturnType<BrowserContext['storageState']>>;

  before(async () => {
    db = await openForTest([]);
    registry = await startRegistry(db, new Date());
    Object.defineProperty(registry, 'now', { get: () => new Date() });
    origin = registry.server.url.replace('127.0.0.1', 'localhost');
    dir = await mkdtemp(join(tmpdir(), 'wasl-member-'));
    const clock = () => new Date();
    const registryUrl = registry.server.url;
    const token = await issueToken(registry.registry, anAdmission(), clock());
    const { keys } = await joinAsGateway({ registryUrl, token, dir, address: 'https://127.0.0.1:9443', clock });
    const server = `${INSTANCE}/GOV/DGSN/gw1`;
    const applicant = { registryUrl, server, signKey: keys.signKey, clock, randomBytes };
    await askRegistry(applicant, 'subsystem', { code: 'archive', name: { ar: 'الأرشيف', fr: 'Archives' } });
    const listing = signListing(keys.signKey, {
      v: 1,
      instance: INSTANCE,
      server,
      issuedAt: clock().toISOString(),
      services: [
        ...Array.from({ length: 44 }, (_one, nth) => ({
          service: `${INSTANCE}/GOV/DGSN/identity/s${nth}`,
          title: `État civil ${nth}`,
          endpoints: [],
        })),
        {
          service: `${INSTANCE}/GOV/DGSN/identity/persons`,
          title: 'Persons',
          endpoints: [{ method: 'GET', path: '/*' }],
          contentType: 'application/json',
          text: '{"openapi":"3.1.0"}',
        },
      ],
    });
    await fetch(`${registryUrl}/services`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ listing }),
    });
    browser = await launchChromium(executable ?? '');
  });

  after(async () => {
    await browser?.close();
    await registry?.close();
    await db?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const open = async (viewport: typeof PHONE | typeof DESK, javaScriptEnabled = false) => {
    const context = await browser.newContext({
      viewport,
      javaScriptEnabled,
      ...(state === undefined ? {} : { storageState: state }),
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    return { context, page };
  };

  test('everybody reads who takes part and which services there are, and programs read the same as DCAT', async () => {
    const { context, page } = await open(DESK);
    await page.goto(`${origin}/ar/`);
    assert.match(String(await page.locator('.facts').textContent()), /45/);
    await page.getByLabel('البحث عن خدمة أو عضو').fill('المديريّة  persons');
    await page.getByRole('button', { name: 'بحث' }).click();
    assert.equal(await page.locator('.card').count(), 1);
    await page.getByRole('link', { name: 'Persons' }).click();
    await page.getByText('/r1/').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'تنزيل وصف OpenAPI' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'persons.openapi.json');
    await page.getByRole('link', { name: 'المديرية العامة للأمن الوطني' }).click();
    await page.getByText('Sûreté nationale').waitFor();
    await page.getByRole('link', { name: 'Persons' }).waitFor();
    await page.goto(`${origin}/fr/services?q=etat%20CIVIL`);
    assert.equal(await page.locator('.card').count(), 20);
    await page.getByRole('link', { name: 'Suivante' }).click();
    await page.getByRole('link', { name: 'Suivante' }).click();
    assert.equal(await page.locator('.card').count(), 4);
    await page.goto(`${origin}/fr/members?q=nobody%3Cscript%3E`);
    await page.getByText('Aucun membre ne correspond').waitFor();
    assert.equal((await page.goto(`${origin}/fr/services/one?id=nothing`))?.status(), 404);
    await context.close();
    const catalogue = JSON.parse(await (await fetch(`${registry.server.url}/services.jsonld`)).text());
    assert.equal(catalogue['dcat:service'].length, 45);
  });

  test('an operator signs in with a passkey, grants a request, admits a member and rotates the key', async () => {
    const { context, page } = await open(DESK, true);
    await addAuthenticator(context, page);
    const roles = ['registration-officer', 'security-officer'];
    const { link } = await registry.server.operators.add({ name: 'نادية الفاسي', roles });
    await page.goto(link);
    await page.getByRole('button', { name: 'تسجيل مفتاح المرور' }).click();
    await page.waitForURL(`${origin}/ar/console`);
    state = await context.storageState();
    await page.getByRole('link', { name: 'إضافة نظام فرعي' }).click();
    await page.getByRole('button', { name: 'رفض الطلب' }).click();
    await page.getByText('اكتبوا تعليل الرفض').first().waitFor();
    await page.getByLabel('التعليل').fill('الملف كامل');
    await page.getByRole('button', { name: 'قبول الطلب' }).click();
    await page.waitForURL(`${origin}/ar/console`);
    await page.getByText('مقبول').waitFor();
    await page.goto(`${origin}/fr/console/members`);
    for (const [label, value] of [
      ['Classe du membre', 'GOV'],
      ['Code du membre', 'CIVIL'],
      ['Nom en arabe', 'الحالة المدنية'],
      ['Nom en français', 'État civil'],
      ['Code du sous-système', 'registry'],
    ] as const)
      await page.getByLabel(label).fill(value);
    await page.getByRole('button', { name: 'Créer le jeton' }).click();
    assert.match(String(await page.locator('#token-label + pre').textContent()), /^wasl1\./);
    await page.goto(`${origin}/en/console/trust`);
    await page.getByRole('button', { name: 'Rotate the signing key' }).click();
    await page.getByText('Retired').waitFor();
    await context.close();
  });

  test('each page stands in three languages without script, on a phone too, with nothing that axe finds', async () => {
    const answer = await fetch(`${registry.server.url}/registry/v1/certificates`, {
      headers: { authorization: `Bearer ${registry.operatorToken}` },
    });
    const { certificates } = JSON.parse(await answer.text());
    const service = encodeURIComponent(`${INSTANCE}/GOV/DGSN/identity/persons`);
    const member = encodeURIComponent(`${INSTANCE}/GOV/DGSN`);
    const paths = [
      '/',
      '/services',
      `/services/one?id=${service}`,
      '/members',
      `/members/one?id=${member}`,
      '/console',
      '/console/members',
      '/console/certificates',
      '/console/trust',
      '/console/parts/groups',
      '/console/parts/groups/edit',
      '/console/parts/federation/edit',
    ];
    paths.push(`/console/certificates/${certificates[0].id}/revoke`);
    for (const viewport of [PHONE, DESK]) {
      const { context, page } = await open(viewport);
      for (const path of paths) {
        for (const language of viewport === PHONE ? ['ar'] : ['ar', 'fr', 'en']) {
          await page.goto(`${origin}/${language}${path}`);
          assert.ok((await sidewaysScroll(page)) <= 0, `${viewport.width} ${language}${path}`);
          const name = `${language}${path.replaceAll('/', '-').slice(0, 40)}-${viewport.width}.png`;
          if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, name), fullPage: true });
        }
      }
      await context.close();
    }
    const { context, page } = await open(DESK, true);
    for (const path of paths) {
      await page.goto(`${origin}/ar${path}`);
      assert.deepEqual(await axeViolations(page), [], path);
    }
    await context.close();
  });
});
