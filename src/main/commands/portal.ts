import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readAnchorFile } from '../../exchange/index.ts';
import { configFrom, readOptions, severalOf } from '../options.ts';
import { openControl } from '../parts/control.ts';
import { writeKeptLogs } from '../parts/logs-kept.ts';
import { startPortal } from '../parts/portal-part.ts';
import { holdFolder, processLog, untilStopped } from '../parts/process.ts';
import { removeRunning } from '../parts/running.ts';
import { keptKey } from '../parts/secrets.ts';
import { type Issuer, startSimulator } from '../parts/simulator-part.ts';
import { openStorage } from '../parts/storage.ts';
import { CommandRefusal, print } from '../terminal.ts';

/** `./wasl portal`: the portal as a process of its own, before any X-Road gateway. */
export async function portalCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions('portal', args, {
    data: { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    'database-url': { type: 'string' },
    'base-url': { type: 'string' },
    'issuer-url': { type: 'string' },
    'gateway-url': { type: 'string' },
    anchor: { type: 'string', multiple: true },
    'log-level': { type: 'string' },
  });
  const { 'gateway-url': gatewayUrl, anchor: _anchors, ...settings } = values;
  if (typeof gatewayUrl !== 'string') throw new CommandRefusal('--gateway-url is needed: the agency’s own gateway', 2);
  const config = configFrom(settings);
  const release = holdFolder(config.data, 'portal');
  const storage = await openStorage({ databaseUrl: config.databaseUrl, dir: config.data });
  const log = processLog(config.logLevel);
  const dir = join(config.data, 'portal');
  const baseUrl = config.baseUrl ?? `http://${config.host}:${config.port}`;
  const issuer = await issuerFor(config, dir, baseUrl, log);
  const portal = await startPortal({
    config,
    storage,
    dir,
    port: config.port,
    baseUrl,
    gatewayUrl,
    issuer,
    servedLogs: [],
    log,
    anchors: await Promise.all(severalOf(values['anchor']).map(readAnchorFile)),
  });
  await writeKeptLogs(config.data, portal.logs);
  const token = randomBytes(24).toString('base64url');
  const control = await openControl({
    dir: config.data,
    storage,
    logs: portal.logs,
    token,
    log,
    exportEvidence: async () => undefined,
  });
  print(`portal ready: ${portal.url}/ar, sign-in at ${issuer.issuer}`);
  return untilStopped(async () => {
    await control.close();
    await removeRunning(config.data);
    await portal.close();
    await issuer.close();
    await storage.close();
    release();
  });
}

/** The configured issuer, or in a demonstration the simulator on the next port. */
async function issuerFor(
  config: ReturnType<typeof configFrom>,
  dir: string,
  baseUrl: string,
  log: ReturnType<typeof processLog>,
): Promise<Issuer> {
  if (config.issuerUrl !== undefined) {
    const clientKey = await keptKey(join(dir, 'keys'), 'oidc-client', 'p256');
    return { issuer: config.issuerUrl, clientId: 'wasl-portal', clientKey, close: async () => {} };
  }
  if (config.mode === 'production')
    throw new CommandRefusal('the setting "issuerUrl" is needed in production: the simulator does not start there', 2);
  return startSimulator({ dir, host: config.host, port: config.port + 1, mode: config.mode, portalUrl: baseUrl, log });
}
