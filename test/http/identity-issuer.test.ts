import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { importJWK, jwtVerify } from 'jose';
import { assertIssuerUrl, openSimulator, signInAs } from '../../src/identity/index.ts';
import { cookieBrowser } from '../support/cookie-browser.ts';
import { type HostileIssuer, hostileIssuer, type Lies } from '../support/hostile-issuer.ts';
import { AMINA, openPortal, type Portal } from '../support/identity.ts';

/** What an issuer can do to the portal: lie, be down, come back, forget. */
describe('an issuer that lies', () => {
  let issuer: HostileIssuer;
  let portal: Portal;
  before(async () => {
    issuer = await hostileIssuer();
    portal = await openPortal({ issuerUrl: () => issuer.url });
  });
  afterEach(() => issuer.lie({}));
  after(async () => {
    await portal.close();
    await issuer.close();
  });

  const signInUnder = async (lies: Lies) => {
    issuer.lie(lies);
    const browser = cookieBrowser();
    const login = await browser.get(`${portal.url}/auth/login?return=/fr/`);
    const answer = await browser.get(issuer.answerTo(new URL(login.headers.get('location') ?? '')));
    const session = await browser.get(`${portal.url}/auth/session`, { accept: 'application/json' });
    return { status: answer.status, session: session.status, body: answer.body };
  };

  test('is believed as long as it tells the truth', async () => {
    const { status, session } = await signInUnder({});
    assert.deepEqual([status, session], [303, 200]);
  });

  const now = () => Math.floor(Date.now() / 1000);
  const lies: readonly (readonly [what: string, lies: Lies])[] = [
    ['an ID token with the nonce of another attempt', { idToken: (honest) => ({ ...honest, nonce: 'another' }) }],
    ['an ID token without nonce', { idToken: ({ nonce: _, ...rest }) => rest }],
    ['an ID token for another client', { idToken: (honest) => ({ ...honest, aud: 'another' }) }],
    ['an ID token of another issuer', { idToken: (honest) => ({ ...honest, iss: 'https://evil.example' }) }],
    ['an ID token that has expired', { idToken: (honest) => ({ ...honest, exp: now() - 120 }) }],
    ['an ID token signed by somebody else', { signedByAnother: true }],
    ['an ID token that nobody signed', { algorithm: 'none' }],
    ['an authentication of this morning', { idToken: (honest) => ({ ...honest, auth_time: now() - 7200 }) }],
    ['no time of authentication', { idToken: ({ auth_time: _, ...rest }) => rest }],
    ['the data of another subject', { userInfo: { sub: 'subject-2' } }],
    ['a malformed national number', { userInfo: { national_id: '<b>' } }],
    ['a name that is no name', { userInfo: { 'name#ar': 7, 'name#fr': '' } }],
    ['an answer as another issuer (RFC 9207)', { iss: 'https://evil.example' }],
    ['an answer without its name, though it promised one', { iss: null }],
    ['tokens that are no JSON', { tokenBody: '<html>' }],
  ];
  for (const [what, told] of lies) {
    test(`opens no session with ${what}`, async () => {
      const { status, session, body } = await signInUnder(told);
      assert.deepEqual([status, session], [400, 401]);
      assert.match(body, /La connexion n’a pas été acceptée/);
    });
  }

  test('that fails inside is said to be unavailable, not the person refused', async () => {
    const { status, session, body } = await signInUnder({ tokenStatus: 500 });
    assert.deepEqual([status, session], [503, 401]);
    assert.match(body, /momentanément indisponible/);
  });

  test('gets assertions signed with the key that the portal publishes, made for it alone', async () => {
    await signInUnder({});
    const jwks = (await (await fetch(`${portal.url}/auth/jwks.json`)).json()) as { keys: Record<string, string>[] };
    const [jwk = {}] = jwks.keys;
    assert.deepEqual(Object.keys(jwk).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const verified = await jwtVerify(issuer.assertions.at(-1) ?? '', await importJWK(jwk, 'ES256'), {
      audience: issuer.url,
      issuer: 'wasl-portal',
      subject: 'wasl-portal',
    });
    assert.equal(verified.protectedHeader.kid, jwk['kid']);
    assert.equal(jwk['x'], createPublicKey(portal.clientKey).export({ format: 'jwk' }).x);
    assert.equal(new Set(issuer.assertions).size, issuer.assertions.length, 'none is used twice');
  });
});

describe('an issuer that is down', () => {
  test('stops sign-in only, with a page that says so, and is found when it comes', async () => {
    const portal = await openPortal();
    try {
      const browser = cookieBrowser();
      const page = await browser.get(`${portal.url}/auth/login?return=/ar/`);
      assert.equal(page.status, 503);
      assert.equal(page.headers.get('retry-after'), '60');
      assert.match(page.body, /تسجيل الدخول غير متاح حاليًا/);
      assert.equal((await browser.get(`${portal.url}/auth/signed-out`)).status, 200);
      await portal.startSimulator();
      // The failure is remembered for a second, so that nobody storms an issuer that is down.
      portal.advance(1000);
      const { cookie } = await signInAs(portal.url, AMINA.nationalId);
      assert.match(cookie, /^wasl_session=/);
    } finally {
      await portal.close();
    }
  });

  test('between the two halves of a sign-in is told apart from a refusal', async () => {
    const portal = await openPortal();
    try {
      const simulator = await portal.startSimulator();
      const browser = cookieBrowser();
      const page = await browser.walk(`${portal.url}/auth/login?return=/fr/`);
      const posted = await browser.post(page.url, { person: AMINA.nationalId });
      const resume = new URL(posted.headers.get('location') ?? '', page.url);
      const callback = await browser.walk(resume, (url) => url.pathname === '/auth/callback');
      await simulator.close();
      assert.equal((await browser.get(callback.url)).status, 503);
    } finally {
      await portal.close();
    }
  });

  test('and comes back knows the same people, and their sessions have gone on', async () => {
    const portal = await openPortal();
    try {
      const simulator = await portal.startSimulator();
      const { port } = new URL(simulator.issuer);
      const first = await signInAs(portal.url, AMINA.nationalId);
      const personOf = async (cookie: string) =>
        ((await (await fetch(`${portal.url}/auth/session`, { headers: { cookie } })).json()) as { person: string })
          .person;
      const person = await personOf(first.cookie);
      await simulator.close();
      assert.equal(await personOf(first.cookie), person);
      await portal.startSimulator(Number(port));
      const second = await signInAs(portal.url, AMINA.nationalId);
      assert.equal(await personOf(second.cookie), person);
    } finally {
      await portal.close();
    }
  });
});

describe('the simulator', () => {
  let portal: Portal;
  before(async () => {
    portal = await openPortal();
    await portal.startSimulator();
  });
  after(() => portal.close());

  test('shows in each language that it verifies nobody, what it passes on, and needs no script', async () => {
    for (const [language, notice, claim] of [
      ['ar', 'لا يتم هنا التحقق من أي هوية حقيقية', 'تاريخ الازدياد'],
      ['fr', 'aucune identité réelle n’est vérifiée ici', 'la date de naissance'],
      ['en', 'no real identity is verified here', 'the date of birth'],
    ] as const) {
      const page = await cookieBrowser().walk(`${portal.url}/auth/login?return=/${language}/`);
      assert.equal(page.status, 200);
      assert.match(page.body, new RegExp(`<html lang="${language}"`));
      assert.ok(page.body.includes(notice) && page.body.includes(claim), language);
      assert.equal(page.body.includes('<script'), false);
      assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    }
  });

  test('keeps the attempt when the language is changed', async () => {
    const browser = cookieBrowser();
    const page = await browser.walk(`${portal.url}/auth/login?return=/ar/`);
    const french = await browser.get(`${page.url}?language=fr`);
    assert.match(french.body, /<html lang="fr"/);
    assert.equal((await browser.post(page.url, { person: AMINA.nationalId })).status, 303);
  });

  test('has its page only for the browser that was sent there', async () => {
    const page = await cookieBrowser().walk(`${portal.url}/auth/login?return=/fr/`);
    const stranger = cookieBrowser();
    assert.equal((await stranger.get(page.url)).status, 400);
    assert.equal((await stranger.post(page.url, { person: AMINA.nationalId })).status, 400);
  });

  test('answers an unknown person, an endless form and a lost address with a page', async () => {
    const browser = cookieBrowser();
    const page = await browser.walk(`${portal.url}/auth/login?return=/fr/`);
    assert.equal((await browser.post(page.url, { person: 'ZZ000000' })).status, 422);
    assert.equal((await browser.post(page.url, { person: 'x'.repeat(100_000) })).status, 422);
    const lost = await browser.get(new URL('/interaction/none', page.url));
    assert.equal(lost.status, 400);
    assert.match(lost.body, /href="http:\/\/127\.0\.0\.1:\d+\/ar\/"/);
    assert.equal((await browser.get(new URL('/nothing-here', page.url))).status, 404);
    assert.equal((await browser.post(page.url, { person: AMINA.nationalId })).status, 303, 'the attempt still works');
  });

  test('takes no other client, no other address to go back to and no request without PKCE', async () => {
    const login = await cookieBrowser().get(`${portal.url}/auth/login?return=/fr/`);
    const honest = new URL(login.headers.get('location') ?? '');
    for (const [name, value] of [
      ['client_id', 'another'],
      ['redirect_uri', 'https://evil.example/auth/callback'],
    ] as const) {
      const url = new URL(honest);
      url.searchParams.set(name, value);
      const answer = await cookieBrowser().get(url);
      assert.equal(answer.status, 400, name);
      assert.equal(answer.headers.get('location'), null);
    }
    const bare = new URL(honest);
    bare.searchParams.delete('code_challenge');
    bare.searchParams.delete('code_challenge_method');
    const answer = await cookieBrowser().get(bare);
    assert.match(answer.headers.get('location') ?? '', /error=invalid_request/);
  });

  test('does not start in production', async () => {
    await assert.rejects(
      openSimulator({ mode: 'production' } as Parameters<typeof openSimulator>[0]),
      /does not start in production/,
    );
  });
});

test('an issuer is reached over TLS, or is on this machine where that is allowed', () => {
  assertIssuerUrl('https://eid.example', false);
  assertIssuerUrl('http://127.0.0.1:4000', true);
  for (const [url, isLoopbackAllowed] of [
    ['http://127.0.0.1:4000', false],
    ['http://eid.example', true],
    ['http://127.0.0.1.evil.example', true],
    ['ftp://127.0.0.1', true],
    ['', true],
  ] as const) {
    assert.throws(() => assertIssuerUrl(url, isLoopbackAllowed), /must be an https address/, url);
  }
});
