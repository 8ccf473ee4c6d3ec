import { openRounds } from '../events/rounds.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { archiveGauges } from './gauges.ts';
import { archiveRoutes } from './routes.ts';
import { sweepExpired, sweepOrphans } from './service.ts';

/** Bodies by agreement: read, erased, and swept when their time is over. */
export function archiveExtension(core: GatewayCore): GatewayExtension {
  const { context, operators } = core;
  archiveGauges(context);
  const failed = (cause: unknown) => context.log.error('archive.not-swept', {}, cause);
  const expired = openRounds(() => sweepExpired(context, operators.deps), context.settings.archiveSweepMs, failed);
  const orphans = openRounds(() => sweepOrphans(context).then(() => 0), context.settings.archiveSweepMs * 60, failed);
  // What a crash has left is taken away at the start, not an hour later.
  expired.wake();
  orphans.wake();
  return {
    name: 'archive',
    mount: (server) => core.operators.mount(server, archiveRoutes(core)),
    async close() {
      await expired.close();
      await orphans.close();
    },
  };
}
