import type { FastifyInstance } from 'fastify';
import type { Registry } from './metrics.ts';

/** Undefined when ready, else one sentence that says what is missing. */
export type ReadyCheck = () => Promise<string | undefined>;

/** `/health/live`, `/health/ready` and `/metrics`, the same on every part. */
export function mountHealth(server: FastifyInstance, registry: Registry, ready: ReadyCheck): void {
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    const missing = await ready().catch((cause: unknown) => (cause instanceof Error ? cause.message : 'unknown'));
    if (missing === undefined) return { status: 'ok' };
    return reply.status(503).send({ status: 'not ready', detail: missing });
  });
  server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

export type Asset = {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly br?: Buffer | undefined;
  readonly gzip?: Buffer | undefined;
  readonly immutable: boolean;
};

/** Files made at start (styles, fonts, icons), with their compressed forms; names that carry a hash are kept a year. */
export function mountAssets(server: FastifyInstance, assets: readonly Asset[]): void {
  for (const asset of assets) {
    server.get(asset.path, { compress: false }, async (request, reply) => {
      reply.header('cache-control', asset.immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=3600');
      reply.header('vary', 'accept-encoding').type(asset.contentType);
      const accepted = request.headers['accept-encoding'] ?? '';
      if (asset.br !== undefined && /\bbr\b/.test(accepted)) {
        return reply.header('content-encoding', 'br').send(asset.br);
      }
      if (asset.gzip !== undefined && /\bgzip\b/.test(accepted)) {
        return reply.header('content-encoding', 'gzip').send(asset.gzip);
      }
      return reply.send(asset.body);
    });
  }
}
