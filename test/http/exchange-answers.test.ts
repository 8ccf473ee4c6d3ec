import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { FAULTS, GATEWAY_MIGRATIONS, type GatewayKeys, issueToken, joinAsGateway } from '../../src/exchange/index.ts';
import type { FaultSlug } from '../../src/exchange/message/fault.ts';
import { type HeaderList, lastOf, passRequestHeaders, toHeaderList } from '../../src/exchange/message/headers.ts';
import { requestHash } from '../../src/exchange/message/request-hash.ts';
import { contentDigest, type SigningKey, signResponse } from '../../src/exchange/message/signature.ts';
import { certificateId } from '../../src/exchange/trust/certificate.ts';
import { readEntries } from '../../src/ledger/index.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { type Answer, CLIENT, sendRaw, startGateway, type TestGateway } from '../support/gateways.ts';
import { signingKeyOf } from '../support/messages.ts';
import { anAdmission, INSTANCE, startRegistry, type TestRegistry } from '../support/registry.ts';

const BODY = '{"name":"أمينة"}';
const PROBLEM_TYPE = 'application/problem+json';
const SERVICE = `${INSTANCE}/GOV/FALSE/register/persons`;

type Reply = { readonly status: number; readonly headers: HeaderList; readonly body: string };
/** What a false gateway makes of the answer that it should have given. */
type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A provider's gateway that joined as any other, and answers as it likes. */
describe('the answer of another gateway', () => {
  let registry: TestRegistry;
  let databases: readonly Database[];
  let consumer: TestGateway;
  let server: Server;
  let key: SigningKey;
  let keys: GatewayKeys;
  let dir: string;
  let address: string;
  let behave: Behaviour;
  let received = 0;

  before(async () => {
    databases = [await openForTest(['exchange-registry']), await openForTest(GATEWAY_MIGRATIONS)];
    const [registryDb, db] = databases as [Database, Database];
    registry = await startRegistry(registryDb, new Date());
    Object.defineProperty(registry, 'now', { get: () => new Date() });
    const settings = { peerTimeoutMs: 3_000, maxBodyBytes: 50_000, maxStreamBytes: 50_000 };
    consumer = await startGateway(registry, db, { code: 'ADD', subsystem: 'portal', settings });
    dir = await mkdtemp(join(tmpdir(), 'wasl-false-'));
    await joinFalsely();
    await consumer.trust.refresh();
  });
  after(async () => {
    await consumer.close();
    server.closeAllConnections();
    server.close();
    await registry.close();
    for (const db of databases) await db.close();
    await rm(dir, { recursive: true, force: true });
  });
  beforeEach(() => {
    consumer.log.lines.length = 0;
    received = 0;
  });

  async function joinFalsely(): Promise<void> {
    server = createServer({ requestCert: true, rejectUnauthorized: false }, (request, response) => {
      received += 1;
      request.resume();
      behave(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const subsystems = [{ code: 'register', name: { ar: 'سجل', fr: 'registre' } }];
    const token = await issueToken(registry.registry, anAdmission('FALSE', { subsystems }), new Date());
    const registryUrl = registry.server.url;
    const joined = await joinAsGateway({ registryUrl, token, dir, address, clock: () => new Date() });
    keys = joined.keys;
    key = {
      keyid: certificateId(Buffer.from(joined.statement.signCertificate, 'base64')),
      key: keys.signKey,
    };
    server.setSecureContext({ key: keys.tlsKeyPem, cert: keys.tlsCertPem });
  }

  /** The signed answer that the profile asks for, with what a test changes of it before it is signed. */
  function honest(request: IncomingMessage, more: { headers?: HeaderList; key?: SigningKey; at?: Date } = {}): Reply {
    const given = toHeaderList(request.rawHeaders);
    const value = (name: string) => lastOf(given, name) ?? '';
    const method = request.method ?? '';
    const target = request.url ?? '';
    const answer: HeaderList = [
      ['content-type', 'application/json'],
      ['x-road-id', value('x-road-id')],
      ['x-road-request-id', value('x-road-request-id')],
      ['x-road-request-hash', requestHash(method, target, passRequestHeaders(given), Buffer.alloc(0))],
      ['wasl-agreement', 'residence'],
    ];
    const replaced = new Set((more.headers ?? []).map(([name]) => name));
    const headers = [...answer.filter(([name]) => !replaced.has(name)), ...(more.headers ?? [])];
    const to = { method, targetUri: `${address}${target}`, signature: value('signature') };
    const digest = contentDigest(Buffer.from(BODY));
    const at = more.at ?? new Date();
    const signed = signResponse({ status: 200, headers }, digest, to, more.key ?? key, at, 'nonce-of-test');
    const proof: HeaderList = [
      ['content-digest', digest],
      ['signature-input', signed.input],
      ['signature', signed.signature],
    ];
    return { status: 200, headers: [...headers, ...proof], body: BODY };
  }

  const write = (response: ServerResponse, reply: Reply): void => {
    response.writeHead(reply.status, reply.headers.flat()).end(reply.body);
  };
  const answering =
    (make: (request: IncomingMessage) => Reply): Behaviour =>
    (request, response) =>
      write(response, make(request));
  const call = (): Promise<Answer> =>
    sendRaw(consumer.gateway.url, {
      path: `/r1/${SERVICE}/find`,
      headers: [
        ['accept', PROBLEM_TYPE],
        ['x-road-client', CLIENT],
      ],
    });
  const lastEntry = async (): Promise<Record<string, unknown>> => {
    const bytes = await readEntries(consumer.db.read, consumer.gateway.ledger.name, 0, 100_000);
    return JSON.parse(bytes.at(-1)?.toString('utf8') ?? '{}') as Record<string, unknown>;
  };

  it('signed and bound to its request is passed on', async () => {
    behave = answering((request) => honest(request));
    const answer = await call();
    assert.equal(answer.status, 200);
    assert.equal(answer.text, BODY);
    assert.equal((await lastEntry())['kind'], 'response');
  });

  const without = (reply: Reply, name: string): Reply => ({
    ...reply,
    headers: reply.headers.filter(([one]) => one !== name),
  });
  let earlier: Reply | undefined;
  const proving: readonly [string, (request: IncomingMessage) => Reply][] = [
    ['that is not signed', (request) => without(honest(request), 'signature')],
    ['whose body was changed', (request) => ({ ...honest(request), body: BODY.replace('أمينة', 'زينب') })],
    ['whose status was changed', (request) => ({ ...honest(request), status: 404 })],
    ['whose agreement was taken away', (request) => without(honest(request), 'wasl-agreement')],
    [
      'that was made a refusal on the way',
      (request) => {
        const reply = honest(request);
        return { ...reply, headers: [...reply.headers, ['x-road-error', 'Server.ServerProxy.AccessDenied']] };
      },
    ],
    ['signed with the key of another member', (request) => honest(request, { key: signingKeyOf(consumer) })],
    [
      'signed with another key under its own name',
      (request) => honest(request, { key: { ...key, key: consumer.keys.signKey } }),
    ],
    ['signed an hour ago', (request) => honest(request, { at: new Date(Date.now() - 3_600_000) })],
    ['signed in an hour', (request) => honest(request, { at: new Date(Date.now() + 3_600_000) })],
    [
      'that names another request',
      (request) => honest(request, { headers: [['x-road-request-id', 'another-request']] }),
    ],
    ['with the hash of another request', (request) => honest(request, { headers: [['x-road-request-hash', 'A==']] })],
    [
      'that was given to an earlier request',
      (request) => {
        earlier ??= honest(request);
        return earlier;
      },
    ],
    ['that is an error page', () => ({ status: 503, headers: [['content-type', 'text/html']], body: '<h1>503</h1>' })],
  ];
  for (const [how, make] of proving) {
    it(`${how} proves nothing and is not passed on`, async () => {
      behave = answering(make);
      if (how.includes('earlier')) assert.equal((await call()).status, 200);
      consumer.log.lines.length = 0;
      await assertNotPassed('peer-answer-invalid', 'Server.ClientProxy.InconsistentResponse', 502);
    });
  }

  async function assertNotPassed(slug: string, code: string, status: number): Promise<void> {
    const answer = await call();
    assert.equal((JSON.parse(answer.text) as { type: string }).type.split('/').at(-1), slug, answer.text);
    assert.equal(answer.status, status);
    assert.equal(answer.headers['x-road-error'], code);
    assert.ok(!answer.text.includes('أمينة'));
    const logged = consumer.log.lines.filter(({ event }) => event === 'request.refused');
    assert.deepEqual(
      logged.map(({ fields }) => (fields as { fault?: string }).fault),
      [slug],
    );
    const entry = await lastEntry();
    assert.equal(entry['kind'], 'refusal');
    assert.equal(entry['fault'], slug);
  }

  for (const [how, slug, make] of [
    ['that never comes', 'peer-timeout', () => undefined],
    ['that is cut off before its head', 'peer-answer-cut', (_request, response) => void response.destroy()],
    [
      'that is cut off in its middle',
      'peer-answer-cut',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"half":', () => response.destroy());
      },
    ],
    [
      'that is no HTTP',
      'peer-answer-invalid',
      (_request, response) => void response.socket?.end('this is not HTTP\r\n\r\n'),
    ],
    [
      'that comes by drops',
      'peer-timeout',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const drop = setInterval(() => response.write(' '), 50);
        response.once('close', () => clearInterval(drop));
      },
    ],
  ] as const satisfies readonly (readonly [string, FaultSlug, Behaviour])[]) {
    it(`${how} is refused as ${slug}`, async () => {
      behave = make;
      await assertNotPassed(slug, `Server.ClientProxy.${FAULTS[slug].code}`, FAULTS[slug].status);
    });
  }

  it('over our limit is refused', async () => {
    behave = answering((request) => ({ ...honest(request), body: 'x'.repeat(60_000) }));
    await assertNotPassed('body-too-large', 'Server.ClientProxy.IOError', 413);
  });

  it('is not asked for where the door shows another certificate than the trust list names', async () => {
    server.setSecureContext({ key: consumer.keys.tlsKeyPem, cert: consumer.keys.tlsCertPem });
    server.closeAllConnections();
    behave = answering((request) => honest(request));
    await assertNotPassed('peer-certificate-refused', 'Server.ClientProxy.SslAuthenticationFailed', 502);
    assert.equal(received, 0);
    server.setSecureContext({ key: keys.tlsKeyPem, cert: keys.tlsCertPem });
    assert.equal((await call()).status, 200);
  });

  it('is not asked for where the door speaks TLS 1.2 and no more', async () => {
    server.setSecureContext({ key: keys.tlsKeyPem, cert: keys.tlsCertPem, maxVersion: 'TLSv1.2' });
    server.closeAllConnections();
    behave = answering((request) => honest(request));
    await assertNotPassed('peer-tls-refused', 'Server.ClientProxy.SslAuthenticationFailed', 502);
    assert.equal(received, 0);
    server.setSecureContext({ key: keys.tlsKeyPem, cert: keys.tlsCertPem });
    assert.equal((await call()).status, 200);
  });
});
