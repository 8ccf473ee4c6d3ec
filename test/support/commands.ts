import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { entryPoint } from '../../src/main/parts/program.ts';

const CLI = entryPoint();

/** A part of Wasl as a process of its own, started by its command. */
export type RunningCommand = {
  /** What it said it serves, http://host:port. */
  readonly url: string;
  /** SIGKILL: no line of it runs any more. */
  kill(): Promise<void>;
  /** SIGTERM, and its end. */
  stop(): Promise<void>;
};

/** Resolves when the command says `… ready: … http://…`; rejects with what it said where it ends before. */
export async function startCommand(args: readonly string[]): Promise<RunningCommand> {
  const child = spawnCli(args);
  const said = collect(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const ready = /ready: .*?(http:\/\/[\w.:[\]]+)/.exec(said())?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('close', (code) => reject(new Error(`wasl ${args[0]} ended with ${code} before it served: ${said()}`)));
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  };
  return { url, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** Runs a command to its end and gives what it printed; throws with it where the exit code is not 0. */
export async function runCommand(args: readonly string[]): Promise<string> {
  const child = spawnCli(args);
  const said = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`wasl ${args.join(' ')} ended with ${code}: ${said()}`);
  return said();
}

function spawnCli(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The last 20 kB of both outputs. */
function collect(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-20_000);
    });
  }
  return () => said;
}
