import { existsSync } from 'node:fs';
import { type FileDraft, type FileStore, openFiles } from '../../platform/index.ts';
import { Fault } from '../message/fault.ts';
import type { Recipients } from './keys.ts';
import type { Archive, BodyCopy, SealedBody } from './model.ts';
import { openSealer, type Sealer } from './seal.ts';

type Place = { readonly dir: string; readonly recipients: Recipients };

/** Nothing is opened, nor a folder made, before the first body. */
export function openArchive(place: Place | undefined): Archive {
  if (place === undefined) {
    const none = (): Promise<never> => Promise.reject(new Error('this gateway has no archive'));
    return { ...openVault(none, none), filesIfAny: async () => undefined };
  }
  let opened: Promise<FileStore> | undefined;
  const files = () => {
    opened ??= openFiles(place.dir).catch((cause: unknown) => {
      opened = undefined;
      throw cause;
    });
    return opened;
  };
  return {
    ...openVault(files, place.recipients),
    filesIfAny: async () => (existsSync(place.dir) ? files() : undefined),
  };
}

/** Up to here a sealed body lies in its row: one flush with the evidence, and nothing to tidy after a crash. */
const MOST_IN_ROW = 65_536;

const unavailable = (cause: unknown): Fault =>
  new Fault('archive-unavailable', 'The agreement asks that the body be kept, and it could not be.', { cause });

function openVault(files: () => Promise<FileStore>, recipients: Recipients): Omit<Archive, 'filesIfAny'> {
  const copy = async (): Promise<BodyCopy> => {
    try {
      return guarded(copyInto(await openSealer(await recipients()), await (await files()).begin()));
    } catch (cause) {
      throw unavailable(cause);
    }
  };
  return {
    copy,
    async seal(body) {
      if (body.length <= MOST_IN_ROW) {
        const sealer = await recipients()
          .then(openSealer)
          .catch((cause: unknown) => {
            throw unavailable(cause);
          });
        const sealed = Buffer.concat([...sealer.push(body), sealer.end()]);
        return { header: sealer.header, payload: { sealed }, size: body.length };
      }
      const whole = await copy();
      await whole.take(body);
      return whole.end();
    },
    files,
    async removeFiles(ids) {
      for (const id of ids) await (await files()).remove(id).catch(() => {});
    },
    async discard({ payload }) {
      if ('file' in payload) await (await files()).remove(payload.file);
    },
  };
}

/**
 * A file is on the disk before the row that names it is committed. A crash between leaves a file whose key was never
 * written anywhere: nobody can read it, and the sweep takes it away.
 */
function copyInto(sealer: Sealer, draft: FileDraft): BodyCopy {
  let size = 0;
  let isDone = false;
  return {
    async take(chunk) {
      size += chunk.length;
      for (const sealed of sealer.push(chunk)) await draft.write(sealed);
    },
    async end(): Promise<SealedBody> {
      await draft.write(sealer.end());
      isDone = true;
      const { id } = await draft.keep();
      return { header: sealer.header, payload: { file: id }, size };
    },
    async drop() {
      if (isDone) return;
      isDone = true;
      await draft.drop();
    },
  };
}

/** What cannot be written leaves no draft behind, and says why by its name. */
function guarded(copy: BodyCopy): BodyCopy {
  const failed = async (cause: unknown): Promise<never> => {
    await copy.drop().catch(() => {});
    throw unavailable(cause);
  };
  return { take: (chunk) => copy.take(chunk).catch(failed), end: () => copy.end().catch(failed), drop: copy.drop };
}
