import type { Server } from 'node:http';

/** Lets the load balancer in front take this process out before it stops. */
export type Drain = {
  /** What `/health/ready` says while it drains. */
  missing(): string | undefined;
  /** Answers of this door end their connection while it drains, so that the next request is for another process. */
  watch(door: Server): void;
  begin(): void;
};

export function openDrain(): Drain {
  let isDraining = false;
  return {
    missing: () => (isDraining ? 'this process is being taken out; it still answers what it is asked' : undefined),
    watch(door) {
      door.prependListener('request', (_request, response) => {
        if (isDraining) response.shouldKeepAlive = false;
      });
    },
    begin() {
      isDraining = true;
    },
  };
}
