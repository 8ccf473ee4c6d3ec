import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { signInAs } from '../../src/identity/index.ts';
import { type CookieBrowser, cookieBrowser, type Page } from '../support/cookie-browser.ts';
import { AMINA, NADIA, openPortal, type Portal } from '../support/identity.ts';

/** Sign-in through the simulator and what a session may do, over sockets. */
let portal: Portal;

before(async () => {
  portal = await openPortal();
  await portal.startSimulator();
});
after(() => portal.close());

const isChoice = (url: URL) => url.pathname.startsWith('/interaction/');
const isCallback = (url: URL) => url.pathname === '/auth/callback';

/** Begins a sign-in and stops on the page with the people. */
function begin(browser: CookieBrowser, returnTo: string): Promise<Page> {
  return browser.walk(`${portal.url}/auth/login?return=${encodeURIComponent(returnTo)}`);
}

/** Chooses a person on that page and stops before the portal hears of it: gives the address that it will be sent to. */
async function choose(browser: CookieBrowser, page: Page, form: Record<string, string>): Promise<URL> {
  const posted = await browser.post(page.url, form);
  assert.equal(posted.status, 303, posted.body);
  const resumed = await browser.walk(new URL(posted.headers.get('location') ?? '', page.url), isCallback);
  return resumed.url;
}

async function signIn(browser: CookieBrowser, person = AMINA, returnTo = '/ar/'): Promise<Page> {
  return browser.get(await choose(browser, await begin(browser, returnTo), { person: person.nationalId }));
}

async function sessionOf(browser: CookieBrowser) {
  const page = await browser.get(`${portal.url}/auth/session`, { accept: 'application/json' });
  return { status: page.status, body: JSON.parse(page.body) as Record<string, unknown> };
}

describe('signing in', () => {
  test('leads back to where one was, with a session that says who one is', async () => {
    const browser = cookieBrowser();
    const back = await signIn(browser, AMINA, '/fr/procedures?q=acte');
    assert.equal(back.status, 303);
    assert.equal(back.headers.get('location'), '/fr/procedures?q=acte');
    const { status, body } = await sessionOf(browser);
    assert.equal(status, 200);
    assert.deepEqual(body['name'], AMINA.name);
    assert.equal(body['acr'], 'urn:wasl:acr:simulator');
    assert.equal(JSON.stringify(body).includes(AMINA.nationalId), false, 'the number stays inside');
  });

  test('leaves one cookie, which scripts cannot read and other sites cannot send with a form', async () => {
    const browser = cookieBrowser();
    const back = await signIn(browser);
    const made = back.headers.getSetCookie().filter((line) => !line.includes('Max-Age=0'));
    assert.equal(made.length, 1);
    assert.match(made[0] ?? '', /^wasl_session=[\w-]{43}; Path=\/; Max-Age=36000; HttpOnly; SameSite=Lax$/);
    const left = browser.cookies().filter((cookie) => cookie.origin === portal.url);
    assert.deepEqual(
      left.map((cookie) => cookie.name),
      ['wasl_session'],
    );
  });

  test('asks for everything that OpenID Connect has against forgery', async () => {
    const login = await cookieBrowser().get(`${portal.url}/auth/login?return=/fr/`);
    const { searchParams: asked } = new URL(login.headers.get('location') ?? '');
    assert.equal(asked.get('response_type'), 'code');
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.equal(asked.get('ui_locales'), 'fr ar en');
    for (const name of ['state', 'nonce', 'code_challenge']) assert.match(asked.get(name) ?? '', /^[\w-]{43}$/, name);
    assert.equal(login.headers.get('cache-control'), 'no-store');
  });

  test('keeps nothing that names a person in addresses', async () => {
    const browser = cookieBrowser();
    const page = await begin(browser, '/ar/');
    const callback = await choose(browser, page, { person: AMINA.nationalId });
    for (const secret of [AMINA.nationalId, 'Amina', encodeURIComponent(AMINA.name.ar)]) {
      assert.equal(`${page.url} ${callback}`.includes(secret), false, secret);
    }
  });

  test('gives a new session each time and ends the one before', async () => {
    const browser = cookieBrowser();
    await signIn(browser);
    const thief = browser.copy();
    await signIn(browser, NADIA);
    assert.deepEqual((await sessionOf(browser)).body['name'], NADIA.name);
    assert.equal((await sessionOf(thief)).status, 401);
  });

  test('works in two tabs at once, in either order', async () => {
    const browser = cookieBrowser();
    const one = await begin(browser, '/ar/one');
    const two = await begin(browser, '/ar/two');
    const second = await browser.get(await choose(browser, two, { person: NADIA.nationalId }));
    assert.equal(second.headers.get('location'), '/ar/two');
    const first = await browser.get(await choose(browser, one, { person: AMINA.nationalId }));
    assert.equal(first.headers.get('location'), '/ar/one');
    assert.deepEqual((await sessionOf(browser)).body['name'], AMINA.name);
  });

  test('that is left off many times does not fill the headers of the requests', async () => {
    const browser = cookieBrowser();
    for (let time = 0; time < 9; time += 1) await browser.get(`${portal.url}/auth/login?return=/ar/`);
    const attempts = browser.cookies().filter((cookie) => cookie.name.startsWith('wasl_attempt_'));
    assert.equal(attempts.length, 4);
    assert.equal((await signIn(browser)).status, 303);
  });

  test('never leads to another site', async () => {
    for (const evil of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/%09/evil',
      'javascript:alert(1)',
    ]) {
      const browser = cookieBrowser();
      const back = await signIn(browser, AMINA, evil);
      const target = new URL(back.headers.get('location') ?? '', portal.url);
      assert.equal(target.origin, portal.url, evil);
    }
  });

  test('works for programs', async () => {
    const { cookie, csrf } = await signInAs(portal.url, NADIA.nationalId);
    const answer = await fetch(`${portal.url}/auth/session`, { headers: { cookie } });
    const body = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual([body['name'], body['csrf']], [NADIA.name, csrf]);
    await assert.rejects(signInAs(portal.url, 'ZZ000000'), /sign-in stopped at .*422/);
  });
});

describe('a sign-in that goes wrong', () => {
  test('because the person cancels, says so in their language and offers the way on', async () => {
    const browser = cookieBrowser();
    const callback = await choose(browser, await begin(browser, '/fr/mine'), { cancel: 'yes' });
    assert.equal(callback.searchParams.get('error'), 'access_denied');
    const page = await browser.get(callback);
    assert.equal(page.status, 403);
    assert.match(page.body, /<html lang="fr"/);
    assert.match(page.body, /La connexion n’a pas abouti/);
    assert.match(page.body, /href="\/auth\/login\?return=%2Ffr%2Fmine"/);
    assert.equal((await sessionOf(browser)).status, 401);
  });

  test('because the answer comes to another browser, opens nothing there', async () => {
    const browser = cookieBrowser();
    const callback = await choose(browser, await begin(browser, '/ar/'), { person: AMINA.nationalId });
    const other = cookieBrowser();
    const page = await other.get(callback);
    assert.equal(page.status, 400);
    assert.match(page.body, /تعذر إتمام تسجيل الدخول هذا/);
    assert.equal((await sessionOf(other)).status, 401);
    assert.equal((await browser.get(callback)).status, 303, 'and it still works where it began');
  });

  test('because the state, the issuer or the code was changed on the way, opens nothing', async () => {
    for (const [name, value] of [
      ['state', 'another'],
      ['state', ''],
      ['iss', 'https://evil.example'],
      ['iss', ''],
      ['code', 'another'],
    ] as const) {
      const browser = cookieBrowser();
      const callback = await choose(browser, await begin(browser, '/ar/'), { person: AMINA.nationalId });
      callback.searchParams.set(name, value);
      assert.equal((await browser.get(callback)).status, 400, `${name}=${value}`);
      assert.equal((await sessionOf(browser)).status, 401, `${name}=${value}`);
    }
  });

  test('because a parameter comes twice or not at all, is no fault of ours', async () => {
    const browser = cookieBrowser();
    const callback = await choose(browser, await begin(browser, '/ar/'), { person: AMINA.nationalId });
    for (const search of ['', '?state=a&state=b', `${callback.search}&code=x`, `?state=${'x'.repeat(3000)}`]) {
      assert.equal((await browser.get(`${portal.url}/auth/callback${search}`)).status, 400, search.slice(0, 40));
    }
  });

  test('because the code of another attempt was put in, fails on the proof of possession', async () => {
    const browser = cookieBrowser();
    const one = await choose(browser, await begin(browser, '/ar/'), { person: AMINA.nationalId });
    const two = await choose(browser, await begin(browser, '/ar/'), { person: NADIA.nationalId });
    one.searchParams.set('code', two.searchParams.get('code') ?? '');
    assert.equal((await browser.get(one)).status, 400);
    assert.equal((await sessionOf(browser)).status, 401);
  });

  test('because the code was used already, leaves the first session as it is', async () => {
    const browser = cookieBrowser();
    const callback = await choose(browser, await begin(browser, '/ar/'), { person: AMINA.nationalId });
    const thief = browser.copy();
    assert.equal((await browser.get(callback)).status, 303);
    assert.equal((await thief.get(callback)).status, 400);
    assert.equal((await sessionOf(thief)).status, 401);
    assert.equal((await sessionOf(browser)).status, 200);
  });

  test('because one went back after it had worked, leads home without a word', async () => {
    const browser = cookieBrowser();
    const callback = await choose(browser, await begin(browser, '/ar/'), { person: AMINA.nationalId });
    await browser.get(callback);
    const again = await browser.get(callback);
    assert.deepEqual([again.status, again.headers.get('location')], [303, '/ar/']);
    assert.equal((await sessionOf(browser)).status, 200);
  });

  test('because it took longer than ten minutes, begins again where one wanted to go', async () => {
    const slow = await openPortal();
    try {
      await slow.startSimulator();
      const browser = cookieBrowser();
      const page = await browser.walk(`${slow.url}/auth/login?return=/en/mine`, isChoice);
      const callback = await choose(browser, await browser.get(page.url), { person: AMINA.nationalId });
      slow.advance(600_000);
      const late = await browser.get(callback);
      assert.equal(late.status, 400);
      assert.match(late.body, /return=%2Fen%2Fmine/);
    } finally {
      await slow.close();
    }
  });

  test('because a number changed hands, leaves it to a human', async () => {
    await signIn(cookieBrowser());
    await sql`update person_subject set person_id = (
      select person_id from person_subject join person on person.id = person_id where name_fr = ${NADIA.name.fr} limit 1)
      where person_id = (select id from person where name_fr = ${AMINA.name.fr})`.execute(portal.db.read);
    const browser = cookieBrowser();
    const page = await signIn(browser, AMINA, '/fr/');
    assert.equal(page.status, 409);
    assert.match(page.body, /Vos dossiers sont conservés/);
    assert.equal((await sessionOf(browser)).status, 401);
    await sql`delete from person_subject`.execute(portal.db.read);
  });
});

describe('signing out', () => {
  const signOut = async (browser: CookieBrowser, form: Record<string, string>) =>
    browser.post(`${portal.url}/auth/logout?language=fr`, form);

  test('ends the session for every copy of its cookie, and says so', async () => {
    const browser = cookieBrowser();
    await signIn(browser);
    const copy = browser.copy();
    const csrf = String((await sessionOf(browser)).body['csrf']);
    const answer = await signOut(browser, { _csrf: csrf });
    assert.equal(answer.headers.get('location'), '/auth/signed-out?language=fr');
    assert.equal((await sessionOf(copy)).status, 401);
    assert.deepEqual(
      browser.cookies().filter((cookie) => cookie.name === 'wasl_session'),
      [],
    );
    const page = await browser.get(`${portal.url}/auth/signed-out?language=fr`);
    assert.match(page.body, /Vous êtes déconnecté/);
  });

  test('cannot be done by another site', async () => {
    const browser = cookieBrowser();
    await signIn(browser);
    assert.equal((await signOut(browser, {})).status, 403);
    assert.equal((await signOut(browser, { _csrf: 'x' })).status, 403);
    assert.equal((await sessionOf(browser)).status, 200);
  });

  test('too late, after the session has ended, is no error', async () => {
    assert.equal((await signOut(cookieBrowser(), {})).status, 303);
  });
});
