import type { Clock } from '../../kernel/index.ts';

const RENEWAL_MS = 5_000;

/** An unknown sender must not be able to make us ask the registry at every message. */
export function throttledRenewal(clock: Clock, refresh: () => Promise<unknown>): () => Promise<void> {
  let last = 0;
  let running: Promise<void> | undefined;
  return async () => {
    const now = clock().getTime();
    if (running === undefined && now - last >= RENEWAL_MS) {
      last = now;
      running = refresh().then(
        () => {},
        () => {},
      );
      void running.then(() => {
        running = undefined;
      });
    }
    await running;
  };
}
