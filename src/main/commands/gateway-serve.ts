import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOOR_LIMITS, parseNetworks } from '../../exchange/index.ts';
import { openTracing } from '../../platform/index.ts';
import type { Config } from '../config.ts';
import { configFrom, readOptions } from '../options.ts';
import { openControl } from '../parts/control.ts';
import { type GatewayPart, LOOPBACK, startGateway } from '../parts/gateway-part.ts';
import { type KeptSettings, keepSettings, readKeptSettings, requireSameDatabase } from '../parts/gateway-settings.ts';
import { hasJoined, joinPatiently } from '../parts/join-patiently.ts';
import { optionsToKeep, withKeptOptions } from '../parts/kept-options.ts';
import { openLedgerToken } from '../parts/ledger-token.ts';
import { readLegalRegister } from '../parts/legal-register.ts';
import { type KeptLog, writeKeptLogs } from '../parts/logs-kept.ts';
import { doorsOf } from '../parts/operator-call.ts';
import { chooseDoors, chooseTlsDoor } from '../parts/ports.ts';
import { giveBackAfterStart, holdFolder, processLog, untilStopped } from '../parts/process.ts';
import { removeRunning } from '../parts/running.ts';
import { openStorage } from '../parts/storage.ts';
import { CommandRefusal, print } from '../terminal.ts';

const OPTIONS = {
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'database-url': { type: 'string' },
  'registry-url': { type: 'string' },
  'log-level': { type: 'string' },
  'peer-port': { type: 'string' },
  address: { type: 'string' },
  'base-url': { type: 'string' },
  name: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  'allow-network': { type: 'string', multiple: true },
  'drain-seconds': { type: 'string' },
  'registry-mirror': { type: 'string', multiple: true },
  tls: { type: 'boolean' },
  'tls-port': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-cert': { type: 'string' },
  'timestamp-minutes': { type: 'string' },
  'take-keys-seconds': { type: 'string' },
  'ledger-pkcs11': { type: 'string' },
  'nats-url': { type: 'string' },
  'nats-replicas': { type: 'string' },
  'nats-credentials': { type: 'string' },
  'archive-dir': { type: 'string' },
  'otlp-endpoint': { type: 'string' },
  'trace-ratio': { type: 'string' },
} as const;

type Values = Readonly<Record<string, unknown>>;

/** `./wasl gateway`: one member's gateway as a process of its own. */
export async function serveCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('gateway', args, OPTIONS);
  if (positionals.length > 0)
    throw new CommandRefusal(`./wasl gateway knows no "${positionals[0]}"; see ./wasl help gateway`, 2);
  return serve(values);
}

/** `./wasl gateway join REGISTRY_URL TOKEN`: from nothing to a gateway that serves. */
export async function joinCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('gateway', args, OPTIONS);
  const [registryUrl, token] = positionals;
  if (registryUrl === undefined || positionals.length > 2)
    throw new CommandRefusal('./wasl gateway join REGISTRY_URL TOKEN: both come from the registry’s operator', 2);
  return serve({
    ...values,
    'registry-url': registryUrl.replace(/\/+$/, ''),
    ...(token === undefined ? {} : { token }),
  });
}

async function serve(given: Values): Promise<number> {
  const { config, settings, values } = await readSettings(given);
  const drainMs = drainOf(values['drain-seconds']);
  const [allowedNetworks, mirrors] = [networksOf(values['allow-network'], config.mode), mirrorsOf(values)];
  const tls = tlsOf(values, settings);
  const release = holdFolder(config.data, `gateway ${settings.name}`);
  await keepSettings(config.data, settings);
  const { registryUrl, host, port, peerPort, name } = settings;
  const ledgerToken = await openLedgerToken(config.data, config.ledgerPkcs11);
  await joinPatiently({
    ...{ registryUrl, dir: config.data, address: addressOf(values['address'], settings) },
    ...(ledgerToken === undefined ? {} : { ledgerToken }),
    token: await readToken(config.data, values),
  });
  const storage = await openStorage({ databaseUrl: config.databaseUrl, dir: config.data });
  const log = processLog(config.logLevel);
  const part = await startGateway({
    ...{ storage, name, dir: config.data, registryUrl, host, port, peerPort, log },
    token: async () => '',
    ...(config.baseUrl === undefined ? {} : { consoleOrigin: config.baseUrl }),
    allowedNetworks,
    isProduction: config.mode === 'production',
    legalRegister: await readLegalRegister(config.legalRegister),
    ...{ tls, mirrors },
    timestampIntervalMs: config.timestampMinutes * 60_000,
    takeKeysMs: config.takeKeysSeconds * 1_000,
    ...(ledgerToken === undefined ? {} : { ledgerSigner: ledgerToken.signer }),
    ...eventBrokerOf(config),
    archiveDir: config.archiveDir,
    ...(await tracingOf(config)),
    doors: doorsOfSettings(config),
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
    mount: (server) => {
      server.get('/gateway', async () => doorsOf(part));
    },
  });
  announce(part, config.data);
  giveBackAfterStart();
  return untilStopped(async () => {
    part.gateway.drain();
    await sleep(drainMs);
    await control.close();
    await removeRunning(config.data);
    await part.close();
    await ledgerToken?.close();
    await storage.close();
    release();
  });
}

function announce({ server, gateway }: GatewayPart, dir: string): void {
  print(`gateway ready: ${server} for information systems ${gateway.url}, for gateways ${gateway.peerUrl}`);
  if (gateway.tlsUrl !== undefined) print(`over TLS: ${gateway.tlsUrl}`);
  print(`console: ${gateway.operators.deps.origin()}/ar/console`);
  print(`operator token: ${dir}/operator-token.secret`);
}

/** What is not said is as it was when this folder joined. Ports are looked at before a token is spent on them. */
async function readSettings(given: Values) {
  const { data } = configFrom({ data: textOf(given['data']) });
  const kept = await readKeptSettings(data);
  const values = withKeptOptions(given, kept?.options, process.env);
  const config = configFrom({
    data,
    port: textOf(values['port']) ?? keptUnlessSet('WASL_PORT', kept?.port),
    host: textOf(values['host']) ?? keptUnlessSet('WASL_HOST', kept?.host),
    'database-url': textOf(values['database-url']),
    'registry-url': textOf(values['registry-url']) ?? keptUnlessSet('WASL_REGISTRY_URL', kept?.registryUrl),
    'log-level': textOf(values['log-level']),
    'base-url': textOf(values['base-url']),
    'timestamp-minutes': textOf(values['timestamp-minutes']),
    'take-keys-seconds': textOf(values['take-keys-seconds']),
    'ledger-pkcs11': textOf(values['ledger-pkcs11']),
    'nats-url': textOf(values['nats-url']),
    'nats-replicas': textOf(values['nats-replicas']),
    'nats-credentials': textOf(values['nats-credentials']),
    'archive-dir': textOf(values['archive-dir']),
    'otlp-endpoint': textOf(values['otlp-endpoint']),
    'trace-ratio': textOf(values['trace-ratio']),
  });
  const { registryUrl, host } = config;
  if (registryUrl === undefined)
    throw new CommandRefusal('this folder has not joined yet: ./wasl gateway join REGISTRY_URL TOKEN', 2);
  const name = textOf(values['name']) ?? kept?.name ?? 'gateway';
  if (!/^[a-z][a-z0-9]{0,30}$/.test(name)) throw new CommandRefusal('--name is lower-case letters and digits', 2);
  const database = config.databaseUrl === undefined ? 'embedded' : 'postgresql';
  requireSameDatabase(kept, database);
  const doors = await chooseDoors(host, config.port, textOf(values['peer-port']) ?? kept?.peerPort);
  const tlsPort = await chooseTlsDoor(host, doors, tlsWish(values) ?? kept?.tlsPort);
  const settings: KeptSettings = {
    registryUrl,
    name,
    host,
    ...doors,
    ...(tlsPort === undefined ? {} : { tlsPort }),
    database,
    options: optionsToKeep(given, kept?.options),
  };
  return { config, settings, values };
}

/** The environment is nearer than what was kept, and the command line nearer than both. */
function keptUnlessSet(variable: string, kept: string | number | undefined): string | undefined {
  return process.env[variable] === undefined && kept !== undefined ? String(kept) : undefined;
}

function mirrorsOf({ 'registry-mirror': given }: Values): readonly string[] {
  const mirrors = Array.isArray(given) ? given.map(String) : [];
  const wrong = mirrors.find((one) => !/^https?:\/\//.test(one) || !URL.canParse(one));
  if (wrong !== undefined)
    throw new CommandRefusal(`--registry-mirror is an address with http:// or https://, not "${wrong}"`, 2);
  return mirrors;
}

/** `next` is the port after those of the other doors. */
function tlsWish(values: Values): 'next' | string | undefined {
  return textOf(values['tls-port']) ?? (values['tls'] === true ? 'next' : undefined);
}

function tlsOf(values: Values, { tlsPort }: KeptSettings) {
  const [key, certificate] = [textOf(values['tls-key']), textOf(values['tls-cert'])];
  if ((key === undefined) !== (certificate === undefined))
    throw new CommandRefusal('--tls-key and --tls-cert go together: the key of the certificate, both PEM', 2);
  if (key !== undefined && tlsPort === undefined)
    throw new CommandRefusal('--tls-key is of use with --tls or --tls-port only', 2);
  const files = key === undefined || certificate === undefined ? undefined : { key, certificate };
  return tlsPort === undefined ? undefined : { port: tlsPort, files };
}

function doorsOfSettings(config: Config) {
  const { maxInFlight, maxPerCaller, clientPerSecond, peerPerSecond, handshakesPerSecond } = config;
  const { maxConnections: connections, maxConnectionsPerAddress: connectionsPerAddress } = config;
  const ofDoor = {
    connections,
    connectionsPerAddress,
    handshakesPerSecond,
    headPatienceMs: config.headSeconds * 1_000,
  };
  const share = { inFlight: maxInFlight, inFlightPerPeer: maxPerCaller, inFlightPerClient: maxPerCaller };
  return { ...DOOR_LIMITS, ...ofDoor, ...share, perSecondOfClient: clientPerSecond, perSecondOfPeer: peerPerSecond };
}

/** Traces are taken only where a collector is named: its libraries are not loaded before. */
async function tracingOf({ otlpEndpoint, traceRatio }: Config) {
  if (otlpEndpoint === undefined || process.env['OTEL_SDK_DISABLED'] === 'true') return {};
  const tracing = await openTracing({
    url: `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces`,
    ratio: traceRatio,
    serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'wasl-gateway',
    serviceInstance: `${hostname()}:${process.pid}`,
  });
  return { tracing };
}

/** Events go through NATS JetStream where an address of it is given. */
function eventBrokerOf({ natsUrl, natsReplicas: replicas, natsCredentials: credentialsFile }: Config) {
  return natsUrl === undefined ? {} : { eventBroker: { servers: natsUrl.split(','), replicas, credentialsFile } };
}

/** Below the 15 s after which a stopping process is ended. */
function drainOf(given: unknown): number {
  if (typeof given !== 'string') return 0;
  if (!/^\d$/.test(given)) throw new CommandRefusal('--drain-seconds is a number from 0 to 9', 2);
  return Number(given) * 1_000;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Where other gateways reach this one. The registry vouches for it, so it is never guessed from "all addresses". */
function addressOf(given: unknown, { host, peerPort }: KeptSettings): string {
  if (typeof given === 'string') return /^https:\/\//.test(given) ? given : `https://${given}`;
  if (host === '0.0.0.0' || host === '::')
    throw new CommandRefusal(
      '--address is needed with --host of all addresses: https://NAME:PORT for other gateways',
      2,
    );
  return `https://${host}:${peerPort}`;
}

/** Loopback in a demonstration; in production what --allow-network names and no more. */
function networksOf(given: unknown, mode: 'demonstration' | 'production'): readonly string[] {
  const named = Array.isArray(given) ? given.map(String) : [];
  const checked = parseNetworks(named);
  if (!checked.ok) throw new CommandRefusal(`--allow-network: ${checked.error}`, 2);
  return mode === 'demonstration' ? [...LOOPBACK, ...named] : named;
}

/** Empty where the folder has joined: then none is needed. */
async function readToken(dir: string, { token, 'token-file': file }: Values): Promise<string> {
  if (typeof token === 'string') return token;
  if (typeof file === 'string') return (await readFile(file, 'utf8')).trim();
  if (await hasJoined(dir)) return '';
  throw new CommandRefusal(
    'this folder has not joined yet: ./wasl gateway join REGISTRY_URL TOKEN (or --token-file)',
    2,
  );
}
