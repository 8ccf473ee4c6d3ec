import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../platform/index.ts';

/** What a running process leaves in its data folder, so that commands beside it can ask it. */
export type Running = { readonly pid: number; readonly controlUrl: string; readonly token: string };

const fileOf = (dir: string) => join(dir, 'running.json');

export async function writeRunning(dir: string, running: Running): Promise<void> {
  await writeDurably(`${fileOf(dir)}.new`, fileOf(dir), JSON.stringify(running));
}

export async function removeRunning(dir: string): Promise<void> {
  await rm(fileOf(dir), { force: true });
}

/** Undefined where none runs on the folder; a file left by a killed process names a process that is gone. */
export async function findRunning(dir: string): Promise<Running | undefined> {
  if (!existsSync(fileOf(dir))) return undefined;
  const running = JSON.parse(await readFile(fileOf(dir), 'utf8')) as Running;
  try {
    process.kill(running.pid, 0);
  } catch {
    return undefined;
  }
  const alive = await fetch(`${running.controlUrl}/health/live`).then(
    (answer) => answer.ok,
    () => false,
  );
  return alive ? running : undefined;
}
