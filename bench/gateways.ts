import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryPoint } from '../src/main/parts/program.ts';
import { findTestDatabase } from '../src/main/test-database.ts';
import { freePort } from '../test/support/ports.ts';
import type { StartGateways } from './exchange.ts';

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
  await publish(provider, consumer, serviceUrl).catch(async (cause: unknown) => {
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
  await operate(door, path, withJson('PUT', body));
}

function withJson(method: string, body: object): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function operate(door: Door, path: string, init: RequestInit): Promise<unknown> {
  const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${door.token}` };
  const answer = await fetch(`${door.url}/operator/v1/${path}`, { ...init, headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export const anAgreement = (id: string, service: string, fields: readonly string[]) => ({
  id,
  version: 1,
  client: CLIENT,
  service,
  endpoints: [{ method: '*', path: '/**' }],
  purposes: [{ code: 'bench', text: { ar: 'قياس', fr: 'mesure' } }],
  legalBasis: { text: { ar: 'قياس', fr: 'mesure' }, ref: '55-19/7' },
  fields,
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2036-01-01T00:00:00Z',
});

/** Put on the provider's gateway, and signed by both; resolves when it is in force. */
export async function agree(provider: Door, consumer: Door, agreement: ReturnType<typeof anAgreement>): Promise<void> {
  const { id, version } = agreement;
  await put(provider, 'agreements', agreement);
  // The provider's gateway learns of the consumer's with the next trust list.
  await operate(provider, 'trust/refresh', { method: 'POST' });
  await operate(provider, `agreements/${id}/versions/${version}/sign`, { method: 'POST' });
  const offer = { provider: 'MA/GOV/PROVIDER/gw1', agreement: id, version };
  await untilTaken(() => operate(consumer, 'offers/sign', withJson('POST', offer)));
  await untilTaken(async () => {
    const held = (await operate(provider, `agreements/${id}/versions/${version}`, {})) as {
      readonly signatures: readonly object[];
    };
    if (held.signatures.length < 2) throw new Error(`${id} is not signed by both`);
  });
}

/** What travels between the gateways takes a moment. */
async function untilTaken(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const failure = await attempt().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (failure === undefined) return;
    if (tries === 100) throw failure;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function publish(provider: Door, consumer: Door, serviceUrl: string): Promise<void> {
  await put(provider, 'services', { service: SERVICE, url: serviceUrl.replace(/\/$/, '') });
  await agree(provider, consumer, anAgreement('bench', SERVICE, ['/']));
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
