import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
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
  readonly immutable: boolean;
};

/** Files made at start (styles, fonts, icons, scripts); names that carry a hash are kept a year. */
export function mountAssets(server: FastifyInstance, assets: readonly Asset[]): void {
  for (const asset of assets) {
    const compressed = compressedOnce(asset);
    server.get(asset.path, { compress: false }, async (request, reply) => {
      reply.header('cache-control', asset.immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=3600');
      reply.header('vary', 'accept-encoding').type(asset.contentType);
      const coding = codingFor(asset, request.headers['accept-encoding'] ?? '');
      if (coding === undefined) return reply.send(asset.body);
      return reply.header('content-encoding', coding).send(await compressed(coding));
    });
  }
}

type Coding = 'br' | 'gzip';

/** woff2 is Brotli inside: compressing it again only costs time. */
function codingFor(asset: Asset, accepted: string): Coding | undefined {
  if (!/^text\/|svg|json/.test(asset.contentType)) return undefined;
  return (['br', 'gzip'] as const).find((coding) => new RegExp(`\\b${coding}\\b`).test(accepted));
}

/** When somebody first asks: Brotli at its best takes twelve megabytes that a gateway at rest has no use for. */
function compressedOnce({ body }: Asset): (coding: Coding) => Promise<Buffer> {
  const made: Partial<Record<Coding, Promise<Buffer>>> = {};
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
  return (coding) => {
    made[coding] ??= coding === 'br' ? promisify(brotliCompress)(body, best) : promisify(gzip)(body, { level: 9 });
    return made[coding];
  };
}
