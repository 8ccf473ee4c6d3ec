import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryPoint } from '../src/main/parts/program.ts';
import { findTestDatabase } from '../src/main/test-database.ts';
import type { StartGateways } from './exchange.ts';
import { freePort } from './processes.ts';

const CLI = entryPoint();
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
const NODE_ENVIRONMENT = { ...process.env, MALLOC_ARENA_MAX: '2' };
const SERVICE = 'MA/GOV/PROVIDER/register/record';

/**
 * The registry and two members' gateways as processes of their own, the way they run in production: each with its
 * schema on a PostgreSQL with fsync on, joined by token, one agreement between them.
 */
export const startGateways = async (serviceUrl: string) => {
  const dir = mkdtempSync(join(tmpdir(), 'wasl-bench-'));
  const database = await findTestDatabase();
  if (database.url === undefined) throw new Error(`the gateways' side needs PostgreSQL: ${database.said}`);
  const children: ChildProcess[] = [];
  const run = (args: readonly string[]) => startReady(children, args);
  const again: (() => Promise<string>)[] = [];
  const registry = ['--data', join(dir, 'registry')];
  const { url: registryUrl } = await run(['registry', ...registry, '--port', '0', '--database-url', database.url]);
  const rest = ['--database-url', database.url, '--log-level', 'error'];
  const join_ = async (name: string, code: string, subsystem: string) => {
    const names = ['--name-ar', code, '--name-fr', code, '--subsystem', subsystem];
    const token = await output(['registry', 'token', ...registry, '--member', `MA/GOV/${code}`, ...names]);
    const folder = ['--data', join(dir, name)];
    const doors = ['--registry-url', registryUrl, '--port', '0', '--peer-port', String(await freePort())];
    const { url, child } = await run(['gateway', '--name', name, ...folder, '--token', token, ...doors, ...rest]);
    again.push(async () => {
      await stop(child);
      return (await run(['gateway', ...folder, ...rest])).url;
    });
    return { url, token: operatorToken(join(dir, name)) };
  };
  const close = async () => {
    await Promise.all(children.map(stop));
    await database.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  const provider = await join_('provider', 'PROVIDER', 'register');
  const consumer = await join_('consumer', 'CONSUMER', 'app');
  await publish(provider, serviceUrl).catch(async (cause: unknown) => {
    await close();
    throw cause;
  });
  return {
    url: `${consumer.url}/r1/${SERVICE}`,
    headers: { 'x-road-client': CLIENT },
    provider,
    consumer,
    /** Both gateways anew, as they are on any day but the first: the consumer's door for the message. */
    async restart() {
      const [, url] = [await again[0]?.(), await again[1]?.()];
      return { url: `${url}/r1/${SERVICE}`, pids: children.slice(-2).map(({ pid }) => pid ?? 0) };
    },
    close,
  };
};
startGateways satisfies StartGateways;

/** Of the gateway `consumer` and of the gateway `provider`. */
export const CLIENT = 'MA/GOV/CONSUMER/app';
export const PUBLISHER = 'MA/GOV/PROVIDER/register';

export type Door = { readonly url: string; readonly token: string };

/** As the operator of a gateway. */
export async function put(door: Door, path: string, body: object): Promise<void> {
  const answer = await fetch(`${door.url}/operator/v1/${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

export const anAgreement = (id: string, service: string, fields: readonly string[]) => ({
  id,
  client: CLIENT,
  service,
  endpoints: [{ method: '*', path: '/**' }],
  purposes: [{ code: 'bench', text: { ar: 'قياس', fr: 'mesure' } }],
  legalBasis: { text: { ar: 'قياس', fr: 'mesure' }, ref: '55-19/7' },
  fields,
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2036-01-01T00:00:00Z',
});

async function publish(provider: Door, serviceUrl: string): Promise<void> {
  await put(provider, 'services', { service: SERVICE, url: serviceUrl.replace(/\/$/, '') });
  await put(provider, 'agreements', anAgreement('bench', SERVICE, ['/']));
}

function operatorToken(dir: string): string {
  return readFileSync(join(dir, 'operator-token.secret'), 'utf8').trim();
}

/** Starts a command that says `… ready: … http://…` when it serves. */
function startReady(
  children: ChildProcess[],
  args: readonly string[],
): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, CLI, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: NODE_ENVIRONMENT,
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const url = /ready: .*?(http:\/\/[\w.:[\]]+)/.exec(said)?.[1];
      if (url !== undefined) resolve({ url, child });
    });
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code} before it was ready: ${said}`)));
  });
}

async function output(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (said === '') throw new Error(`${args.slice(0, 2).join(' ')} said nothing`);
  return said.trim();
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
