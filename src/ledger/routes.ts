import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import { readBundle, readCheckpoint, readTile } from './reader.ts';
import { parseTilePath, type TileRequest } from './tile.ts';

export type ServedLog = { readonly name: string; readonly db: Database; readonly vkey: string };

const compress = promisify(gzip);

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
const ONE_YEAR = 'public, max-age=31536000, immutable';
// tlog-tiles: the checkpoint changes, a cache may keep it a few seconds at most.
const FEW_SECONDS = 'public, max-age=2';

/**
 * C2SP tlog-tiles under `/ledger/LOG/`: `checkpoint`, `tile/…`, `tile/entries/…`, and the log's `vkey`. Public: what
 * stands in a log holds no personal data.
 */
export function ledgerRoutes(logs: readonly ServedLog[]): (server: FastifyInstance) => Promise<void> {
  const byName = new Map(logs.map((log) => [log.name, log]));
  const logOf = (request: FastifyRequest): ServedLog => {
    const { log: name } = request.params as { log: string };
    const log = byName.get(name);
    if (log === undefined) throw notFound('There is no such log here.');
    return log;
  };
  return async (server) => {
    server.get('/ledger/:log/checkpoint', { compress: false }, async (request, reply) => {
      const log = logOf(request);
      return reply
        .header('cache-control', FEW_SECONDS)
        .type(TEXT)
        .send(await readCheckpoint(log.db.read, log.name));
    });
    server.get('/ledger/:log/vkey', { compress: false }, async (request, reply) =>
      reply.header('cache-control', FEW_SECONDS).type(TEXT).send(logOf(request).vkey),
    );
    server.get('/ledger/:log/tile/*', { compress: false }, async (request, reply) => {
      const log = logOf(request);
      const tile = tileOf(request);
      const bytes = await readRequested(log, tile);
      // Not there yet: the problem is sent with no-store, so that no cache keeps it from being there later.
      if (bytes === undefined) throw notFound('The log has not reached this tile.');
      reply.header('cache-control', ONE_YEAR).type(BYTES);
      return tile.kind === 'entries' ? sendCompressed(request, reply, bytes) : reply.send(bytes);
    });
  };
}

/** The path as it was sent: an escaped letter would give one tile two addresses. */
function tileOf(request: FastifyRequest): TileRequest {
  const [path = ''] = request.url.split('?', 1);
  const parsed = parseTilePath(path.slice(path.indexOf('/tile/') + 1));
  if (!parsed.ok) throw notFound(`This is not the address of a tile: ${parsed.error.detail}.`);
  return parsed.value;
}

function readRequested(log: ServedLog, tile: TileRequest): Promise<Buffer | undefined> {
  return tile.kind === 'entries'
    ? readBundle(log.db.read, log.name, tile.index, tile.width)
    : readTile(log.db.read, log.name, tile.level, tile.index, tile.width);
}

/** Entries are text and compress well; hashes do not. */
async function sendCompressed(request: FastifyRequest, reply: FastifyReply, bytes: Buffer): Promise<FastifyReply> {
  reply.header('vary', 'accept-encoding');
  if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(await compress(bytes));
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = [header ?? ''].flat().join(',').split(',');
  return codings.some((coding) => {
    const [name = '', ...parameters] = coding
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return (name === 'gzip' || name === '*') && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
