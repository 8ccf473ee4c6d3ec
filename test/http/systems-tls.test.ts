import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { listEvents } from '../../src/exchange/operators/store/event.ts';
import { openForTest } from '../support/database.ts';
import {
  type Answer,
  CLIENT,
  PERSON,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
  type TestGateway,
} from '../support/gateways.ts';

const run = promisify(execFile);
const PATH = `/r1/${SERVICE}/AB123`;
const PROVIDER_SYSTEM = SERVICE.split('/').slice(0, 4).join('/');

type Pair = { readonly key: string; readonly certificate: string };

/** Made with openssl, as a member's administrator would. */
async function makePair(dir: string, name: string, options: readonly string[] = []): Promise<Pair> {
  const [key, certificate] = [join(dir, `${name}.key`), join(dir, `${name}.crt`)];
  const kind = options.length > 0 ? options : ['-newkey', 'rsa:2048'];
  await run('openssl', [
    'req',
    '-x509',
    '-nodes',
    ...kind,
    '-keyout',
    key,
    '-out',
    certificate,
    '-subj',
    `/CN=${name}`,
  ]);
  return { key, certificate };
}

/** What is left after -x509's own extensions: an authority of the member, and what it issues. */
async function issue(dir: string, name: string, authority: Pair, san: string): Promise<Pair> {
  const [key, certificate, csr, ext] = ['key', 'crt', 'csr', 'ext'].map((end) => join(dir, `${name}.${end}`)) as [
    string,
    string,
    string,
    string,
  ];
  await writeFile(ext, `subjectAltName=${san}\nbasicConstraints=critical,CA:FALSE\n`);
  await run('openssl', [
    'req',
    '-new',
    '-nodes',
    '-newkey',
    'rsa:2048',
    '-keyout',
    key,
    '-out',
    csr,
    '-subj',
    `/CN=${name}`,
  ]);
  await run('openssl', [
    ...['x509', '-req', '-in', csr, '-CA', authority.certificate, '-CAkey', authority.key, '-CAcreateserial'],
    ...['-out', certificate, '-extfile', ext],
  ]);
  return { key, certificate };
}

type Called = { readonly status: number; readonly error: string | undefined; readonly message: string | undefined };

/** curl, as an adapter of any make would be set up. */
async function curl(base: string, ...options: readonly string[]): Promise<Called> {
  const { stdout } = await run('curl', [
    ...['--silent', '--show-error', '--include', '--http1.1', '--header', `X-Road-Client: ${CLIENT}`],
    ...options,
    `${base}${PATH}`,
  ]);
  const [head = '', body = ''] = stdout.split('\r\n\r\n');
  const message = body.startsWith('{') ? (JSON.parse(body) as { message?: string }).message : undefined;
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    error: /^x-road-error: (.*)$/im.exec(head)?.[1],
    message,
  };
}

const ANSWERED = { status: 200, error: undefined, message: undefined };

describe('TLS between a member’s systems and its gateway', () => {
  let all: TestExchange;
  let dir = '';
  let adapter: Pair;
  let other: Pair;
  let own = '';
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {}, { tls: true });
    // Programs of many processes on a busy machine: the service's own time-out is not what is tried here.
    await all.provider.gateway.rights.addService({
      ...{ service: SERVICE, url: all.service.url, timeoutMs: 30_000, enabled: true, notice: '' },
    });
    dir = await mkdtemp(join(tmpdir(), 'wasl-systems-'));
    adapter = await makePair(dir, 'adapter');
    other = await makePair(dir, 'other', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    own = join(dir, 'gateway.pem');
    const { pem } = (await operator(all.consumer, 'GET', '/internal-certificate')).body as { pem: string };
    await writeFile(own, pem);
  });
  after(async () => {
    await all.close();
    await rm(dir, { recursive: true, force: true });
  });

  const tlsUrl = () => all.consumer.gateway.tlsUrl ?? assert.fail('no door over TLS');
  const overTls = (...options: readonly string[]) => curl(tlsUrl(), '--cacert', own, ...options);
  const inPlain = () => curl(all.consumer.gateway.url);
  const showing = ({ key, certificate }: Pair) => ['--key', key, '--cert', certificate];
  const set = (connection: string) => operator(all.consumer, 'PUT', `/systems/portal/connection`, { connection });
  const certificatesOf = async (gateway: TestGateway, system: string) => {
    const { systems } = (await operator(gateway, 'GET', '/systems')).body as {
      systems: { subsystem: string; certificates: { thumbprint: string; usedBy: string }[] }[];
    };
    return systems.find(({ subsystem }) => subsystem === system)?.certificates ?? [];
  };
  const register = async (gateway: TestGateway, system: string, { certificate }: Pair, usedBy = 'client') => {
    const body = { usedBy, certificate: await readFile(certificate, 'utf8') };
    const added = await operator(gateway, 'POST', `/systems/${encodeURIComponent(system)}/certificates`, body);
    assert.equal(added.status, 201);
    return (added.body as { thumbprint: string }).thumbprint;
  };
  const forgetAll = async (gateway: TestGateway, system: string) => {
    for (const { usedBy, thumbprint } of await certificatesOf(gateway, system)) {
      const path = `/systems/${encodeURIComponent(system)}/certificates/${usedBy}/${thumbprint}`;
      assert.equal((await operator(gateway, 'DELETE', path)).status, 200);
    }
  };

  describe('the own door', () => {
    beforeEach(async () => {
      await set('http');
      await forgetAll(all.consumer, CLIENT);
    });

    it('takes HTTP and HTTPS alike where nothing was said', async () => {
      assert.deepEqual(await inPlain(), ANSWERED);
      assert.deepEqual(await overTls(), ANSWERED);
      assert.deepEqual(await overTls('--tls-max', '1.2'), ANSWERED);
    });

    it('is known to a client by the certificate that the gateway exports, and by nothing else', async () => {
      await assert.rejects(curl(tlsUrl()), /self-signed certificate|certificate problem/);
      await assert.rejects(overTls('--tls-max', '1.1'), /alert|protocol|unsupported|SSL|TLS/i);
    });

    it('refuses HTTP from a subsystem that calls over HTTPS, in X-Road’s words', async () => {
      await set('https');
      assert.deepEqual(await inPlain(), {
        status: 500,
        error: 'Server.ClientProxy.SslAuthenticationFailed',
        message: `Client (SUBSYSTEM:${CLIENT}) specifies HTTPS NO AUTH but client made plaintext connection`,
      });
      assert.deepEqual(await overTls(), ANSWERED);
    });

    it('lets a subsystem of mutual TLS call with the certificate that is registered for it', async () => {
      await register(all.consumer, CLIENT, adapter);
      await set('mutual-tls');
      assert.deepEqual(await overTls(...showing(adapter)), ANSWERED);
      assert.deepEqual(await overTls(...showing(adapter), '--tls-max', '1.2'), ANSWERED);
    });

    it('refuses it over HTTP, without a certificate, with another’s, and with none registered', async () => {
      await set('mutual-tls');
      const refused = (sentence: string) => ({
        status: 500,
        error: 'Server.ClientProxy.SslAuthenticationFailed',
        message: `Client (SUBSYSTEM:${CLIENT}) ${sentence}`,
      });
      assert.deepEqual(await overTls(...showing(adapter)), refused('has no IS certificates'));
      await register(all.consumer, CLIENT, adapter);
      assert.deepEqual(await inPlain(), refused('specifies HTTPS but did not supply TLS certificate'));
      assert.deepEqual(await overTls(), refused('specifies HTTPS but did not supply TLS certificate'));
      assert.deepEqual(await overTls(...showing(other)), refused('TLS certificate does not match any IS certificates'));
    });

    it('names the fault and the remedy to who asks for problems', async () => {
      await set('mutual-tls');
      const headers = [['x-road-client', CLIENT] as const, ['accept', 'application/problem+json'] as const];
      const answer = await sendRaw(all.consumer.gateway.url, { path: PATH, headers });
      const problem = JSON.parse(answer.text) as Record<string, string>;
      assert.equal(answer.status, 403);
      assert.match(problem['type'] ?? '', /client-plaintext$/);
      assert.match(problem['remedy'] ?? '', /over TLS/);
    });

    it('takes a certificate away with the next message, also on a connection that is open', async () => {
      const thumbprint = await register(all.consumer, CLIENT, adapter);
      await set('mutual-tls');
      const session = join(dir, 'session');
      const talk = async (...more: readonly string[]) => {
        const request = `GET ${PATH} HTTP/1.1\r\nHost: localhost\r\nX-Road-Client: ${CLIENT}\r\nConnection: close\r\n\r\n`;
        const { port } = new URL(tlsUrl());
        const args = ['s_client', '-quiet', '-ign_eof', '-connect', `127.0.0.1:${port}`, '-CAfile', own];
        const child = run('openssl', [...args, '-key', adapter.key, '-cert', adapter.certificate, ...more]);
        child.child.stdin?.end(request);
        return (await child).stdout.split('\r\n')[0];
      };
      assert.match((await talk('-tls1_2', '-sess_out', session)) ?? '', / 200 /);
      // A session that is taken up again is as good as the handshake before it, and no better.
      assert.match((await talk('-tls1_2', '-sess_in', session)) ?? '', / 200 /);
      await operator(all.consumer, 'DELETE', `/systems/portal/certificates/client/${thumbprint}`);
      assert.match((await talk('-tls1_2', '-sess_in', session)) ?? '', / 500 /);
    });

    it('holds what is called beside /r1/ in a subsystem’s name to the same', async () => {
      await set('https');
      const headers = [['x-road-client', CLIENT] as const];
      const answer = await sendRaw(all.consumer.gateway.url, { path: '/events/v1/subscriptions', headers });
      assert.equal(answer.status, 403);
      assert.match((JSON.parse(answer.text) as { type: string }).type, /client-plaintext$/);
      const secure = await sendRaw(tlsUrl(), { path: '/events/v1/subscriptions', headers });
      assert.equal(secure.status, 200, secure.text);
    });

    it('refuses what is no certificate, holds two, or has a weak key, by its field', async () => {
      const weak = await makePair(dir, 'weak', ['-newkey', 'rsa:1024']);
      const one = await readFile(adapter.certificate, 'utf8');
      for (const certificate of ['nothing', one + one, one.slice(0, 400), await readFile(weak.certificate, 'utf8')]) {
        const refused = await operator(all.consumer, 'POST', '/systems/portal/certificates', {
          usedBy: 'client',
          certificate,
        });
        assert.equal(refused.status, 422);
        assert.equal((refused.body as { errors: { field: string }[] }).errors[0]?.field, '/certificate');
      }
      assert.equal((await operator(all.consumer, 'POST', '/systems/nobody/certificates', {})).status, 404);
      assert.equal((await set('carrier-pigeon')).status, 422);
    });

    it('does not let an operator lock a subsystem out of a gateway without a door over TLS', async () => {
      const refused = await operator(all.third, 'PUT', '/systems/other/connection', { connection: 'https' });
      assert.equal(refused.status, 409);
      assert.match((refused.body as { detail: string }).detail, /--tls/);
    });

    it('shows the operator’s new files without a stop, and keeps the old ones while half has come', async () => {
      const before = await thumbprintAt(tlsUrl());
      const renewed = await makePair(dir, 'renewed');
      await writeFile(join(all.consumer.dir, 'internal-tls.pem'), await readFile(renewed.certificate));
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      assert.equal(await thumbprintAt(tlsUrl()), before);
      await writeFile(join(all.consumer.dir, 'internal-tls.key.pem'), await readFile(renewed.key));
      const wanted = new X509Certificate(await readFile(renewed.certificate)).fingerprint256;
      const until = Date.now() + 15_000;
      while ((await thumbprintAt(tlsUrl())) !== wanted && Date.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(await thumbprintAt(tlsUrl()), wanted);
    });
  });

  describe('a service behind HTTPS', () => {
    let authority: Pair;
    let pinned: Pair;
    let issued: Pair;
    let misnamed: Pair;
    const seen: { certificate: string | undefined }[] = [];
    before(async () => {
      authority = await makePair(dir, 'authority');
      pinned = await makePair(dir, 'service');
      issued = await issue(dir, 'issued', authority, 'IP:127.0.0.1');
      misnamed = await issue(dir, 'misnamed', authority, 'DNS:elsewhere.example');
    });
    beforeEach(async () => {
      seen.length = 0;
      await forgetAll(all.provider, PROVIDER_SYSTEM);
    });

    const behind = async <T>(pair: Pair, act: () => Promise<T>, more: object = {}): Promise<T> => {
      const server = await startTlsService(pair, seen, more);
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
      const entry = { service: SERVICE, url, timeoutMs: 30_000, enabled: true, notice: '' };
      await all.provider.gateway.rights.addService(entry);
      try {
        return await act();
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    };
    const call = () => sendRaw(all.consumer.gateway.url, { path: PATH, headers: [['x-road-client', CLIENT]] });
    const assertRefused = (answer: Answer) => {
      assert.equal(
        answer.headers['x-road-error'],
        'Server.ServerProxy.ServiceFailed.SslAuthenticationFailed',
        answer.text,
      );
      assert.equal(seen.length, 0, 'nothing of the message may reach a service that is not known');
    };

    it('is refused while nobody vouches for its certificate', async () => {
      assertRefused(await behind(pinned, call));
    });

    it('is called when its very certificate is registered, whatever name stands in it', async () => {
      await register(all.provider, PROVIDER_SYSTEM, pinned, 'service');
      assert.equal((await behind(pinned, call)).status, 200);
    });

    it('is called when its authority is registered and its name is right, and refused under another name', async () => {
      await register(all.provider, PROVIDER_SYSTEM, authority, 'service');
      assert.equal((await behind(issued, call)).status, 200);
      seen.length = 0;
      assertRefused(await behind(misnamed, call));
      assertRefused(await behind(pinned, call));
    });

    it('is not vouched for by a certificate that is registered for clients', async () => {
      await register(all.provider, PROVIDER_SYSTEM, pinned, 'client');
      assertRefused(await behind(pinned, call));
    });

    it('is refused at once when its certificate is removed, though connections are kept', async () => {
      const thumbprint = await register(all.provider, PROVIDER_SYSTEM, pinned, 'service');
      await behind(pinned, async () => {
        assert.equal((await call()).status, 200);
        const path = `/systems/identity/certificates/service/${thumbprint}`;
        assert.equal((await operator(all.provider, 'DELETE', path)).status, 200);
        seen.length = 0;
        assertRefused(await call());
      });
    });

    it('is shown the gateway’s own certificate when it asks for one', async () => {
      await register(all.provider, PROVIDER_SYSTEM, pinned, 'service');
      const { pem } = (await operator(all.provider, 'GET', '/internal-certificate')).body as { pem: string };
      const answer = await behind(pinned, call, { requestCert: true, rejectUnauthorized: true, ca: [pem] });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(JSON.parse(answer.text).number, PERSON.number);
      assert.equal(seen[0]?.certificate, new X509Certificate(pem).fingerprint256);
    });
  });

  it('leaves each act in the ledger', async () => {
    const acts = JSON.stringify(await listEvents(all.consumer.db.read, { outcome: 'done' }, 500));
    for (const event of ['system.connection-changed', 'system.certificate-added', 'system.certificate-removed'])
      assert.ok(acts.includes(event), event);
  });
});

async function operator(gateway: TestGateway, method: string, path: string, body?: object) {
  const answer = await fetch(`${gateway.gateway.url}/operator/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

async function thumbprintAt(url: string): Promise<string> {
  const { host } = new URL(url);
  const child = run('openssl', ['s_client', '-connect', host, '-showcerts']);
  child.child.stdin?.end();
  const { stdout } = await child;
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(stdout)?.[0] ?? '';
  return new X509Certificate(pem).fingerprint256;
}

async function startTlsService(
  { key, certificate }: Pair,
  seen: { certificate: string | undefined }[],
  more: object,
): Promise<Server> {
  const pair = { key: await readFile(key), cert: await readFile(certificate) };
  const server = createHttpsServer({ ...pair, ...more }, (request, response) => {
    seen.push({ certificate: (request.socket as TLSSocket).getPeerCertificate().fingerprint256 });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(PERSON));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
