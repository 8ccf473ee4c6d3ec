import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import pg from 'pg';
import { issueToken } from '../../src/exchange/index.ts';
import { ROOT } from '../../src/platform/index.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/commands.ts';
import { openForTest } from '../support/database.ts';
import { anAgreement, CLIENT, SERVICE } from '../support/gateways.ts';
import { freePorts } from '../support/ports.ts';
import { anAdmission, startRegistry, type TestRegistry } from '../support/registry.ts';

export { CLIENT, SERVICE };

/** So soon that the other member cannot know the new keys yet. */
const TAKE_KEYS_SECONDS = 0;

/** One of the two processes of a member. */
export type Process = {
  readonly url: string;
  readonly peerPort: number;
  kill(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
};

export type Cluster = {
  /** Where the member's systems reach it: HAProxy's address. */
  readonly url: string;
  readonly first: Process;
  readonly second: Process;
  readonly operatorToken: string;
  verifyLedger(): Promise<void>;
  /** New keys and certificates for both processes; resolves when both show them. */
  renew(): Promise<void>;
  /** Both processes ask the registry for the list. */
  refreshTrust(): Promise<void>;
  /** Throws where request and answer of the exchange are not both in the ledger. */
  requireKept(exchange: string): Promise<void>;
  close(): Promise<void>;
};

export type TwoClusters = {
  readonly consumer: Cluster;
  readonly provider: Cluster;
  readonly registry: TestRegistry;
  close(): Promise<void>;
};

/** Two members, each two gateway processes on one PostgreSQL behind an HAProxy of its own with the sample's settings. */
export async function startClusters(databaseUrl: string): Promise<TwoClusters> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-cluster-'));
  const registryDb = await openForTest(['exchange-registry']);
  const registry = await startRegistry(registryDb, new Date());
  const suffix = `${process.pid}${Date.now() % 1_000_000}`;
  const start = (code: string, subsystem: string) =>
    startCluster({ registry, dir, databaseUrl, code, subsystem, name: `${code.toLowerCase()}${suffix}` });
  const service = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"أمينة","kept":"back"}');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const provider = await start('DGSN', 'identity');
  const consumer = await start('ADD', 'portal');
  await publish(provider, consumer, `http://127.0.0.1:${(service.address() as AddressInfo).port}`);
  return {
    consumer,
    provider,
    registry,
    async close() {
      await Promise.all([consumer.close(), provider.close()]);
      service.closeAllConnections();
      service.close();
      await registry.close();
      await registryDb.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

type Options = {
  readonly registry: TestRegistry;
  readonly dir: string;
  readonly databaseUrl: string;
  readonly code: string;
  readonly subsystem: string;
  readonly name: string;
};

async function startCluster(options: Options): Promise<Cluster> {
  const { registry, databaseUrl, name, code } = options;
  const [own, peer, ...ports] = await freePorts(6);
  const [own1, peer1, own2, peer2] = ports;
  const data = join(options.dir, code);
  const subsystems = [{ code: options.subsystem, name: { ar: options.subsystem, fr: options.subsystem } }];
  const token = await issueToken(registry.registry, anAdmission(code, { subsystems }), registry.now);
  const args = (folder: string, port?: number, peerPort?: number): readonly string[] => [
    ...['gateway', '--name', name, '--data', folder, '--registry-url', registry.server.url],
    ...['--port', `${port}`, '--peer-port', `${peerPort}`, '--address', `https://127.0.0.1:${peer}`],
    ...['--log-level', 'error', '--database-url', databaseUrl, '--drain-seconds', '3'],
    ...['--take-keys-seconds', `${TAKE_KEYS_SECONDS}`],
  ];
  const first = await startProcess(args(data, own1, peer1), peer1, ['--token', token]);
  // The second process works on a copy of the folder: the same keys, secrets and trust list.
  await cp(data, `${data}-2`, { recursive: true, filter: (path) => !/running\.json$|lock/.test(path) });
  const second = await startProcess(args(`${data}-2`, own2, peer2), peer2, []);
  const haproxy = await startHaproxy(options.dir, code, { own, peer, own1, peer1, own2, peer2 });
  const processes = [first, second];
  const operatorToken = readFileSync(join(data, 'operator-token.secret'), 'utf8').trim();
  const refreshTrust = async () => {
    for (const { url } of processes) await callOperator(url, operatorToken, 'POST', 'trust/refresh');
  };
  return {
    url: `http://127.0.0.1:${own}`,
    first,
    second,
    operatorToken,
    refreshTrust,
    async renew() {
      const shown = () => Promise.all(processes.map(({ peerPort }) => shownCertificate(peerPort)));
      const former = await shown();
      await runCommand(['gateway', 'renew', '--data', data]);
      await cp(join(data, 'keys'), join(`${data}-2`, 'keys'), { recursive: true });
      await refreshTrust();
      for (let waited = 0; (await shown()).some((one, at) => one === former[at]); waited += 200) {
        if (waited > 60_000) throw new Error(`${name} does not take its new keys`);
        await sleep(200);
      }
    },
    async verifyLedger() {
      await runCommand(['ledger', 'verify', name, '--data', data, '--database-url', databaseUrl]);
    },
    async requireKept(exchange) {
      const kinds = await query<{ kind: string }>(
        databaseUrl,
        `select kind from gateway_${name}.exchange_message where exchange = $1 order by leaf_index`,
        [exchange],
      );
      if (kinds.map(({ kind }) => kind).join(' ') !== 'request response')
        throw new Error(`${name} kept of ${exchange}: ${JSON.stringify(kinds)}`);
    },
    async close() {
      haproxy.kill('SIGTERM');
      await Promise.all([first.kill(), second.kill()]);
      await query(databaseUrl, `drop schema if exists gateway_${name} cascade`, []);
    },
  };
}

async function query<T extends pg.QueryResultRow>(url: string, text: string, values: unknown[]): Promise<readonly T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function startProcess(args: readonly string[], peerPort = 0, once: readonly string[] = []): Promise<Process> {
  let running: RunningCommand = await startCommand([...args, ...once]);
  return {
    url: running.url,
    peerPort,
    kill: () => running.kill(),
    stop: () => running.stop(),
    async start() {
      running = await startCommand(args);
    },
  };
}

/** The sample that operators are given, with this test's ports in the place of its own. */
async function startHaproxy(
  dir: string,
  code: string,
  ports: Readonly<Record<'own' | 'peer' | 'own1' | 'peer1' | 'own2' | 'peer2', number | undefined>>,
): Promise<ChildProcess> {
  const sample = readFileSync(join(ROOT, 'deploy', 'haproxy', 'haproxy.cfg'), 'utf8');
  const { own, peer, own1, peer1, own2, peer2 } = ports;
  const places = { 5500: peer, 5501: peer1, 5502: peer2, 8080: own, 8081: own1, 8082: own2 };
  const text = sample.replace(/\b(5500|5501|5502|8080|8081|8082)\b/g, (port) => {
    return String(places[Number(port) as keyof typeof places]);
  });
  const file = join(dir, `${code}.cfg`);
  await writeFile(file, text);
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  child.once('error', () => {});
  for (let waited = 0; !(await answers(own ?? 0)); waited += 50) {
    if (child.exitCode !== null || waited > 10_000) throw new Error(`haproxy does not take ${file}`);
    await sleep(50);
  }
  return child;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** SHA-256 of the certificate that a process shows to other gateways. */
async function shownCertificate(port: number): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

async function callOperator(url: string, token: string, method: string, path: string, body = {}): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/operator/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

async function publish(provider: Cluster, consumer: Cluster, url: string): Promise<void> {
  const agreement = anAgreement({ fields: ['/name'] });
  const { id, version } = agreement;
  // Through the second processes: what one was told, the other knows.
  await provider.refreshTrust();
  await consumer.refreshTrust();
  const tell = (method: string, path: string, body?: object) =>
    callOperator(provider.second.url, provider.operatorToken, method, path, body);
  await tell('PUT', 'services', { service: SERVICE, url });
  await tell('PUT', 'agreements', agreement);
  await tell('POST', `agreements/${id}/versions/${version}/sign`);
  const offer = { provider: `${SERVICE.split('/').slice(0, 3).join('/')}/gw1`, agreement: id, version };
  for (let tries = 1; ; tries += 1) {
    const failure = await callOperator(consumer.second.url, consumer.operatorToken, 'POST', 'offers/sign', offer).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (failure === undefined) break;
    // The offer is on its way.
    if (tries === 100) throw failure;
    await sleep(100);
  }
  // The signature goes back, and each process reads its agreements anew every two seconds.
  await sleep(4_000);
}
