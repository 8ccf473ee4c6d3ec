import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { openForTest } from '../../test/support/database.ts';
import { createHttpServer, type Database, silentLog } from '../platform/index.ts';
import { appendIn, createLog, type LogSource, ledgerRoutes, logSigner, verifyTree } from './index.ts';
import { bundlePath, tilePath } from './tile.ts';

const SIGNER = logSigner('test.example/acts', generateKeyPairSync('ed25519').privateKey);
let db: Database;
let server: FastifyInstance;

before(async () => {
  db = await openForTest(['ledger']);
  await createLog(db, 'acts', SIGNER);
  const entries = Array.from({ length: 600 }, (_, n) => Buffer.from(JSON.stringify({ entry: n })));
  await db.transaction((tx) => appendIn(tx, 'acts', SIGNER, entries, new Date(0)));
  server = await createHttpServer({ log: silentLog, baseUrl: () => 'https://test.example' });
  await server.register(ledgerRoutes([{ name: 'acts', db, vkey: SIGNER.vkey }]));
});
after(async () => {
  await server.close();
  await db.close();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  server.inject({ method: 'GET', url: path, headers });

test('an outsider verifies the whole log over HTTP', async () => {
  const fetched = async (path: string) => {
    const response = await get(`/ledger/acts/${path}`);
    return response.statusCode === 200 ? response.rawPayload : undefined;
  };
  const source: LogSource = {
    checkpoint: () => fetched('checkpoint'),
    tile: (tile) => fetched(tilePath(tile)),
    bundle: (index, width) => fetched(bundlePath(index, width)),
  };
  const verified = await verifyTree(source, (await get('/ledger/acts/vkey')).body);
  assert.equal(verified.ok && verified.value.size, 600);
});

test('the checkpoint is text that caches keep a few seconds, tiles are bytes that they keep for good', async () => {
  const checkpoint = await get('/ledger/acts/checkpoint');
  assert.equal(checkpoint.headers['content-type'], 'text/plain; charset=utf-8');
  assert.match(String(checkpoint.headers['cache-control']), /max-age=\d$/);
  for (const path of ['tile/0/000', 'tile/0/002.p/88', 'tile/1/000.p/2', 'tile/entries/000', 'tile/entries/002.p/88']) {
    const tile = await get(`/ledger/acts/${path}`);
    assert.equal(tile.statusCode, 200, path);
    assert.equal(tile.headers['content-type'], 'application/octet-stream', path);
    assert.match(String(tile.headers['cache-control']), /immutable/, path);
    assert.equal(tile.headers['content-encoding'], undefined, path);
  }
});

test('entries are compressed for those who accept it, hashes never', async () => {
  const plain = (await get('/ledger/acts/tile/entries/000')).rawPayload;
  for (const accepted of ['gzip', 'br, gzip;q=0.5', '*', 'GZIP']) {
    const response = await get('/ledger/acts/tile/entries/000', { 'accept-encoding': accepted });
    assert.equal(response.headers['content-encoding'], 'gzip', accepted);
    assert.equal(response.headers['vary'], 'accept-encoding');
    assert.deepEqual(gunzipSync(response.rawPayload), plain);
  }
  for (const accepted of ['identity', 'br', 'gzip;q=0', 'gzip; q=0.0', '']) {
    const response = await get('/ledger/acts/tile/entries/000', { 'accept-encoding': accepted });
    assert.equal(response.headers['content-encoding'], undefined, accepted);
    assert.deepEqual(response.rawPayload, plain);
  }
  const hashes = await get('/ledger/acts/tile/0/000', { 'accept-encoding': 'gzip, br' });
  assert.equal(hashes.headers['content-encoding'], undefined);
});

test('what is not there yet is a problem that no cache keeps', async () => {
  for (const path of [
    'tile/0/002',
    'tile/0/002.p/89',
    'tile/0/003.p/1',
    'tile/1/000',
    'tile/2/000.p/1',
    'tile/entries/002',
  ]) {
    const response = await get(`/ledger/acts/${path}`);
    assert.equal(response.statusCode, 404, path);
    assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
    assert.equal(response.headers['cache-control'], 'no-store');
  }
});

test('an address that is not exactly that of a tile is a 404, whatever it holds', async () => {
  const paths = [
    'tile/',
    'tile/0',
    'tile/0/0',
    'tile/00/000',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/000.p/007',
    'tile/64/000',
    'tile/0/%30%30%30',
    'tile/0/000%2ep/5',
    'tile/0/x000/000',
    'tile/0/-01',
    'tile/-1/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/entries/000.p/',
    'tile/entries/1e3',
    "tile/0/000'--",
    'tile/0/000/tile/0/000',
  ];
  for (const path of paths) assert.equal((await get(`/ledger/acts/${path}`)).statusCode, 404, path);
  assert.equal((await get('/ledger/other/checkpoint')).statusCode, 404);
  assert.equal((await get('/ledger/__proto__/checkpoint')).statusCode, 404);
  assert.equal((await get('/ledger/acts/tile/62/000.p/1')).statusCode, 404);
  assert.equal((await get('/ledger/acts/tile/0/x009/x007/x199/x254/x740/991.p/1')).statusCode, 404);
});
