import type { Log } from '../../platform/index.ts';
import { collectGarbage, lockFolder, openLog } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';

/** One process at a time on a data folder; `release` when it ends, or the kernel does. */
export function holdFolder(dir: string, what: string): () => void {
  const lock = lockFolder(dir, `${what}, process ${process.pid}`);
  if (!lock.ok)
    throw new CommandRefusal(
      `${dir} is in use (${lock.error.holder}); stop that one, or name another folder with --data`,
    );
  return () => lock.value.release();
}

export function processLog(level: string): Log {
  return openLog({ level });
}

/**
 * Resolves when the process is asked to stop, after `close` has let what is under way end. A second request, or 15 s,
 * ends it at once: nothing acknowledged is lost by that, only answers that nobody waits for any more.
 */
export function untilStopped(close: () => Promise<void>): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = () => {
      if (stopping) process.exit(1);
      stopping = true;
      setTimeout(() => process.exit(1), 15_000).unref();
      close().then(
        () => resolve(0),
        () => resolve(1),
      );
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/**
 * A start compiles and reads much that serving never needs again, and V8 keeps it until there is pressure. Four
 * collections, a second apart, let go of code that has not run since and give 10 MB back; each takes some 30 ms.
 */
export function giveBackAfterStart(): void {
  let left = 4;
  const round = setInterval(() => {
    collectGarbage('major');
    left -= 1;
    if (left === 0) clearInterval(round);
  }, 1000);
  round.unref();
}
