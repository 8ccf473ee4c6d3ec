import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { FAULTS, GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { verifyLog } from '../../src/ledger/index.ts';
import { openForTest } from '../support/database.ts';
import { CLIENT, SERVICE, startExchange, type TestExchange } from '../support/gateways.ts';
import { aMessage } from '../support/messages.ts';
import { type RawAnswer, talk } from '../support/raw-socket.ts';

const RUNS = process.env['WASL_TEST_LONG'] === '1' ? 5_000 : 1_000;
const SEED = 20_261_124;
/** Side by side, so that one that waits for nothing does not hold the others. */
const ABREAST = 16;

/** Whatever stands in a request, a gateway answers it or closes; it never falls, and every 5xx is a fault with a name. */
describe('mutated requests at a gateway’s doors', () => {
  let all: TestExchange;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
  });
  after(() => all.close());

  const plain = [
    `POST /r1/${SERVICE}/echo?x=%2F&y=1 HTTP/1.1`,
    'Host: gateway',
    `X-Road-Client: ${CLIENT}`,
    'X-Road-Id: MA-1',
    'X-Road-UserId: MA123',
    'Wasl-Purpose: residence',
    'Wasl-Subject: AB123456',
    'Accept: application/json',
    'Content-Type: application/json',
    'Content-Length: 14',
    '',
    '{"data": [1] }',
  ].join('\r\n');

  /** A good message between gateways: what is changed of it is a forgery. */
  function signed(): string {
    const { method, path, headers, body } = aMessage(all, { body: Buffer.from('{"data": [1] }') });
    const lines = [['host', 'gateway'], ...headers, ['content-length', String(body.length)]];
    return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
  }

  it(`at the own door: ${RUNS} of them`, () => attack(() => plain, { url: all.consumer.gateway.url }));
  it(`at the door between gateways: ${RUNS} of them`, () => {
    const tls = { key: all.consumer.keys.tlsKeyPem, cert: all.consumer.keys.tlsCertPem };
    return attack(signed, { url: all.provider.gateway.peerUrl, tls });
  });

  it('leave both gateways answering, with their ledgers whole', async () => {
    const answer = await fetch(`${all.consumer.gateway.url}/r1/${SERVICE}/find`, {
      headers: { 'x-road-client': CLIENT },
    });
    assert.equal(answer.status, 200);
    for (const { db, gateway } of [all.consumer, all.provider]) {
      unwrap(await verifyLog(db.read, gateway.ledger.name, gateway.ledger.vkey));
    }
  });

  async function attack(seedOf: () => string, target: Parameters<typeof talk>[0]): Promise<void> {
    const requests = fc.sample(mutation, { numRuns: RUNS, seed: SEED });
    for (let at = 0; at < requests.length; at += ABREAST) {
      const some = requests.slice(at, at + ABREAST).map((mutate) => mutate(seedOf()));
      const answers = await Promise.all(some.map((bytes) => talk(target, [bytes], { quietMs: 40 })));
      for (const [nth, answer] of answers.entries()) assertNamed(answer, some[nth] ?? '');
    }
  }
});

const CODES = new Set(Object.values(FAULTS).map(({ code }) => code));

function assertNamed(answer: RawAnswer, sent: string): void {
  for (const part of answer.text.split(/(?=HTTP\/1\.1 \d{3} )/).filter((one) => /^HTTP\/1\.1 5/.test(one))) {
    const code = /^x-road-error: Server\.(?:Client|Server)Proxy\.(\w+)\r$/im.exec(part)?.[1];
    assert.ok(code !== undefined && CODES.has(code), `${JSON.stringify(sent)}\n${part}`);
    assert.ok(!part.includes('problems/internal"'), `${JSON.stringify(sent)}\n${part}`);
    // The code of a fault that nobody foresaw is also that of an unreadable address: its sentence tells them apart.
    assert.ok(!part.includes('The gateway failed'), `${JSON.stringify(sent)}\n${part}`);
  }
}

type Mutate = (text: string) => string;

const evil = fc.constantFrom(
  ...[
    '\0',
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    ' ',
    '\t',
    ':',
    ';',
    ',',
    '%',
    '%00',
    '%2e%2e',
    '%2F',
    '%c0%af',
    '%ff',
    '..',
    '/',
    '\\',
    '?',
    '#',
  ],
  ...[
    '"',
    '{',
    '[',
    '-1',
    '99999999999999999999',
    '__proto__',
    'constructor',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 0\r\n',
  ],
  ...[
    'Expect: 100-continue\r\n',
    'Connection: upgrade\r\nUpgrade: h2c\r\n',
    'X-Road-Client: a\r\n',
    '\u00e9',
    '\u0627',
    'x'.repeat(9_000),
  ],
);
const place = fc.double({ min: 0, max: 1, noNaN: true });

const one: fc.Arbitrary<Mutate> = fc.oneof(
  fc.tuple(place, evil).map(
    ([at, word]): Mutate =>
      (text) =>
        splice(text, at, 0, word),
  ),
  fc.tuple(place, fc.nat(30)).map(
    ([at, count]): Mutate =>
      (text) =>
        splice(text, at, count, ''),
  ),
  fc.tuple(place, fc.nat(255)).map(
    ([at, byte]): Mutate =>
      (text) =>
        splice(text, at, 1, String.fromCharCode(byte)),
  ),
  fc.tuple(place, fc.nat(60), place).map(
    ([at, count, to]): Mutate =>
      (text) => {
        const from = Math.floor(at * text.length);
        return splice(text, to, 0, text.slice(from, from + count));
      },
  ),
  fc.tuple(fc.nat(12), evil).map(
    ([nth, word]): Mutate =>
      (text) => {
        const lines = text.split('\r\n');
        const line = lines[nth % lines.length] ?? '';
        lines[nth % lines.length] = line.replace(/:.*$/, `: ${word}`);
        return lines.join('\r\n');
      },
  ),
  fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'x').map(
    (method): Mutate =>
      (text) =>
        text.replace(/^[A-Z]+/, method),
  ),
);

const mutation: fc.Arbitrary<Mutate> = fc
  .array(one, { minLength: 1, maxLength: 4 })
  .map((all) => (text) => all.reduce((so, mutate) => mutate(so), text));

function splice(text: string, at: number, remove: number, insert: string): string {
  const from = Math.floor(at * text.length);
  return text.slice(0, from) + insert + text.slice(from + remove);
}
