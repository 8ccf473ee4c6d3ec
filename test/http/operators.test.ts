import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { agreementRoutes } from '../../src/exchange/agreement/routes.ts';
import { archiveRoutes } from '../../src/exchange/archive/routes.ts';
import { consoleRoutes } from '../../src/exchange/console/console.ts';
import { eventPages } from '../../src/exchange/console/routes/events.ts';
import { offerPages } from '../../src/exchange/console/routes/offers.ts';
import { eventOperatorRoutes } from '../../src/exchange/events/routes/operator.ts';
import { gatewayRoutes } from '../../src/exchange/gateway/operator.ts';
import { periodRoutes } from '../../src/exchange/gateway/period-routes.ts';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { monitoringRoutes } from '../../src/exchange/monitoring/extension.ts';
import { actCommitment } from '../../src/exchange/operators/audit.ts';
import type { OperatorRoute } from '../../src/exchange/operators/guard.ts';
import { type KeptEvent, OPERATOR_ROLES, type OperatorRole } from '../../src/exchange/operators/model.ts';
import { operatorRoutes } from '../../src/exchange/operators/routes/api.ts';
import { operatorPages } from '../../src/exchange/operators/routes/pages.ts';
import { EVENT_COLUMNS, listEvents } from '../../src/exchange/operators/store/event.ts';
import { descriptionRoutes } from '../../src/exchange/service/routes.ts';
import { systemRoutes } from '../../src/exchange/systems/routes.ts';
import { timestampRoutes } from '../../src/exchange/timestamp/routes.ts';
import { contestRoutes } from '../../src/exchange/usage/routes.ts';
import { witnessRoutes } from '../../src/exchange/witness/routes.ts';
import { invalid } from '../../src/kernel/index.ts';
import { readEntries } from '../../src/ledger/index.ts';
import { onUsualDatabase } from '../support/database.ts';
import { type Someone, startOperators, type TestOperators } from '../support/operators.ts';

const ALL = 'security registration service observer system';
/** Who may call what. A route without a row here fails the test: somebody has to have thought about it. */
const MATRIX: Readonly<Record<string, string>> = {
  'operator.sign-in.ask': 'anybody',
  'operator.sign-in.answer': 'anybody',
  'operator.enrolment.ask': 'anybody',
  'operator.enrolment.answer': 'anybody',
  'operator.session.read': ALL,
  'operator.session.close': ALL,
  'operator.account.list': 'system',
  'operator.account.add': 'system',
  'operator.account.invite': 'system',
  'operator.account.roles': 'system',
  'operator.account.disable': 'system',
  'operator.account.passkeys.remove': 'system',
  'operator.token.list': ALL,
  'operator.token.make': ALL,
  'operator.token.revoke': ALL,
  'operator.audit.read': 'security observer system',
  'gateway.trust.read': ALL,
  'gateway.trust.refresh': 'security',
  'gateway.service.list': ALL,
  'gateway.service.put': 'service',
  'gateway.service.describe': 'service',
  'gateway.service.import': 'service',
  'gateway.service.remove': 'service',
  'gateway.agreement.list': ALL,
  'gateway.agreement.put': 'service',
  'gateway.agreement.status': 'service',
  'gateway.agreement.explain': ALL,
  'gateway.agreement.signatures': ALL,
  'gateway.agreement.sign': 'security',
  'gateway.agreement.acts': ALL,
  'gateway.offer.decline': 'security',
  'gateway.offer.end': 'service',
  'gateway.proposal.list': ALL,
  'gateway.proposal.send': 'service',
  'gateway.proposal.draft': 'service',
  'gateway.proposal.dismiss': 'service',
  'gateway.proposal.withdraw': 'service',
  'gateway.delivery.list': ALL,
  'gateway.delivery.send': 'service',
  'gateway.offer.list': ALL,
  'gateway.offer.sign': 'security',
  'gateway.witness.list': ALL,
  'gateway.alarm.list': ALL,
  'gateway.alarm.acknowledge': 'security',
  'gateway.exchange.list': ALL,
  'gateway.exchange.read': ALL,
  'gateway.evidence.list': 'security service',
  'gateway.evidence.export': 'security service',
  'gateway.operational-data.read': ALL,
  'gateway.health-data.read': ALL,
  'gateway.contest.list': 'security service',
  'gateway.contest.answer': 'security service',
  'gateway.event-type.list': ALL,
  'gateway.event-type.describe': ALL,
  'gateway.event-type.put': 'service',
  'gateway.event-type.remove': 'service',
  'gateway.event-subscriber.list': ALL,
  'gateway.event-subscriber.end': 'service',
  'gateway.event-subscription.list': ALL,
  'gateway.dead-letter.list': ALL,
  'gateway.dead-letter.read': 'security service',
  'gateway.dead-letter.replay': 'service',
  'gateway.dead-letter.discard': 'service',
  'gateway.evidence.ledger': 'security service',
  'gateway.evidence.entries': 'security service',
  'gateway.evidence.seal': 'security service',
  'gateway.archive.list': ALL,
  'gateway.archive.read': 'security',
  'gateway.archive.erase': 'security',
  'gateway.archive.erase-subject': 'security',
  'gateway.system.list': ALL,
  'gateway.system.own-certificate': ALL,
  'gateway.system.connection': 'service',
  'gateway.system.certificate.add': 'service',
  'gateway.system.certificate.remove': 'service',
  'gateway.timestamp.list': ALL,
  'gateway.timestamp.read': ALL,
  'console.system.list': ALL,
  'console.system.show': ALL,
  'console.system.own-certificate': ALL,
  'console.system.remove': 'service',
  'console.system.connection': 'service',
  'console.system.certificate.add': 'service',
  'console.system.certificate.remove': 'service',
  'console.archive.list': ALL,
  'console.archive.person.ask': 'security',
  'console.archive.person': 'security',
  'console.archive.erase.ask': 'security',
  'console.archive.erase': 'security',
  'console.sign-in.show': 'anybody',
  'console.enrolment.show': 'anybody',
  'console.sign-out': ALL,
  'console.account.list': 'system',
  'console.account.show': 'system',
  'console.account.disable.ask': 'system',
  'console.account.add': 'system',
  'console.account.invite': 'system',
  'console.account.roles': 'system',
  'console.account.disable': 'system',
  'console.account.passkeys.ask': 'system',
  'console.account.passkeys.remove': 'system',
  'console.token.list': ALL,
  'console.token.make': ALL,
  'console.token.revoke.ask': ALL,
  'console.token.revoke': ALL,
  'console.audit.list': 'security observer system',
  'console.overview.show': ALL,
  'console.traffic.list': ALL,
  'console.exchange.show': ALL,
  'console.exchange.verify': 'security service',
  'console.evidence.list': 'security service',
  'console.evidence.of-subject': 'security service',
  'gateway.exchange.search': 'security service',
  'console.chart.show': ALL,
  'console.trust.show': ALL,
  'console.trust.refresh': 'security',
  'console.trust.certificates': ALL,
  'console.trust.timestamps': ALL,
  'console.alarm.list': ALL,
  'console.alarm.show': ALL,
  'console.alarm.acknowledge': 'security',
  'console.agreement.list': ALL,
  'console.agreement.explain': ALL,
  'console.agreement.show': ALL,
  'console.agreement.new': 'service',
  'console.agreement.review': 'service',
  'console.agreement.edit': 'service',
  'console.agreement.save': 'service',
  'console.agreement.suspend.ask': 'service',
  'console.agreement.suspend': 'service',
  'console.agreement.resume.ask': 'service',
  'console.agreement.resume': 'service',
  'console.agreement.end.ask': 'service',
  'console.agreement.end': 'service',
  'console.event-type.list': ALL,
  'console.event-type.new': 'service',
  'console.event-type.show': ALL,
  'console.event-type.save': 'service',
  'console.event-type.retire.ask': 'service',
  'console.event-type.retire': 'service',
  'console.event-subscriber.list': ALL,
  'console.event-subscriber.end.ask': 'service',
  'console.event-subscriber.end': 'service',
  'console.event-subscription.list': ALL,
  'console.event-subscription.show': ALL,
  'console.dead-letter.list': ALL,
  'console.dead-letter.show': ALL,
  'console.dead-letter.read': 'security service',
  'console.dead-letter.replay': 'service',
  'console.dead-letter.discard.ask': 'service',
  'console.dead-letter.discard': 'service',
  'console.agreement.sign': 'security',
  'console.offer.list': ALL,
  'console.offer.show': ALL,
  'console.offer.sign': 'security',
  'console.offer.decline': 'security',
  'console.proposal.list': ALL,
  'console.proposal.show': ALL,
  'console.proposal.dismiss': 'service',
  'console.proposal.withdraw': 'service',
  'console.proposal.draft-whole': 'service',
  'console.proposal.draft.new': 'service',
  'console.proposal.draft.review': 'service',
  'console.proposal.draft.edit': 'service',
  'console.proposal.draft.save': 'service',
  'console.proposal.new': 'service',
  'console.proposal.review': 'service',
  'console.proposal.edit': 'service',
  'console.proposal.save': 'service',
  'console.delivery.list': ALL,
  'console.delivery.send': 'service',
  'console.contest.list': 'security service',
  'console.contest.show': 'security service',
  'console.contest.answer': 'security service',
  'console.service.list': ALL,
  'console.service.show': ALL,
  'console.service.new': 'service',
  'console.service.add': 'service',
  'console.service.change': 'service',
  'console.service.describe': 'service',
  'console.service.test': 'service',
};

type Asked = {
  readonly status: number;
  readonly json: { type?: string; [key: string]: unknown };
  readonly headers: Headers;
};

async function ask(url: string, init: { method?: string; headers?: Record<string, string>; body?: unknown } = {}) {
  const { body, ...rest } = init;
  const answer = await fetch(url, {
    ...rest,
    redirect: 'manual',
    headers: { ...rest.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = text === '' ? {} : JSON.parse(text);
  return { status: answer.status, json, headers: answer.headers } satisfies Asked;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The real routes with their accesses and events; what they would do is not done. */
function withoutActs(routes: readonly OperatorRoute[]): readonly OperatorRoute[] {
  return routes.map((route) => ({
    ...route,
    url: `/matrix/${route.id}`,
    handle: async () => ({ kind: 'json', body: 'done' }),
  }));
}

describe('each route, for each role', () => {
  let house: TestOperators;
  let routes: readonly OperatorRoute[];
  const people = new Map<OperatorRole, Someone>();

  before(async () => {
    house = await startOperators((_server, operators) => {
      const { deps, guard } = operators;
      const pages = [...operatorPages(deps, guard, {} as never), ...consoleRoutes({} as never)];
      const all = [
        ...operatorRoutes(deps, guard),
        ...gatewayRoutes({} as never),
        ...descriptionRoutes({} as never),
        ...periodRoutes({ context: {} } as never),
        ...archiveRoutes({ context: {} } as never),
        ...systemRoutes({} as never),
        ...timestampRoutes({ context: {} } as never),
        ...agreementRoutes({ core: { context: {} } } as never),
        ...witnessRoutes({} as never),
        ...monitoringRoutes({} as never, new Date()),
        ...contestRoutes({} as never),
        ...eventOperatorRoutes({ core: { context: {} } } as never),
        ...offerPages({ core: { context: {} } } as never),
        ...eventPages({ core: { context: {} } } as never),
        ...pages,
      ];
      routes = withoutActs(all);
      return routes;
    });
    for (const role of OPERATOR_ROLES) people.set(role, await house.someone([role]));
  });
  after(() => house.close());

  test('every route has its row, and every row its route', () => {
    assert.deepEqual(routes.map((route) => route.id).toSorted(), Object.keys(MATRIX).toSorted());
  });

  for (const role of OPERATOR_ROLES) {
    test(`${role}: enters exactly where the matrix says so, by token and by session`, async () => {
      const someone = people.get(role);
      assert.ok(someone !== undefined);
      const cookie = `${cookieName('TEST/GOV/X/gw1')}=${someone.session}`;
      const { json } = await ask(`${house.url}/operator/v1/session`, { headers: { cookie } });
      for (const route of routes) {
        const row = MATRIX[route.id] ?? '';
        const expected = row === 'anybody' || row.split(' ').some((word) => role.startsWith(word)) ? 200 : 403;
        const url = `${house.url}${route.url}`;
        const byToken = await ask(url, { method: route.method, headers: bearer(someone.token) });
        assert.equal(byToken.status, expected, `${route.id} by token`);
        const bySession = await ask(url, {
          method: route.method,
          headers: { cookie, 'x-csrf-token': String(json['csrf']) },
        });
        assert.equal(bySession.status, expected, `${route.id} by session`);
        if (expected === 403) assert.match(bySession.json.type ?? '', /role-missing$/);
      }
    });
  }

  test('nobody enters but where anybody may, and a wrong token is nobody', async () => {
    for (const route of routes) {
      const expected = MATRIX[route.id] === 'anybody' ? 200 : 401;
      for (const headers of [{}, bearer('wrong'), { authorization: 'Basic x' }, { cookie: 'wasl_operator=x' }])
        assert.equal(
          (await ask(`${house.url}${route.url}`, { method: route.method, headers })).status,
          expected,
          route.id,
        );
    }
  });

  test('in every order pages of acts neither skip nor repeat', async () => {
    for (const by of EVENT_COLUMNS)
      for (const isDown of [true, false]) {
        const sorting = { by, isDown };
        const whole = await listEvents(house.db.read, {}, 1000, sorting);
        const paged: KeptEvent[] = [];
        for (let before: number | undefined; paged.length < whole.length; before = paged.at(-1)?.index) {
          const next = await listEvents(house.db.read, { before }, 7, sorting);
          assert.ok(next.length > 0, `${by} ends early`);
          paged.push(...next);
        }
        assert.deepEqual(paged, whole, `${by} ${isDown}`);
      }
  });

  test('each act is in the ledger, done or refused, with no name in it', async () => {
    const observer = people.get('observer');
    const officer = people.get('service-administrator');
    assert.ok(observer !== undefined && officer !== undefined);
    const url = `${house.url}/matrix/gateway.service.put`;
    await ask(url, { method: 'PUT', headers: bearer(observer.token) });
    await ask(url, { method: 'PUT', headers: bearer(officer.token) });
    const [done, refused] = await listEvents(house.db.read, { event: 'service.put' }, 2);
    assert.ok(done !== undefined && refused !== undefined);
    assert.deepEqual([done.outcome, done.operator, done.via], ['done', officer.actor.id, 'token']);
    assert.deepEqual([refused.outcome, refused.operator], ['refused', observer.actor.id]);
    const [entry] = await readEntries(house.db.read, 'operators', done.index, done.index + 1);
    const leaf = JSON.parse(Buffer.from(entry ?? '').toString('utf8')) as Record<string, unknown>;
    assert.deepEqual(Object.keys(leaf).toSorted(), ['at', 'commitment', 'event', 'kind', 'operator', 'outcome', 'v']);
    assert.equal(leaf['commitment'], actCommitment(done));
    assert.ok((await house.verifyLedger()) > refused.index);
  });
});

function cookieName(name: string): string {
  return `wasl_operator_${createHash('sha256').update(name).digest('hex').slice(0, 10)}`;
}

onUsualDatabase(GATEWAY_MIGRATIONS, (_name, open) => {
  let house: TestOperators;
  before(async () => {
    const failing = {
      id: 'test.fail',
      method: 'POST',
      url: '/test/:what',
      access: 'services.change',
      audit: 'service.put',
      rate: 'api',
    } as const;
    house = await startOperators(
      (_server, operators) => [
        {
          ...failing,
          async handle(request, acting) {
            const { what } = request.params as { what: string };
            await operators.deps.db.transaction(async (tx) => {
              await acting.record(tx, what, { rolled: 'back' });
              if (what === 'refused') throw invalid('no');
              if (what === 'broken') throw new Error('broken');
            });
            return { kind: 'json', body: 'done' };
          },
        },
      ],
      open,
    );
  });
  after(() => house.close());

  test('a change that is rolled back takes its entry with it, and leaves one that says so', async () => {
    const someone = await house.someone(['service-administrator']);
    for (const what of ['fine', 'refused', 'broken'])
      await ask(`${house.url}/test/${what}`, { method: 'POST', headers: bearer(someone.token) });
    const events = await listEvents(house.db.read, { event: 'service.put' }, 10);
    assert.deepEqual(
      events.map(({ outcome, target, detail }) => [outcome, target, detail]),
      [
        ['failed', 'broken', { problem: 'internal' }],
        ['refused', 'refused', { problem: 'invalid' }],
        ['done', 'fine', { rolled: 'back' }],
      ],
    );
    await house.verifyLedger();
  });

  test('a session needs its form token for whatever changes something', async () => {
    const someone = await house.someone(['service-administrator']);
    const cookie = `${cookieName('TEST/GOV/X/gw1')}=${someone.session}`;
    const url = `${house.url}/test/fine`;
    const without = await ask(url, { method: 'POST', headers: { cookie } });
    assert.deepEqual([without.status, without.json.type], [403, 'https://wasl.example/problems/form-expired']);
    const wrong = await ask(url, { method: 'POST', headers: { cookie, 'x-csrf-token': 'x' } });
    assert.equal(wrong.status, 403);
    const { json } = await ask(`${house.url}/operator/v1/session`, { headers: { cookie } });
    const inBody = await ask(url, { method: 'POST', headers: { cookie }, body: { _csrf: json['csrf'] } });
    assert.equal(inBody.status, 200);
  });

  test('a session dies of age, of sleep, and of its account’s end', async () => {
    const administrator = await house.someone(['system-administrator']);
    const someone = await house.someone(['observer']);
    const cookie = `${cookieName('TEST/GOV/X/gw1')}=${someone.session}`;
    const read = async () => (await ask(`${house.url}/operator/v1/session`, { headers: { cookie } })).status;
    assert.equal(await read(), 200);
    const began = house.now;
    house.now = new Date(began.getTime() + 31 * 60_000);
    assert.equal(await read(), 401);
    house.now = began;
    assert.equal(await read(), 200);
    const url = `${house.url}/operator/v1/operators/${someone.actor.id}`;
    const gone = await ask(url, { method: 'DELETE', headers: bearer(administrator.token) });
    assert.equal(gone.status, 200);
    assert.equal(await read(), 401);
    const byToken = await ask(`${house.url}/operator/v1/session`, { headers: bearer(someone.token) });
    assert.equal(byToken.status, 401);
  });

  test('accounts are made by the bootstrap token, and their links are told once', async () => {
    const body = { name: 'أمينة', roles: ['observer'] };
    const made = await ask(`${house.url}/operator/v1/operators`, {
      method: 'POST',
      headers: bearer(house.bootstrap),
      body,
    });
    assert.equal(made.status, 201);
    assert.match(String(made.json['link']), /^http:\/\/localhost:\d+\/ar\/console\/enrol#[\w-]{43}$/);
    const listed = await ask(`${house.url}/operator/v1/operators`, { headers: bearer(house.bootstrap) });
    assert.doesNotMatch(JSON.stringify(listed.json), /enrol#/);
    const bad = await ask(`${house.url}/operator/v1/operators`, {
      method: 'POST',
      headers: bearer(house.bootstrap),
      body: { name: '', roles: ['root'] },
    });
    assert.equal(bad.status, 422);
    assert.deepEqual(
      (bad.json['errors'] as { field: string }[]).map((one) => one.field),
      ['/name', '/roles'],
    );
  });

  test('a token is made in a session only, is listed without its letters, and ends when revoked', async () => {
    const someone = await house.someone(['observer']);
    const cookie = `${cookieName('TEST/GOV/X/gw1')}=${someone.session}`;
    const { json } = await ask(`${house.url}/operator/v1/session`, { headers: { cookie } });
    const headers = { cookie, 'x-csrf-token': String(json['csrf']) };
    const url = `${house.url}/operator/v1/tokens`;
    const byToken = await ask(url, {
      method: 'POST',
      headers: bearer(someone.token),
      body: { name: 'x', roles: ['observer'], days: 1 },
    });
    assert.equal(byToken.status, 422);
    const more = await ask(url, { method: 'POST', headers, body: { name: 'x', roles: ['security-officer'], days: 1 } });
    assert.equal(more.status, 403);
    const made = await ask(url, { method: 'POST', headers, body: { name: 'board', roles: ['observer'], days: 1 } });
    assert.equal(made.status, 201);
    const secret = String(made.json['token']);
    const call = async () => (await ask(`${house.url}/operator/v1/session`, { headers: bearer(secret) })).status;
    assert.equal(await call(), 200);
    const listed = await ask(url, { headers });
    assert.doesNotMatch(JSON.stringify(listed.json), new RegExp(secret));
    assert.equal((await ask(`${url}/${made.json['id']}`, { method: 'DELETE', headers })).status, 200);
    assert.equal(await call(), 401);
    assert.equal((await ask(`${url}/${made.json['id']}`, { method: 'DELETE', headers })).status, 404);
  });

  test('answers of authenticators that are none are refused, never a fault', async () => {
    const post = (path: string, body: unknown) => ask(`${house.url}/operator/v1/${path}`, { method: 'POST', body });
    const asked = await post('sign-in/options', {});
    assert.equal(asked.status, 200);
    assert.equal(asked.json['rpId'], 'localhost');
    const bodies = [
      {},
      { id: 5 },
      { id: 'abc' },
      { id: 'abc', rawId: 'abc', type: 'public-key', response: null },
      [],
      'x',
    ];
    for (const body of bodies) {
      const { status } = await post('sign-in', body);
      assert.ok(status >= 400 && status < 500, `${JSON.stringify(body)}: ${status}`);
      const enrolled = await post('enrolment', { link: 'abc', credential: body });
      assert.ok(enrolled.status >= 400 && enrolled.status < 500);
    }
    assert.equal((await post('enrolment/options', { link: 'nothing' })).status, 403);
  });

  test('the audit log is filtered and paged by the API', async () => {
    const url = `${house.url}/operator/v1/events`;
    const headers = bearer(house.bootstrap);
    const all = (await ask(url, { headers })).json['events'] as { event: string; index: number }[];
    assert.ok(all.length > 5);
    const added = (await ask(`${url}?event=operator.added`, { headers })).json['events'] as { event: string }[];
    assert.ok(added.length > 0 && added.every((one) => one.event === 'operator.added'));
    const before = (await ask(`${url}?before=${all[2]?.index}`, { headers })).json['events'] as { index: number }[];
    assert.deepEqual(
      before.map((one) => one.index),
      all.slice(3).map((one) => one.index),
    );
    assert.equal((await ask(`${url}?from=yesterday`, { headers })).status, 422);
  });
});
