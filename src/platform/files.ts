import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** Bytes kept under their own SHA-256 (hex). What `put` and `keep` returned is on the disk, also after a power cut. */
export type Files = {
  put(bytes: Uint8Array): Promise<KeptFile>;
  /** Throws where the bytes are no longer those that were kept. */
  get(id: string): Promise<Buffer | undefined>;
  remove(id: string): Promise<void>;
};

/** The same for what is too large to be held in memory. */
export type FileStore = Files & {
  /** A file that is written piece by piece, and is none until it is kept. */
  begin(): Promise<FileDraft>;
  /** Whether it is there, with the bytes that were kept: read once from beginning to end, and never whole in memory. */
  check(id: string): Promise<'whole' | 'damaged' | 'missing'>;
  read(id: string): Readable;
  sizeOf(id: string): Promise<number>;
  /** Kept before that moment, in no order. Drafts as old were left by a crash: they go. */
  listBefore(moment: Date): AsyncIterable<string>;
};

export type KeptFile = { readonly id: string; readonly size: number };

export type FileDraft = {
  write(bytes: Uint8Array): Promise<void>;
  keep(): Promise<KeptFile>;
  drop(): Promise<void>;
};

export async function openFiles(dir: string): Promise<FileStore> {
  const drafts = join(dir, 'new');
  await mkdir(drafts, { recursive: true, mode: 0o700 });
  const pathOf = (id: string) => {
    if (!/^[0-9a-f]{64}$/.test(id)) throw new Error('not a file id');
    return join(dir, id.slice(0, 2), id);
  };
  const begin = () =>
    beginDraft(drafts, async (temporary, id) => {
      await mkdir(join(dir, id.slice(0, 2)), { recursive: true, mode: 0o700 });
      await putInPlace(temporary, pathOf(id));
    });
  return {
    begin,
    async put(bytes) {
      const draft = await begin();
      await draft.write(bytes);
      return draft.keep();
    },
    async get(id) {
      const bytes = await readFile(pathOf(id)).catch(noSuchFile);
      if (bytes !== undefined && createHash('sha256').update(bytes).digest('hex') !== id) {
        throw new Error(`the stored file ${id} is damaged`);
      }
      return bytes;
    },
    async check(id) {
      const digest = createHash('sha256');
      try {
        for await (const piece of createReadStream(pathOf(id)) as AsyncIterable<Buffer>) digest.update(piece);
      } catch (cause) {
        noSuchFile(cause);
        return 'missing';
      }
      return digest.digest('hex') === id ? 'whole' : 'damaged';
    },
    read: (id) => createReadStream(pathOf(id)),
    sizeOf: async (id) => (await stat(pathOf(id))).size,
    remove: (id) => rm(pathOf(id), { force: true }),
    async *listBefore(moment) {
      for await (const path of oldIn(drafts, moment)) await rm(path, { force: true });
      for await (const folder of await opendir(dir)) {
        if (!/^[0-9a-f]{2}$/.test(folder.name)) continue;
        for await (const path of oldIn(join(dir, folder.name), moment)) yield path.slice(-64);
      }
    },
  };
}

async function beginDraft(drafts: string, place: (temporary: string, id: string) => Promise<void>): Promise<FileDraft> {
  const temporary = join(drafts, randomUUID());
  const file = await open(temporary, 'wx', 0o600);
  const digest = createHash('sha256');
  let size = 0;
  return {
    async write(bytes) {
      digest.update(bytes);
      size += bytes.length;
      await file.writeFile(bytes);
    },
    async keep() {
      const id = digest.digest('hex');
      await file.sync();
      await file.close();
      await place(temporary, id);
      return { id, size };
    },
    async drop() {
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}

async function* oldIn(folder: string, moment: Date): AsyncIterable<string> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    const found = await stat(path).catch(noSuchFile);
    if (found?.isFile() === true && found.mtimeMs < moment.getTime()) yield path;
  }
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
  await putInPlace(temporary, path);
}

async function putInPlace(temporary: string, path: string): Promise<void> {
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
