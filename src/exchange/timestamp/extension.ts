import { Counter, Gauge } from '../../platform/index.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import type { GatewayContext } from '../gateway/model.ts';
import { timestampAgeMs } from './age.ts';
import { openAuthorityClient } from './ask.ts';
import { timestampRoutes } from './routes.ts';
import { stampCheckpoint } from './service.ts';

/** Takes RFC 3161 tokens on our log's checkpoints, so that others than its owner and its peers say when they existed. */
export function timestampExtension(core: GatewayCore): GatewayExtension {
  const { context } = core;
  const { timestampIntervalMs } = context.settings;
  const client = openAuthorityClient(() => context.networks);
  const failed = openMeasures(context);
  let running: Promise<void> | undefined;
  const look = (): void => {
    running ??= stampCheckpoint({ context, client, failed })
      .then(() => {})
      .catch((cause: unknown) => context.log.warn('timestamp.round-failed', {}, cause))
      .finally(() => {
        running = undefined;
      });
  };
  // Whether a round is due stands in the database, where a member's processes share it: they look more often.
  const timer = timestampIntervalMs === 0 ? undefined : setInterval(look, lookEveryMs(timestampIntervalMs));
  timer?.unref();
  return {
    name: 'timestamp',
    mount(server) {
      core.operators.mount(server, timestampRoutes(core));
    },
    async close() {
      clearInterval(timer);
      await client.close();
      await running;
    },
  };
}

function lookEveryMs(intervalMs: number): number {
  return Math.min(60_000, Math.max(100, intervalMs / 10));
}

function openMeasures(context: GatewayContext): (authority: string, detail: string) => void {
  const registers = [context.measures.registry];
  const failures = new Counter({
    name: 'wasl_timestamp_failures_total',
    help: 'Times that a timestamp authority gave no good token',
    registers,
  });
  new Gauge({
    name: 'wasl_timestamp_age_seconds',
    help: 'Time since the newest checkpoint was stamped, or found stamped; absent where the trust list names no authority',
    registers,
    async collect() {
      const ageMs = await timestampAgeMs(context).catch(() => undefined);
      if (ageMs === undefined) this.reset();
      else this.set(ageMs / 1000);
    },
  });
  return (authority, detail) => {
    failures.inc();
    context.log.warn('timestamp.refused', { authority, detail });
  };
}
