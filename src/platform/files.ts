import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes kept under their own SHA-256 (hex). What `put` returned is on the disk, also after a power cut. */
export type Files = {
  put(bytes: Uint8Array): Promise<{ readonly id: string; readonly size: number }>;
  get(id: string): Promise<Buffer | undefined>;
  remove(id: string): Promise<void>;
};

export async function openFiles(dir: string): Promise<Files> {
  await mkdir(join(dir, 'new'), { recursive: true, mode: 0o700 });
  const pathOf = (id: string) => {
    if (!/^[0-9a-f]{64}$/.test(id)) throw new Error('not a file id');
    return join(dir, id.slice(0, 2), id);
  };
  return {
    async put(bytes) {
      const id = createHash('sha256').update(bytes).digest('hex');
      await mkdir(join(dir, id.slice(0, 2)), { recursive: true, mode: 0o700 });
      await writeDurably(join(dir, 'new', randomUUID()), pathOf(id), bytes);
      return { id, size: bytes.length };
    },
    async get(id) {
      const bytes = await readFile(pathOf(id)).catch(noSuchFile);
      if (bytes !== undefined && createHash('sha256').update(bytes).digest('hex') !== id) {
        throw new Error(`the stored file ${id} is damaged`);
      }
      return bytes;
    },
    remove: (id) => rm(pathOf(id), { force: true }),
  };
}

/** Written beside, flushed, then renamed: a crash leaves the whole file or none. */
export async function writeDurably(temporary: string, path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(join(path, '..'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function noSuchFile(cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw cause;
}
