import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { listEvents } from '../../src/exchange/operators/store/event.ts';
import { type Lie, type SoftAuthenticator, softAuthenticator } from '../support/authenticator.ts';
import { onUsualDatabase } from '../support/database.ts';
import { startOperators, type TestOperators } from '../support/operators.ts';

/** Passkeys over HTTP, with an authenticator that can lie in each way that the standard tells a server to look for. */
onUsualDatabase(GATEWAY_MIGRATIONS, (_name, open) => {
  let house: TestOperators;
  let home: { readonly origin: string; readonly rpId: string };
  before(async () => {
    house = await startOperators(() => [], open);
    home = { origin: `http://localhost:${new URL(house.url).port}`, rpId: 'localhost' };
  });
  after(() => house.close());

  const post = async (path: string, body: unknown, cookie = '') => {
    const headers = { 'content-type': 'application/json', ...(cookie === '' ? {} : { cookie }) };
    const answer = await fetch(`${house.url}/operator/v1/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const json = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, json, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
  };
  const challengeOf = async (path: string, body: unknown) => String((await post(path, body)).json['challenge']);
  const linkOf = async () => {
    const { link, operator } = await house.operators.add({ name: 'Nadia', roles: ['observer'] });
    return { link: link.split('#')[1] ?? '', id: operator.id };
  };

  async function enrolled(): Promise<{
    readonly key: SoftAuthenticator;
    readonly id: string;
    readonly cookie: string;
  }> {
    const { link, id } = await linkOf();
    const key = softAuthenticator(home);
    const credential = key.register(await challengeOf('enrolment/options', { link }));
    const { status, cookie } = await post('enrolment', { link, credential });
    assert.equal(status, 200);
    return { key, id, cookie };
  }

  const signIn = async (key: SoftAuthenticator, lie?: Lie, cookie?: string) =>
    post('sign-in', key.answer(await challengeOf('sign-in/options', {}), lie), cookie);

  test('a passkey is registered once by its link, and signs in from then on', async () => {
    const { key, id } = await enrolled();
    const { status, json, cookie } = await signIn(key);
    assert.deepEqual([status, json['id']], [200, id]);
    const session = await fetch(`${house.url}/operator/v1/session`, { headers: { cookie } });
    assert.equal(session.status, 200);
  });

  test('a link serves once, of two who use it at once, and not after a day', async () => {
    const { link } = await linkOf();
    const [one, two] = [softAuthenticator(home), softAuthenticator(home)];
    const credentials = [
      one.register(await challengeOf('enrolment/options', { link })),
      two.register(await challengeOf('enrolment/options', { link })),
    ];
    const answers = await Promise.all(credentials.map((credential) => post('enrolment', { link, credential })));
    assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [200, 403]);
    const late = await linkOf();
    const began = house.now;
    house.now = new Date(began.getTime() + 25 * 3_600_000);
    assert.equal((await post('enrolment/options', { link: late.link })).status, 403);
    house.now = began;
  });

  test('a registration for another place, type or user check is refused, and the link stays good', async () => {
    const { link } = await linkOf();
    const key = softAuthenticator(home);
    const lies: readonly Lie[] = [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { unverified: true },
      { type: 'webauthn.get' },
    ];
    for (const lie of lies) {
      const credential = key.register(await challengeOf('enrolment/options', { link }), lie);
      assert.equal((await post('enrolment', { link, credential })).status, 403, JSON.stringify(lie));
    }
    const good = key.register(await challengeOf('enrolment/options', { link }));
    assert.equal((await post('enrolment', { link, credential: good })).status, 200);
  });

  test('one operator’s challenge does not register another’s passkey', async () => {
    const [mine, other] = [await linkOf(), await linkOf()];
    const challenge = await challengeOf('enrolment/options', { link: other.link });
    const credential = softAuthenticator(home).register(challenge);
    assert.equal((await post('enrolment', { link: mine.link, credential })).status, 403);
  });

  test('an answer of another origin, host, key, type, or without the user, opens nothing and is in the ledger', async () => {
    const { key, id } = await enrolled();
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const lies: readonly Lie[] = [
      { origin: 'https://evil.example' },
      { origin: home.origin.replace('http:', 'https:') },
      { rpId: 'evil.example' },
      { unverified: true },
      { key: stranger },
      { type: 'webauthn.create' },
    ];
    for (const lie of lies) {
      const { status, cookie } = await signIn(key, lie);
      assert.deepEqual([status, cookie], [403, ''], JSON.stringify(Object.keys(lie)));
    }
    const refused = await listEvents(house.db.read, { operator: id, outcome: 'refused' }, 20);
    assert.equal(refused.length, lies.length);
    assert.equal((await signIn(key)).status, 200);
  });

  test('an answer is good once, for five minutes, and only to what was asked', async () => {
    const { key } = await enrolled();
    const challenge = await challengeOf('sign-in/options', {});
    const answer = key.answer(challenge);
    assert.equal((await post('sign-in', answer)).status, 200);
    assert.equal((await post('sign-in', answer)).status, 403);
    assert.equal((await post('sign-in', key.answer('bm90IGFza2Vk'))).status, 403);
    const old = await challengeOf('sign-in/options', {});
    const began = house.now;
    house.now = new Date(began.getTime() + 6 * 60_000);
    assert.equal((await post('sign-in', key.answer(old))).status, 403);
    house.now = began;
  });

  test('a counter that goes back is a copied key, and is refused', async () => {
    const { key } = await enrolled();
    assert.equal((await signIn(key, { counter: 50 })).status, 200);
    assert.equal((await signIn(key, { counter: 50 })).status, 403);
    assert.equal((await signIn(key, { counter: 51 })).status, 200);
  });

  test('a new sign-in ends the session that the browser had', async () => {
    const { key, cookie } = await enrolled();
    const next = await signIn(key, {}, cookie);
    assert.equal(next.status, 200);
    const read = async (held: string) =>
      (await fetch(`${house.url}/operator/v1/session`, { headers: { cookie: held } })).status;
    assert.deepEqual([await read(cookie), await read(next.cookie)], [401, 200]);
  });

  test('the passkeys of a lost device are removed, and a new link brings a new one', async () => {
    const { key, id, cookie } = await enrolled();
    const headers = { authorization: `Bearer ${house.bootstrap}` };
    const removed = await fetch(`${house.url}/operator/v1/operators/${id}/passkeys`, { method: 'DELETE', headers });
    assert.equal(removed.status, 200);
    assert.equal((await signIn(key)).status, 403);
    assert.equal((await fetch(`${house.url}/operator/v1/session`, { headers: { cookie } })).status, 401);
    const invited = await fetch(`${house.url}/operator/v1/operators/${id}/links`, { method: 'POST', headers });
    const link = String(((await invited.json()) as { link: string }).link).split('#')[1] ?? '';
    const next = softAuthenticator(home);
    const credential = next.register(await challengeOf('enrolment/options', { link }));
    assert.equal((await post('enrolment', { link, credential })).status, 200);
    assert.equal((await signIn(next)).json['id'], id);
  });

  test('with its account a passkey ends', async () => {
    const { key, id } = await enrolled();
    const headers = { authorization: `Bearer ${house.bootstrap}` };
    const closed = await fetch(`${house.url}/operator/v1/operators/${id}`, { method: 'DELETE', headers });
    assert.equal(closed.status, 200);
    assert.equal((await signIn(key)).status, 403);
    await house.verifyLedger();
  });
});
