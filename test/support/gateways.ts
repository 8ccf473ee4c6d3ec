import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  type Agreement,
  type Gateway,
  type GatewayKeys,
  type GatewaySettings,
  issueToken,
  joinAsGateway,
  openGateway,
  openInternalTls,
  openTrustStore,
  recipientsIn,
  type TrustStore,
} from '../../src/exchange/index.ts';
import type { Database, Log, Tracing } from '../../src/platform/index.ts';
import { freePort } from './ports.ts';
import { anAdmission, INSTANCE, startRegistry, type TestRegistry } from './registry.ts';

export const CLIENT = `${INSTANCE}/GOV/ADD/portal`;
export const SERVICE = `${INSTANCE}/GOV/DGSN/identity/persons`;

export type Logged = { readonly level: 'info' | 'warn' | 'error'; readonly event: string; readonly fields: object };
export type RecordedLog = Log & { readonly lines: Logged[] };

export function recordLog(): RecordedLog {
  const lines: Logged[] = [];
  const at =
    (level: Logged['level']) =>
    (event: string, fields: object = {}, cause?: unknown): void => {
      lines.push({ level, event, fields: { ...fields, ...(cause === undefined ? {} : { cause: String(cause) }) } });
    };
  const log: RecordedLog = { lines, info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return log;
}

/** A gateway that joined the test's registry, with all that an attacker who took its machine would have. */
export type TestGateway = {
  readonly gateway: Gateway;
  readonly server: string;
  readonly address: string;
  readonly keys: GatewayKeys;
  readonly trust: TrustStore;
  readonly db: Database;
  readonly log: RecordedLog;
  /** Milliseconds that its clock is ahead. */
  skewMs: number;
  readonly token: string;
  /** Its archive and what goes with it. */
  readonly dir: string;
  close(): Promise<void>;
};

const NAMES = ['localhost', '127.0.0.1'];
// What a test puts on a gateway is in force at once, unless it is about signatures.
const SETTINGS = {
  requireSignatures: false,
  maxBodyBytes: 100_000,
  maxStreamBytes: 100_000,
  allowedNetworks: ['127.0.0.0/8'],
};

export type TestGatewayOptions = {
  readonly code: string;
  readonly subsystem: string;
  readonly settings?: Partial<GatewaySettings>;
  readonly tls?: boolean;
  /** Instead of the registry's own door. */
  readonly listFrom?: () => Promise<string>;
  readonly tracing?: Tracing | undefined;
};

export async function startGateway(
  test: TestRegistry,
  db: Database,
  options: TestGatewayOptions,
): Promise<TestGateway> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-gateway-'));
  const name = { ar: options.subsystem, fr: options.subsystem };
  const { instance } = test.registry.keys.anchor;
  const admission = anAdmission(options.code, { subsystems: [{ code: options.subsystem, name }] }, instance);
  const token = await issueToken(test.registry, admission, new Date());
  const port = await freePort();
  const address = `https://127.0.0.1:${port}`;
  const clock = () => new Date();
  const { keys, anchor, statement } = await joinAsGateway({ registryUrl: test.server.url, token, dir, address, clock });
  const log = recordLog();
  const registry = options.listFrom ?? test.server.url;
  const trust = await openTrustStore({ dir, anchor, clock, log, pollSeconds: 600, registry });
  const held = { skewMs: 0 };
  const operatorToken = randomBytes(24).toString('base64url');
  const internalTls = options.tls === true ? await openInternalTls({ dir, names: NAMES, clock, log }) : undefined;
  const gateway = await openGateway({
    db,
    server: statement.server,
    subsystems: [`${statement.member.id}/${options.subsystem}`],
    keys,
    subjectSecret: randomBytes(32),
    trust,
    ...{ host: '127.0.0.1', port: 0, peerPort: port },
    ...(internalTls === undefined ? {} : { internalTls, tlsPort: 0 }),
    address,
    ledger: { name: options.code.toLowerCase(), origin: statement.ledger.name },
    witnessKey: generateKeyPairSync('ed25519').privateKey,
    archive: { dir: join(dir, 'archive'), recipients: recipientsIn(dir, true) },
    operatorToken,
    clock: () => new Date(Date.now() + held.skewMs),
    newId: randomUUID,
    randomBytes,
    log,
    ...(options.tracing === undefined ? {} : { tracing: options.tracing }),
    settings: { ...SETTINGS, ...options.settings },
  });
  return Object.assign(held, {
    gateway,
    server: statement.server,
    address,
    keys,
    trust,
    db,
    log,
    token: operatorToken,
    dir,
    async close() {
      await gateway.close();
      internalTls?.close();
      await trust.close();
      await rm(dir, { recursive: true, force: true });
    },
  });
}

export type ServiceCall = {
  readonly method: string;
  readonly url: string;
  readonly headers: string[];
  readonly body: Buffer;
};
export type TestService = {
  readonly url: string;
  /** What reached the service. */
  readonly calls: ServiceCall[];
  close(): Promise<void>;
};

export const PERSON = {
  number: 'AB123',
  name: { ar: 'أمينة', fr: 'Amina' },
  born: '1990-01-02',
  secret: 'not agreed on',
  addresses: [{ city: 'Rabat', street: 'not agreed on' }],
};

/** An ordinary HTTP service; the first segment of the path says how it answers. */
export async function startService(): Promise<TestService> {
  const calls: ServiceCall[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      calls.push({ method: request.method ?? '', url: request.url ?? '', headers: request.rawHeaders, body });
      answerAs(request, response, body);
    });
  });
  await listen(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerAs(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const how = /^\/base\/([^/?]*)/.exec(request.url ?? '')?.[1];
  const json = (status: number, value: unknown, headers: Record<string, string | string[]> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
  if (how === 'hang') return;
  if (how === 'cut') response.destroy();
  else if (how === 'half') half(response);
  else if (how === 'bomb')
    response.writeHead(200, JSON_TYPE).end(`{"number":${'['.repeat(1_000)}${']'.repeat(1_000)}}`);
  else if (how === 'twice') response.writeHead(200, JSON_TYPE).end('{"number":1,"name":"a","na\\u006de":"b"}');
  else if (how === 'poison') response.writeHead(200, JSON_TYPE).end('{"number":1,"__proto__":{"isAdmin":true}}');
  else if (how === 'garbage') response.socket?.end('this is not HTTP\r\n\r\n');
  else if (how === 'trickle') trickle(response);
  else if (how === 'text') response.writeHead(200, { 'content-type': 'text/plain' }).end('a secret in plain text');
  else if (how === 'huge') json(200, { name: 'x'.repeat(200_000) });
  else if (how === 'moved') json(302, {}, { location: 'http://elsewhere.example/' });
  else if (how === 'missing') json(404, { error: 'no such person', record: PERSON });
  else if (how === 'forge') json(200, PERSON, forgedHeaders);
  else if (how === 'typed') typed(request, response);
  else if (how === 'echo') response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body);
  else if (how === 'nothing') response.writeHead(204).end();
  else if (how === 'broken')
    response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>at line 12 of persons.php</h1>');
  else json(200, PERSON);
}

/** The body of the query's `body`, under the content type of its `type`, or none. */
function typed(request: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = new URL(request.url ?? '', 'http://service');
  const type = searchParams.get('type');
  response.writeHead(200, type === null ? {} : { 'content-type': type }).end(searchParams.get('body') ?? '');
}

const forgedHeaders = {
  'x-road-id': 'forged',
  'x-road-client': 'A/B/C/D',
  'x-road-service': 'A/B/C/D/E',
  'x-road-request-id': 'forged',
  'x-road-request-hash': 'forged',
  'x-road-error': 'Server.ServerProxy.AccessDenied',
  'wasl-agreement': 'forged',
  signature: 'forged',
  'x-own': 'kept',
};

const JSON_TYPE = { 'content-type': 'application/json' };

function half(response: ServerResponse): void {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' });
  response.write('{"number":"AB1', () => response.destroy());
}

function trickle(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
}

export function anAgreement(parts: Partial<Agreement> = {}): Agreement {
  return {
    id: 'residence',
    version: 1,
    client: CLIENT,
    service: SERVICE,
    endpoints: [{ method: '*', path: '/**' }],
    purposes: [{ code: 'residence', text: { ar: 'شهادة السكنى', fr: 'certificat de résidence' } }],
    legalBasis: { text: { ar: 'القانون 55.19', fr: 'loi 55-19' }, ref: '55-19/7' },
    fields: ['/number', '/name', '/addresses/*/city'],
    validFrom: '2020-01-01T00:00:00.000Z',
    validUntil: '2100-01-01T00:00:00.000Z',
    status: 'active',
    ...parts,
  };
}

/** A registry, the gateways of two members and of a third who has no agreement, and a service behind the second. */
export type TestExchange = {
  readonly registry: TestRegistry;
  readonly consumer: TestGateway;
  readonly provider: TestGateway;
  readonly third: TestGateway;
  readonly service: TestService;
  close(): Promise<void>;
};

/** `settings` are of the consumer's and the provider's gateway. */
export async function startExchange(
  open: () => Promise<Database>,
  settings: Partial<GatewaySettings> = {},
  more: { readonly tls?: boolean; readonly consumer?: Tracing; readonly provider?: Tracing } = {},
): Promise<TestExchange> {
  const databases = [await open(), await open(), await open(), await open()] as const;
  const registry = await startRegistry(databases[0], new Date());
  Object.defineProperty(registry, 'now', { get: () => new Date() });
  const { tls = false } = more;
  const consumer = await startGateway(registry, databases[1], {
    ...{ code: 'ADD', subsystem: 'portal', settings, tls },
    tracing: more.consumer,
  });
  const provider = await startGateway(registry, databases[2], {
    code: 'DGSN',
    tls,
    subsystem: 'identity',
    settings: { maxBodyBytes: 50_000, maxStreamBytes: 50_000, ...settings },
    tracing: more.provider,
  });
  const third = await startGateway(registry, databases[3], { code: 'THIRD', subsystem: 'other' });
  for (const one of [consumer, provider, third]) await one.trust.refresh();
  const service = await startService();
  const entry = { service: SERVICE, url: service.url, timeoutMs: 3_000, enabled: true, notice: '' };
  await provider.gateway.rights.addService(entry);
  await provider.gateway.rights.addAgreement(anAgreement());
  return {
    registry,
    consumer,
    provider,
    third,
    service,
    async close() {
      await Promise.all([consumer.close(), provider.close(), third.close()]);
      await service.close();
      await registry.close();
      for (const db of databases) await db.close();
    },
  };
}

export type Answer = {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Names and values by turns, as they came. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
  readonly body: Buffer;
};

export type RawRequest = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Buffer | string;
  /** For the door between gateways. */
  readonly tls?: { readonly key?: string; readonly cert?: string };
};

/** Sends exactly this path and these headers, which fetch would tidy up. */
export function sendRaw(base: string, options: RawRequest): Promise<Answer> {
  const { hostname, port, protocol } = new URL(base);
  const send = protocol === 'https:' ? requestHttps : requestHttp;
  const headers = [['host', `${hostname}:${port}`], ...(options.headers ?? [])].flat();
  if (options.body !== undefined && !headers.some((one) => /^transfer-encoding$/i.test(one)))
    headers.push('content-length', String(Buffer.byteLength(options.body)));
  return new Promise((resolve, reject) => {
    const request = send(
      {
        hostname,
        port,
        method: options.method ?? 'GET',
        path: options.path,
        headers,
        agent: false,
        ...(protocol === 'https:' ? { rejectUnauthorized: false, ...options.tls } : {}),
      },
      (response) => {
        buffer(response).then(
          (body) =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers as Record<string, string>,
              rawHeaders: response.rawHeaders,
              text: body.toString('utf8'),
              body,
            }),
          reject,
        );
      },
    );
    request.once('error', reject);
    request.end(options.body);
  });
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
}
