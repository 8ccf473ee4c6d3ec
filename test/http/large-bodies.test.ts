import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS, verifyEvidence } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { verifyLog } from '../../src/ledger/index.ts';
import { openForTest } from '../support/database.ts';
import { anAgreement, CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';
import { aMessage } from '../support/messages.ts';

const LIMIT = 100_000;
const MOST = 20_000_000;
const BYTES = randomBytes(6_000_000);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What a body that is not held in memory keeps of the promises of one that is. */
describe('a body above what a gateway holds in memory', () => {
  let all: TestExchange;
  let outside: Server;
  /** Digests of the requests that were complete at the service, and how many were broken off. */
  const complete: string[] = [];
  let broken = 0;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      maxBodyBytes: LIMIT,
      maxStreamBytes: MOST,
    });
    outside = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const { rights } = all.provider.gateway;
    const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
    await rights.addService({ service: SERVICE, url, timeoutMs: 5_000, enabled: true, notice: '' });
    await rights.addAgreement(anAgreement({ id: 'whole', fields: ['/'] }));
  });
  after(async () => {
    outside.closeAllConnections();
    outside.close();
    await all.close();
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/early') return void response.writeHead(413).end('enough');
    try {
      const body = await buffer(request);
      if (body.length > 0) complete.push(`${sha256(body)} ${request.headers['content-length']}`);
    } catch {
      broken += 1;
      return;
    }
    if (request.url === '/down') Readable.from(pieces(BYTES)).pipe(response);
    else if (request.url === '/json')
      response.setHeader('content-type', 'application/json').end(`"${'x'.repeat(MOST / 10)}"`);
    else if (request.url === '/cut')
      Readable.from(pieces(BYTES.subarray(0, 3_000_000)))
        .on('end', () => response.destroy())
        .pipe(response, { end: false });
    else response.end('taken');
  }

  function* pieces(bytes: Buffer, step = 40_000): Generator<Buffer> {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }

  type Got = { readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer | 'cut' };

  type Told = {
    readonly agreement?: string;
    readonly length?: boolean;
    readonly step?: number;
    readonly service?: string;
  };

  /** As an information system would: the body in pieces, without a length unless told. */
  function call(path: string, body?: Buffer, more: Told = {}): Promise<Got> {
    const headers = {
      'x-road-client': CLIENT,
      'wasl-agreement': more.agreement ?? 'whole',
      ...(more.length === true ? { 'content-length': body?.length } : {}),
    };
    return new Promise((resolve, reject) => {
      const url = `${all.consumer.gateway.url}/r1/${more.service ?? SERVICE}${path}`;
      const request = requestHttp(url, { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
        const got = { status: response.statusCode ?? 0, headers: response.headers };
        buffer(response).then(
          (bytes) => resolve({ ...got, body: bytes }),
          () => resolve({ ...got, body: 'cut' }),
        );
      });
      request.on('error', reject);
      if (body === undefined) request.end();
      else Readable.from(pieces(body, more.step)).pipe(request);
    });
  }

  const entriesOf = async (one: TestExchange['consumer'], exchange: string) => {
    const answer = await fetch(`${one.gateway.url}/operator/v1/exchanges/${exchange}`, {
      headers: { authorization: `Bearer ${one.token}` },
    });
    const { messages } = (await answer.json()) as { messages: { kind: string; fault: string | null }[] };
    return messages.map(({ kind, fault }) => (fault === null ? kind : `${kind} ${fault}`));
  };

  it('in pieces of a byte is the same message', async () => {
    const body = BYTES.subarray(0, LIMIT + 70_001);
    const answer = await call('/up', body, { step: 1 });
    assert.equal(answer.status, 200);
    assert.equal(complete.pop(), `${sha256(body)} ${body.length}`);
  });

  it('is not taken by what the gateway answers itself', async () => {
    const { headers, body } = await call('', BYTES, { service: 'MA-TEST/GOV/DGSN/identity/receiveEvents' });
    assert.equal(headers['x-road-error'], 'Server.ServerProxy.IOError');
    assert.match(String(body), /larger than this gateway itself takes/);
  });

  for (const length of [true, false]) {
    it(`reaches the service whole and with its length, ${length ? 'announced' : 'in chunks'}`, async () => {
      const answer = await call('/up', BYTES, { length });
      assert.equal(answer.status, 200);
      assert.equal(complete.at(-1), `${sha256(BYTES)} ${BYTES.length}`);
    });
  }

  it('comes back whole as an answer, and its exchange is proved as any other', async () => {
    const answer = await call('/down');
    assert.notEqual(answer.body, 'cut');
    assert.equal(sha256(answer.body as Buffer), sha256(BYTES));
    assert.equal(answer.headers.trailer, undefined);
    const exchange = String(answer.headers['x-road-request-id']);
    for (const one of [all.consumer, all.provider]) {
      assert.deepEqual(await entriesOf(one, exchange), ['request', 'response']);
    }
    const report = unwrap(
      verifyEvidence(await all.consumer.gateway.exportEvidence(exchange), all.registry.registry.keys.anchor),
    );
    const digest = createHash('sha256').update(BYTES).digest('base64');
    assert.ok(JSON.stringify(report).includes(digest));
  });

  it('goes up and comes down in one exchange that is proved', async () => {
    const answer = await call('/down', BYTES);
    assert.equal(sha256(answer.body as Buffer), sha256(BYTES));
    const file = await all.provider.gateway.exportEvidence(String(answer.headers['x-road-request-id']));
    unwrap(verifyEvidence(file, all.registry.registry.keys.anchor));
  });

  it('that a service breaks off is broken off at the client, and both ledgers say so', async () => {
    const answer = await call('/cut');
    assert.equal(answer.body, 'cut');
    const exchange = String(answer.headers['x-road-request-id']);
    for (const one of [all.consumer, all.provider]) {
      assert.deepEqual(await untilTwo(() => entriesOf(one, exchange)), ['request', 'refusal transfer-cut']);
    }
  });

  it('may be refused by the service before it was read to its end', async () => {
    const answer = await call('/early', BYTES, { length: true });
    assert.equal(answer.status, 413);
    assert.equal(String(answer.body), 'enough');
  });

  it('is not passed on where the agreement leaves some fields only, since those need it whole', async () => {
    const answer = await call('/json', undefined, { agreement: 'residence' });
    assert.equal(answer.status, 500);
    assert.match(String(answer.body), /larger than 100000 bytes/);
  });

  it('above the largest of all is refused at the own door', async () => {
    const before = complete.length;
    const answer = await call('/up', Buffer.alloc(MOST + 1));
    assert.equal(answer.status, 500);
    assert.match(String(answer.body), /larger than 20000000 bytes/);
    assert.equal(complete.length, before);
  });

  it('that was altered between the gateways is never complete at the service', async () => {
    const before = { complete: complete.length, broken };
    const exchange = randomUUID();
    const message = aMessage(all, { exchange, body: BYTES, path: '/up', headers: [['wasl-agreement', 'whole']] });
    const altered = Buffer.from(BYTES);
    altered[altered.length - 1] = (altered[altered.length - 1] ?? 0) ^ 1;
    const answer = await sendRaw(all.provider.gateway.peerUrl, { ...message, body: altered });
    assert.match(answer.text, /body-altered/);
    assert.equal(complete.length, before.complete);
    for (let tries = 0; tries < 100 && broken === before.broken; tries += 1) await pause(20);
    assert.equal(broken, before.broken + 1);
    assert.deepEqual(await entriesOf(all.provider, exchange), ['request', 'refusal body-altered']);
  });

  it('leaves both ledgers whole', async () => {
    for (const { db, gateway } of [all.consumer, all.provider]) {
      unwrap(await verifyLog(db.read, gateway.ledger.name, gateway.ledger.vkey));
    }
  });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function untilTwo(look: () => Promise<string[]>): Promise<string[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const seen = await look();
    if (seen.length >= 2) return seen;
    await pause(20);
  }
  return look();
}
