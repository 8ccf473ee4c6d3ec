import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { GATEWAY_MIGRATIONS } from '../../../src/exchange/index.ts';
import { openForTest } from '../../support/database.ts';
import {
  type Answer,
  anAgreement,
  CLIENT,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
} from '../../support/gateways.ts';

const PROVIDER = SERVICE.slice(0, SERVICE.lastIndexOf('/'));
const [PATIENT, HASTY] = [`${PROVIDER}/odd`, `${PROVIDER}/hasty`];
const GZIP = gzipSync('{"number":"AB123"}');
const LATIN = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Name: caf\u00e9\r\n\r\nok', 'latin1');
const UTF8 = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Name: أمينة\r\n\r\nok', 'utf8');
const ok = (headers: string, body: string) => `HTTP/1.1 200 OK\r\n${headers}\r\n${body}`;

/** What a service writes to its socket; `end` where it then closes it. */
type Odd = { readonly bytes: string | Buffer; readonly end?: boolean };

const passing: Readonly<
  Record<string, Odd & { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }>
> = {
  'an HTTP/1.0 answer without length': {
    bytes: 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold',
    end: true,
    status: 200,
    body: 'old',
  },
  'an answer that ends with its connection': {
    bytes: ok('Connection: close\r\n', 'until the end'),
    end: true,
    status: 200,
    body: 'until the end',
  },
  'chunks with an extension and trailers': {
    bytes: ok('Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n', '3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n'),
    status: 200,
    body: 'abcde',
  },
  'a 204': {
    bytes: 'HTTP/1.1 204 No Content\r\nX-Own: kept\r\n\r\n',
    status: 204,
    body: '',
    headers: { 'x-own': 'kept' },
  },
  'a 304 with its validators': {
    bytes: 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 99\r\n\r\n',
    status: 304,
    body: '',
    headers: { etag: '"x"' },
  },
  'early hints before the answer': {
    bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok('Content-Length: 2\r\n', 'ok')}`,
    status: 200,
    body: 'ok',
  },
  'a redirect that keeps the method': {
    bytes: 'HTTP/1.1 308 Permanent Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n',
    status: 308,
    headers: { location: '/elsewhere' },
  },
  'a compressed body': {
    bytes: Buffer.concat([
      Buffer.from(
        ok(`Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${GZIP.length}\r\n`, ''),
      ),
      GZIP,
    ]),
    status: 200,
    headers: { 'content-encoding': 'gzip' },
  },
  'a Latin-1 header': { bytes: LATIN, status: 200, headers: { 'x-name': 'caf\u00e9' } },
  'a UTF-8 header': { bytes: UTF8, status: 200, headers: { 'x-name': Buffer.from('أمينة').toString('latin1') } },
  'an empty header': { bytes: ok('X-Empty:\r\nContent-Length: 2\r\n', 'ok'), status: 200, headers: { 'x-empty': '' } },
  'odd capitals': {
    bytes: ok('x-oDD-cASE: V\r\ncONTENT-lENGTH: 2\r\n', 'ok'),
    status: 200,
    headers: { 'x-odd-case': 'V' },
  },
  'no reason after the status': { bytes: 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', status: 200, body: 'ok' },
  'a status that nobody has defined': {
    bytes: 'HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nok',
    status: 299,
    body: 'ok',
  },
  'more bytes than its length, which belong to no answer': {
    bytes: ok('Content-Length: 2\r\n', 'okGET / HTTP/1.1'),
    status: 200,
    body: 'ok',
  },
  'a header that answers to HTTP itself': {
    bytes: ok('__proto__: x\r\nconstructor: y\r\nContent-Length: 2\r\n', 'ok'),
    status: 200,
    body: 'ok',
  },
};

const refused: Readonly<Record<string, Odd & { readonly slug: string }>> = {
  'a body shorter than its length': {
    bytes: ok('Content-Length: 99\r\n', 'short'),
    end: true,
    slug: 'service-answer-cut',
  },
  'chunks that break off': {
    bytes: ok('Transfer-Encoding: chunked\r\n', '5\r\nab'),
    end: true,
    slug: 'service-answer-cut',
  },
  'two lengths that differ': {
    bytes: ok('Content-Length: 2\r\nContent-Length: 3\r\n', 'okk'),
    end: true,
    slug: 'service-answer-invalid',
  },
  'a length that is no number': {
    bytes: ok('Content-Length: two\r\n', 'ok'),
    end: true,
    slug: 'service-answer-invalid',
  },
  'a chunk size that is none': {
    bytes: ok('Transfer-Encoding: chunked\r\n', 'zz\r\nok\r\n0\r\n\r\n'),
    end: true,
    slug: 'service-answer-invalid',
  },
  'a switch to another protocol': {
    bytes: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    slug: 'service-answer-invalid',
  },
  'headers without end': {
    bytes: `HTTP/1.1 200 OK\r\n${'X-Long: '.padEnd(200_000, 'x')}\r\n\r\n`,
    end: true,
    slug: 'service-answer-invalid',
  },
  'a control character in a header': {
    bytes: ok('X-Bad: a\u0001b\r\nContent-Length: 2\r\n', 'ok'),
    end: true,
    slug: 'service-answer-invalid',
  },
  'a 100 that nobody asked for': {
    bytes: `HTTP/1.1 100 Continue\r\n\r\n${ok('Content-Length: 2\r\n', 'ok')}`,
    slug: 'service-answer-invalid',
  },
  'nothing at all': { bytes: '', end: true, slug: 'service-answer-cut' },
};

describe('services of every kind behind the provider’s gateway', () => {
  let all: TestExchange;
  let odd: Server;
  let answer: Odd = { bytes: '' };
  const sockets = new Set<Socket>();
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      maxBodyBytes: 100_000,
      maxStreamBytes: 1_000_000,
    });
    odd = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', () => {
        socket.write(answer.bytes, () => {
          if (answer.end === true) socket.end();
        });
      });
    });
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', () => resolve()));
    const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}/`;
    for (const [service, timeoutMs] of [
      [PATIENT, 10_000],
      [HASTY, 300],
    ] as const) {
      await all.provider.gateway.rights.addService({ service, url, timeoutMs, enabled: true, notice: '' });
      await all.provider.gateway.rights.addAgreement(anAgreement({ id: `whole-${timeoutMs}`, service, fields: ['/'] }));
    }
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    odd.close();
    await all.close();
  });

  const ask = (given: Odd, parts: { service?: string; method?: string } = {}): Promise<Answer> => {
    answer = given;
    // A connection that was used for something odd is not used again.
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    return sendRaw(all.consumer.gateway.url, {
      path: `/r1/${parts.service ?? PATIENT}`,
      method: parts.method ?? 'POST',
      headers: [
        ['x-road-client', CLIENT],
        ['accept', 'application/problem+json'],
      ],
    });
  };

  for (const [how, given] of Object.entries(passing)) {
    it(`pass ${how}`, async () => {
      const got = await ask(given);
      assert.equal(got.status, given.status, got.text);
      assert.equal(got.headers['x-road-error'], undefined);
      if (given.body !== undefined) assert.equal(got.text, given.body);
      for (const [name, value] of Object.entries(given.headers ?? {})) assert.equal(got.headers[name], value, name);
      assert.equal(got.headers['x-road-service'], PATIENT);
    });
  }

  it('pass two cookies as two', async () => {
    const got = await ask({ bytes: ok('Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n', '') });
    assert.deepEqual(got.headers['set-cookie'], ['a=1; Path=/', 'b=2']);
  });

  it('pass the headers of an answer to HEAD, also of one that would have trailers', async () => {
    const got = await ask(
      { bytes: ok('Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\nX-Own: kept\r\n', '') },
      { method: 'HEAD' },
    );
    assert.deepEqual([got.status, got.headers['x-own'], got.text], [200, 'kept', '']);
  });

  for (const [how, given] of Object.entries(refused)) {
    it(`are refused by name with ${how}`, async () => {
      const got = await ask(given);
      assert.match(String(got.headers['x-road-error']), /^Server\.ServerProxy\./, got.text);
      assert.match(got.text, new RegExp(`/problems/${given.slug}"`));
      assert.ok([502, 504].includes(got.status), String(got.status));
    });
  }

  it('are refused by name with a stream of events that has no end', async () => {
    const got = await ask({ bytes: ok('Content-Type: text/event-stream\r\n', 'data: 1\n\n') }, { service: HASTY });
    assert.match(got.text, /\/problems\/service-timeout"/);
    assert.equal(got.status, 504);
  });
});
