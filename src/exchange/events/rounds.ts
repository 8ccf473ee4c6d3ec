/** Work that is done in rounds, one at a time. */
export type Rounds = {
  /** There is something new: the next round begins at once, or when this one ends. */
  wake(): void;
  /** Lets the round that runs end. */
  close(): Promise<void>;
};

/** A round that had something to do is followed by the next; after an empty one, or a fault, `everyMs` is waited. */
export function openRounds(round: () => Promise<number>, everyMs: number, onFault: (cause: unknown) => void): Rounds {
  let running: Promise<void> | undefined;
  let isWanted = false;
  let isClosed = false;

  async function run(): Promise<void> {
    do {
      isWanted = false;
      try {
        if ((await round()) > 0) isWanted = true;
      } catch (cause) {
        onFault(cause);
        isWanted = false;
      }
    } while (isWanted && !isClosed);
    running = undefined;
  }

  const wake = (): void => {
    isWanted = true;
    if (!isClosed) running ??= run();
  };
  const timer = setInterval(wake, everyMs);
  timer.unref();
  return {
    wake,
    async close() {
      isClosed = true;
      clearInterval(timer);
      await running;
    },
  };
}
