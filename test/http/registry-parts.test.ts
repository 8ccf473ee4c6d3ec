import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { issueToken, joinAsGateway } from '../../src/exchange/index.ts';
import { listEvents } from '../../src/exchange/operators/store/event.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { anAdmission, INSTANCE, startRegistry, type TestRegistry } from '../support/registry.ts';

const SUBSYSTEM = `${INSTANCE}/GOV/DGSN/identity`;

/** The operator's acting pages of a registry, as forms without script. */
describe('what the trust list names beside members, on the pages', () => {
  let db: Database;
  let test: TestRegistry;
  before(async () => {
    db = await openForTest([]);
    test = await startRegistry(db, new Date());
    Object.defineProperty(test, 'now', { get: () => new Date() });
    await issueToken(test.registry, anAdmission(), new Date());
  });
  after(async () => {
    await test.close();
    await db.close();
  });

  const ask = async (path: string, fields?: Readonly<Record<string, string>>) => {
    const answer = await fetch(`${test.server.url}/fr/console${path}`, {
      headers: { authorization: `Bearer ${test.operatorToken}`, accept: 'text/html' },
      redirect: 'manual',
      ...(fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }),
    });
    return { status: answer.status, text: await answer.text(), to: answer.headers.get('location') ?? '' };
  };
  const reasonsOf = async (event: string) =>
    (await listEvents(db.read, { event, outcome: 'done' }, 20)).map(({ detail }) => detail['reason']);
  const ca = async () => (await fetch(`${test.server.url}/ca`)).text();

  it('says of each kind that there is none yet', async () => {
    assert.equal((await ask('/parts')).to, '/fr/console/parts/groups');
    for (const kind of ['groups', 'witnesses', 'timestamp-authorities', 'authorities', 'federation']) {
      const { status, text } = await ask(`/parts/${kind}`);
      assert.equal(status, 200);
      assert.match(text, /class="empty"/, kind);
    }
  });

  it('takes a group with a reason, changes it and takes it out, each in a new list and in the ledger', async () => {
    const group = { code: 'police', nameAr: 'الأمن', nameFr: 'Sûreté', subsystems: SUBSYSTEM };
    const without = await ask('/parts/groups', group);
    assert.equal(without.status, 422);
    assert.match(without.text, /href="#[^"]*reason"/);
    assert.match(without.text, /الأمن/, 'what was typed stays');
    const unknown = await ask('/parts/groups', { ...group, subsystems: `${SUBSYSTEM}x`, reason: 'n° 12' });
    assert.equal(unknown.status, 422);
    assert.match(unknown.text, /href="#[^"]*subsystems"/);
    assert.equal((await ask('/parts/groups', { ...group, code: '../x', reason: 'n° 12' })).status, 422);
    assert.equal((await ask('/parts/groups', { ...group, reason: 'n° 12' })).to, '/fr/console/parts/groups?saved=yes');
    assert.match((await ask('/parts/groups/edit?key=police')).text, /Sûreté/);
    const changed = { ...group, nameFr: 'Sûreté nationale', key: 'police', reason: 'n° 13' };
    assert.equal((await ask('/parts/groups', changed)).status, 303);
    const list = await (await fetch(`${test.server.url}/trust-list`)).text();
    assert.match(Buffer.from(list.split('.')[1] ?? '', 'base64url').toString('utf8'), /Sûreté nationale/);
    assert.deepEqual(await reasonsOf('registry.part-put'), ['n° 13', 'n° 12']);
    assert.equal((await ask('/parts/groups/remove', { key: 'police' })).status, 422);
    assert.equal((await ask('/parts/groups/remove', { key: 'police', reason: 'n° 14' })).status, 303);
    assert.deepEqual(await reasonsOf('registry.part-removed'), ['n° 14']);
    assert.equal((await ask('/parts/groups/remove?key=police')).status, 404);
  });

  it('takes a timestamp authority and an outside authority by a certificate, and names the field of a bad one', async () => {
    const tsa = { name: 'TSA', url: 'https://tsa.example/', certificate: 'nothing', reason: 'n° 15' };
    const bad = await ask('/parts/timestamp-authorities', tsa);
    assert.equal(bad.status, 422);
    assert.match(bad.text, /href="#[^"]*certificate"/);
    const certificate = await ca();
    const nowhere = await ask('/parts/timestamp-authorities', { ...tsa, certificate, url: 'ftp://x' });
    assert.match(nowhere.text, /href="#[^"]*url"/);
    assert.equal((await ask('/parts/timestamp-authorities', { ...tsa, certificate })).status, 303);
    assert.match((await ask('/parts/timestamp-authorities/edit?key=TSA')).text, /BEGIN CERTIFICATE/);
    assert.equal((await ask('/parts/authorities', { name: 'Autre', certificate, reason: 'n° 16' })).status, 303);
    assert.match((await ask('/parts/authorities')).text, /Autre/);
  });

  it('refuses another instance that does not answer, at the field of its anchor', async () => {
    const anchor = JSON.stringify({ ...test.registry.keys.anchor, instance: 'OTHER' });
    const fields = { instance: 'OTHER', url: 'http://127.0.0.1:1/', anchor, reason: 'n° 17' };
    const refused = await ask('/parts/federation', fields);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /href="#[^"]*anchor"/);
    assert.equal((await ask('/parts/federation', { ...fields, anchor: '{' })).status, 422);
  });

  it('is sorted both ways and shown page by page', async () => {
    for (let nth = 1; nth <= 21; nth += 1) {
      const body = JSON.stringify({ code: `g${nth}`, name: { ar: 'م', fr: 'G' }, subsystems: [] });
      await sql`insert into listed_part (kind, code, body) values ('group', ${`g${nth}`}, ${body}::jsonb)`.execute(
        db.read,
      );
    }
    const rows = (text: string) => [...text.matchAll(/<bdi>(g\d+) /g)].map(([, code]) => code);
    const first = rows((await ask('/parts/groups')).text);
    assert.deepEqual([first.length, first[0], first[19]], [20, 'g1', 'g20']);
    assert.deepEqual(rows((await ask('/parts/groups?page=2')).text), ['g21']);
    assert.equal(rows((await ask('/parts/groups?sort=-name')).text)[0], 'g21');
  });

  it('keeps all requests that wait in sight, a page at a time', async () => {
    await sql`
      insert into request (id, kind, server, member_id, signer, signer_key, payload, received_at, state)
      select lpad(to_hex(nth), 32, '0'), 'subsystem', ${`${INSTANCE}/GOV/DGSN/g`} || nth, ${`${INSTANCE}/GOV/DGSN`},
        decode(repeat('00', 32), 'hex'), decode('00', 'hex'), '{"code":"x","name":{"ar":"x","fr":"x"}}'::jsonb,
        now(), 'waiting'
      from generate_series(1, 100) as nth`.execute(db.read);
    const waiting = (text: string) => [...text.matchAll(/console\/requests\/0{20,}/g)].length;
    for (const [path, rows] of [
      ['', 20],
      ['?page=5', 20],
      ['?page=6', 20],
    ] as const)
      assert.equal(waiting((await ask(path)).text), rows, path);
  });

  it('lets certificates be looked through, with the revocation list beside them', async () => {
    const token = await issueToken(test.registry, anAdmission('CERT'), new Date());
    const { dir } = test;
    const clock = () => new Date();
    await joinAsGateway({
      ...{ registryUrl: test.server.url, token, clock },
      dir: `${dir}/cert`,
      address: 'https://127.0.0.1:9443',
    });
    const { text } = await ask('/certificates');
    assert.match(text, /href="\/crl"/);
    assert.match(text, new RegExp(`${INSTANCE}.*CERT`));
  });
});
