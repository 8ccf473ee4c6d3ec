import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../kernel/index.ts';

export type FolderLock = { release(): void };
export type LockRefusal = { readonly kind: 'held'; readonly holder: string };

/**
 * One process at a time in a data folder: PGlite has no lock of its own and two processes lose data silently.
 * The lock is SQLite's on an empty file, so the kernel lets go of it when the holder dies, however it dies;
 * a file with a process number would stay behind after a kill.
 */
export function lockFolder(dir: string, holder: string): Result<FolderLock, LockRefusal> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(join(dir, 'lock'));
  const note = join(dir, 'lock.txt');
  try {
    file.exec('pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive');
  } catch {
    file.close();
    return err({ kind: 'held', holder: readNote(note) });
  }
  writeFileSync(note, `${holder}\n`, { mode: 0o600 });
  return ok({ release: () => file.close() });
}

function readNote(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'another process';
  }
}
