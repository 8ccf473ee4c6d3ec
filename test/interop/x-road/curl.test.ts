import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { accessSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GATEWAY_MIGRATIONS } from '../../../src/exchange/index.ts';
import { openForTest } from '../../support/database.ts';
import {
  anAgreement,
  CLIENT,
  SERVICE,
  type ServiceCall,
  startExchange,
  type TestExchange,
} from '../../support/gateways.ts';
import { talk } from '../../support/raw-socket.ts';

const hasCurl = (process.env['PATH'] ?? '').split(delimiter).some((dir) => {
  try {
    accessSync(join(dir, 'curl'));
    return true;
  } catch {
    return false;
  }
});

const PROVIDER = SERVICE.slice(0, SERVICE.lastIndexOf('/'));
const ECHO = `${PROVIDER}/echo`;
const ARABIC = `${PROVIDER}/${encodeURIComponent('سجل الحالة')}`;
const SLASH = `${PROVIDER}/${encodeURIComponent('a/b')}`;

type Seen = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
};

/** Everything that curl can send, as an outside client sends it; what the provider's system receives is looked at byte by byte. */
describe('X-Road’s REST protocol, as curl speaks it', { skip: hasCurl ? false : 'curl is not installed' }, () => {
  let all: TestExchange;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      maxBodyBytes: 1_000_000,
      maxStreamBytes: 4_000_000,
    });
    for (const service of [ECHO, ARABIC, SLASH]) {
      const entry = { service, url: `${all.service.url}/echo`, timeoutMs: 10_000, enabled: true, notice: '' };
      await all.provider.gateway.rights.addService(entry);
      await all.provider.gateway.rights.addAgreement(
        anAgreement({ id: `whole-${service.length}`, service, fields: ['/'] }),
      );
    }
  });
  after(() => all.close());

  const curl = (args: readonly string[], path = ECHO, input?: Buffer): Promise<Seen> => {
    const url = `${all.consumer.gateway.url}/r1/${path}`;
    return new Promise((resolve, reject) => {
      const all = ['-sS', '-i', '-g', '--path-as-is', '-H', `X-Road-Client: ${CLIENT}`, ...args, url];
      const child = execFile('curl', all, { encoding: 'buffer', maxBuffer: 10_000_000 }, (error, stdout) =>
        error === null ? resolve(readSeen(stdout)) : reject(error),
      );
      child.stdin?.end(input);
    });
  };
  const last = (): ServiceCall => all.service.calls.at(-1) ?? assert.fail('nothing reached the service');
  const header = (call: ServiceCall, name: string): string[] =>
    call.headers.filter((_, at) => at % 2 === 1 && call.headers[at - 1]?.toLowerCase() === name);
  const of = (seen: Seen, name: string) => seen.headers.filter(([one]) => one === name).map(([, value]) => value);

  it('PR-REST 4.1: a body sent in chunks, its length unknown, arrives whole', async () => {
    const body = Buffer.alloc(300_000, 'ab');
    const seen = await curl(['-X', 'POST', '-H', 'Transfer-Encoding: chunked', '--data-binary', '@-'], ECHO, body);
    assert.equal(seen.status, 200);
    assert.ok(seen.body.equals(body));
    assert.ok(last().body.equals(body));
  });

  it('code: Expect: 100-continue is answered on the spot and goes no further', async () => {
    const seen = await curl(['-H', 'Expect: 100-continue', '-d', 'x'.repeat(2_000)]);
    assert.equal(seen.status, 200);
    assert.deepEqual(header(last(), 'expect'), []);
  });

  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
    it(`PR-REST 4.1: ${method} goes to the provider as ${method}, with a body where there is one`, async () => {
      const body = method === 'TRACE' ? [] : ['--data-binary', '{"a":1}', '-H', 'Content-Type: application/json'];
      const seen = await curl(['-X', method, ...body]);
      assert.equal(seen.status, 200, seen.body.toString());
      assert.equal(last().method, method);
      assert.equal(last().body.toString(), method === 'TRACE' ? '' : '{"a":1}');
    });
  }

  it('PR-REST 4.1: HEAD has the headers of an answer and no body', async () => {
    const seen = await curl(['-I']);
    assert.equal(seen.status, 200);
    assert.equal(last().method, 'HEAD');
    assert.equal(of(seen, 'x-road-service')[0], ECHO);
    assert.equal(seen.body.length, 0);
  });

  it('RFC 9112: a client of HTTP/1.0 is served, with and without Host', async () => {
    assert.equal((await curl(['-0'])).status, 200);
    const request = `GET /r1/${ECHO} HTTP/1.0\r\nX-Road-Client: ${CLIENT}\r\n\r\n`;
    const { text } = await talk({ url: all.consumer.gateway.url }, [request], { quietMs: 10_000 });
    assert.match(text, /^HTTP\/1\.[01] 200 /);
  });

  it('RFC 9112 3.2.2: who takes the gateway for a proxy and sends the whole address is served', async () => {
    const proxied = await curl(['-x', all.consumer.gateway.url]);
    assert.equal(proxied.status, 200);
    assert.equal(of(proxied, 'x-road-service')[0], ECHO);
  });

  it('PR-REST 4.4: a compressed body passes as it is', async () => {
    const body = gzipSync('{"number":"AB123"}');
    const seen = await curl(['-H', 'Content-Encoding: gzip', '--data-binary', '@-'], ECHO, body);
    assert.equal(seen.status, 200);
    assert.deepEqual(header(last(), 'content-encoding'), ['gzip']);
    assert.equal(gunzipSync(last().body).toString(), '{"number":"AB123"}');
  });

  it('PR-REST 4.4: multipart passes with its boundary', async () => {
    const seen = await curl(
      ['-F', 'name=أمينة', '-F', 'file=@-;filename=scan.bin'],
      ECHO,
      Buffer.from([0, 255, 13, 10, 0]),
    );
    assert.equal(seen.status, 200);
    const [type = ''] = header(last(), 'content-type');
    const boundary = /boundary=([^;]+)/.exec(type)?.[1] ?? assert.fail(type);
    assert.ok(last().body.toString('latin1').startsWith(`--${boundary}\r\n`));
    assert.ok(last().body.includes(Buffer.from([0, 255, 13, 10, 0])));
  });

  it('PR-REST 4.1: identifiers are UTF-8, percent-encoded one by one, in capitals or not', async () => {
    for (const path of [ARABIC, ARABIC.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())]) {
      const seen = await curl([], path);
      assert.equal(seen.status, 200, seen.body.toString());
      assert.deepEqual(of(seen, 'x-road-service'), [ARABIC]);
    }
    const seen = await curl([], SLASH);
    assert.deepEqual([seen.status, of(seen, 'x-road-service')], [200, [SLASH]]);
  });

  for (const query of [
    '?a=%D8%B9&b=c+d&x[]=1|2&=&&e',
    '?q=a%20b?c/d&e=%2F%2e%2e%2f',
    "?s='~!*()-._;:@&=$,",
    '?',
    '?"<>{}^`',
  ]) {
    it(`PR-REST 4.1: the query ${query} passes letter by letter`, async () => {
      const seen = await curl([], `${ECHO}${query}`);
      assert.equal(seen.status, 200, seen.body.toString());
      assert.equal(last().url, `/base/echo${query}`);
    });
  }

  for (const [path, expected] of [
    ['', '/base/echo'],
    ['/', '/base/echo/'],
    ['/a%20b/%D8%B9;v=1/', '/base/echo/a%20b/%D8%B9;v=1/'],
    ['/a//b', '/base/echo/a//b'],
    ['/a:b@c$d', '/base/echo/a:b@c$d'],
  ] as const) {
    it(`PR-REST 4.1: the path “${path}” after the service code passes as it is written`, async () => {
      const seen = await curl([], `${ECHO}${path}`);
      assert.equal(seen.status, 200, seen.body.toString());
      assert.equal(last().url, expected);
    });
  }

  it('code: of two slashes between the service’s address and the path one stays, and its own last one is kept', async () => {
    const service = `${PROVIDER}/slashed`;
    const entry = { service, url: `${all.service.url}/echo/`, timeoutMs: 10_000, enabled: true, notice: '' };
    await all.provider.gateway.rights.addService(entry);
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'slashed', service, fields: ['/'] }));
    await curl([], service);
    assert.equal(last().url, '/base/echo/');
    await curl([], `${service}/a`);
    assert.equal(last().url, '/base/echo/a');
    await curl([], `${service}/`);
    assert.equal(last().url, '/base/echo/');
  });

  it('PR-REST 4.1: a POST without a body says that its length is none', async () => {
    const seen = await curl(['-X', 'POST', '-H', 'Content-Length: 0']);
    assert.equal(seen.status, 200);
    assert.deepEqual([last().body.length, header(last(), 'content-length')], [0, ['0']]);
  });

  it('PR-REST 4.3: headers that are not X-Road’s pass in their order, repeated ones too', async () => {
    await curl(
      [
        ...[
          'Accept: text/plain',
          'Accept: application/json;q=0.5',
          'X-Own: one',
          'X-Own: two',
          'Authorization: Bearer a.b.c',
        ],
        ...[
          'Cookie: a=1',
          'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
          'Cache-Control: no-cache',
        ],
        ...['X-Empty;', 'Accept-Language: ar', 'If-None-Match: "x"', 'Range: bytes=0-1'],
      ].flatMap((one) => ['-H', one]),
    );
    const call = last();
    // curl sends no Accept of its own beside those given.
    assert.deepEqual(header(call, 'accept'), ['text/plain', 'application/json;q=0.5']);
    assert.deepEqual(header(call, 'x-own'), ['one', 'two']);
    for (const name of [
      'authorization',
      'cookie',
      'traceparent',
      'cache-control',
      'if-none-match',
      'range',
      'x-empty',
    ]) {
      assert.equal(header(call, name).length, 1, name);
    }
  });

  it('PR-REST 4.3: X-Road headers that nobody knows pass; those of the protocol arrive; the service is not told its own name', async () => {
    const given = {
      'X-Road-UserId': 'MA1234567890',
      'X-Road-Issue': 'issue 7/2026',
      'X-Road-Represented-Party': 'COM/MEMBER3',
      'X-Road-Something-New': 'kept',
      'X-Road-Id': 'an id with spaces, (any) string "of" letters',
    };
    const seen = await curl(Object.entries(given).flatMap(([name, value]) => ['-H', `${name}: ${value}`]));
    for (const [name, value] of Object.entries(given))
      assert.deepEqual(header(last(), name.toLowerCase()), [value], name);
    assert.deepEqual(header(last(), 'x-road-client'), [CLIENT]);
    assert.deepEqual(header(last(), 'x-road-request-id'), of(seen, 'x-road-request-id'));
    assert.deepEqual(header(last(), 'x-road-service'), []);
    assert.deepEqual(of(seen, 'x-road-id'), [given['X-Road-Id']]);
  });

  it('code: what belongs to one connection stays there, and of the client’s program nobody is told', async () => {
    await curl([
      '-H',
      'Connection: close, X-Hop',
      '-H',
      'X-Hop: 1',
      '-H',
      'TE: trailers',
      '-H',
      'Proxy-Authorization: Basic eA==',
    ]);
    for (const name of ['x-hop', 'te', 'proxy-authorization', 'user-agent'])
      assert.deepEqual(header(last(), name), [], name);
  });

  it('a client that names an X-Road header in Connection gets a fault by name, not a failure', async () => {
    const seen = await curl(['-H', 'Connection: x-road-client']);
    assert.ok(seen.status === 200 || /^Server\.\w+\.\w+$/.test(of(seen, 'x-road-error')[0] ?? ''), String(seen.status));
    assert.doesNotMatch(of(seen, 'x-road-error')[0] ?? '', /InternalError/);
  });

  it('PR-REST 4.5: the answer says who asked whom, once, and has one Date', async () => {
    const seen = await curl([]);
    for (const name of [
      'x-road-client',
      'x-road-service',
      'x-road-id',
      'x-road-request-id',
      'x-road-request-hash',
      'date',
    ]) {
      assert.equal(of(seen, name).length, 1, name);
    }
    assert.deepEqual(of(seen, 'x-road-error'), []);
  });

  it('PR-REST 4.5: the same X-Road-Id twice is two exchanges, each with its own request id and hash', async () => {
    const ids = [await curl(['-H', 'X-Road-Id: same']), await curl(['-H', 'X-Road-Id: same'])];
    assert.equal(new Set(ids.map((one) => of(one, 'x-road-request-id')[0])).size, 2);
    assert.equal(new Set(ids.map((one) => of(one, 'x-road-request-hash')[0])).size, 2);
  });
});

/** The last of the heads that came (a 100 or a proxy's may stand before it), and the body. */
function readSeen(bytes: Buffer): Seen {
  let rest = bytes;
  for (;;) {
    const at = rest.indexOf('\r\n\r\n');
    const [first = '', ...lines] = rest.subarray(0, at).toString('latin1').split('\r\n');
    const status = Number(first.split(' ')[1]);
    rest = rest.subarray(at + 4);
    if (status < 200 && rest.subarray(0, 5).toString() === 'HTTP/') continue;
    const headers = lines.map((line): readonly [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    return { status, headers, body: rest };
  }
}
