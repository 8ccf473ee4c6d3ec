import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip, createGzip } from 'node:zlib';
import { Decrypter, Encrypter } from 'age-encryption';
import {
  type AppliedStep,
  appliedSteps,
  type CopiedLine,
  copyRows,
  type Database,
  putRows,
} from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';

/** The first line of a back-up: what it is of, and which schema its rows fit. */
type Head = {
  readonly format: 'wasl-backup';
  readonly v: 1;
  readonly part: BackupPart;
  readonly schema: string;
  readonly steps: readonly AppliedStep[];
};
export type BackupPart = 'gateway' | 'registry';
type KeptFile = { readonly file: string; readonly data: string };
type Line = Head | KeptFile | CopiedLine | { readonly end: number };

/** Made anew by each start, or of the one process that runs on the folder; files of the archive are copied as files. */
const LEFT_OUT = /^(database|archive|lock|lock\.txt|running\.json|.*\.new|keys\.draft)(\/|$)/;
const MOST_FILE_BYTES = 64 * 1_048_576;

/**
 * One file in the age format (age-encryption.org/v1, scrypt): keys, secrets and settings of the data folder and all
 * rows as they stood at one moment. A crash leaves FILE.part, never half a back-up under its name.
 */
export async function writeBackup(
  from: { readonly part: BackupPart; readonly schema: string; readonly dir: string; readonly db: Database },
  to: { readonly file: string; readonly passphrase: string },
): Promise<number> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(to.passphrase);
  let written = 0;
  const packed = createGzip();
  // A fault of the source destroys `packed`, and so ends all that follows it.
  pipeline(
    linesOf(from, () => {
      written += 1;
    }),
    packed,
  ).catch(() => {});
  const sealed = await encrypter.encrypt(Readable.toWeb(packed) as globalThis.ReadableStream<Uint8Array>);
  const draft = `${to.file}.part`;
  await pipeline(
    Readable.fromWeb(sealed as unknown as ReadableStream),
    createWriteStream(draft, { mode: 0o600, flush: true }),
  );
  await rename(draft, to.file);
  return written;
}

async function* linesOf(
  from: { readonly part: BackupPart; readonly schema: string; readonly dir: string; readonly db: Database },
  count: () => void,
): AsyncGenerator<string> {
  const text = (line: Line): string => `${JSON.stringify(line)}\n`;
  const { part, schema, db, dir } = from;
  yield text({ format: 'wasl-backup', v: 1, part, schema, steps: await appliedSteps(db) });
  for (const file of await filesOf(dir)) {
    yield text({ file, data: (await readFile(join(dir, file))).toString('base64') });
  }
  let rows = 0;
  for await (const line of pulled<CopiedLine>((take) => copyRows(db, take))) {
    if ('row' in line) {
      rows += 1;
      count();
    }
    yield text(line);
  }
  yield text({ end: rows });
}

/** What `push` hands over, one at a time: the next is made when this one was taken. */
async function* pulled<T>(push: (take: (one: T) => Promise<void>) => Promise<void>): AsyncGenerator<T> {
  let given: PromiseWithResolvers<T | undefined> = Promise.withResolvers();
  let taken: PromiseWithResolvers<void> = Promise.withResolvers();
  const pushing = push(async (one) => {
    taken = Promise.withResolvers();
    given.resolve(one);
    await taken.promise;
  });
  pushing.then(
    () => given.resolve(undefined),
    (cause: unknown) => given.reject(cause),
  );
  try {
    for (let one = await given.promise; one !== undefined; one = await given.promise) {
      yield one;
      given = Promise.withResolvers();
      taken.resolve();
    }
  } finally {
    taken.reject(new Error('the copy is no longer wanted'));
    taken.promise.catch(() => {});
    pushing.catch(() => {});
  }
}

async function filesOf(dir: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = relative(dir, join(entry.parentPath, entry.name));
    if (!entry.isFile() || LEFT_OUT.test(path)) continue;
    const { size } = await stat(join(dir, path));
    if (size > MOST_FILE_BYTES) throw new CommandRefusal(`${join(dir, path)} is too large for a back-up; move it away`);
    found.push(path);
  }
  return found.sort();
}

/** A back-up that was opened: its head is known, the rest is still to be read. */
export type OpenedBackup = { readonly head: Head; readonly lines: AsyncIterator<Line> };

/** Refuses in one line: a wrong passphrase, another format, a file that is cut or was changed. */
export async function openBackup(file: string, passphrase: string): Promise<OpenedBackup> {
  if (!existsSync(file)) throw new CommandRefusal(`${file} is not there`);
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const sealed = Readable.toWeb(createReadStream(file)) as globalThis.ReadableStream<Uint8Array>;
  const opened = await decrypter.decrypt(sealed).catch(() => {
    throw new CommandRefusal(`${file} cannot be opened: the passphrase is wrong, or it is no back-up`);
  });
  const source = Readable.fromWeb(opened as unknown as ReadableStream);
  const lines = readLines(file, source);
  const first = await lines.next();
  const head = first.value as Partial<Head> | undefined;
  if (head?.format !== 'wasl-backup') throw new CommandRefusal(`${file} is no back-up of this platform`);
  if (head.v !== 1) throw new CommandRefusal(`${file} was made by a newer version; restore it with that version`);
  return { head: head as Head, lines };
}

async function* readLines(file: string, source: Readable): AsyncGenerator<Line> {
  const plain = createGunzip();
  pipeline(source, plain).catch(() => {});
  let isWhole = false;
  let rest = '';
  try {
    for await (const text of plain.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) {
        const line = JSON.parse(one) as Line;
        isWhole = 'end' in line;
        yield line;
      }
    }
  } catch (cause) {
    if (cause instanceof CommandRefusal) throw cause;
    isWhole = false;
  }
  if (!isWhole) throw new CommandRefusal(`${file} is damaged or was changed; nothing was restored`);
}

/** The files into `dir`, then the rows; `open` gives the migrated, empty schema once the files are there. */
export async function restoreInto(
  dir: string,
  backup: OpenedBackup,
  open: (schema: string) => Promise<Database>,
): Promise<{ readonly files: number; readonly rows: number }> {
  const { head, lines } = backup;
  let files = 0;
  let next = await lines.next();
  for (; !next.done && 'file' in next.value; next = await lines.next()) {
    await putFile(dir, next.value);
    files += 1;
  }
  const db = await open(head.schema);
  try {
    requireSameSteps(head.steps, await appliedSteps(db));
    const rows = await putRows(db, rest(next, lines));
    return { files, rows };
  } catch (cause) {
    // It was empty before: the next attempt finds it so.
    await db.script(`drop schema ${head.schema} cascade`);
    throw cause;
  } finally {
    await db.close();
  }
}

async function* rest(first: IteratorResult<Line>, lines: AsyncIterator<Line>): AsyncGenerator<CopiedLine> {
  let rows = 0;
  for (let next = first; !next.done; next = await lines.next()) {
    const line = next.value;
    if ('end' in line) {
      if (line.end !== rows) throw new CommandRefusal(`the back-up says ${line.end} rows and holds ${rows}`);
      return;
    }
    if ('row' in line) rows += 1;
    yield line as CopiedLine;
  }
}

async function putFile(dir: string, { file, data }: KeptFile): Promise<void> {
  const path = join(dir, file);
  // The file was sealed by who knows the passphrase; still nothing of it leaves the folder.
  if (relative(dir, path).startsWith('..')) throw new CommandRefusal(`the back-up names a file outside: ${file}`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await pipeline(Readable.from([Buffer.from(data, 'base64')]), createWriteStream(path, { mode: 0o600, flush: true }));
}

function requireSameSteps(made: readonly AppliedStep[], here: readonly AppliedStep[]): void {
  const known = new Map(here.map(({ step, hash }) => [step, hash]));
  const unknown = made.find(({ step, hash }) => known.get(step) !== hash);
  if (unknown !== undefined)
    throw new CommandRefusal(
      `the back-up was made by a newer version (it has ${unknown.step}); restore it with that one`,
    );
  if (made.length < here.length)
    throw new CommandRefusal(
      'the back-up was made by an earlier version; restore it with that one, then start this one on it',
    );
}

/** Nothing of a refused restore stays, so that it can be tried again. */
export async function removeRestored(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}
