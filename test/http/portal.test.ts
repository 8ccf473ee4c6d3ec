import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { signInAs } from '../../src/identity/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { readConfig } from '../../src/main/config.ts';
import { visitor } from '../../src/main/demo/browser.ts';
import { playJourney } from '../../src/main/demo/journey.ts';
import { openWasl, type Wasl } from '../../src/main/parts/wasl.ts';
import { type PortalRoute, portalRoutes } from '../../src/procedures/index.ts';

/** The whole portal as `up` starts it, asked over its socket. */
const dir = mkdtempSync(join(tmpdir(), 'wasl-portal-test-'));
const url = process.env['WASL_TEST_DATABASE_URL'];
let wasl: Wasl;

before(async () => {
  wasl = await openWasl(unwrap(readConfig({ data: dir, port: '0', logLevel: 'silent' }, {})));
});

after(async () => {
  await wasl.close();
  rmSync(dir, { recursive: true, force: true });
});

type Person = 'nobody' | 'citizen' | 'agent';
const SIGNED_IN: Readonly<Record<Exclude<Person, 'nobody'>, string>> = { citizen: 'CD234567', agent: 'EF345678' };

/** What a route may answer to whom: everything else is a hole or a door that does not open. */
const MAY: Readonly<Record<string, readonly Person[]>> = {
  public: ['nobody', 'citizen', 'agent'],
  'signed-in': ['citizen', 'agent'],
  citizen: ['citizen', 'agent'],
  agent: ['agent'],
};

function addressOf(route: PortalRoute): string {
  return route.url
    .replace(':language', 'fr')
    .replace(':step', '1')
    .replace(':file', 'none')
    .replace(':id', 'nothing-here');
}

describe('who may call which route', () => {
  test('each route answers those it names and refuses the others, and no answer is a fault of ours', async () => {
    const cookies = {
      nobody: '',
      citizen: (await signInAs(wasl.portalUrl, SIGNED_IN.citizen)).cookie,
      agent: (await signInAs(wasl.portalUrl, SIGNED_IN.agent)).cookie,
    };
    const routes = portalRoutes({} as never);
    assert.ok(routes.length > 30, `only ${routes.length} routes`);
    for (const route of routes) {
      const allowed = MAY[route.access];
      assert.ok(allowed !== undefined, `${route.id} has an access that this matrix does not know`);
      for (const person of ['nobody', 'citizen', 'agent'] as const) {
        const headers = { accept: 'application/json', cookie: cookies[person] };
        const answer = await fetch(new URL(addressOf(route), wasl.portalUrl), {
          method: route.method,
          headers,
          redirect: 'manual',
        });
        const where = `${person} at ${route.method} ${route.id}: ${answer.status}`;
        await answer.arrayBuffer();
        assert.ok(answer.status < 500, where);
        if (!allowed.includes(person)) assert.ok([401, 403].includes(answer.status), where);
        // Without its form's token a signed-in person's post is refused too, whoever they are.
        else if (route.method === 'POST') assert.equal(answer.status, 403, where);
        else assert.ok(![401, 403].includes(answer.status), where);
      }
    }
  });

  test('a person does not see another person’s request, nor an agent one of another office', async () => {
    const citizen = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, SIGNED_IN.citizen));
    const started = await citizen.get('/fr/procedures/extrait-acte-naissance/start');
    const path = started.path.replace('/documents', '');
    assert.equal((await citizen.get(path)).status, 200);
    const other = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, 'IJ567890'));
    for (const rest of ['', '/documents', '/steps/1', '/check', '/receipt', '/receipt-ar.pdf', '/withdraw']) {
      assert.equal((await other.get(`${path}${rest}`)).status, 404, rest);
    }
    const agent = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, SIGNED_IN.agent));
    assert.equal((await agent.get(path.replace('/requests/', '/agent/'))).status, 404);
  });
});

describe('a form that is not filled in rightly', () => {
  test('comes back with what is wrong beside each field, in its language, with the answers kept', async () => {
    const citizen = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, SIGNED_IN.citizen));
    const started = await citizen.get('/fr/procedures/certificat-residence/start');
    await citizen.submit(started.path, started, {});
    const base = started.path.replace('/documents', '');
    const page = await citizen.get(`${base}/steps/2`);
    const refused = await citizen.submit(`${base}/steps/2`, page, {
      address: '7, rue <Neuve>',
      'residentSince-day': '31',
      'residentSince-month': '2',
      'residentSince-year': '2020',
    });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /<title>Erreur/);
    assert.match(refused.html, /href="#[\w-]*residentSince[\w-]*"/);
    assert.match(refused.html, /7, rue &lt;Neuve&gt;/);
    assert.match(refused.html, /value="31"/);
  });

  test('a request that is incomplete is not filed, and says what is missing', async () => {
    const citizen = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, 'KL678901'));
    const started = await citizen.get('/ar/procedures/certificat-residence/start');
    await citizen.submit(started.path, started, {});
    const base = started.path.replace('/documents', '');
    const refused = await citizen.submit(`${base}/file`, await citizen.get(`${base}/check`), {});
    assert.equal(refused.status, 422);
    assert.match(refused.html, /role="alert"|error-summary/);
  });
});

describe('addresses that mean nothing', () => {
  test('get a page for people and a problem for programs, never a fault', async () => {
    for (const path of [
      '/nope',
      '/de',
      '/fr/procedures/nope',
      '/v/short',
      '/v/AAAAAAAAAAAAAAAAAAAAAA',
      '/fr/procedures?q=%00%ff',
      '/ledger/acts/tile/9/x',
      '/fr/agent?page=-7&tab=zz',
      '/problems/zz',
      '/auth/callback?code=x&state=y',
    ]) {
      const answer = await fetch(new URL(path, wasl.portalUrl), {
        headers: { accept: 'application/json' },
        redirect: 'manual',
      });
      assert.ok(answer.status < 500, `${path}: ${answer.status}`);
      if (answer.status >= 400) assert.match(answer.headers.get('content-type') ?? '', /problem\+json/, path);
      const page = await fetch(new URL(path, wasl.portalUrl), { headers: { accept: 'text/html' }, redirect: 'manual' });
      if (page.status >= 400) assert.match(page.headers.get('content-type') ?? '', /text\/html/, path);
    }
  });
});

describe('the journey of one citizen, one dossier, three administrations and one proof', () => {
  test('holds on the embedded database', async () => {
    const result = await playJourney(wasl, join(dir, 'demo'), () => {});
    assert.equal(result.documents.length, 2);
    assert.ok(result.evidence.every((file) => existsSync(file)));
  });

  test('holds on PostgreSQL', {
    skip: url === undefined || url === '' ? 'WASL_TEST_DATABASE_URL is not set' : false,
  }, async () => {
    const { default: pg } = await import('pg');
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    const name = `wasl_journey_${process.pid}`;
    const folder = mkdtempSync(join(tmpdir(), 'wasl-portal-pg-'));
    try {
      await admin.query(`create database ${name}`);
      // Not through URL: an address with a socket folder has no host, which URL refuses.
      const databaseUrl = (url ?? '').replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
      const second = await openWasl(
        unwrap(readConfig({ data: folder, port: '0', logLevel: 'silent', databaseUrl }, {})),
      );
      const result = await playJourney(second, join(folder, 'demo'), () => {}).finally(() => second.close());
      assert.equal(result.ledgers.length, 4);
    } finally {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
