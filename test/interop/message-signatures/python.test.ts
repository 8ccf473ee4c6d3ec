import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS, verifyEvidence } from '../../../src/exchange/index.ts';
import { type HeaderList, toHeaderList } from '../../../src/exchange/message/headers.ts';
import { openForTest } from '../../support/database.ts';
import { anAgreement, CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../../support/gateways.ts';
import { aMessage, type Message, type MessageParts } from '../../support/messages.ts';

const isThere = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const isReady = isThere('python3', '--version') && isThere('openssl', 'version');
const LARGE = Buffer.alloc(300_000, 'wasl ');

type Wire = {
  readonly method?: string;
  readonly target?: string;
  readonly status?: number;
  readonly headers: HeaderList;
  readonly trailers?: HeaderList;
  readonly body: string;
};

/** Messages of the wire between two gateways, judged by a program that was written from the RFCs alone. */
describe('RFC 9421, as another program reads it', { skip: isReady ? false : 'python3 or openssl is missing' }, () => {
  let all: TestExchange;
  let service: Server;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      maxStreamBytes: 1_000_000,
    });
    service = createServer((request, response) => {
      request.resume();
      if (request.url?.startsWith('/large')) response.setHeader('content-type', 'text/plain').end(LARGE);
      else response.setHeader('content-type', 'application/json').end('{"a":1}');
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', () => resolve()));
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const { rights } = all.provider.gateway;
    await rights.addService({ service: SERVICE, url, timeoutMs: 10_000, enabled: true, notice: '' });
    await rights.addAgreement(anAgreement({ id: 'whole', fields: ['/'] }));
  });
  after(async () => {
    service.close();
    await all.close();
  });

  const asWire = (message: Message): Wire => ({
    method: message.method,
    target: `${all.provider.address}${message.path}`,
    headers: message.headers,
    body: message.body.toString('base64'),
  });

  /** Sends it, and gives the answer as it stood on the wire, trailers apart. */
  const exchanged = async (more: MessageParts) => {
    const message = aMessage(all, { headers: [['wasl-agreement', 'whole']], ...more });
    const { hostname, port } = new URL(all.provider.address);
    const response = await new Promise<Wire>((resolve, reject) => {
      const { method, path, tls } = message;
      const headers = [['host', `${hostname}:${port}`], ...message.headers].flat();
      const options = { hostname, port, method, path, headers, agent: false, rejectUnauthorized: false, ...tls };
      const sent = requestHttps(options, (answer) => {
        buffer(answer).then(
          (body) =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: toHeaderList(answer.rawHeaders),
              trailers: toHeaderList(answer.rawTrailers),
              body: body.toString('base64'),
            }),
          reject,
        );
      });
      sent.once('error', reject);
      sent.end(message.body);
    });
    return { request: asWire(message), response };
  };

  const publicPem = (one: TestExchange['consumer']) =>
    createPublicKey(one.keys.signKey).export({ type: 'spki', format: 'pem' }).toString();
  const judge = (asked: { message: Wire; request?: Wire; key: string; label?: string }) => {
    const ran = spawnSync('python3', [join(import.meta.dirname, 'verify.py')], {
      input: JSON.stringify({ label: 'wasl', ...asked }),
      encoding: 'utf8',
    });
    return ran.status === 0
      ? (JSON.parse(ran.stdout) as { covered: string[]; parameters: Record<string, unknown> })
      : ran.stderr.trim();
  };
  const accepted = (judged: ReturnType<typeof judge>) => {
    assert.equal(typeof judged, 'object', String(judged));
    return judged as Exclude<typeof judged, string>;
  };

  it('B.2.4: the other program accepts the published signature', () => {
    const key =
      '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf\nw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\n-----END PUBLIC KEY-----\n';
    const headers: HeaderList = [
      ['Date', 'Tue, 20 Apr 2021 02:07:56 GMT'],
      ['Content-Type', 'application/json'],
      [
        'Content-Digest',
        'sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
      ],
      ['Content-Length', '23'],
      [
        'Signature-Input',
        'sig-b24=("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
      ],
      [
        'Signature',
        'sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:',
      ],
    ];
    const message = { status: 200, headers, body: Buffer.from('{"message": "good dog"}').toString('base64') };
    accepted(judge({ message, key, label: 'sig-b24' }));
    assert.match(String(judge({ message: { ...message, status: 201 }, key, label: 'sig-b24' })), /not of this message/);
  });

  it('a request and the answer that is bound to it (2.4) verify, and altered ones do not', async () => {
    const { request, response } = await exchanged({ body: Buffer.from('{"q":1}') });
    const asked = accepted(judge({ message: request, key: publicPem(all.consumer) }));
    assert.equal(asked.parameters['tag'], 'wasl-request');
    assert.deepEqual(Object.keys(asked.parameters), ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag']);
    assert.equal(response.status, 200, Buffer.from(response.body, 'base64').toString());
    const key = publicPem(all.provider);
    const answered = accepted(judge({ message: response, request, key }));
    for (const part of ['"@status"', '"content-digest"', '"@method";req', '"@target-uri";req']) {
      assert.ok(answered.covered.includes(part), part);
    }
    assert.ok(answered.covered.includes('"signature";req;key="wasl"'));
    const another = await exchanged({ body: Buffer.from('{"q":1}') });
    assert.equal(typeof judge({ message: response, request: another.request, key }), 'string');
    const cut = { ...response, body: Buffer.from('{"a":2}').toString('base64') };
    assert.match(String(judge({ message: cut, request, key })), /not of this body/);
  });

  it('an answer that passed while it came has its digest among the trailers, and covers it there (2.1.4)', async () => {
    const { request, response } = await exchanged({ method: 'GET', path: '/large' });
    assert.ok(Buffer.from(response.body, 'base64').equals(LARGE));
    const names = (list: HeaderList | undefined) => list?.map(([name]) => name.toLowerCase()).toSorted();
    assert.deepEqual(names(response.trailers), ['content-digest', 'signature', 'signature-input']);
    const { covered } = accepted(judge({ message: response, request, key: publicPem(all.provider) }));
    assert.ok(covered.includes('"content-digest";tr'));
  });

  it('a value that is not ASCII, or holds a tab, is covered as its bytes (2.1.3, 2.5)', async () => {
    const wire = (text: string) => Buffer.from(text).toString('latin1');
    for (const issue of [wire('ملف 7/2026'), 'caf\u00e9', wire('voilà'), 'a\tb']) {
      const headers: HeaderList = [
        ['wasl-agreement', 'whole'],
        ['x-road-issue', issue],
      ];
      const { request, response } = await exchanged({ headers });
      const { covered } = accepted(judge({ message: request, key: publicPem(all.consumer) }));
      assert.ok(covered.includes('"x-road-issue";bs'), issue);
      assert.equal(response.status, 200, Buffer.from(response.body, 'base64').toString());
      accepted(judge({ message: response, request, key: publicPem(all.provider) }));
    }
  });

  it('the proof of an exchange whose header is covered as its bytes verifies, and says that it may name a person', async () => {
    const asked = await sendRaw(all.consumer.gateway.url, {
      path: `/r1/${SERVICE}/find`,
      headers: [
        ['X-Road-Client', CLIENT],
        ['Wasl-Agreement', 'whole'],
        ['X-Road-Issue', Buffer.from('ملف\t7').toString('latin1')],
      ],
    });
    assert.equal(asked.status, 200, asked.text);
    const file = await all.consumer.gateway.exportEvidence(String(asked.headers['x-road-request-id']));
    assert.equal(verifyEvidence(file, all.registry.registry.keys.anchor).ok, true);
    assert.match(file.toString(), /"personalData": ?true/);
  });

  it('a refusal to HEAD has the digest of what is sent, which is nothing (RFC 9530 B.2)', async () => {
    const { request, response } = await exchanged({ method: 'HEAD', headers: [['wasl-agreement', 'none']] });
    assert.equal(response.status, 403);
    accepted(judge({ message: response, request, key: publicPem(all.provider) }));
  });
});
