import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { FAULTS, GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import type { FaultSlug } from '../../src/exchange/message/fault.ts';
import { openForTest } from '../support/database.ts';
import { anAgreement, CLIENT, SERVICE, startExchange, type TestExchange } from '../support/gateways.ts';
import { talk } from '../support/raw-socket.ts';

/** Bytes that a proxy and a server could read in two ways, or that are no HTTP at all, at both doors of a gateway. */
describe('bytes at a gateway’s doors', () => {
  let all: TestExchange;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'whole', fields: ['/'] }));
  });
  after(() => all.close());
  beforeEach(() => {
    all.service.calls.length = 0;
  });

  const own = () => ({ url: all.consumer.gateway.url });
  const peer = () => ({
    url: all.provider.gateway.peerUrl,
    tls: { key: all.consumer.keys.tlsKeyPem, cert: all.consumer.keys.tlsCertPem },
  });
  const head = (...more: string[]) =>
    [`POST /r1/${SERVICE}/echo HTTP/1.1`, 'Host: gateway', `X-Road-Client: ${CLIENT}`, 'Wasl-Agreement: whole', ...more]
      .map((line) => `${line}\r\n`)
      .join('');
  const smuggled = `GET /r1/${SERVICE}/smuggled HTTP/1.1\r\nHost: gateway\r\nX-Road-Client: ${CLIENT}\r\n\r\n`;

  const unreadable: readonly [string, string | Buffer, FaultSlug][] = [
    ['two lengths that differ', `${head('Content-Length: 4', 'Content-Length: 6')}\r\nabcdef`, 'length-ambiguous'],
    [
      'a length and chunks',
      `${head('Content-Length: 4', 'Transfer-Encoding: chunked')}\r\n0\r\n\r\n${smuggled}`,
      'length-ambiguous',
    ],
    ['a length with a sign', `${head('Content-Length: +4')}\r\nabcd`, 'length-ambiguous'],
    ['a length of letters', `${head('Content-Length: 4x')}\r\nabcd`, 'length-ambiguous'],
    ['a transfer coding that nobody knows', `${head('Transfer-Encoding: xchunked')}\r\nabcd`, 'length-ambiguous'],
    [
      'chunked that is not the last coding',
      `${head('Transfer-Encoding: chunked, gzip')}\r\n0\r\n\r\n`,
      'length-ambiguous',
    ],
    [
      'a chunk whose size is no number',
      `${head('Transfer-Encoding: chunked')}\r\nzz\r\nabcd\r\n0\r\n\r\n`,
      'chunk-malformed',
    ],
    [
      'a chunk longer than it said',
      `${head('Transfer-Encoding: chunked')}\r\n2\r\nabcd\r\n0\r\n\r\n`,
      'chunk-malformed',
    ],
    [
      'a chunk size that overflows',
      `${head('Transfer-Encoding: chunked')}\r\nfffffffffffffffff\r\nab`,
      'chunk-malformed',
    ],
    ['a folded header', `${head('X-Road-Issue: a', ' b')}\r\n`, 'header-malformed'],
    ['a space before a colon', `${head('X-Road-Issue : a')}\r\n`, 'header-malformed'],
    ['a null byte in a header', `${head('X-Road-Issue: a\0b')}\r\n`, 'header-malformed'],
    ['a lone carriage return in a header', `${head('X-Road-Issue: a\rX-Road-Client: B')}\r\n`, 'header-malformed'],
    ['no request line', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'request-unparsable'],
    ['a version that is none', `GET /r1/${SERVICE} HTTP/9.9\r\n\r\n`, 'request-unparsable'],
    ['a megabyte of headers', `${head(`X-Big: ${'x'.repeat(1_000_000)}`)}\r\n`, 'headers-too-large'],
    [
      'a thousand kilobytes in many headers',
      `${head(...Array.from({ length: 10_000 }, (_, n) => `X-${n}: ${'y'.repeat(90)}`))}\r\n`,
      'headers-too-large',
    ],
  ];
  for (const [what, bytes, slug] of unreadable) {
    for (const [door, at] of [
      ['own', own],
      ['other gateways’', peer],
    ] as const) {
      it(`with ${what} are refused by name at the ${door} door, and nothing behind them is read`, async () => {
        const answer = await talk(at(), [bytes]);
        assert.deepEqual(answer.statuses, [FAULTS[slug].status], answer.text);
        assert.match(answer.text, /^connection: close\r$/im);
        assert.match(answer.text, /^x-road-error: Server\.(Client|Server)Proxy\.\w+\r$/im);
        assert.equal(/problems\/([\w-]+)"/.exec(answer.text)?.[1], slug);
        assert.equal(all.service.calls.length, 0);
      });
    }
  }

  it('that end early are no message', async () => {
    await talk(own(), [`${head('Content-Length: 100')}\r\nhalf`], { quietMs: 60 });
    await talk(own(), [`${head('Transfer-Encoding: chunked')}\r\n4\r\nhalf\r\n`], { quietMs: 60 });
    assert.equal(all.service.calls.length, 0);
  });

  it('of two requests in one write are two requests, answered in order', async () => {
    const one = `GET /r1/${SERVICE}/find HTTP/1.1\r\nHost: gateway\r\nX-Road-Client: ${CLIENT}\r\nX-Road-Id: `;
    const answer = await talk(own(), [`${one}first\r\n\r\n${one}second\r\n\r\n`], { quietMs: 5_000 });
    assert.deepEqual(answer.statuses, [200, 200]);
    assert.ok(answer.text.indexOf('x-road-id: first') < answer.text.indexOf('x-road-id: second'));
  });

  it('that come letter by letter are read, while others are answered', async () => {
    const slow = talk(own(), [...`GET /listClients HTTP/1.1\r\nHost: g\r\n\r\n`], { pauseMs: 5 });
    const quick = await talk(own(), [`GET /listClients HTTP/1.1\r\nHost: g\r\n\r\n`]);
    assert.deepEqual(quick.statuses, [200]);
    assert.deepEqual((await slow).statuses, [200]);
  });

  /** There is no answer that could say it, so its operator reads it in the metrics. */
  async function assertCounted(slug: FaultSlug): Promise<void> {
    const metrics = await (await fetch(`${all.provider.gateway.url}/metrics`)).text();
    assert.match(metrics, new RegExp(`wasl_exchange_refusals_total\\{[^}]*fault="${slug}"[^}]*\\} [1-9]`));
  }

  it('of TLS 1.2 are refused at the door between gateways', async () => {
    const { hostname, port } = new URL(all.provider.gateway.peerUrl);
    const failed = await new Promise<string>((resolve) => {
      const options = { host: hostname, port: Number(port), maxVersion: 'TLSv1.2' as const, rejectUnauthorized: false };
      const socket = connectTls(options, () => resolve('connected'));
      socket.on('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? ''));
    });
    assert.match(failed, /PROTOCOL_VERSION/);
    await assertCounted('tls-version-refused');
  });

  it('that are no TLS at all are closed at the door between gateways, and counted by name', async () => {
    const { host } = new URL(all.provider.gateway.peerUrl);
    const answer = await talk({ url: `http://${host}` }, ['GET / HTTP/1.1\r\nHost: gateway\r\n\r\n']);
    assert.deepEqual(answer.statuses, []);
    await assertCounted('tls-handshake-failed');
  });
});
