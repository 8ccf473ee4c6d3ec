import { createHash, createPublicKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { exchangeClient, type TrustAnchor, verifyRoutes } from '../../exchange/index.ts';
import { assertIssuerUrl, type Identity, openIdentity, openIdentityKeys } from '../../identity/index.ts';
import { isLanguage, type Problem } from '../../kernel/index.ts';
import { ledgerRoutes, logSigner } from '../../ledger/index.ts';
import {
  createHttpServer,
  type Database,
  type Log,
  migrate,
  mountAssets,
  mountHealth,
  mountRoutes,
  openFiles,
  openJobs,
  openMetrics,
  openPdf,
  ROOT,
} from '../../platform/index.ts';
import {
  loadCatalogue,
  openProcedures,
  type PortalRoute,
  type Procedure,
  type RouteDeps,
} from '../../procedures/index.ts';
import { problemPage, webAssets } from '../../web/index.ts';
import type { Config } from '../config.ts';
import { PORTAL_CLIENT } from '../demo-data.ts';
import { CommandRefusal } from '../terminal.ts';
import type { KeptLog } from './logs-kept.ts';
import { keptKey } from './secrets.ts';
import { demoPeople, type Issuer } from './simulator-part.ts';
import type { Storage } from './storage.ts';

export type PortalPart = {
  readonly url: string;
  readonly procedures: readonly Procedure[];
  readonly logs: readonly KeptLog[];
  close(): Promise<void>;
};

export type PortalOptions = {
  readonly config: Config;
  readonly storage: Storage;
  readonly dir: string;
  readonly port: number;
  readonly baseUrl: string;
  readonly gatewayUrl: string;
  readonly issuer: Pick<Issuer, 'issuer' | 'clientId' | 'clientKey'>;
  /** Logs of others that the portal shows under /ledger/ beside its own. */
  readonly servedLogs: readonly KeptLog[];
  readonly log: Log;
  /** What proofs are checked against, where the portal was given it: for the page that checks them. */
  readonly anchors?: readonly TrustAnchor[];
};

/** Files, the log and the schema of the portal's own acts. */
const ACTS = 'acts';
const SCHEMA = 'portal';
const SESSIONS_JOB = 'forget-ended-sessions';
/** Ended sessions stay this long, for whoever asks when they were signed in. */
const SESSION_DAYS = 30;

export async function startPortal(options: PortalOptions): Promise<PortalPart> {
  const { dir, baseUrl, storage } = options;
  const log = options.log.child({ part: 'portal' });
  const catalogue = await loadCatalogue(join(ROOT, 'content'));
  if (!catalogue.ok) throw new CommandRefusal(`the content cannot be used:\n${catalogue.error.join('\n')}`);
  const db = await storage.open(SCHEMA);
  await migrate(db, ['ledger', 'identity', 'procedures']);
  const jobs = await openJobs(db, log);
  const identity = await portalIdentity(options, db, log);
  await jobs.define(SESSIONS_JOB, async () => {
    await identity.forgetEndedSessions(SESSION_DAYS);
  });
  await jobs.every('17 3 * * *', SESSIONS_JOB);
  const client = exchangeClient({ gatewayUrl: options.gatewayUrl, client: PORTAL_CLIENT });
  const signer = logSigner(`${LEDGER_ORIGIN}/${ACTS}`, await keptKey(join(dir, 'keys'), 'ledger-acts', 'ed25519'));
  const sealKey = await keptKey(join(dir, 'keys'), 'attestations', 'p256');
  const deps: RouteDeps = {
    db,
    catalogue: catalogue.value,
    callExchange: (input) => client.call(input),
    listMembers: () => client.listMembers(),
    nationalIdOf: identity.nationalIdOf,
    log,
    ledger: { name: ACTS, signer },
    files: await openFiles(join(dir, 'files')),
    jobs,
    pdf: openPdf(),
    sealing: { key: sealKey, kid: keyIdOf(sealKey) },
    clock: () => new Date(),
    newId: randomUUID,
    randomBytes,
    baseUrl: () => baseUrl,
    demonstration: options.config.mode === 'demonstration',
    sessionOf: identity.sessionOf,
    signedIn: identity.signedIn,
    accountOf: identity.accountOf,
    logs: () => [ACTS, ...options.servedLogs.map((one) => one.name)],
  };
  const procedures = await openProcedures(deps);
  const served = await openServedLogs(options, { name: ACTS, db, vkey: signer.vkey });
  const server = await portalServer(options, deps, identity, [...identity.routes, ...procedures.routes], served.logs);
  await server.listen({ host: options.config.host, port: options.port });
  return {
    url: baseUrl,
    procedures: catalogue.value.published,
    logs: [{ name: ACTS, schema: SCHEMA, vkey: signer.vkey }],
    close: async () => {
      await server.close();
      await jobs.close();
      await client.close();
      await served.close();
      await db.close();
    },
  };
}

/** Origins of our logs' checkpoints are names, not addresses: nothing is fetched from them. */
const LEDGER_ORIGIN = 'wasl.example/log';

async function portalIdentity(options: PortalOptions, db: Database, log: Log): Promise<Identity> {
  // A wrong address stops the start; it would show at the first sign-in only.
  try {
    assertIssuerUrl(options.issuer.issuer, options.config.mode === 'demonstration');
  } catch (cause) {
    throw new CommandRefusal(`the setting "issuerUrl": ${cause instanceof Error ? cause.message : cause}`, 2);
  }
  const keys = await openIdentityKeys(join(options.dir, 'keys', 'identity.secret'), randomBytes(32));
  const identity = openIdentity({
    db,
    log,
    keys,
    clock: () => new Date(),
    random: randomBytes,
    issuerUrl: () => options.issuer.issuer,
    clientId: options.issuer.clientId,
    clientKey: options.issuer.clientKey,
    redirectBase: () => options.baseUrl,
    insecureLoopbackIssuer: options.config.mode === 'demonstration',
    decorate: (view) => ({
      ...view,
      ...(options.config.mode === 'demonstration' ? { banners: ['demonstration' as const] } : {}),
    }),
  });
  if (options.config.mode !== 'demonstration') return identity;
  for (const person of await demoPeople()) {
    const { demoRole, nationalId } = person;
    if (demoRole?.role !== 'agent' || demoRole.office === undefined) continue;
    await identity.grantRole({
      to: { nationalId },
      role: 'agent',
      office: demoRole.office,
      grantedBy: 'demonstration',
    });
  }
  return identity;
}

async function portalServer(
  options: PortalOptions,
  deps: RouteDeps,
  identity: Identity,
  routes: readonly PortalRoute[],
  logs: Parameters<typeof ledgerRoutes>[0],
) {
  const server = await createHttpServer({
    log: deps.log,
    baseUrl: deps.baseUrl,
    secure: options.baseUrl.startsWith('https:'),
    formActions: () => [new URL(options.issuer.issuer).origin],
    bodyLimitBytes: 262_144,
    problemPage: (problem, request) =>
      identity.problemPage(problem, request) ?? problemHtml(identity, problem, request),
  });
  mountHealth(server, openMetrics('portal'), async () => {
    await sql`select 1`.execute(deps.db.read);
    return undefined;
  });
  mountAssets(server, webAssets());
  await server.register(ledgerRoutes(logs));
  mountRoutes(server, routes, identity.guard);
  mountRoutes(
    server,
    verifyRoutes(() => options.anchors),
    async () => {},
  );
  return server;
}

function problemHtml(identity: Identity, problem: Problem, request: FastifyRequest): string {
  const first = request.url.split('/')[1] ?? '';
  const language = isLanguage(first) ? first : 'ar';
  return problemPage({
    language,
    path: '',
    status: problem.status,
    requestId: request.id,
    account: identity.accountOf(request, language),
    homeHref: `/${language}`,
  });
}

type ServedLogs = { readonly logs: Parameters<typeof ledgerRoutes>[0]; close(): Promise<void> };

async function openServedLogs(
  options: PortalOptions,
  own: Parameters<typeof ledgerRoutes>[0][number],
): Promise<ServedLogs> {
  const others = await Promise.all(
    options.servedLogs.map(async (one) => ({
      name: one.name,
      vkey: one.vkey,
      db: await options.storage.open(one.schema),
    })),
  );
  return {
    logs: [own, ...others],
    close: async () => {
      await Promise.all(others.map((one) => one.db.close()));
    },
  };
}

/** RFC 7638 thumbprint of the public key. */
function keyIdOf(key: KeyObject): string {
  const { crv, kty, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
