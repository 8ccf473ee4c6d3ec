import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Agreement, anchorPath, issueToken } from '../../src/exchange/index.ts';
import { bundlePath, parseBundle, TILE_WIDTH } from '../../src/ledger/tile.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/commands.ts';
import { openForTest } from '../support/database.ts';
import { anAgreement, CLIENT, SERVICE } from '../support/gateways.ts';
import { freePort } from '../support/ports.ts';
import { anAdmission, startRegistry, type TestRegistry } from '../support/registry.ts';

export { CLIENT, SERVICE };

/** What may be asked in the members' agreement, and what of the answer is given. */
const ON_PERSONS = { endpoints: [{ method: 'GET', path: '/*' }], fields: ['/name'] };

/** One member's gateway: its process, and what outlives it. */
export type MemberGateway = {
  readonly name: string;
  readonly url: string;
  readonly operatorToken: string;
  /** Its data folder. */
  readonly data: string;
  kill(): Promise<void>;
  /** Starts it again on what it left, as an operator's supervisor would. */
  restart(): Promise<void>;
  /** `./wasl ledger verify`; throws with what it printed where the ledger does not hold. */
  verifyLedger(): Promise<void>;
  readEntries(): Promise<readonly LedgerEntry[]>;
  /** `./wasl evidence export`, then `verify` by the anchor that joining left; throws where it does not hold. */
  proveExchange(exchange: string): Promise<void>;
};

export type LedgerEntry = { readonly kind: string; readonly exchange: string };

export type Members = {
  readonly consumer: MemberGateway;
  readonly provider: MemberGateway;
  /** X-Road-Request-Id of each call that reached the service. */
  readonly served: ReadonlySet<string>;
  close(): Promise<void>;
};

/** Two gateways as processes of their own, joined to a registry, with an agreement and a service behind the second. */
export async function startMembers(databaseUrl: string | undefined): Promise<Members> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-crash-'));
  const registryDb = await openForTest(['exchange-registry']);
  const registry = await startRegistry(registryDb, new Date());
  const schemaSuffix = randomBytes(6).toString('hex');
  const start = (code: string, subsystem: string) =>
    startMember({ registry, dir, databaseUrl, code, subsystem, name: `${code.toLowerCase()}${schemaSuffix}` });
  const served = new Set<string>();
  const service = await startService(served);
  const [consumer, provider] = await Promise.all([start('ADD', 'portal'), start('DGSN', 'identity')]);
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  await operate(provider, 'PUT', 'services', { service: SERVICE, url });
  await agree({ provider, consumer }, anAgreement(ON_PERSONS));
  return {
    consumer,
    provider,
    served,
    async close() {
      await Promise.all([consumer.stop(), provider.stop()]);
      service.closeAllConnections();
      service.close();
      await registry.close();
      await registryDb.close();
      if (databaseUrl !== undefined) await dropSchemas(databaseUrl, [consumer.name, provider.name]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

type Stoppable = MemberGateway & { stop(): Promise<void> };

async function startMember(options: {
  registry: TestRegistry;
  dir: string;
  databaseUrl: string | undefined;
  code: string;
  subsystem: string;
  name: string;
}): Promise<Stoppable> {
  const { registry, databaseUrl, name } = options;
  const data = join(options.dir, options.code);
  const subsystems = [{ code: options.subsystem, name: { ar: options.subsystem, fr: options.subsystem } }];
  const token = await issueToken(registry.registry, anAdmission(options.code, { subsystems }), registry.now);
  const [port, peerPort] = [await freePort(), await freePort()];
  const database = databaseUrl === undefined ? [] : ['--database-url', databaseUrl];
  const joined = ['gateway', '--name', name, '--data', data, '--registry-url', registry.server.url];
  const args = [...joined, '--port', `${port}`, '--peer-port', `${peerPort}`, '--log-level', 'error', ...database];
  let running: RunningCommand = await startCommand([...args, '--token', token]);
  return {
    name,
    url: running.url,
    operatorToken: readFileSync(join(data, 'operator-token.secret'), 'utf8').trim(),
    data,
    kill: () => running.kill(),
    stop: () => running.stop(),
    async restart() {
      running = await startCommand(args);
    },
    async verifyLedger() {
      await runCommand(['ledger', 'verify', name, '--data', data, ...database]);
    },
    readEntries: () => readLedger(`${running.url}/ledger/${name}`),
    async proveExchange(exchange) {
      const file = join(data, 'evidence.json');
      await runCommand(['evidence', 'export', exchange, file, '--data', data]);
      await runCommand(['evidence', 'verify', file, '--anchor', anchorPath(data)]);
    },
  };
}

/** The whole log as anybody reads it: its checkpoint, then its bundles of entries. */
async function readLedger(url: string): Promise<readonly LedgerEntry[]> {
  const read = async (path: string): Promise<Buffer> => {
    const answer = await fetch(`${url}/${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const size = Number((await read('checkpoint')).toString('utf8').split('\n')[1]);
  const entries: LedgerEntry[] = [];
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - first);
    const bundle = parseBundle(await read(bundlePath(first / TILE_WIDTH, width)), width);
    if (!bundle.ok) throw new Error(bundle.error.detail);
    entries.push(...bundle.value.map((entry) => JSON.parse(entry.toString('utf8')) as LedgerEntry));
  }
  return entries;
}

async function startService(served: Set<string>): Promise<Server> {
  const server = createServer((request, response) => {
    served.add(String(request.headers['x-road-request-id']));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"أمينة","kept":"back"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Puts an agreement on the provider's gateway and has both members sign it; resolves when it is in force. */
export async function agree(
  { provider, consumer }: Pick<Members, 'provider' | 'consumer'>,
  agreement: Omit<Agreement, 'version' | 'status'>,
): Promise<void> {
  const { id } = agreement;
  await operate(provider, 'PUT', 'agreements', agreement);
  const version = `agreements/${id}/versions/1`;
  await untilTaken(() => operate(provider, 'POST', `${version}/sign`));
  const server = `${SERVICE.split('/').slice(0, 3).join('/')}/gw1`;
  const offer = { provider: server, agreement: id, version: 1 };
  await untilTaken(() => operate(consumer, 'POST', 'offers/sign', offer));
  await untilTaken(async () => {
    const { signatures } = (await operate(provider, 'GET', version)) as { readonly signatures: readonly object[] };
    if (signatures.length < 2) throw new Error(`${id} is not signed by both`);
  });
}

/** What one gateway told the other is on its way. */
async function untilTaken(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const failure = await work().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (failure === undefined) return;
    if (tries === 200) throw failure;
    await sleep(100);
  }
}

async function operate(of: MemberGateway, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${of.url}/operator/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${of.operatorToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function dropSchemas(url: string, names: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const name of names) await client.query(`drop schema if exists gateway_${name} cascade`);
  await client.end();
}
