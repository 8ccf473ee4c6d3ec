import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { openForTest } from '../support/database.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';

const DESCRIPTION = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'Persons', version: '1' },
  servers: [{ url: 'http://127.0.0.1:9/hidden' }],
  paths: { '/persons/{id}': { get: {}, delete: {} } },
});

/** Services with an OpenAPI description, as their operator and their clients see them. */
describe('the description of a service', () => {
  let all: TestExchange;
  let outside: Server;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    outside = createServer(answerWith);
    outside.listen(0, '127.0.0.1');
    await once(outside, 'listening');
  });
  after(async () => {
    outside.closeAllConnections();
    outside.close();
    await all.close();
  });

  const answerWith: RequestListener = (request, response) => {
    if (request.url === '/good.json') return response.end(DESCRIPTION);
    if (request.url === '/moved') return response.writeHead(302, { location: '/good.json' }).end();
    if (request.url === '/endless') return void setInterval(() => response.write('x'.repeat(100_000)), 1).unref();
    return response.end('openapi: [');
  };
  const outsideUrl = (path: string) => `http://127.0.0.1:${(outside.address() as AddressInfo).port}${path}`;
  const describeAs = (body: object) =>
    fetch(`${all.provider.gateway.url}/operator/v1/services/description`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${all.provider.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ service: SERVICE, ...body }),
    });
  const subsystem = SERVICE.split('/').slice(0, 4).join('/');
  const code = SERVICE.split('/')[4] ?? '';
  const ask = (path: string) =>
    sendRaw(all.consumer.gateway.url, { path: `/r1/${subsystem}/${path}`, headers: [['X-Road-Client', CLIENT]] });

  it('is not there at first, and getOpenAPI says which of its faults it is', async () => {
    for (const [path, type, message] of [
      ['getOpenAPI', 'Server.ServerProxy.InvalidRequest', /^Missing serviceCode/],
      ['getOpenAPI?serviceCode=', 'Server.ServerProxy.InvalidRequest', /^Missing serviceCode/],
      ['getOpenAPI?serviceCode=none', 'Server.ServerProxy.InternalError', /^Service not found$/],
      [`getOpenAPI?serviceCode=${code}`, 'Server.ServerProxy.InternalError', /^Invalid service type: REST$/],
    ] as const) {
      const answer = await ask(path);
      const body = JSON.parse(answer.body.toString());
      assert.equal(answer.status, 500);
      assert.equal(body.type, type);
      assert.match(body.message, message);
    }
  });

  it('is given as text, and clients read it without an address, with its endpoints', async () => {
    const given = await describeAs({ text: DESCRIPTION });
    assert.equal(given.status, 200);
    assert.deepEqual(((await given.json()) as { endpoints: unknown }).endpoints, [
      { method: 'GET', path: '/persons/*' },
      { method: 'DELETE', path: '/persons/*' },
    ]);
    const read = await ask(`getOpenAPI?serviceCode=${code}`);
    assert.equal(read.status, 200);
    assert.equal(read.headers['content-type'], 'application/json');
    assert.ok(!read.body.toString().includes('127.0.0.1'));
    const methods = JSON.parse((await ask('listMethods')).body.toString());
    const own = methods.service.find((one: { service_code: string }) => one.service_code === code);
    assert.equal(own.service_type, 'OPENAPI');
    assert.equal(own.endpoint_list.length, 2);
  });

  it('is fetched from an allowed network, without following a redirect, within limits', async () => {
    assert.equal((await describeAs({ url: outsideUrl('/good.json') })).status, 200);
    for (const [path, message] of [
      ['/moved', /answered 302/],
      ['/endless', /larger than/],
      ['/broken', /not YAML/],
    ] as const) {
      const refused = await describeAs({ url: outsideUrl(path) });
      assert.equal(refused.status, 422);
      assert.match(JSON.stringify(await refused.json()), message);
    }
  });

  it('is never fetched from a private address that was not allowed', async () => {
    for (const url of [
      'http://10.0.0.1/x',
      'http://[::ffff:a00:1]/x',
      'http://169.254.169.254/',
      'http://0xa000001/',
    ]) {
      const refused = await describeAs({ url });
      assert.equal(refused.status, 422);
      const problem = (await refused.json()) as { type: string };
      assert.match(JSON.stringify(problem), /private address/);
      assert.equal(problem.type.split('/').at(-1), 'address-refused');
    }
  });

  it('that refers to other places, or stands for gigabytes, is refused by a name of its own', async () => {
    for (const [text, slug] of [
      ['{"openapi":"3.0.0","a":{"$ref":"http://169.254.169.254/latest"}}', 'openapi-remote-reference'],
      ['openapi: 3.0.0\npaths: {}\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n', 'openapi-aliases'],
    ] as const) {
      const refused = await describeAs({ text });
      assert.equal(refused.status, 422);
      assert.equal(((await refused.json()) as { type: string }).type.split('/').at(-1), slug);
    }
  });

  it('is of a service that is there, and has text or url', async () => {
    assert.equal((await describeAs({ service: `${subsystem}/none`, text: DESCRIPTION })).status, 404);
    assert.equal((await describeAs({})).status, 422);
  });

  const operate = (method: string, path: string, body?: object) =>
    fetch(`${all.provider.gateway.url}/operator/v1/services${path}`, {
      method,
      headers: {
        authorization: `Bearer ${all.provider.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('makes a service in one step, called by the title, and brings it up to date without switching it on', async () => {
    const titled = (title: string) => JSON.stringify({ ...JSON.parse(DESCRIPTION), info: { title, version: '1' } });
    const url = outsideUrl('/base/');
    const made = await operate('POST', '/import', { text: titled('Registre des personnes (v2)'), url });
    assert.equal(made.status, 201);
    const entry = (await made.json()) as { service: string; url: string; timeoutMs: number };
    assert.equal(entry.service, `${subsystem}/registre-des-personnes-v2`);
    assert.equal(entry.url, url);
    const off = { service: entry.service, url: entry.url, timeoutMs: 5_000, enabled: false, notice: 'later' };
    assert.equal((await operate('PUT', '', off)).status, 200);
    const again = await operate('POST', '/import', {
      from: outsideUrl('/good.json'),
      url,
      code: 'registre-des-personnes-v2',
    });
    assert.equal(again.status, 200);
    const { enabled, notice, timeoutMs } = (await again.json()) as typeof off;
    assert.deepEqual({ enabled, notice, timeoutMs }, { enabled: false, notice: 'later', timeoutMs: 5_000 });
    for (const [body, field] of [
      [{ text: titled('سجل الأشخاص'), url }, '/code'],
      [{ text: titled('x'), url, subsystem: 'none' }, '/subsystem'],
      [{ text: titled('x'), url, code: 'a/b' }, '/service'],
      [{ text: titled('x'), url: 'file:///etc/passwd' }, '/url'],
      [{ url }, '/text'],
    ] as const) {
      const refused = await operate('POST', '/import', body);
      assert.equal(refused.status, 422, field);
      assert.equal(((await refused.json()) as { errors: { field: string }[] }).errors[0]?.field, field);
    }
  });

  it('goes with its service', async () => {
    const path = `/${encodeURIComponent(`${subsystem}/registre-des-personnes-v2`)}`;
    assert.equal((await operate('DELETE', path)).status, 200);
    assert.equal((await operate('DELETE', path)).status, 404);
    const read = await ask('getOpenAPI?serviceCode=registre-des-personnes-v2');
    assert.match(read.body.toString(), /Service not found/);
  });

  it('and a service at an address that is not allowed is not called', async () => {
    const elsewhere = `${subsystem}/elsewhere`;
    const { rights } = all.provider.gateway;
    const held = rights.current().services.get(SERVICE) ?? assert.fail();
    await rights.addService({ ...held, url: 'http://10.255.255.1/' });
    const answer = await sendRaw(all.consumer.gateway.url, {
      path: `/r1/${SERVICE}/x`,
      headers: [
        ['X-Road-Client', CLIENT],
        ['Accept', 'application/problem+json'],
      ],
    });
    await rights.addService(held);
    assert.equal(answer.status, 502, `${elsewhere}: ${answer.body}`);
    assert.match(answer.body.toString(), /service-address-refused/);
  });
});
