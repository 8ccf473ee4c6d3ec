import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

export type Running = { readonly url: string; close(): Promise<void> };

/** Looks through PATH, and /usr/sbin where Debian puts nginx. */
export function isInstalled(program: string): boolean {
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'].some((dir) => existsSync(join(dir, program)));
}

const folders: string[] = [];

/** A folder that is removed when this process ends, by a signal too. */
export function temporaryFolder(): string {
  if (folders.length === 0) {
    process.once('exit', () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'wasl-bench-'));
  folders.push(folder);
  return folder;
}

/** Starts the service of `service.ts` in a process of its own. */
export function startService(bytes: number): Promise<Running> {
  return startPrinting('service.ts', String(bytes));
}

/** Starts the service of `sink.ts` in a process of its own. */
export function startSink(): Promise<Running> {
  return startPrinting('sink.ts');
}

/** A program beside this file that prints its port. */
async function startPrinting(file: string, ...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { url: `http://127.0.0.1:${port}`, close: () => stop(child) };
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Waits until something accepts connections; throws after `withinMs`. */
export async function untilListening(port: number, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nothing listens on port ${port} after ${withinMs} ms`);
}
