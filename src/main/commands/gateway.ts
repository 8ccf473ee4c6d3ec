import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseNetworks } from '../../exchange/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { openControl } from '../parts/control.ts';
import { LOOPBACK, startGateway } from '../parts/gateway-part.ts';
import { type KeptLog, writeKeptLogs } from '../parts/logs-kept.ts';
import { holdFolder, processLog, untilStopped } from '../parts/process.ts';
import { removeRunning } from '../parts/running.ts';
import { openStorage } from '../parts/storage.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { operatorCommand } from './operator.ts';

const OPTIONS = {
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'database-url': { type: 'string' },
  'registry-url': { type: 'string' },
  'log-level': { type: 'string' },
  'peer-port': { type: 'string' },
  'base-url': { type: 'string' },
  name: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  'allow-network': { type: 'string', multiple: true },
} as const;

/** `./wasl gateway`: one member's gateway as a process of its own. Joins with --token at the first start. */
export async function gatewayCommand(args: readonly string[]): Promise<number> {
  if (args[0] === 'operator') return operatorCommand('gateway', args.slice(1));
  const { values } = readOptions('gateway', args, OPTIONS);
  const { 'peer-port': peerPort, name: givenName, token, 'token-file': tokenFile, ...rest } = values;
  const { 'allow-network': allowNetwork, ...settings } = rest;
  const config = configFrom(settings);
  if (config.registryUrl === undefined)
    throw new CommandRefusal('--registry-url is needed: where the registry answers', 2);
  const name = typeof givenName === 'string' ? givenName : 'gateway';
  if (!/^[a-z][a-z0-9]{0,30}$/.test(name)) throw new CommandRefusal('--name is lower-case letters and digits', 2);
  const release = holdFolder(config.data, `gateway ${name}`);
  const storage = await openStorage({ databaseUrl: config.databaseUrl, dir: config.data });
  const log = processLog(config.logLevel);
  const part = await startGateway({
    storage,
    name,
    dir: config.data,
    registryUrl: config.registryUrl,
    token: () => readToken(token, tokenFile),
    host: config.host,
    ...(config.baseUrl === undefined ? {} : { consoleOrigin: config.baseUrl }),
    port: config.port,
    allowedNetworks: networksOf(allowNetwork, config.mode),
    peerPort: typeof peerPort === 'string' ? Number(peerPort) : config.port + 1,
    log,
  });
  const kept: KeptLog = { ...part.gateway.ledger, schema: `gateway_${name}` };
  await writeKeptLogs(config.data, [kept]);
  const control = await openControl({
    dir: config.data,
    storage,
    logs: [kept],
    token: randomBytes(24).toString('base64url'),
    log,
    exportEvidence: (exchange) => part.gateway.exportEvidence(exchange),
    operators: { [name]: part.gateway.operators },
  });
  print(
    `gateway ready: ${part.server} for information systems ${part.gateway.url}, for gateways ${part.gateway.peerUrl}`,
  );
  print(`console: ${part.gateway.operators.deps.origin()}/ar/console`);
  print(`operator token: ${config.data}/operator-token.secret`);
  return untilStopped(async () => {
    await control.close();
    await removeRunning(config.data);
    await part.close();
    await storage.close();
    release();
  });
}

/** Loopback in a demonstration; in production what --allow-network names and no more. */
function networksOf(given: unknown, mode: 'demonstration' | 'production'): readonly string[] {
  const named = Array.isArray(given) ? given.map(String) : [];
  const checked = parseNetworks(named);
  if (!checked.ok) throw new CommandRefusal(`--allow-network: ${checked.error}`, 2);
  return mode === 'demonstration' ? [...LOOPBACK, ...named] : named;
}

async function readToken(token: unknown, file: unknown): Promise<string> {
  if (typeof token === 'string') return token;
  if (typeof file === 'string') return (await readFile(file, 'utf8')).trim();
  throw new CommandRefusal(
    'this gateway has not joined yet: give the registry’s token with --token or --token-file',
    2,
  );
}
