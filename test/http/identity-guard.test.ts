import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Access, DEFAULT_CLAIMS, type SignedIn, signInAs } from '../../src/identity/index.ts';
import type { Answer, Route } from '../../src/platform/index.ts';
import { AMINA, NADIA, openPortal, type Portal } from '../support/identity.ts';

/** Who comes in where, and what forms must bring. */
const ACCESSES: readonly Access[] = ['public', 'signed-in', 'citizen', 'agent', 'operator'];

function routesFor(access: Access): readonly Route<Access>[] {
  const answer = async (): Promise<Answer> => ({ kind: 'json', body: 'done' });
  const common = { access, audit: null, rate: 'page', handle: answer } as const;
  return [
    { ...common, id: `test.${access}.read`, method: 'GET', url: `/:language/${access}` },
    { ...common, id: `test.${access}.write`, method: 'POST', url: `/:language/${access}` },
  ];
}

const WHO = ['nobody', 'without a number', 'citizen', 'agent', 'operator'] as const;
type Who = (typeof WHO)[number];
const NOBODY: SignedIn = { cookie: '', csrf: '' };

let portal: Portal;
let numberless: Portal;
const sessions = new Map<Who, { readonly url: string; readonly session: SignedIn }>();

before(async () => {
  const routes = ACCESSES.flatMap(routesFor);
  portal = await openPortal({ routes });
  numberless = await openPortal({ routes, claims: { ...DEFAULT_CLAIMS, nationalId: 'not-given' } });
  await Promise.all([portal.startSimulator(), numberless.startSimulator()]);
  const office = { office: 'rabat', grantedBy: 'test' } as const;
  sessions.set('nobody', { url: portal.url, session: NOBODY });
  const bare = await signInAs(numberless.url, AMINA.nationalId);
  sessions.set('without a number', { url: numberless.url, session: bare });
  sessions.set('citizen', { url: portal.url, session: await signInAs(portal.url, AMINA.nationalId) });
  await portal.identity.grantRole({ to: { nationalId: NADIA.nationalId }, role: 'agent', ...office });
  sessions.set('agent', { url: portal.url, session: await signInAs(portal.url, NADIA.nationalId) });
  // A third portal would be a third database: the operator is a citizen of the one without numbers.
  const operator = await signInAs(numberless.url, NADIA.nationalId);
  const { person } = (await ask(numberless.url, '/auth/session', operator)).json as { person: string };
  await numberless.identity.grantRole({ to: { personId: person }, role: 'operator', ...office });
  sessions.set('operator', { url: numberless.url, session: operator });
});
after(async () => {
  await portal.close();
  await numberless.close();
});

type Asked = {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
  readonly json: unknown;
};

async function ask(base: string, path: string, { cookie }: SignedIn, init: RequestInit = {}): Promise<Asked> {
  const headers = { accept: 'application/json', cookie, ...(init.headers as Record<string, string>) };
  const answer = await fetch(new URL(path, base), { ...init, headers, redirect: 'manual' });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    text,
    json: isJson ? JSON.parse(text) : text,
  };
}

function of(who: Who) {
  const found = sessions.get(who);
  assert.ok(found !== undefined);
  return found;
}

/** What each sees at each door: status, and for a refusal its problem and the role that is missing. */
const MATRIX: Readonly<Record<Who, Readonly<Record<Access, string>>>> = {
  nobody: {
    public: '200',
    'signed-in': '401 unauthenticated',
    citizen: '401 unauthenticated',
    agent: '401 unauthenticated',
    operator: '401 unauthenticated',
  },
  'without a number': {
    public: '200',
    'signed-in': '200',
    citizen: '403 not-identified',
    agent: '403 role-missing agent',
    operator: '403 role-missing operator',
  },
  citizen: {
    public: '200',
    'signed-in': '200',
    citizen: '200',
    agent: '403 role-missing agent',
    operator: '403 role-missing operator',
  },
  agent: { public: '200', 'signed-in': '200', citizen: '200', agent: '200', operator: '403 role-missing operator' },
  operator: {
    public: '200',
    'signed-in': '200',
    citizen: '403 not-identified',
    agent: '403 role-missing agent',
    operator: '200',
  },
};

function said({ status, json }: Asked): string {
  const { type, role } = (typeof json === 'object' ? json : {}) as { type?: string; role?: string };
  return [status, type?.split('/').at(-1), role].filter((part) => part !== undefined).join(' ');
}

describe('each door, for each person', () => {
  for (const who of WHO) {
    test(`${who}: reads and writes exactly where the matrix says so`, async () => {
      const { url, session } = of(who);
      for (const access of ACCESSES) {
        assert.equal(said(await ask(url, `/fr/${access}`, session)), MATRIX[who][access], `GET ${access}`);
        const written = await ask(url, `/fr/${access}`, session, {
          method: 'POST',
          body: new URLSearchParams({ _csrf: session.csrf }),
        });
        assert.equal(said(written), MATRIX[who][access], `POST ${access}`);
      }
    });
  }

  test('a role ends with the next request after it was taken away', async () => {
    const session = await signInAs(portal.url, AMINA.nationalId);
    const to = { nationalId: AMINA.nationalId };
    const id = await portal.identity.grantRole({ to, role: 'agent', office: 'sale', grantedBy: 'test' });
    assert.equal((await ask(portal.url, '/fr/agent', session)).status, 200);
    await portal.identity.revokeRole(id);
    assert.equal((await ask(portal.url, '/fr/agent', session)).status, 403);
  });
});

describe('a browser', () => {
  const html = { headers: { accept: 'text/html,application/xhtml+xml' } };

  test('that asks for a page is led to sign-in and knows the way back', async () => {
    const answer = await ask(portal.url, '/fr/citizen?tab=2', NOBODY, html);
    assert.deepEqual([answer.status, answer.location], [303, '/auth/login?return=%2Ffr%2Fcitizen%3Ftab%3D2']);
  });

  test('that sends a form after the session has ended is told so, and leads back to the page of the form', async () => {
    const referer = `${portal.url}/fr/requests/7/steps/2`;
    const page = await ask(portal.url, '/fr/citizen', NOBODY, {
      method: 'POST',
      headers: { ...html.headers, referer },
    });
    assert.equal(page.status, 401);
    assert.match(page.text, /Votre session a expiré/);
    assert.match(page.text, /return=%2Ffr%2Frequests%2F7%2Fsteps%2F2/);
    const elsewhere = { ...html.headers, referer: 'https://evil.example/x' };
    const other = await ask(portal.url, '/fr/citizen', NOBODY, { method: 'POST', headers: elsewhere });
    assert.match(other.text, /return=%2Ffr%2F"/);
  });

  test('of a person without the role sees which role is missing, in the language of the page', async () => {
    const { session } = of('citizen');
    for (const [language, role] of [
      ['ar', 'موظف معالج للملفات'],
      ['fr', 'agent instructeur'],
      ['en', 'case officer'],
    ]) {
      const page = await ask(portal.url, `/${language}/agent`, session, html);
      assert.equal(page.status, 403);
      assert.match(page.text, new RegExp(`<html lang="${language}"`));
      assert.ok(page.text.includes(role ?? ''), language);
      assert.equal(page.text.includes('<script'), false);
    }
  });
});

describe('a form', () => {
  const post = (
    session: SignedIn,
    body: RequestInit['body'],
    headers: Record<string, string> = {},
    access = 'citizen',
  ) => ask(portal.url, `/fr/${access}`, session, { method: 'POST', body: body ?? null, headers });

  test('without the session’s token is refused, also where the door is public', async () => {
    const { session } = of('citizen');
    for (const access of ['public', 'citizen']) {
      assert.equal(said(await post(session, new URLSearchParams(), {}, access)), '403 form-expired', access);
    }
  });

  test('with another token, another session’s token, or two of them is refused', async () => {
    const { session } = of('citizen');
    const other = of('agent').session.csrf;
    const twice = new URLSearchParams([
      ['_csrf', session.csrf],
      ['_csrf', session.csrf],
    ]);
    for (const body of [new URLSearchParams({ _csrf: 'x' }), new URLSearchParams({ _csrf: other }), twice]) {
      assert.equal(said(await post(session, body)), '403 form-expired', String(body));
    }
  });

  test('brings the token in a field, in a part of multipart, in JSON or in a header', async () => {
    const { session } = of('citizen');
    const parts = new FormData();
    parts.set('_csrf', session.csrf);
    assert.equal((await post(session, parts)).status, 200);
    const json = { 'content-type': 'application/json' };
    assert.equal((await post(session, JSON.stringify({ _csrf: session.csrf }), json)).status, 200);
    assert.equal((await post(session, '[]', { ...json, 'x-csrf-token': session.csrf })).status, 200);
    assert.equal((await post(session, '[]', json)).status, 403);
  });

  test('of somebody without a session needs no token where the door is public', async () => {
    assert.equal((await post(NOBODY, new URLSearchParams(), {}, 'public')).status, 200);
  });
});

describe('a session', () => {
  test('that is garbage is none', async () => {
    for (const value of ['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}=`, '%00', '"']) {
      const answer = await ask(portal.url, '/fr/citizen', { cookie: `wasl_session=${value}`, csrf: '' });
      assert.equal(answer.status, 401, value);
    }
  });

  test('ends after thirty minutes without use', async () => {
    const own = await openPortal({ routes: ACCESSES.flatMap(routesFor) });
    try {
      await own.startSimulator();
      const session = await signInAs(own.url, AMINA.nationalId);
      own.advance(29 * 60_000);
      assert.equal((await ask(own.url, '/fr/citizen', session)).status, 200);
      own.advance(30 * 60_000);
      assert.equal((await ask(own.url, '/fr/citizen', session)).status, 401);
    } finally {
      await own.close();
    }
  });
});
