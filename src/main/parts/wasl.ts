import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startCivilStatus } from '../../../examples/authorities/civil-status.ts';
import { startIdentityRegister } from '../../../examples/authorities/identity-register.ts';
import { readAnchorFile } from '../../exchange/index.ts';
import type { Log } from '../../platform/index.ts';
import type { Config } from '../config.ts';
import { demoAgreements } from '../demo-data.ts';
import { openControl } from './control.ts';
import { type DemoExchange, publishDemoService, startDemoExchange } from './exchange-part.ts';
import { type KeptLog, writeKeptLogs } from './logs-kept.ts';
import { type PortalPart, startPortal } from './portal-part.ts';
import { choosePorts, type Ports } from './ports.ts';
import { holdFolder, processLog } from './process.ts';
import { removeRunning } from './running.ts';
import { signByBoth, type Unsigned } from './sign-by-both.ts';
import { startSimulator } from './simulator-part.ts';
import { openStorage, type Storage } from './storage.ts';

/** Everything of the demonstration in one process, over real sockets. */
export type Wasl = {
  readonly portalUrl: string;
  readonly simulatorUrl: string;
  readonly registryUrl: string;
  readonly gateways: readonly { readonly name: string; readonly server: string; readonly url: string }[];
  readonly authorities: Readonly<Record<'dgsn' | 'civil', Authority>>;
  readonly anchorFile: string;
  readonly logs: readonly KeptLog[];
  readonly storage: Storage;
  readonly dir: string;
  /** Undefined where no gateway here knows an answered exchange of this id. */
  exportEvidence(exchange: string): Promise<Buffer | undefined>;
  close(): Promise<void>;
};

/** A sample authority; it can be taken down and up again, as real ones go. */
export type Authority = { readonly url: string; stop(): Promise<void>; start(): Promise<void> };

/** Starts all parts, each ready before the next that needs it. What was started ends again where one cannot start. */
export async function openWasl(config: Config): Promise<Wasl> {
  const started: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const stop of started.toReversed()) await stop();
    started.length = 0;
  };
  try {
    return await startAll(config, started, close);
  } catch (cause) {
    await close().catch(() => {});
    throw cause;
  }
}

async function startAll(
  config: Config,
  started: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<Wasl> {
  const { data: dir, host } = config;
  started.push(holdFolder(dir, 'wasl'));
  const ports = await choosePorts(dir, host, config.port, 3);
  const log = processLog(config.logLevel);
  const storage = await openStorage({ databaseUrl: config.databaseUrl, dir });
  started.push(() => storage.close());
  const exchange = await startDemoExchange({ storage, dir, host, ports, log });
  started.push(() => exchange.close());
  const authorities = await startAuthorities(host, ports);
  started.push(() => Promise.all([authorities.dgsn.stop(), authorities.civil.stop()]).then(() => {}));
  const portal = await startPortalWithIssuer(config, ports, exchange, storage, log, started);
  const unsigned = await publishDemoServices(exchange, authorities, portal);
  const logs = [...exchange.logs, ...portal.logs];
  await writeKeptLogs(dir, logs);
  const exportEvidence = (id: string) => exportFromAny(exchange, id);
  const token = randomBytes(24).toString('base64url');
  const gateways = Object.fromEntries(exchange.gateways.map((one) => [one.member.key, one.gateway.operators]));
  const operators = { ...gateways, registry: exchange.registry.operators };
  const control = await openControl({ dir, storage, logs, token, log, exportEvidence, operators });
  started.push(
    () => removeRunning(dir),
    () => control.close(),
  );
  started.push(signMeanwhile(exchange, unsigned, log));
  return {
    portalUrl: portal.url,
    simulatorUrl: portal.issuerUrl,
    registryUrl: exchange.registry.url,
    gateways: exchange.gateways.map((one) => ({ name: one.member.key, server: one.server, url: one.gateway.url })),
    authorities,
    anchorFile: exchange.gateways[0]?.anchorFile ?? '',
    logs,
    storage,
    dir,
    exportEvidence,
    close,
  };
}

async function publishDemoServices(
  { gateways }: DemoExchange,
  authorities: Wasl['authorities'],
  { procedures }: PortalPart,
): Promise<readonly Unsigned[]> {
  const unsigned: Unsigned[] = [];
  for (const gateway of gateways) {
    const { key } = gateway.member;
    const authority = key === 'portal' ? undefined : authorities[key].url;
    unsigned.push(...(await publishDemoService(gateway, authority, demoAgreements(key, procedures))));
  }
  return unsigned;
}

/**
 * While the demonstration serves already: eleven agreements, each with two signatures, five transactions and its entries
 * in two ledgers, would add a seventh to its first start. The other side of all is the portal's member, of its own too.
 */
function signMeanwhile({ gateways }: DemoExchange, unsigned: readonly Unsigned[], log: Log): () => Promise<void> {
  const portal = gateways.find(({ member }) => member.key === 'portal');
  const closing = new AbortController();
  const signing =
    portal === undefined
      ? Promise.resolve()
      : signByBoth(portal, unsigned, log, closing.signal).catch((cause: unknown) =>
          log.warn('demonstration.not-signed', { cause: String(cause) }),
        );
  return () => {
    closing.abort();
    return signing;
  };
}

async function startPortalWithIssuer(
  config: Config,
  ports: Ports,
  exchange: DemoExchange,
  storage: Storage,
  log: Log,
  started: (() => Promise<void> | void)[],
): Promise<PortalPart & { readonly issuerUrl: string }> {
  const portalUrl = config.baseUrl ?? `http://${config.host}:${ports.portal}`;
  const dir = join(config.data, 'portal');
  const simulator = await startSimulator({
    dir,
    host: config.host,
    port: ports.simulator,
    mode: config.mode,
    portalUrl,
    log,
  });
  started.push(() => simulator.close());
  const own = exchange.gateways.find((gateway) => gateway.member.key === 'portal');
  const portal = await startPortal({
    config,
    storage,
    dir,
    port: ports.portal,
    baseUrl: portalUrl,
    gatewayUrl: own?.gateway.url ?? '',
    issuer: simulator,
    servedLogs: exchange.gateways.map(({ gateway, member }) => ({
      ...gateway.ledger,
      schema: `gateway_${member.key}`,
    })),
    log,
    anchors: own === undefined ? [] : [await readAnchorFile(own.anchorFile)],
  });
  started.push(() => portal.close());
  return { ...portal, issuerUrl: simulator.issuer };
}

async function startAuthorities(host: string, ports: Ports): Promise<Wasl['authorities']> {
  const dgsn = await authority((port) => startIdentityRegister({ host, port }), ports.authorities[0] ?? 0);
  const civil = await authority((port) => startCivilStatus({ host, port }), ports.authorities[1] ?? 0);
  return { dgsn, civil };
}

type Started = { readonly url: string; close(): Promise<void> };

async function authority(start: (port: number) => Promise<Started>, port: number): Promise<Authority> {
  let running: Started | undefined = await start(port);
  const { url } = running;
  return {
    url,
    async stop() {
      await running?.close();
      running = undefined;
    },
    async start() {
      running ??= await start(Number(new URL(url).port));
    },
  };
}

async function exportFromAny(exchange: DemoExchange, id: string): Promise<Buffer | undefined> {
  for (const { gateway } of exchange.gateways) {
    const file = await gateway.exportEvidence(id).catch((cause: unknown) => {
      if ((cause as { status?: unknown }).status === 404) return undefined;
      throw cause;
    });
    if (file !== undefined) return file;
  }
  return undefined;
}
