import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseOpenApi, type ServiceDescription } from '../../exchange/index.ts';
import { writeDurably } from '../../platform/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { untilStopped } from '../parts/process.ts';
import { type Outside, openSandbox, SANDBOX, type Sandbox } from '../parts/sandbox.ts';
import { openSample } from '../parts/sandbox-sample.ts';
import { CommandRefusal, print } from '../terminal.ts';

/** `./wasl sandbox`: two members with a sample service; with --service, the outside one behind the provider's gateway. */
export async function sandboxCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('sandbox', args, {
    service: { type: 'string' },
    openapi: { type: 'string' },
    json: { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    data: { type: 'string' },
    'database-url': { type: 'string' },
    'log-level': { type: 'string' },
  });
  if (positionals.length > 0)
    throw new CommandRefusal(`"${positionals[0]}" is not an option; see ./wasl help sandbox`, 2);
  const { service, openapi, json, ...settings } = values;
  if (service === undefined && openapi !== undefined)
    throw new CommandRefusal('--openapi describes the service of --service; give both', 2);
  const serviceUrl = service === undefined ? undefined : readServiceUrl(service);
  const description = typeof openapi === 'string' ? await readDescription(openapi) : undefined;
  const temporary = isTemporary(settings['data']) ? await mkdtemp(join(tmpdir(), 'wasl-sandbox-')) : undefined;
  const config = configFrom({ port: '0', ...settings, data: temporary ?? settings['data'] });
  if (config.mode === 'production')
    throw new CommandRefusal('the sandbox is for trying things out, not for production');
  const sample = serviceUrl === undefined ? await openSample() : undefined;
  const outside: Outside = {
    ...(sample ?? { url: serviceUrl ?? '', description }),
    isPassing: temporary !== undefined,
  };
  const sandbox = await openSandbox(config, outside);
  if (sample === undefined) await warnIfDown(outside.url);
  if (typeof json === 'string') await writeDescription(resolve(json), sandbox);
  describe(sandbox, outside);
  return untilStopped(async () => {
    await sandbox.close();
    await sample?.close();
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  });
}

/** Without a folder, or with the word "temporary", nothing is kept. */
function isTemporary(data: unknown): boolean {
  return data === undefined || data === 'temporary';
}

function readServiceUrl(given: unknown): string {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new CommandRefusal(`--service must be an http(s) address without a query, not "${given}"`, 2);
  return String(given);
}

async function readDescription(path: string): Promise<ServiceDescription> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandRefusal(`--openapi: ${path} cannot be read`, 2);
  });
  const read = parseOpenApi(text);
  if (read.ok) return read.value;
  throw new CommandRefusal(`--openapi: ${path} is not acceptable: ${read.error.field} ${read.error.detail}`, 2);
}

/** A service may come up later; until then its callers get the gateway's fault. */
async function warnIfDown(url: string): Promise<void> {
  const isUp = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
  if (!isUp) print(`warning: ${url} does not answer yet; calls to it are refused until it does`);
}

function descriptionOf({ consumer, provider, pageUrl, logs }: Sandbox): object {
  return {
    consumerUrl: consumer.gateway.url,
    client: SANDBOX.client,
    service: SANDBOX.service,
    providerGateway: provider.gateway.url,
    adminUrl: `${provider.gateway.url}/operator/v1`,
    adminToken: provider.operatorToken,
    consumerAdminUrl: `${consumer.gateway.url}/operator/v1`,
    consumerAdminToken: consumer.operatorToken,
    pageUrl,
    anchorFile: consumer.anchorFile,
    ledgers: logs,
  };
}

/** Whole or not at all: a program that waits for the file never reads half of it. */
async function writeDescription(path: string, sandbox: Sandbox): Promise<void> {
  await writeDurably(`${path}.new`, path, `${JSON.stringify(descriptionOf(sandbox), null, 2)}\n`);
}

function describe(sandbox: Sandbox, { url, samples = [] }: Outside): void {
  const { consumer, provider } = sandbox;
  print(`sandbox ready: an X-Road client calls ${consumer.gateway.url}`);
  print(`  page            ${sandbox.pageUrl}/ar   (fr, en)`);
  print(`  X-Road-Client   ${SANDBOX.client}`);
  print(`  service         ${SANDBOX.service}   →   ${url}`);
  print(`  provider        ${provider.gateway.url}   ${provider.server}`);
  for (const log of sandbox.logs) print(`  ledger          ${log.url}   ${log.vkey}`);
  const path = samples[0]?.path ?? '/';
  print('\nTry it:');
  print(`  curl -H 'X-Road-Client: ${SANDBOX.client}' ${consumer.gateway.url}/r1/${SANDBOX.service}${path}`);
  print('\nCtrl+C stops it.');
}
