import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { conflict, err, notFound, ok, type Result } from '../kernel/index.ts';
import type { Tx } from '../platform/index.ts';
import { sourceOf } from './audit.ts';
import { HASH_BYTES, type Hash } from './merkle.ts';
import * as store from './store.ts';
import { bundlePath, MAX_ENTRY_BYTES, TILE_WIDTH, type Tile, tilePath, tilesOf } from './tile.ts';
import { type LogRefusal, type LogSource, verifyTree } from './verify.ts';

export type ExportedLog = { readonly size: number; readonly root: Hash; readonly files: number };

/**
 * Writes a log as the files that C2SP tlog-tiles names (`checkpoint`, `tile/…`, `tile/entries/…`) and its `vkey`, so
 * that an outside verifier needs nothing else. The folder is empty, absent, or holds an earlier export of this log.
 * Throws a Problem (409) where it holds something else, (404) where there is no such log.
 */
export async function exportLog(tx: Tx, log: string, vkey: string, dir: string): Promise<ExportedLog> {
  const head = await store.findHead(tx, log);
  if (head === undefined) throw notFound(`There is no log ${log}.`);
  await claimFolder(dir, vkey);
  const source = sourceOf(tx, head);
  let files = 2;
  for (const tile of tilesOf(head.size)) {
    await writeExported(dir, tilePath(tile), await source.tile(tile));
    files += 1;
    if (tile.level > 0) continue;
    await writeExported(dir, bundlePath(tile.index, tile.width), await source.bundle(tile.index, tile.width));
    files += 1;
  }
  // Last: after a crash the folder has no checkpoint, or the one before, of which it still has all files.
  await writeExported(dir, 'checkpoint', Buffer.from(head.checkpoint));
  return { size: head.size, root: head.root, files };
}

async function claimFolder(dir: string, vkey: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const names = await readdir(dir);
  const found = names.includes('vkey') ? await readFile(join(dir, 'vkey'), 'utf8') : undefined;
  if (names.length > 0 && found !== vkey) {
    throw conflict(`The folder ${dir} holds something else than an earlier export of this log. Name an empty one.`);
  }
  // Without a newline: some verifiers take the file as it is.
  await writeFile(join(dir, 'vkey'), vkey);
}

async function writeExported(dir: string, path: string, bytes: Buffer | undefined): Promise<void> {
  if (bytes === undefined) throw new Error(`${path} cannot be made from the database: verify the ledger`);
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}

export type VerifiedExport = { readonly origin: string; readonly size: number; readonly root: Hash };

/**
 * Verifies an exported log from its files alone. Without `trustedVkey` the folder's own `vkey` is used: that shows
 * that the files agree with each other, not whose they are.
 */
export async function verifyExport(dir: string, trustedVkey?: string): Promise<Result<VerifiedExport, LogRefusal>> {
  const vkey = trustedVkey ?? (await readBounded(join(dir, 'vkey'), MAX_TEXT_BYTES))?.toString('utf8').trimEnd();
  if (vkey === undefined) return err({ kind: 'no-log', detail: `there is no vkey in ${dir}` });
  const verified = await verifyTree(folderSource(dir), vkey);
  if (!verified.ok) return verified;
  const { origin, size, root } = verified.value;
  return ok({ origin, size, root });
}

const MAX_TEXT_BYTES = 1_000_000;
const MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES);

function folderSource(dir: string): LogSource {
  return {
    checkpoint: () => readBounded(join(dir, 'checkpoint'), MAX_TEXT_BYTES),
    tile: (tile: Tile) => readBounded(join(dir, tilePath(tile)), TILE_WIDTH * HASH_BYTES),
    bundle: (index, width) => readBounded(join(dir, bundlePath(index, width)), MAX_BUNDLE_BYTES),
  };
}

/** The whole file; undefined where it is absent or above the limit, since the folder comes from outside. */
async function readBounded(path: string, limit: number): Promise<Buffer | undefined> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw cause;
  });
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    return size > limit ? undefined : await file.readFile();
  } finally {
    await file.close();
  }
}
