import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import type { HeaderList } from '../../src/exchange/message/headers.ts';
import { readEntries } from '../../src/ledger/index.ts';
import { openForTest } from '../support/database.ts';
import {
  type Answer,
  anAgreement,
  CLIENT,
  PERSON,
  type RawRequest,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
} from '../support/gateways.ts';
import { INSTANCE } from '../support/registry.ts';

/**
 * What clients made for X-Road rely on (PR-REST, and what its proxy does beyond the text): nothing of a message but
 * the named headers is touched between the information system and the service.
 */
describe('X-Road’s REST protocol, between an information system and a service', () => {
  let all: TestExchange;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'whole', fields: ['/'] }));
  });
  after(() => all.close());
  beforeEach(() => {
    all.service.calls.length = 0;
  });

  const call = (path: string, more: Partial<RawRequest> & { whole?: boolean } = {}): Promise<Answer> => {
    const { whole, headers, ...request } = more;
    const agreement: HeaderList = [['wasl-agreement', whole === true ? 'whole' : 'residence']];
    return sendRaw(all.consumer.gateway.url, {
      path: `/r1/${SERVICE}${path}`,
      ...request,
      headers: headers ?? [['X-Road-Client', CLIENT], ...agreement],
    });
  };
  const received = () => {
    const [only, ...others] = all.service.calls;
    assert.ok(only);
    assert.equal(others.length, 0);
    return only;
  };

  for (const [sent, reached] of [
    ['', '/base'],
    ['/', '/base/'],
    ['?x=1', '/base?x=1'],
    ['/a%20b/%D9%88/', '/base/a%20b/%D9%88/'],
    ['//a', '/base//a'],
    ['/find?x=%2F&&y=a+b&x=%00&z=?/../', '/base/find?x=%2F&&y=a+b&x=%00&z=?/../'],
    ['/find?', '/base/find?'],
  ] as const) {
    it(`brings the path and query “${sent}” to the service as ${reached}`, async () => {
      assert.equal((await call(sent)).status, 200);
      assert.equal(received().url, reached);
    });
  }

  it('makes one slash of two where the service’s address ends with one', async () => {
    const service = `${INSTANCE}/GOV/DGSN/identity/slashed`;
    const entry = { service, url: `${all.service.url}/`, timeoutMs: 400, enabled: true, notice: '' };
    await all.provider.gateway.rights.addService(entry);
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'slashed', service }));
    const answer = await call('', { path: `/r1/${service}/find`, headers: [['x-road-client', CLIENT]] });
    assert.equal(answer.status, 200);
    assert.equal(received().url, '/base/find');
  });

  for (const method of ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']) {
    it(`passes ${method}`, async () => {
      const answer = await call('/find', { method });
      assert.equal(answer.status, 200);
      assert.equal(received().method, method);
      assert.match(answer.headers['x-road-request-hash'] ?? '', /==$/);
    });
  }

  it('answers HEAD without a body, and without saying that there would be none', async () => {
    const answer = await call('/find', { method: 'HEAD' });
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.equal(answer.headers['content-length'], undefined);
    assert.equal(answer.body.length, 0);
  });

  it('passes 204 as it is', async () => {
    const answer = await call('/nothing', { method: 'DELETE' });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers['content-length'], undefined);
    assert.equal(answer.headers['x-road-client'], CLIENT);
  });

  it('carries JSON there, and back what was agreed of it', async () => {
    const body = JSON.stringify({ number: 'AB123', name: { ar: 'أمينة' } });
    const headers: HeaderList = [
      ['x-road-client', CLIENT],
      ['wasl-agreement', 'residence'],
      ['content-type', 'application/json;charset=utf-8'],
    ];
    const answer = await call('/find', { method: 'POST', body, headers });
    assert.equal(received().body.toString('utf8'), body);
    assert.deepEqual(JSON.parse(answer.text), {
      number: PERSON.number,
      name: PERSON.name,
      addresses: [{ city: 'Rabat' }],
    });
  });

  for (const [how, headers] of [
    ['with its length', []],
    ['in pieces of unknown number', [['transfer-encoding', 'chunked']]],
    ['with Expect: 100-continue', [['expect', '100-continue']]],
  ] as const) {
    it(`carries any bytes there and back ${how}`, async () => {
      const body = Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 7) % 256));
      const given: HeaderList = [['x-road-client', CLIENT], ['wasl-agreement', 'whole'], ...headers];
      const answer = await call('/echo', { method: 'PUT', body, headers: given });
      assert.equal(answer.headers['content-type'], 'application/octet-stream');
      assert.ok(answer.body.equals(body));
      assert.ok(received().body.equals(body));
    });
  }

  it('gives the service’s own failure without X-Road-Error, and none of its inside', async () => {
    const answer = await call('/broken');
    assert.equal(answer.status, 500);
    assert.equal(answer.headers['x-road-error'], undefined);
    assert.equal(answer.headers['x-road-service'], SERVICE);
    assert.equal(answer.text, '{}');
    const whole = await call('/broken', { whole: true });
    assert.equal(whole.headers['content-type'], 'text/html');
    assert.match(whole.text, /persons\.php/);
  });

  it('drops what belongs to one connection and keeps everything else in its letters', async () => {
    const kept: HeaderList = [
      ['X-Road-Client', CLIENT],
      ['X-Road-Id', 'fa2e18a5-c2cb-4d09-b994-f57727f7c3fb'],
      ['X-Road-UserId', 'MA12345'],
      ['X-Road-Issue', 'dossier 2026/118'],
      ['X-Road-Represented-Party', 'COM/1234'],
      ['X-Road-Security-Server', `${INSTANCE}/GOV/DGSN/gw1`],
      ['X-Road-Extension-Of-Mine', 'ü'],
      ['Accept-Language', 'ar;q=1'],
      ['Cache-Control', 'no-cache'],
      ['If-None-Match', '"1"'],
      ['Cookie', 'a=b'],
    ].map(([name = '', value = '']) => [name, Buffer.from(value).toString('latin1')]);
    await call('/find', {
      headers: [
        ...kept,
        ['User-Agent', 'adapter/1.0'],
        ['TE', 'trailers'],
        ['Proxy-Authorization', 'Basic eA=='],
        ['Connection', 'keep-alive, X-Hop'],
        ['Keep-Alive', 'timeout=5'],
        ['X-Hop', '1'],
        ['X-Road-Service', `${INSTANCE}/GOV/DGSN/identity/other`],
        ['X-Road-Request-Hash', 'mine'],
        ['X-Road-Request-Id', 'mine'],
      ],
    });
    const { headers } = received();
    const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ''] as const] : []));
    for (const [name, value] of kept)
      assert.deepEqual(
        pairs.filter(([one]) => one === name),
        [[name, value]],
        name,
      );
    const others = pairs.map(([name]) => name).filter((name) => !kept.some(([one]) => one === name));
    assert.deepEqual(others.map((name) => name.toLowerCase()).sort(), ['connection', 'host', 'x-road-request-id']);
    assert.notEqual(pairs.find(([name]) => name === 'x-road-request-id')?.[1], 'mine');
  });

  it('says each of its headers, and the date, once', async () => {
    for (const path of ['/find', '/forge', '/missing']) {
      const { rawHeaders } = await call(path);
      const names = rawHeaders.filter((_one, at) => at % 2 === 0).map((name) => name.toLowerCase());
      for (const name of ['date', 'content-type', 'x-road-client', 'x-road-service', 'x-road-id']) {
        assert.equal(names.filter((one) => one === name).length, 1, `${path} ${name}`);
      }
      assert.equal(names.filter((one) => one === 'x-road-request-id').length, 1);
      assert.equal(names.filter((one) => one === 'x-road-request-hash').length, 1);
    }
  });

  it('gives calls of one X-Road-Id a request id and a hash each', async () => {
    const headers: HeaderList = [
      ['x-road-client', CLIENT],
      ['x-road-id', 'the same'],
      ['wasl-agreement', 'residence'],
    ];
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('/find', { headers })));
    for (const name of ['x-road-request-id', 'x-road-request-hash']) {
      assert.equal(new Set(answers.map((answer) => answer.headers[name])).size, 20, name);
    }
    for (const answer of answers) assert.equal(answer.headers['x-road-id'], 'the same');
  });

  it('knows an identifier in any percent-encoding, and writes it back in one', async () => {
    const path = `/r1/${INSTANCE}/GOV/%44GSN/identity/person%73/find`;
    const headers: HeaderList = [
      ['x-road-client', `${INSTANCE}/GOV/%41DD/portal`],
      ['wasl-agreement', 'residence'],
    ];
    const answer = await call('', { path, headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['x-road-client'], CLIENT);
    assert.equal(answer.headers['x-road-service'], SERVICE);
  });

  it('leaves no number of a person in logs, ledgers, metrics or the operator’s lists', async () => {
    const headers: HeaderList = [
      ['x-road-client', CLIENT],
      ['wasl-subject', 'ZX98765'],
      ['x-road-userid', 'MAQJ43210'],
    ];
    const agreed: HeaderList = [...headers, ['wasl-agreement', 'residence']];
    for (const one of [agreed, [...headers, ['wasl-agreement', 'none'] as const]]) {
      await call('/find/ZX98765?name=Zineb', { headers: one });
    }
    await call('/hang/ZX98765', { headers: agreed });
    await call('/../ZX98765', { headers: agreed });
    for (const one of [all.consumer, all.provider]) {
      const entries = await readEntries(one.db.read, one.gateway.ledger.name, 0, 100_000);
      const metrics = await sendRaw(one.gateway.url, { path: '/metrics' });
      const bearer = [['authorization', `Bearer ${one.token}`]] as const;
      const listed = await sendRaw(one.gateway.url, { path: '/operator/v1/exchanges', headers: bearer });
      assert.equal(listed.status, 200);
      const said = [JSON.stringify(one.log.lines), entries.join('\n'), metrics.text, listed.text].join('\n');
      assert.match(said, /purpose|residence/);
      for (const secret of ['ZX98765', 'MAQJ43210', 'Zineb', '/find', '/hang']) {
        assert.ok(!said.includes(secret), `${one.server} tells ${secret}`);
      }
    }
  });
});
