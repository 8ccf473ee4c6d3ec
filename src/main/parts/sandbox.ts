import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  type Admission,
  type Agreement,
  issueToken,
  openTrialServer,
  readAnchorFile,
  type ServiceDescription,
  type TrialSample,
} from '../../exchange/index.ts';
import type { Log } from '../../platform/index.ts';
import type { Config } from '../config.ts';
import { openControl } from './control.ts';
import { type GatewayPart, LOOPBACK, startGateway } from './gateway-part.ts';
import { type KeptLog, writeKeptLogs } from './logs-kept.ts';
import { doorsOf } from './operator-call.ts';
import { choosePorts, type Ports } from './ports.ts';
import { holdFolder, processLog } from './process.ts';
import { type RegistryPart, startRegistry } from './registry-part.ts';
import { removeRunning } from './running.ts';
import { signByBoth } from './sign-by-both.ts';
import { openStorage, passingStorage, type Storage } from './storage.ts';

export const SANDBOX = {
  instance: 'SANDBOX',
  client: 'SANDBOX/GOV/CONSUMER/app',
  provider: 'SANDBOX/GOV/PROVIDER/register',
  service: 'SANDBOX/GOV/PROVIDER/register/api',
} as const;

const CONSUMER: Admission = {
  member: {
    id: 'SANDBOX/GOV/CONSUMER',
    name: { ar: 'إدارة طالبة للبيانات (تجربة)', fr: 'Administration consommatrice (essai)', en: 'Consumer (sandbox)' },
  },
  server: 'gw1',
  subsystems: [{ code: 'app', name: { ar: 'تطبيق', fr: 'Application', en: 'Application' } }],
};

const PROVIDER: Admission = {
  member: {
    id: 'SANDBOX/GOV/PROVIDER',
    name: { ar: 'إدارة مانحة للبيانات (تجربة)', fr: 'Administration fournisseuse (essai)', en: 'Provider (sandbox)' },
  },
  server: 'gw1',
  subsystems: [{ code: 'register', name: { ar: 'سجل', fr: 'Registre', en: 'Register' } }],
};

/** The service that the sandbox is about, and what its client may ask: everything, unless told. */
export type Outside = {
  /** Nothing of this start is kept. */
  readonly isPassing?: boolean;
  readonly url: string;
  readonly description: ServiceDescription | undefined;
  readonly terms?: Pick<Agreement, 'endpoints' | 'purposes' | 'legalBasis' | 'fields'>;
  /** What the page offers to send. */
  readonly samples?: readonly TrialSample[];
};

/** Two members that have joined a registry, with an outside service behind the provider's gateway. */
export type Sandbox = {
  readonly consumer: GatewayPart;
  readonly provider: GatewayPart;
  /** Where a person sends a message and looks at each step of it. */
  readonly pageUrl: string;
  readonly logs: readonly { readonly name: string; readonly url: string; readonly vkey: string }[];
  close(): Promise<void>;
};

/** Starts the sandbox, each part ready before the next. What was started ends again where one cannot start. */
export async function openSandbox(config: Config, outside: Outside): Promise<Sandbox> {
  const started: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const stop of started.toReversed()) await stop();
    started.length = 0;
  };
  try {
    return await startAll(config, outside, started, close);
  } catch (cause) {
    await close().catch(() => {});
    throw cause;
  }
}

async function startAll(
  config: Config,
  outside: Outside,
  started: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<Sandbox> {
  const { data: dir, host } = config;
  started.push(holdFolder(dir, 'sandbox'));
  const ports = await choosePorts(dir, host, config.port, 2);
  const log = processLog(config.logLevel);
  const kept = await openStorage({ databaseUrl: config.databaseUrl, dir });
  const storage = outside.isPassing ? passingStorage(kept, `sandbox${randomBytes(5).toString('hex')}`) : kept;
  started.push(() => storage.close());
  const registry = await startRegistry({
    ...{ storage, dir: join(dir, 'registry'), instance: SANDBOX.instance, host, port: ports.registry, log },
  });
  started.push(() => registry.close());
  const consumer = await startMember('consumer', CONSUMER, 0, { storage, registry, ports, dir, host, log });
  started.push(() => consumer.close());
  const provider = await startMember('provider', PROVIDER, 1, { storage, registry, ports, dir, host, log });
  started.push(() => provider.close());
  await Promise.all([consumer.refreshTrust(), provider.refreshTrust()]);
  await signByBoth(consumer, [{ provider, ...(await publish(provider, outside)) }], log);
  await serveCommands(dir, storage, { consumer, provider }, log, started);
  const trial = await openTrial({ consumer, provider }, outside, { host, port: ports.portal, log });
  started.push(() => trial.close());
  const logs = [consumer, provider].map(({ gateway }) => ({
    ...gateway.ledger,
    url: `${gateway.url}/ledger/${gateway.ledger.name}`,
  }));
  return { consumer, provider, pageUrl: trial.url, logs, close };
}

async function openTrial(
  { consumer, provider }: Readonly<Record<'consumer' | 'provider', GatewayPart>>,
  { samples = [{ method: 'GET', path: '/' }] }: Outside,
  door: { readonly host: string; readonly port: number; readonly log: Log },
) {
  const side = ({ gateway, operatorToken }: GatewayPart) => ({ url: gateway.url, operatorToken });
  return openTrialServer(
    {
      ...{ consumer: side(consumer), provider: side(provider), client: SANDBOX.client, service: SANDBOX.service },
      anchor: await readAnchorFile(consumer.anchorFile),
      samples,
      newId: randomUUID,
    },
    door,
  );
}

function startMember(
  name: string,
  admission: Admission,
  nth: number,
  shared: { storage: Storage; registry: RegistryPart; ports: Ports; dir: string; host: string; log: Log },
): Promise<GatewayPart> {
  const { storage, registry, ports, dir, host, log } = shared;
  return startGateway({
    ...{ storage, name, host, dir: join(dir, `gateway-${name}`), registryUrl: registry.url },
    token: () => issueToken(registry.registry, admission, new Date()),
    port: ports.gateways[nth] ?? 0,
    peerPort: ports.peers[nth] ?? 0,
    allowedNetworks: LOOPBACK,
    // Who tries a narrower agreement out has no other member beside them who would sign it.
    requireSignatures: false,
    log: log.child({ part: `gateway-${name}` }),
  });
}

/** The whole of the service, with every method and path, is the sandbox client's; the address is that of this start. */
async function publish(provider: GatewayPart, { url, description, terms }: Outside): Promise<Agreement> {
  await provider.gateway.rights.addService({
    ...{ service: SANDBOX.service, url, timeoutMs: 60_000, enabled: true, notice: '' },
  });
  if (description !== undefined) await provider.gateway.rights.describeService(SANDBOX.service, description);
  const text = { ar: 'تجربة في بيئة اختبار', fr: 'Essai dans le bac à sable', en: 'Trial in the sandbox' };
  const agreement: Agreement = {
    id: terms === undefined ? 'sandbox' : 'sandbox-sample',
    version: 1,
    client: SANDBOX.client,
    service: SANDBOX.service,
    endpoints: [{ method: '*', path: '/**' }],
    purposes: [{ code: 'sandbox', text }],
    legalBasis: { text, ref: 'sandbox' },
    fields: ['/'],
    ...terms,
    validFrom: '2026-01-01T00:00:00.000Z',
    validUntil: '2056-01-01T00:00:00.000Z',
    status: 'active',
  };
  await provider.gateway.rights.addAgreement(agreement);
  return agreement;
}

/** What `./wasl ledger` and `./wasl evidence` beside this process need. */
async function serveCommands(
  dir: string,
  storage: Storage,
  parts: Readonly<Record<'consumer' | 'provider', GatewayPart>>,
  log: Log,
  started: (() => Promise<void> | void)[],
): Promise<void> {
  const logs: KeptLog[] = Object.entries(parts).map(([name, { gateway }]) => ({
    ...gateway.ledger,
    schema: `gateway_${name}`,
  }));
  await writeKeptLogs(dir, logs);
  const token = randomBytes(24).toString('base64url');
  const exportEvidence = (exchange: string) => parts.consumer.gateway.exportEvidence(exchange);
  const control = await openControl({
    ...{ dir, storage, logs, token, log, exportEvidence },
    // `./wasl gateway service`, `agree`, `status` and the rest speak to the one who provides.
    mount: (server) => {
      server.get('/gateway', async () => doorsOf(parts.provider));
    },
  });
  started.push(
    () => removeRunning(dir),
    () => control.close(),
  );
}
