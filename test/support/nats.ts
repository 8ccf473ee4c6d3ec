import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { until } from './events.ts';
import { freePorts } from './ports.ts';

export const whyNoNats = (): string | false =>
  spawnSync('nats-server', ['--version']).status === 0
    ? false
    : 'nats-server is not installed (apt-get install nats-server)';

export type NatsCluster = {
  readonly servers: readonly string[];
  /** Name of the server that leads the one stream that there is. */
  leader(): Promise<string>;
  /** As a power cut would. */
  kill(name: string): Promise<void>;
  revive(name: string): Promise<void>;
  close(): Promise<void>;
};

type Node = { readonly name: string; readonly args: readonly string[]; process: ChildProcess };

/** Debian's `nats-server -js`, as many of them as are asked for, in one cluster on this machine. */
export async function startNats(size: number): Promise<NatsCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-nats-'));
  const ports = await freePorts(2 * size);
  const routes = ports.slice(size).map((port) => `nats-route://127.0.0.1:${port}`);
  const nodes: Node[] = Array.from({ length: size }, (_nothing, nth) => {
    const name = `n${nth}`;
    const cluster = ['--cluster_name', 'wasl', '--cluster', routes[nth] ?? '', '--routes', routes.join(',')];
    const args = ['-js', '-sd', join(dir, name), '-n', name, '-a', '127.0.0.1', '-p', String(ports[nth])];
    const all = size === 1 ? args : [...args, ...cluster];
    return { name, args: all, process: start(all) };
  });
  const servers = ports.slice(0, size).map((port) => `nats://127.0.0.1:${port}`);
  const byName = (name: string) => {
    const node = nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`no server ${name}`);
    return node;
  };
  await until('the cluster has a leader', () => isReady(servers));
  return {
    servers,
    leader: () => streamLeader(servers),
    kill: (name) => kill(byName(name).process),
    async revive(name) {
      const node = byName(name);
      node.process = start(node.args);
    },
    async close() {
      await Promise.all(nodes.map((node) => kill(node.process)));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function start(args: readonly string[]): ChildProcess {
  return spawn('nats-server', args, { stdio: 'ignore' });
}

async function kill(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGKILL');
  await ended;
}

async function isReady(servers: readonly string[]): Promise<boolean> {
  try {
    const connection = await connect({ servers: [...servers], reconnect: false, timeout: 500 });
    const manager = await jetstreamManager(connection, { timeout: 1_000 });
    await manager.getAccountInfo();
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

async function streamLeader(servers: readonly string[]): Promise<string> {
  const connection = await connect({ servers: [...servers] });
  try {
    const manager = await jetstreamManager(connection);
    const [info] = await manager.streams.list().next();
    return info?.cluster?.leader ?? '';
  } finally {
    await connection.close();
  }
}
