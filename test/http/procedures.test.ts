import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS } from '../../src/exchange/index.ts';
import { signInAs } from '../../src/identity/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { readConfig } from '../../src/main/config.ts';
import { type Visitor, visitor } from '../../src/main/demo/browser.ts';
import { fileOne } from '../../src/main/demo/journey.ts';
import { openWasl, type Wasl } from '../../src/main/parts/wasl.ts';
import { PROBLEM_TYPES } from '../../src/procedures/index.ts';

/** What the portal's pages do with what people get wrong, over its socket. */
const dir = mkdtempSync(join(tmpdir(), 'wasl-procedures-test-'));
const LONG_REASON = 'Le justificatif ne porte pas l’adresse qui est déclarée.';
const PROCEDURE = '/fr/procedures/certificat-residence/start';
let wasl: Wasl;
let citizen: Visitor;
let agent: Visitor;
let agentSession: Awaited<ReturnType<typeof signInAs>>;

before(async () => {
  wasl = await openWasl(unwrap(readConfig({ data: dir, port: '0', logLevel: 'silent' }, {})));
  citizen = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, 'AB123456'));
  agentSession = await signInAs(wasl.portalUrl, 'EF345678');
  agent = visitor(wasl.portalUrl, agentSession);
});

after(async () => {
  await wasl.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A filed request: its page for the citizen and for the agent. */
async function filed(who = citizen): Promise<{ readonly own: string; readonly office: string }> {
  const { dossier } = await fileOne(who, join(dir, 'files'));
  return { own: `/fr/requests/${dossier}`, office: `/fr/agent/${dossier}` };
}

/** What is said to be wrong beside a field. */
function besideField(html: string, field: string): string | undefined {
  return new RegExp(`id="${field}-error"[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]+)`).exec(html)?.[1];
}

/** Ticks several boxes of the form that asks for completion. */
async function askCompletion(office: string, items: readonly string[]): Promise<void> {
  const message = 'Indiquez le numéro de la rue et votre téléphone.';
  const body = new URLSearchParams([
    ['_csrf', agentSession.csrf],
    ['message', message],
  ]);
  for (const item of items) body.append('items', item);
  const headers = { accept: 'text/html', cookie: agentSession.cookie };
  const answer = await fetch(new URL(`${office}/completion`, wasl.portalUrl), { method: 'POST', headers, body });
  assert.equal(answer.status, 200);
}

test('both members sign the agreements of the demonstration, without its start waiting for them', async () => {
  for (const { name, url } of wasl.gateways) {
    const headers = {
      authorization: `Bearer ${readFileSync(join(dir, `gateway-${name}`, 'operator-token.secret'), 'utf8').trim()}`,
    };
    const read = async (path: string) => (await fetch(`${url}/operator/v1${path}`, { headers })).json();
    const { agreements } = (await read('/agreements')) as { agreements: { id: string; status: string }[] };
    assert.ok(agreements.length > 0);
    for (const { id, status } of agreements) {
      assert.equal(status, 'active');
      for (let waited = 0; ; waited += 100) {
        const { signatures } = (await read(`/agreements/${id}/versions/1`)) as { signatures: { party: string }[] };
        if (signatures.length === 2) break;
        assert.ok(waited < 10_000, `${id} is not signed by both`);
        await sleep(100);
      }
    }
  }
});

describe('a question that an answer brings up', () => {
  test('is asked on the same page, without being called an error, and then kept', async () => {
    const who = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, 'CD234567'));
    const started = await who.get(PROCEDURE);
    const path = started.path.replace('/documents', '/steps/1');
    const page = await who.get(path);
    assert.doesNotMatch(page.html, /name="purposeDetail"/);
    const asked = await who.submit(path, page, { purpose: 'other' });
    assert.equal(asked.status, 200);
    assert.equal(asked.path, path);
    assert.match(asked.html, /name="purposeDetail"/);
    assert.doesNotMatch(asked.html, /error-summary/);
    const next = await who.submit(path, asked, { purposeDetail: 'Ouvrir un commerce' });
    assert.match(next.path, /\/steps\/2$/);
    assert.match((await who.get(path)).html, /value="Ouvrir un commerce"/);
  });
});

describe('an upload', () => {
  test('that is no PDF and no picture is refused beside its field, whatever its name says', async () => {
    const session = await signInAs(wasl.portalUrl, 'IJ567890');
    const who = visitor(wasl.portalUrl, session);
    const started = await who.get(PROCEDURE);
    await who.submit(started.path, started, {});
    const base = started.path.replace('/documents', '');
    const step = async (nth: number, answers: Record<string, string>) => {
      const path = `${base}/steps/${nth}`;
      return who.submit(path, await who.get(path), answers);
    };
    await step(1, { purpose: 'bank' });
    await step(2, { 'residentSince-day': '1', 'residentSince-month': '9', 'residentSince-year': '2019' });
    await step(3, { proofKind: 'file' });
    const upload = async (bytes: string, name: string) => {
      const body = new FormData();
      body.append('_csrf', session.csrf);
      body.append('addressProofFile', new Blob([bytes], { type: 'application/pdf' }), name);
      const headers = { accept: 'text/html', cookie: session.cookie };
      const answer = await fetch(new URL(`${base}/steps/4`, wasl.portalUrl), { method: 'POST', headers, body });
      return { status: answer.status, path: new URL(answer.url).pathname, html: await answer.text() };
    };
    const refused = await upload('<script>alert(1)</script>', 'facture.pdf');
    assert.equal(refused.status, 422);
    assert.match(besideField(refused.html, 'addressProofFile') ?? '', /PDF/);
    assert.doesNotMatch(refused.html, /facture\.pdf/, 'a refused file is not shown as sent');
    const kept = await upload('%PDF-1.7 facture', '../../facture.pdf');
    assert.equal(kept.path, `${base}/steps/5`);
    const again = await who.get(`${base}/steps/4`);
    assert.match(again.html, /<bdi>facture\.pdf<\/bdi>/, 'its folder is no part of its name');
    assert.equal((await step(4, {})).path, `${base}/steps/5`, 'the file that stands is not asked for again');
  });
});

describe('the one request for completion', () => {
  test('is answered on one page that holds all that is asked for, and only then does the clock go on', async () => {
    const { own, office } = await filed();
    await askCompletion(office, ['field:address:incorrect', 'field:phone:missing']);
    assert.match((await citizen.get(own)).html, new RegExp(`href="${own}/complete"`));
    assert.equal((await citizen.get(`${own}/steps/1`)).path, `${own}/complete`, 'the steps lead there too');
    const form = await citizen.get(`${own}/complete`);
    assert.match(form.html, /name="address"[\s\S]*name="phone"/);
    assert.doesNotMatch(form.html, /name="purpose"/, 'what is not asked for is not on the page');
    const refused = await citizen.submit(`${own}/complete`, form, { address: '' });
    assert.equal(refused.status, 422);
    assert.ok(besideField(refused.html, 'address') !== undefined);
    assert.match((await citizen.get(own)).html, /clock-paused/);
    const answers = { address: '12 bis, rue des Cèdres', phone: '0698765432', purpose: 'employment' };
    const done = await citizen.submit(`${own}/complete`, form, answers);
    assert.equal(done.path, own);
    assert.match(done.html, /12 bis, rue des Cèdres/);
    assert.match(done.html, /\+212698765432/);
    assert.match(done.html, /Démarche bancaire/, 'what was not asked for stays as it was filed');
    assert.doesNotMatch(done.html, /clock-paused/);
    assert.equal((await citizen.get(`${own}/complete`)).status, 409, 'it is answered once');
  });

  test('is not lost by a message that is too short: the items stay ticked and the words stay', async () => {
    const { office } = await filed();
    const fields = { items: 'field:address:incorrect', message: 'trop court' };
    const refused = await agent.submit(`${office}/completion`, await agent.get(office), fields);
    assert.equal(refused.status, 422);
    assert.ok(besideField(refused.html, 'message') !== undefined);
    assert.match(refused.html, />\s*trop court<\/textarea>/);
    assert.match(refused.html, /value="field:address:incorrect" checked/);
  });
});

describe('a decision', () => {
  test('that refuses without ground or reasons comes back before it is confirmed, with what was written', async () => {
    const { office } = await filed();
    const page = await agent.get(office);
    const mute = { kind: 'refuse', ground: 'outside-jurisdiction', reason: 'trop court' };
    const refused = await agent.submit(`${office}/decide`, page, mute);
    assert.equal(refused.status, 422);
    assert.match(refused.html, /<title>Erreur/);
    assert.match(refused.html, /href="#reason"/);
    assert.ok(besideField(refused.html, 'reason') !== undefined);
    assert.match(refused.html, />\s*trop court<\/textarea>/);
    assert.match(refused.html, /value="outside-jurisdiction" selected/);
    const empty = await agent.submit(`${office}/decide`, page, { kind: 'refuse', ground: '', reason: '' });
    assert.ok(besideField(empty.html, 'ground') !== undefined && besideField(empty.html, 'reason') !== undefined);
  });

  test('on a dossier that changed since it was read shows what changed, and decides nothing', async () => {
    const { office } = await filed();
    const page = await agent.get(office);
    const confirm = await agent.submit(`${office}/decide`, page, { kind: 'accept', remark: 'Tout est là.' });
    await agent.submit(`${office}/assign`, page, {});
    for (const path of [`${office}/decide/confirm`, `${office}/decide`]) {
      const stale = await agent.submit(path, path.endsWith('confirm') ? confirm : page, { remark: 'Tout est là.' });
      assert.equal(stale.status, 409, path);
      assert.match(/<div class="notice[\s\S]*?<\/ul>/.exec(stale.html)?.[0] ?? '', /confié à un agent/);
      assert.match(stale.html, />\s*Tout est là\.<\/textarea>/, 'the words of the agent stand');
      assert.match(stale.html, new RegExp(`action="${office}/decide"`), 'the decision is still to be taken');
    }
  });

  test('is not for the applicant: an agent’s own request is told so in their language', async () => {
    const { office } = await filed(agent);
    const own = await agent.get(office);
    assert.equal(own.status, 403);
    assert.match(own.html, /son propre dossier/);
  });

  test('that refuses can be appealed once, and an appeal without reasons comes back with its words', async () => {
    const { own, office } = await filed();
    const fields = { kind: 'refuse', ground: 'outside-jurisdiction', reason: LONG_REASON };
    const confirm = await agent.submit(`${office}/decide`, await agent.get(office), fields);
    await agent.submit(`${office}/decide/confirm`, confirm, {});
    const page = await citizen.get(own);
    assert.match(page.html, /Le justificatif ne porte pas/);
    const refused = await citizen.submit(`${own}/appeal`, page, { reason: 'non' });
    assert.equal(refused.status, 422);
    assert.ok(besideField(refused.html, 'reason') !== undefined);
    assert.match(refused.html, />\s*non<\/textarea>/);
    const done = await citizen.submit(`${own}/appeal`, page, { reason: LONG_REASON });
    assert.equal(done.path, own);
    assert.doesNotMatch(done.html, new RegExp(`action="${own}/appeal"`));
  });
});

describe('what is refused', () => {
  test('a filed request’s form leads to no field, and says why in the person’s language', async () => {
    const { own } = await filed();
    const page = await citizen.get(`${own}/steps/1`);
    assert.equal(page.status, 409);
    assert.match(page.html, /déjà déposée/);
  });

  test('a paper whose address nobody issued is called unknown, in the reader’s language', async () => {
    const url = new URL('/v/AAAAAAAAAAAAAAAAAAAAAA', wasl.portalUrl);
    const page = await fetch(url, { headers: { accept: 'text/html', 'accept-language': 'fr-MA, ar;q=0.5' } });
    assert.equal(page.status, 404);
    const html = await page.text();
    assert.match(html, /<html lang="fr"/);
    assert.match(html, /class="verdict verdict-invalid/);
    assert.match((await fetch(url)).headers.get('content-type') ?? '', /^application\/problem\+json/);
  });

  test('each problem that the portal answers with has a page that says what to do', async () => {
    for (const slug of [...PROBLEM_TYPES.map((one) => one.slug), ...Object.keys(FAULTS)]) {
      const page = await fetch(new URL(`/problems/${slug}`, wasl.portalUrl));
      assert.equal(page.status, 200, slug);
      assert.match(await page.text(), /What to do<\/dt><dd[^>]*>\w/, slug);
    }
  });
});
