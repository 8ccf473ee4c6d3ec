import { createCipheriv, createDecipheriv, createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gatherPieces } from '../../platform/index.ts';
import { Fault } from '../message/fault.ts';
import { spending } from './spent-pieces.ts';

export type BodyDigests = { readonly sha256: Buffer; readonly sha512: Buffer };

export type PassingTap = { take(chunk: Buffer): Promise<void>; end(): Promise<void>; drop(): Promise<void> };

/** A body above what is held in memory: read once, from its beginning to its end, and never whole. */
export type LargeBody = {
  /** Undefined where the sender did not announce it. */
  readonly size: number | undefined;
  chunks(): AsyncIterable<Buffer>;
  /** Of the whole body; reads what nobody has taken yet. */
  digests(): Promise<BodyDigests>;
  /**
   * Where it is read once only: what is read goes to `copy` first, whose end is awaited before the last piece is given. To
   * be called before the first piece is read.
   */
  readonly tap?: (copy: PassingTap) => void;
  /** Gives back what it holds; the rest is not read. */
  discard(): Promise<void>;
};

/** Counts and digests what passes. Throws Fault `body-too-large` beyond `maxBytes`. */
export function measuring(maxBytes: number): { take(chunk: Buffer): void; digests(): BodyDigests } {
  const hashes: readonly [Hash, Hash] = [createHash('sha256'), createHash('sha512')];
  let size = 0;
  const spend = spending();
  return {
    take(chunk) {
      size += chunk.length;
      spend(chunk.length);
      if (size > maxBytes) throw new Fault('body-too-large', `The body is larger than ${maxBytes} bytes.`);
      for (const hash of hashes) hash.update(chunk);
    },
    digests: () => ({ sha256: hashes[0].digest(), sha512: hashes[1].digest() }),
  };
}

/**
 * A body that is passed on while it comes in. `check` sees the digests before the last piece is given, so that a body
 * that it refuses (by throwing) is never complete at the one who reads it here.
 */
export function passingBody(
  source: AsyncIterable<Buffer>,
  options: { size: number | undefined; maxBytes: number; check?: (digests: BodyDigests) => void },
): LargeBody {
  const measure = measuring(options.maxBytes);
  const iterator = source[Symbol.asyncIterator]();
  let done: BodyDigests | undefined;
  let copy: PassingTap | undefined;
  const read = async (): Promise<Buffer | undefined> => {
    if (done !== undefined) return undefined;
    const { value, done: isEnd } = await iterator.next();
    if (isEnd !== true) {
      measure.take(value);
      await copy?.take(value);
      return value;
    }
    done = measure.digests();
    options.check?.(done);
    await copy?.end();
    return undefined;
  };
  const next = (): Promise<Buffer | undefined> =>
    read().catch(async (cause: unknown) => {
      await copy?.drop();
      throw cause;
    });
  return {
    size: options.size,
    tap(given) {
      copy = given;
    },
    async *chunks() {
      let held = await next();
      while (held !== undefined) {
        const following = await next();
        yield held;
        held = following;
      }
    },
    async digests() {
      while (done === undefined) await next();
      return done;
    },
    async discard() {
      await iterator.return?.();
      await copy?.drop();
    },
  };
}

/**
 * Puts a body aside in a file, so that it can be signed before any of it leaves. The file has no name from the first
 * byte on and is written under a key that only this process holds: a crash leaves nothing to read and nothing to tidy.
 */
export async function spoolBody(source: AsyncIterable<Buffer>, dir: string, maxBytes: number): Promise<LargeBody> {
  const path = join(dir, `wasl-${randomBytes(16).toString('hex')}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  try {
    const key = { secret: randomBytes(32), iv: randomBytes(16) };
    const cipher = createCipheriv('aes-256-ctr', key.secret, key.iv);
    const measure = measuring(maxBytes);
    let size = 0;
    for await (const chunk of inFullPieces(source)) {
      measure.take(chunk);
      await writeAll(file, cipher.update(chunk), size);
      size += chunk.length;
    }
    const digests = measure.digests();
    return {
      size,
      chunks: () => readBack(file, size, createDecipheriv('aes-256-ctr', key.secret, key.iv)),
      digests: async () => digests,
      discard: () => file.close().catch(() => {}),
    };
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

/** One write for a sender's many small pieces. */
async function* inFullPieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces = gatherPieces();
  for await (const chunk of source) {
    pieces.add(chunk);
    if (pieces.size < PIECE) continue;
    yield pieces.whole();
    pieces = gatherPieces();
  }
  if (pieces.size > 0) yield pieces.whole();
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

const PIECE = 65_536;

async function* readBack(
  file: FileHandle,
  size: number,
  decipher: ReturnType<typeof createDecipheriv>,
): AsyncIterable<Buffer> {
  const spend = spending();
  for (let at = 0; at < size; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, at);
    if (bytesRead === 0) throw new Error('a body put aside ends early');
    at += bytesRead;
    spend(bytesRead);
    yield decipher.update(buffer.subarray(0, bytesRead));
  }
}

/** What was read already, then the rest. */
export async function* resumed(first: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
