import type { Clock } from '../../kernel/index.ts';
import { createHttpServer, type Log, mountHealth, mountRoutes, openMetrics } from '../../platform/index.ts';
import type { Registry } from './registry.ts';
import { registryRoutes } from './routes.ts';
import { currentTrustList } from './service/publish.ts';

export type RegistryServer = { readonly url: string; close(): Promise<void> };

export type RegistryServerOptions = {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where problem pages are; the server's own address otherwise. */
  readonly problemBase?: string;
};

/** Serves `/trust-list`, `/anchor`, `/join`, `/health/*` and `/metrics`. */
export async function openRegistryServer(options: RegistryServerOptions): Promise<RegistryServer> {
  const { registry, clock, log } = options;
  let url = '';
  const server = await createHttpServer({ log, baseUrl: () => options.problemBase ?? url, bodyLimitBytes: 65_536 });
  mountRoutes(server, registryRoutes(registry, clock), async () => {});
  mountHealth(server, openMetrics('registry'), async () => {
    const list = await currentTrustList(registry, clock());
    return list.expiresAt > clock() ? undefined : 'the trust list has expired and cannot be renewed';
  });
  url = await server.listen({ host: options.host ?? '127.0.0.1', port: options.port });
  return { url, close: () => server.close() };
}
