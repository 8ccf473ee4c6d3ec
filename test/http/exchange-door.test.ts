import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { request as requestHttps } from 'node:https';
import { after, before, beforeEach, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import type { HeaderList } from '../../src/exchange/message/headers.ts';
import { type Authority, createAuthorityCertificate, issueCertificate } from '../../src/exchange/registry/authority.ts';
import { certificateId } from '../../src/exchange/trust/certificate.ts';
import { readEntries } from '../../src/ledger/index.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import {
  type Answer,
  anAgreement,
  CLIENT,
  type RawRequest,
  SERVICE,
  sendRaw,
  startExchange,
  startGateway,
  type TestExchange,
} from '../support/gateways.ts';
import { aMessage, type Message, type MessageParts } from '../support/messages.ts';
import { INSTANCE } from '../support/registry.ts';

const SETS = ['exchange-registry', ...GATEWAY_MIGRATIONS];
const FIND_USAGE = `${INSTANCE}/GOV/DGSN/identity/findUsage`;

/** One who reaches the door between gateways without passing through a gateway of ours. */
describe('the provider’s door, reached directly', () => {
  let all: TestExchange;
  before(async () => {
    all = await startExchange(() => openForTest(SETS));
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'usage', service: FIND_USAGE }));
  });
  after(() => all.close());
  beforeEach(() => {
    all.service.calls.length = 0;
    all.provider.log.lines.length = 0;
  });

  const knock = (message: RawRequest): Promise<Answer> => sendRaw(all.provider.gateway.peerUrl, message);
  const entriesAbout = async (exchange: string) => {
    const bytes = await readEntries(all.provider.db.read, all.provider.gateway.ledger.name, 0, 100_000);
    const entries = bytes.map((entry) => JSON.parse(entry.toString('utf8')) as Record<string, unknown>);
    return entries.filter((entry) => entry['exchange'] === exchange);
  };

  const refusalsLogged = () => {
    const refused = all.provider.log.lines.filter(({ event }) => event === 'message.refused');
    return refused.map(({ fields }) => (fields as { fault?: string }).fault);
  };

  /** Said to the sender, signed; said in the log; and in no case passed on. */
  function assertRefused(answer: Answer, slug: string, status: number): void {
    assert.equal(answer.status, status, answer.text);
    assert.equal((JSON.parse(answer.text) as { type: string }).type.split('/').at(-1), slug);
    assert.match(answer.headers['signature'] ?? '', /^wasl=:/);
    assert.deepEqual(refusalsLogged(), [slug]);
    assert.equal(all.service.calls.length, 0);
  }

  describe('a sender with a certificate', () => {
    const impostor = async (authority: Authority, lasts = period()) => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const { server } = all.consumer;
      const wanted = { publicKey, server, use: 'tls', host: '127.0.0.1' } as const;
      const der = await issueCertificate(authority, wanted, lasts, randomBytes(16));
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
      return { ...aMessage(all), tls: { key, cert: new X509Certificate(der).toString() } };
    };
    const minutes = (count: number) => new Date(Date.now() + count * 60_000);
    const period = (from = -1, until = 10) => ({ from: minutes(from), until: minutes(until) });

    it('of a member that joined a moment ago is known', async () => {
      const db: Database = await openForTest(GATEWAY_MIGRATIONS);
      const newcomer = await startGateway(all.registry, db, { code: 'NEW', subsystem: 'app' });
      const message = aMessage(all, { as: newcomer, client: `${INSTANCE}/GOV/NEW/app` });
      const answer = await knock(message);
      await newcomer.close();
      await db.close();
      assertRefused(answer, 'no-agreement', 403);
    });

    it('of another authority of the same name is not known', async () => {
      const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const { name } = all.registry.registry.keys.authority;
      const certificate = await createAuthorityCertificate(keys, name, period(), randomBytes(16));
      const message = await impostor({ certificate, key: keys.privateKey, name });
      assertRefused(await knock(message), 'sender-unknown', 401);
    });

    it('of our authority that the trust list does not name is not known', async () => {
      assertRefused(await knock(await impostor(all.registry.registry.keys.authority)), 'sender-unknown', 401);
    });

    it('that was revoked is told so', async () => {
      const db: Database = await openForTest(GATEWAY_MIGRATIONS);
      const leaver = await startGateway(all.registry, db, { code: 'LEAVER', subsystem: 'app' });
      const id = certificateId(new X509Certificate(leaver.keys.tlsCertPem).raw);
      const message = aMessage(all, { as: leaver, client: `${INSTANCE}/GOV/LEAVER/app` });
      const answer = await fetch(`${all.registry.server.url}/registry/v1/certificates/${id}/revoke`, {
        method: 'POST',
        headers: { authorization: `Bearer ${all.registry.operatorToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'key-compromise' }),
      });
      assert.equal(answer.status, 200, await answer.text());
      await all.provider.trust.refresh();
      assertRefused(await knock(message), 'certificate-revoked', 401);
      await leaver.close();
      await db.close();
    });

    it('that has expired is told so', async () => {
      const { authority } = all.registry.registry.keys;
      assertRefused(await knock(await impostor(authority, period(-60, -1))), 'certificate-expired', 401);
    });

    it('that is not valid yet is told so', async () => {
      const { authority } = all.registry.registry.keys;
      assertRefused(await knock(await impostor(authority, period(5, 60))), 'certificate-not-yet-valid', 401);
    });
  });

  it('speaks TLS 1.3 only, also after it took up a newer trust list', async () => {
    const { hostname, port } = new URL(all.provider.gateway.peerUrl);
    const version = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      new Promise((resolve) => {
        const socket = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false, maxVersion });
        socket.once('secureConnect', () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code));
      });
    // The door looks for a newer list each second; the members that joined after it made some.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    assert.equal(await version('TLSv1.2'), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    assert.equal(await version('TLSv1.3'), 'TLSv1.3');
  });

  describe('a message that its sender signed', () => {
    const altered = (change: (headers: HeaderList) => HeaderList): Message => {
      const message = aMessage(all, { headers: [['wasl-subject', 'AB123']] });
      return { ...message, headers: change(message.headers) };
    };
    const replaced = (name: string, change: (value: string) => string) =>
      altered((headers) => headers.map(([one, value]) => [one, one === name ? change(value) : value]));

    for (const [how, make, slug] of [
      [
        'with one letter of the signature turned',
        () => replaced('signature', (value) => value.replace(/(?<=^wasl=:.{20})./, (one) => (one === 'A' ? 'B' : 'A'))),
        'signature-wrong',
      ],
      ['for another person', () => replaced('wasl-subject', () => 'ZZ999'), 'signature-wrong'],
      ['with one header more', () => altered((headers) => [...headers, ['x-road-userid', 'x']]), 'signature-coverage'],
      [
        'with the person twice',
        () => altered((headers) => [...headers, ['wasl-subject', 'AB123']]),
        'signature-coverage',
      ],
      [
        'with a second signature',
        () => altered((headers) => [...headers, ['signature', 'wasl=:AAAA:']]),
        'signature-malformed',
      ],
      [
        'for a longer time than five minutes',
        () => replaced('signature-input', (value) => value.replace(/expires=\d+/, 'expires=99999999999')),
        'signature-malformed',
      ],
    ] as const) {
      it(`${how} is refused as ${slug}`, async () => {
        assertRefused(await knock(make()), slug, 401);
      });
    }
  });

  describe('a body', () => {
    it('over the limit that comes in pieces of unknown number is refused', async () => {
      const message = aMessage(all, { body: Buffer.alloc(60_000), headers: [['transfer-encoding', 'chunked']] });
      assertRefused(await knock(message), 'body-too-large', 413);
    });

    it('that never ends is cut off, and the log says why', async () => {
      const { hostname, port } = new URL(all.provider.gateway.peerUrl);
      const { path, headers, tls } = aMessage(all);
      const sent = await new Promise<number>((resolve) => {
        let bytes = 0;
        const options = { hostname, port, rejectUnauthorized: false, agent: false, method: 'POST', path, ...tls };
        const request = requestHttps({ ...options, headers: [...headers, ['host', hostname]].flat() });
        const pour = setInterval(() => {
          bytes += 20_000;
          request.write(Buffer.alloc(20_000));
        }, 2);
        const stop = () => {
          clearInterval(pour);
          resolve(bytes);
        };
        request.once('error', stop).once('close', stop);
      });
      assert.ok(sent < 5_000_000, `${sent} bytes were taken`);
      assert.deepEqual(refusalsLogged(), ['body-too-large']);
      assert.equal(all.service.calls.length, 0);
    });

    it('that ends before its announced length is refused', async () => {
      const { hostname, port } = new URL(all.provider.gateway.peerUrl);
      const { path, headers, tls } = aMessage(all);
      await new Promise((resolve) => {
        const options = { hostname, port, rejectUnauthorized: false, agent: false, method: 'POST', path, ...tls };
        const given = [...headers, ['host', hostname], ['content-length', '100']].flat();
        const request = requestHttps({ ...options, headers: given });
        request.once('error', resolve).once('close', resolve);
        request.write('the first half');
        setTimeout(() => request.destroy(), 100);
      });
      await untilLogged(() => all.provider.log.lines.length > 0);
      assert.deepEqual(refusalsLogged(), ['body-unreadable']);
      assert.equal(all.service.calls.length, 0);
    });
  });

  describe('an authenticated sender is refused, and the refusal stands in the ledger', () => {
    const refusals: readonly [string, MessageParts, string, number][] = [
      ['without agreement', { headers: [['wasl-agreement', 'other']] }, 'no-agreement', 403],
      ['for another purpose', { purpose: 'curiosity' }, 'purpose-not-agreed', 403],
      ['climbing out of the service', { path: '/a/%2e%2e/b' }, 'path-traversal', 403],
      ['for an unknown service', { service: `${INSTANCE}/GOV/DGSN/identity/none` }, 'service-unknown', 404],
      ['for a subsystem of somebody else', { service: `${INSTANCE}/GOV/OTHER/x/persons` }, 'service-unknown', 404],
      ['asking who used the data of nobody', { service: FIND_USAGE, path: '', method: 'GET' }, 'subject-missing', 400],
      [
        'asking it of an empty name',
        { service: FIND_USAGE, path: '', method: 'GET', headers: [['wasl-subject', ' ']] },
        'subject-missing',
        400,
      ],
    ];
    const assertKept = async (exchange: string, slug: string) => {
      const last = (await entriesAbout(exchange)).at(-1);
      assert.equal(last?.['kind'], 'refusal');
      assert.equal(last?.['fault'], slug);
      assert.equal(last?.['client'], CLIENT);
    };
    for (const [how, parts, slug, status] of refusals) {
      it(how, async () => {
        const exchange = randomUUID();
        assertRefused(await knock(aMessage(all, { ...parts, exchange })), slug, status);
        await assertKept(exchange, slug);
      });
    }

    it('under an agreement that is suspended', async () => {
      await all.provider.gateway.rights.setStatus('residence', 'suspended');
      const exchange = randomUUID();
      const answer = await knock(aMessage(all, { exchange }));
      await all.provider.gateway.rights.setStatus('residence', 'active');
      assertRefused(answer, 'agreement-not-valid', 403);
      await assertKept(exchange, 'agreement-not-valid');
    });

    it('where the service is down', async () => {
      const service = `${INSTANCE}/GOV/DGSN/identity/down`;
      const entry = { service, url: 'http://127.0.0.1:9', timeoutMs: 400, enabled: true, notice: '' };
      await all.provider.gateway.rights.addService(entry);
      await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'down', service }));
      const exchange = randomUUID();
      assertRefused(await knock(aMessage(all, { exchange, service })), 'service-unreachable', 502);
      assert.deepEqual(
        (await entriesAbout(exchange)).map((entry) => entry['kind']),
        ['request', 'refusal'],
      );
    });

    it('sending again what was refused, under the same id', async () => {
      const message = aMessage(all, { headers: [['wasl-agreement', 'other']] });
      assertRefused(await knock(message), 'no-agreement', 403);
      all.provider.log.lines.length = 0;
      assertRefused(await knock(message), 'no-agreement', 403);
    });
  });

  describe('the other half of a proof', () => {
    const ask = (exchange: string, one?: TestExchange['third']) =>
      knock({
        path: `/wasl/evidence/v1/${exchange}`,
        ...(one === undefined ? {} : { tls: { key: one.keys.tlsKeyPem, cert: one.keys.tlsCertPem } }),
      });

    it('is given to the gateway at the other end, and to no one else', async () => {
      const exchange = randomUUID();
      assert.equal((await knock(aMessage(all, { exchange }))).status, 200);
      assert.equal((await ask(exchange)).status, 401);
      assert.equal((await ask(exchange, all.third)).status, 404);
      assert.equal((await ask(exchange, all.consumer)).status, 200);
      assert.equal((await ask('../../etc/passwd', all.consumer)).status, 404);
    });
  });

  for (const [service, slug] of [
    ['%2e%2e', 'identifier-traversal'],
    ['.', 'identifier-traversal'],
    ['a\\..\\b', 'identifier-traversal'],
    ['%00', 'identifier-encoding'],
    ['%c0%af', 'identifier-encoding'],
    ['a%e2%80%8bb', 'identifier-encoding'],
    ['%zz', 'identifier-encoding'],
  ] as const) {
    it(`refuses the service code ${service} as ${slug}, signed as it may be`, async () => {
      const message = aMessage(all, { service: `${INSTANCE}/GOV/DGSN/identity/${service}`, path: '' });
      assertRefused(await knock(message), slug, 400);
    });
  }

  it('answers an unknown path as the unknown request that it is', async () => {
    for (const path of ['/', '/operator/v1/services', '/metrics', `/r2/${SERVICE}`]) {
      all.provider.log.lines.length = 0;
      assertRefused(await knock({ ...aMessage(all), path }), 'request-malformed', 400);
    }
  });
});

async function untilLogged(isDone: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isDone(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
}
