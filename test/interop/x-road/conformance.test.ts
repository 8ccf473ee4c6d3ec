import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../../src/exchange/index.ts';
import type { HeaderList } from '../../../src/exchange/message/headers.ts';
import { openForTest } from '../../support/database.ts';
import {
  type Answer,
  anAgreement,
  CLIENT,
  type RawRequest,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
} from '../../support/gateways.ts';
import { INSTANCE } from '../../support/registry.ts';

/**
 * X-Road's REST protocol, clause by clause, as a client sees it at the socket. Each case names the clause in our words:
 * PR-REST is the Message Protocol for REST, PR-MREST the Service Metadata Protocol for REST, and "code" what X-Road's own
 * proxy does where the text is silent or wrong. Headers and bodies of good messages: test/http/exchange-rest.test.ts.
 */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const [, , , , CODE = ''] = SERVICE.split('/');
const PROVIDER = SERVICE.slice(0, -CODE.length - 1);

const faults: readonly {
  readonly clause: string;
  readonly request: Partial<RawRequest>;
  readonly type: string;
  readonly v78: string;
  readonly message: RegExp;
}[] = [
  {
    clause: 'PR-REST 4.3: X-Road-Client is mandatory (code: the answer is 500, not 400)',
    request: { path: `/r1/${SERVICE}`, headers: [] },
    type: 'Server.ClientProxy.InvalidClientIdentifier',
    v78: 'server.clientproxy.invalid_client_identifier',
    message: /^The client identifier is missing$/,
  },
  {
    clause: 'PR-REST 4.1: the address has five parts after the version (code: the subsystem is not optional)',
    request: { path: `/r1/${INSTANCE}/GOV/DGSN/${CODE}` },
    type: 'Server.ClientProxy.InternalError',
    v78: 'server.clientproxy.internal_error',
    message: /^Invalid request URI$/,
  },
  {
    clause: 'PR-REST 4.1: the version alone is no address',
    request: { path: '/r1' },
    type: 'Server.ClientProxy.InternalError',
    v78: 'server.clientproxy.internal_error',
    message: /^Invalid request URI$/,
  },
  {
    clause: 'PR-REST 4.3: X-Road-Client has four parts',
    request: { path: `/r1/${SERVICE}`, headers: [['X-Road-Client', 'one/two']] },
    type: 'Server.ClientProxy.InternalError',
    v78: 'server.clientproxy.internal_error',
    message: /^Invalid Client Id$/,
  },
  {
    clause: 'PR-REST 4.1: the method is one of eight (code)',
    request: { path: `/r1/${SERVICE}`, method: 'PROPFIND' },
    type: 'Server.ClientProxy.InternalError',
    v78: 'server.clientproxy.internal_error',
    message: /PROPFIND|method/,
  },
  {
    clause: 'code: a client that is not of this security server',
    request: { path: `/r1/${SERVICE}`, headers: [['X-Road-Client', `${INSTANCE}/GOV/ADD/nobody`]] },
    type: 'Server.ClientProxy.UnknownMember',
    v78: 'server.clientproxy.unknown_member',
    message: new RegExp(`^Client 'SUBSYSTEM:${INSTANCE}/GOV/ADD/nobody' not found$`),
  },
  {
    clause: 'code: a provider that no security server serves',
    request: { path: `/r1/${INSTANCE}/GOV/NOBODY/x/${CODE}` },
    type: 'Server.ClientProxy.UnknownMember',
    v78: 'server.clientproxy.unknown_member',
    message: new RegExp(`^Could not find addresses for service provider "SERVICE:${INSTANCE}/GOV/NOBODY/x/${CODE}"$`),
  },
  {
    clause: 'PR-TARGETSS: a security server that does not serve the provider',
    request: {
      path: `/r1/${SERVICE}`,
      headers: [
        ['X-Road-Client', CLIENT],
        ['X-Road-Security-Server', `${INSTANCE}/GOV/DGSN/other`],
      ],
    },
    type: 'Server.ClientProxy.InvalidSecurityServer',
    v78: 'server.clientproxy.invalid_security_server',
    message: /Invalid security server/,
  },
  {
    clause: 'PR-REST 4.6: a service code that the provider does not know',
    request: { path: `/r1/${PROVIDER}/nothing` },
    type: 'Server.ServerProxy.UnknownService',
    v78: 'server.serverproxy.unknown_service',
    message: new RegExp(`^Unknown service: SERVICE:${PROVIDER}/nothing$`),
  },
  {
    clause: 'PR-REST 4.6: no access right',
    request: {
      path: `/r1/${SERVICE}`,
      headers: [
        ['X-Road-Client', CLIENT],
        ['Wasl-Agreement', 'none'],
      ],
    },
    type: 'Server.ServerProxy.AccessDenied',
    v78: 'server.serverproxy.access_denied',
    message: new RegExp(`^Request is not allowed: SERVICE:${SERVICE}$`),
  },
  {
    clause: 'code, 7.7.1: a path that climbs out of its place is an access denial',
    request: { path: `/r1/${SERVICE}/api/%2e%2e/secret` },
    type: 'Server.ServerProxy.AccessDenied',
    v78: 'server.serverproxy.access_denied',
    message: new RegExp(`^Request is not allowed: SERVICE:${SERVICE}$`),
  },
  {
    clause: 'code: the provider’s system does not answer in time',
    request: { path: `/r1/${SERVICE}/hang` },
    type: 'Server.ServerProxy.IOError',
    v78: 'server.serverproxy.io_error',
    message: /3000 ms/,
  },
  {
    clause: 'code: the provider’s system answers what is not HTTP',
    request: { path: `/r1/${SERVICE}/garbage` },
    type: 'Server.ServerProxy.ServiceFailed',
    v78: 'server.serverproxy.service_failed',
    message: /not HTTP/,
  },
];

for (const dialect of ['legacy', 'v78'] as const) {
  describe(`X-Road’s REST protocol, ${dialect === 'legacy' ? 'as spoken up to 7.7' : 'as spoken from 7.8'}`, () => {
    let all: TestExchange;
    before(async () => {
      all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), { dialect });
      await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'whole', fields: ['/'] }));
    });
    after(() => all.close());

    const headers: HeaderList = [['X-Road-Client', CLIENT]];
    const ask = (request: Partial<RawRequest>): Promise<Answer> =>
      sendRaw(all.consumer.gateway.url, { path: `/r1/${SERVICE}/find`, headers, ...request });

    for (const { clause, request, type, v78, message } of faults) {
      it(clause, async () => {
        const answer = await ask(request);
        const expected = dialect === 'legacy' ? type : v78;
        assert.equal(answer.status, 500, answer.text);
        assert.equal(answer.headers['x-road-error'], expected);
        assert.equal(answer.headers['content-type'], 'application/json;charset=utf-8');
        const body = JSON.parse(answer.text) as Record<string, string>;
        assert.deepEqual(Object.keys(body), ['type', 'message', 'detail']);
        assert.equal(body['type'], expected);
        assert.match(body['message'] ?? '', message);
        assert.match(body['detail'] ?? '', UUID);
      });
    }

    for (const { clause, request, type, v78 } of faults.filter((one) => one.request.method === undefined)) {
      it(`${clause}; to HEAD the same, without its body`, async () => {
        const answer = await ask({ ...request, method: 'HEAD' });
        const expected = dialect === 'legacy' ? type : v78;
        assert.deepEqual([answer.status, answer.headers['x-road-error'], answer.text], [500, expected, '']);
        // Which of our faults it was is known at both gateways: its own status is what GET has.
        const asProblem = {
          ...request,
          headers: [...(request.headers ?? headers), ['Accept', 'application/problem+json']],
        };
        const [head, get] = [
          await ask({ ...asProblem, method: 'HEAD' } as RawRequest),
          await ask(asProblem as RawRequest),
        ];
        assert.equal(head.status, get.status);
      });
    }

    for (const [accept, type] of [
      ['application/xml', 'application/xml;charset=utf-8'],
      ['text/xml', 'text/xml;charset=utf-8'],
      ['text/html, text/*;q=0.1', 'text/xml;charset=utf-8'],
      ['application/json, application/xml', 'application/xml;charset=utf-8'],
      ['text/xml-patch+xml', 'application/json;charset=utf-8'],
      ['*/*', 'application/json;charset=utf-8'],
    ] as const) {
      it(`PR-REST 4.6: an error is answered as ${type} to Accept: ${accept} (code: its order counts, its weights do not)`, async () => {
        const answer = await ask({
          path: `/r1/${PROVIDER}/nothing`,
          headers: [...headers, ['Accept', accept]],
        });
        assert.equal(answer.headers['content-type'], type);
        if (type.includes('xml'))
          assert.match(
            answer.text,
            /<error><type>[^<]+<\/type><message>[^<]+<\/message><detail>[^<]+<\/detail><\/error>$/,
          );
      });
    }

    it('PR-REST 4.3: X-Road-Id is made where it is missing, the instance before a UUID (code)', async () => {
      const { headers: got } = await ask({});
      assert.match(got['x-road-id'] ?? '', new RegExp(`^${INSTANCE}-[0-9a-f-]{36}$`));
      assert.match(got['x-road-id']?.slice(INSTANCE.length + 1) ?? '', UUID);
    });

    it('PR-REST 4.3: X-Road-Request-Id is the security server’s own, whatever the client sends', async () => {
      const { headers: got } = await ask({ headers: [...headers, ['X-Road-Request-Id', 'mine']] });
      assert.match(got['x-road-request-id'] ?? '', UUID);
    });

    it('PR-REST 4.5: X-Road-Request-Hash is the base64 of a SHA-512', async () => {
      const { headers: got } = await ask({});
      assert.equal(Buffer.from(got['x-road-request-hash'] ?? '', 'base64').length, 64);
    });

    it('PR-REST 4.3: of a repeated X-Road-Client the last counts (code)', async () => {
      const twice: HeaderList = [['X-Road-Client', 'A/B/C/D'], ...headers];
      assert.equal((await ask({ headers: twice })).headers['x-road-client'], CLIENT);
    });

    it('PR-REST 4.6: an error of the provider’s system passes without X-Road-Error, with the other headers', async () => {
      const { status, headers: got } = await ask({ path: `/r1/${SERVICE}/missing` });
      assert.equal(status, 404);
      assert.equal(got['x-road-error'], undefined);
      assert.equal(got['x-road-service'], SERVICE);
    });

    it('PR-REST 3: a redirect is handed back, never followed', async () => {
      const { status, headers: got } = await ask({
        path: `/r1/${SERVICE}/moved`,
        headers: [...headers, ['Wasl-Agreement', 'whole']],
      });
      assert.equal(status, 302);
      assert.equal(got['location'], 'http://elsewhere.example/');
    });

    it('code: only /r1/ is REST; another version gets the SOAP side’s fault', async () => {
      const answer = await ask({ path: `/r2/${SERVICE}` });
      assert.equal(answer.status, 500);
      assert.equal(answer.headers['content-type'], 'text/xml;charset=utf-8');
      assert.match(
        answer.text,
        /<faultcode>Client\.InvalidHttpMethod<\/faultcode><faultstring>Must use POST request method instead of GET</,
      );
    });

    it('PR-MREST 4.1: listClients names members and subsystems, snake case in JSON, without a client header', async () => {
      const answer = await ask({ path: '/listClients', headers: [['Accept', 'application/json']] });
      const { member } = JSON.parse(answer.text) as { member: { id: Record<string, string> }[] };
      assert.ok(member.some(({ id }) => id['object_type'] === 'MEMBER' && id['subsystem_code'] === undefined));
      assert.ok(member.some(({ id }) => id['object_type'] === 'SUBSYSTEM' && id['xroad_instance'] === INSTANCE));
    });

    it('PR-MREST 4.1: listClients is XML to everyone else', async () => {
      const answer = await ask({ path: '/listClients', headers: [] });
      assert.match(answer.headers['content-type'] ?? '', /^text\/xml/);
      assert.match(answer.text, /xmlns:xroad="http:\/\/x-road\.eu\/xsd\/xroad\.xsd"/);
      // PR-META annex A: id, name and, of a subsystem, its own name, in this order.
      const members = [...answer.text.matchAll(/<xroad:member>.*?<\/xroad:member>/g)].map(([one]) => one);
      const form =
        /^<xroad:member><xroad:id id:objectType="(MEMBER|SUBSYSTEM)">(?:<id:\w+>[^<]+<\/id:\w+>){3,4}<\/xroad:id><xroad:name>[^<]+<\/xroad:name>(<xroad:subsystemName>[^<]+<\/xroad:subsystemName>)?<\/xroad:member>$/;
      assert.ok(members.length >= 4, answer.text);
      for (const one of members) {
        const [, kind, subsystemName] = form.exec(one) ?? assert.fail(one);
        assert.equal(kind === 'SUBSYSTEM', subsystemName !== undefined, one);
      }
    });

    for (const method of ['listMethods', 'allowedMethods'] as const) {
      it(`PR-MREST 4.2: ${method} is a list under "service" (code: not as the text’s schema has it)`, async () => {
        const answer = await ask({ path: `/r1/${PROVIDER}/${method}` });
        assert.equal(answer.headers['content-type'], 'application/json');
        const { service } = JSON.parse(answer.text) as { service: Record<string, unknown>[] };
        const own = service.find((one) => one['service_code'] === CODE);
        assert.equal(own?.['object_type'], 'SERVICE');
        assert.ok(Array.isArray(own?.['endpoint_list']));
        assert.ok(!service.some((one) => one['service_code'] === 'listMethods'));
      });
    }

    it('PR-MREST 4.3: getOpenAPI without a service code', async () => {
      const answer = await ask({ path: `/r1/${PROVIDER}/getOpenAPI` });
      assert.equal(answer.status, 500);
      assert.match(answer.text, /Missing serviceCode/);
    });
  });
}
