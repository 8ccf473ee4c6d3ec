import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page, Response } from 'playwright-core';

/** Called on each page of the walk under a short name, to look at it. */
export type Look = (page: Page, name: string) => Promise<void>;
export type Walk = {
  readonly portal: string;
  readonly language: 'ar' | 'fr' | 'en';
  readonly page: Page;
  readonly look: Look;
};

const QUESTIONS = { ar: 'شهادة السكنى', fr: 'certificat de résidence', en: 'certificate of residence' } as const;

async function at(walk: Walk, path: string, name: string): Promise<void> {
  const answer = await walk.page.goto(`${walk.portal}/${walk.language}${path}`);
  assert.equal(answer?.status(), 200, `${name}: ${path}`);
  await walk.look(walk.page, name);
}

/** Presses a button or a link and waits for the page that it ends at. Gives that page's answer. */
export async function press(page: Page, selector: string): Promise<Response> {
  const [answer] = await Promise.all([page.waitForNavigation(), page.locator(selector).first().click()]);
  assert.ok(answer !== null, `${selector} leads to a page`);
  return answer;
}

const SIGN_OUT = 'form.account[action^="/auth/logout"]';

export async function signIn(walk: Walk, nationalId: string): Promise<void> {
  const { page } = walk;
  await at(walk, '', 'home');
  await press(page, 'a[href*="/auth/login"]');
  await walk.look(page, 'sign-in');
  await press(page, `button[name="person"][value="${nationalId}"]`);
  await page.waitForURL((url) => url.href.startsWith(walk.portal));
  await page.locator(SIGN_OUT).waitFor();
}

/** Search, the procedure's page, and a fresh draft. Gives the path of the request. */
export async function start(walk: Walk): Promise<string> {
  const { page, language } = walk;
  await at(walk, '', 'home-signed-in');
  await page.locator('input[name="q"]').fill(QUESTIONS[language]);
  await press(page, 'form[role="search"] button, form:has(input[name="q"]) button');
  await walk.look(page, 'search');
  await press(page, 'main .card a');
  assert.match(page.url(), /\/procedures\/certificat-residence$/, 'the first result is the certificate of residence');
  await walk.look(page, 'procedure');
  await press(page, 'main .start a');
  assert.match(page.url(), /\/requests\/[\w-]+\/documents$/);
  return new URL(page.url()).pathname.replace(/^\/\w\w(.*)\/documents$/, '$1');
}

/** Gives the state of each document after the citizen knew what is asked for. */
export async function obtainDocuments(walk: Walk): Promise<Readonly<Record<string, string | null>>> {
  const { page } = walk;
  assert.equal(await page.locator('[data-state]').count(), 0, 'nothing is asked for before the citizen knows');
  await walk.look(page, 'documents-before');
  await press(page, 'main form[action$="/documents"] button');
  await page.locator('[data-document][data-state]').first().waitFor();
  await walk.look(page, 'documents');
  const states: Record<string, string | null> = {};
  for (const one of await page.locator('[data-document]').all()) {
    states[(await one.getAttribute('data-document')) ?? ''] = await one.getAttribute('data-state');
  }
  await press(page, 'main .actions a');
  return states;
}

const NEXT = 'main form[action*="/steps/"] button[type="submit"]';

/** First wrong: the page comes again with 422, says what is wrong beside the field, and keeps what was typed. */
export async function answerWrongly(walk: Walk): Promise<void> {
  const { page } = walk;
  const refused = await press(page, NEXT);
  assert.equal(refused.status(), 422, 'a question without an answer');
  await page.locator('.error-summary').waitFor();
  await walk.look(page, 'step-1-errors');
}

const STREET = '12 زنقة الأرز، أكدال';

async function answerAddress(walk: Walk): Promise<void> {
  const { page } = walk;
  assert.match(await page.locator('input[name="address"]').inputValue(), /\S/, 'the address is there already');
  await walk.look(page, 'step-2');
  await page.locator('input[name="address"]').fill(STREET);
  await fillDate(page, ['45', '13', '2019']);
  assert.equal((await press(page, NEXT)).status(), 422, 'a date that no calendar has');
  await walk.look(page, 'step-2-errors');
  assert.equal(await page.locator('input[name="address"]').inputValue(), STREET, 'what was typed stands');
  assert.equal(await page.locator('input[name="residentSince-day"]').inputValue(), '45', 'what was wrong stands too');
  const target = await page.locator('.error-summary a').first().getAttribute('href');
  assert.equal(await page.locator(`[id="${target?.slice(1)}"]`).count(), 1, 'the summary leads to the field');
  await fillDate(page, ['1', '9', '2019']);
  await press(page, NEXT);
}

async function fillDate(page: Page, parts: readonly string[]): Promise<void> {
  for (const [nth, part] of ['day', 'month', 'year'].entries()) {
    await page.locator(`input[name="residentSince-${part}"]`).fill(parts[nth] ?? '');
  }
}

export async function answerForm(walk: Walk): Promise<void> {
  const { page, look } = walk;
  await look(page, 'step-1');
  await answerWrongly(walk);
  await page.locator('input[name="purpose"][value="bank"]').check();
  await press(page, NEXT);
  await answerAddress(walk);
  await look(page, 'step-3');
  await page.locator('input[name="proofKind"][value="declaration"]').check();
  await press(page, NEXT);
  await look(page, 'step-4');
  await page.locator('input[name="addressDeclaration"]').check();
  await press(page, NEXT);
  await look(page, 'step-5');
  await page.locator('input[name="phone"]').fill('٠٦١٢٣٤٥٦٧٨');
  await press(page, NEXT);
  assert.match(page.url(), /\/check$/);
}

/** Checks the answers and files. Gives the receipt's number. */
export async function file(walk: Walk): Promise<string> {
  const { page } = walk;
  assert.ok(
    (await page.locator('main').textContent())?.includes(STREET),
    'the answers are shown before they are filed',
  );
  await walk.look(page, 'check');
  await press(page, 'main form[action$="/file"] button');
  await page.waitForURL(/\/receipt$/);
  await walk.look(page, 'receipt');
  const number = (await page.locator('[data-receipt-number]').getAttribute('data-receipt-number')) ?? '';
  assert.match(number, /^R-\d{4}-\d{6}-[0-9A-Z]$/);
  return number;
}

/** Presses a download link; the bytes must be a PDF. */
export async function downloadPdf(page: Page, name: string): Promise<void> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(`[data-download="${name}"]`).first().click(),
  ]);
  assert.match(download.suggestedFilename(), /\.pdf$/);
  const bytes = await readFile(await download.path());
  assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
}

export async function signOut(walk: Walk): Promise<void> {
  await press(walk.page, `${SIGN_OUT} button`);
  await walk.page.goto(`${walk.portal}/${walk.language}/requests`);
  assert.equal(await walk.page.locator(SIGN_OUT).count(), 0, 'nobody is signed in');
}

/** The agent finds the dossier, accepts it and confirms. */
export async function decide(walk: Walk, number: string): Promise<void> {
  const { page } = walk;
  await at(walk, '/agent', 'inbox');
  await press(page, `a[data-dossier]:has-text("${number}")`);
  await walk.look(page, 'agent-dossier');
  await press(page, 'form[action$="/decide"]:has(input[name="kind"][value="accept"]) button');
  await walk.look(page, 'agent-confirm');
  await press(page, 'form[action$="/decide/confirm"] button');
  await page.locator('[data-dossier]').first().waitFor();
  await walk.look(page, 'agent-decided');
}

/** The citizen's page of the request, the certificate's public page, and who used their data. */
export async function collect(walk: Walk, request: string): Promise<void> {
  const { page } = walk;
  await at(walk, '/requests', 'requests');
  await at(walk, request, 'request-accepted');
  await downloadPdf(page, 'attestation-ar');
  await press(page, 'a[data-verify]');
  assert.match(new URL(page.url()).pathname, /^\/v\/[\w-]+$/);
  assert.equal(await page.locator('.verdict-valid').count(), 1, 'the certificate is genuine');
  assert.doesNotMatch(await page.content(), /AB123456|الزياني|Ziani/, 'the public page does not name the person');
  await walk.look(page, 'verify');
  await at(walk, '/data-use', 'data-use');
  const shown = (await page.locator('main').textContent()) ?? '';
  assert.doesNotMatch(shown, /annexe-administrative|\/birthDate|fullName/, 'no code stands where words should');
  const lines = page.locator('main article[data-exchange]');
  assert.ok((await lines.count()) >= 2, 'two exchanges are told');
  assert.ok((await page.locator('main tbody tr').count()) >= 1, 'the agent’s look is told');
  assert.equal(await page.locator('main .notice').count(), 0, 'every administration answered');
  await narrow(walk, await lines.count());
  await contestUse(walk);
}

/** The list is narrowed to one administration and back, refuses a day that is none, and is had as a file. */
async function narrow(walk: Walk, count: number): Promise<void> {
  const { page } = walk;
  await page
    .locator('main details', { has: page.locator('form') })
    .locator('summary')
    .click();
  await page.locator('select[name=member]').selectOption('MA/GOV/CIVIL');
  await press(page, 'main details form button');
  const lines = page.locator('main article[data-exchange]');
  const narrowed = await lines.count();
  assert.ok(narrowed >= 1 && narrowed < count, 'only what the civil status asked or gave is shown');
  await walk.look(page, 'data-use-narrowed');
  await page.goto(`${walk.portal}/${walk.language}/data-use?from=2026-02-30`);
  assert.equal(await page.locator('.error-summary').count(), 1, 'the day does not exist');
  await walk.look(page, 'data-use-wrong-day');
  await page.goto(`${walk.portal}/${walk.language}/data-use`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('main a[href$="/list.json"]').click(),
  ]);
  const { usages, isWhole } = JSON.parse(await readFile(await download.path(), 'utf8'));
  assert.deepEqual([usages.length, isWhole], [count, true]);
}

/** The proof of a use is a file, and a contest of it stands in the list with its number, once it has a reason. */
async function contestUse(walk: Walk): Promise<void> {
  const { page } = walk;
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('main a[href$="/proof"]').first().click(),
  ]);
  assert.match(await readFile(await download.path(), 'utf8'), /"format":"wasl-evidence\/1"/);
  await page.locator('main a[href$="/contest"]').first().click();
  await walk.look(page, 'contest');
  await press(page, 'main form button');
  assert.equal(await page.locator('.field-wrong').count(), 1, 'a reason must be chosen');
  await walk.look(page, 'contest-refused');
  await page.locator('input[value=wrong-purpose]').check();
  await page.locator('textarea[name=words]').fill('لم أطلب هذه الوثيقة');
  await press(page, 'main form button');
  assert.equal(await page.locator('main .tag-amber').count(), 1, 'the contest waits for an answer');
  await walk.look(page, 'contested');
}
