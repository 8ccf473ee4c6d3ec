import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../kernel/index.ts';
import { ledgerRoutes } from '../../ledger/index.ts';
import {
  createHttpServer,
  type Log,
  mountAssets,
  mountHealth,
  mountRoutes,
  openMetrics,
} from '../../platform/index.ts';
import { consoleProblemPage, pageAssets } from '../operators/house.ts';
import { type Operators, openOperators } from '../operators/operators.ts';
import { verifyRoutes } from '../verifier/routes.ts';
import { registryHouse } from './pages/frame.ts';
import type { Registry } from './registry.ts';
import type { ApiRoute } from './routes/api.ts';
import { memberApi } from './routes/api-members.ts';
import { requestApi } from './routes/api-requests.ts';
import { trustApi } from './routes/api-trust.ts';
import { homeRoutes } from './routes/home.ts';
import { openApiRoute } from './routes/openapi.ts';
import { registryPages } from './routes/pages.ts';
import { registryRoutes } from './routes/public.ts';
import { refreshFederations } from './service/federate.ts';
import { currentTrustList } from './service/publish.ts';
import { menuTexts } from './texts/registry.ts';

export type RegistryServer = { readonly url: string; readonly operators: Operators; close(): Promise<void> };

export type RegistryServerOptions = {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where problem pages are; the server's own address otherwise. */
  readonly problemBase?: string;
  /** Stands for every role of an operator; it makes the first accounts. Without one nobody is let in by token yet. */
  readonly operatorToken?: string;
  /** Where operators' browsers reach the registry, `https://host[:port]`; by default its port on localhost. */
  readonly consoleOrigin?: string;
};

const FEDERATION_MS = 60_000;

/** Serves the trust list, joining, requests, the operator's API and the registry's own ledger. */
export async function openRegistryServer(options: RegistryServerOptions): Promise<RegistryServer> {
  const { registry, clock, log } = options;
  let url = '';
  const server = await createHttpServer({
    log,
    baseUrl: () => options.problemBase ?? url,
    bodyLimitBytes: 262_144,
    problemPage: consoleProblemPage(menuTexts.house),
    secure: options.consoleOrigin?.startsWith('https:') === true,
  });
  const operators = openOperators({
    db: registry.db,
    ledger: registry.ledger,
    clock,
    random: registry.random,
    house: registry.keys.anchor.instance,
    bootstrapToken: options.operatorToken ?? registry.random(32).toString('base64url'),
    origin: () => options.consoleOrigin ?? `http://localhost:${url === '' ? '' : new URL(url).port}`,
    log,
  });
  await mountAll(server, options, operators);
  const federation = setInterval(() => {
    void refreshFederations(registry, clock()).catch((cause: unknown) => log.warn('federation.failed', {}, cause));
  }, FEDERATION_MS).unref();
  url = await server.listen({ host: options.host ?? '127.0.0.1', port: options.port });
  return {
    url,
    operators,
    async close() {
      clearInterval(federation);
      await server.close();
    },
  };
}

async function mountAll(server: FastifyInstance, options: RegistryServerOptions, operators: Operators): Promise<void> {
  const { registry, clock } = options;
  const api = registryApi(registry, clock);
  const open = [
    ...registryRoutes(registry, clock),
    ...homeRoutes(registry),
    openApiRoute(api),
    ...verifyRoutes(() => registry.keys.anchor),
  ];
  mountRoutes(server, open, async () => {});
  mountAssets(server, pageAssets());
  operators.mountApi(server);
  operators.mount(server, [...api, ...registryPages({ registry, clock })]);
  operators.mountPages(server, registryHouse(registry.keys.anchor.instance));
  const { name, signer } = registry.ledger;
  await server.register(ledgerRoutes([{ name, db: registry.db, vkey: signer.vkey }]));
  mountHealth(server, openMetrics('registry'), async () => {
    const list = await currentTrustList(registry, clock());
    return list.expiresAt > clock() ? undefined : 'the trust list has expired and cannot be renewed';
  });
}

/** The operator's API: who may call what stands beside each route. */
export function registryApi(registry: Registry, clock: Clock): readonly ApiRoute[] {
  const deps = { registry, clock };
  return [...memberApi(deps), ...requestApi(deps), ...trustApi(deps)];
}
