import { mountAssets } from '../../platform/index.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { pageAssets } from '../operators/house.ts';
import type { ConsoleDeps } from './deps.ts';
import { consoleHouse } from './house.ts';
import { agreementPages } from './routes/agreements.ts';
import { alarmPages } from './routes/alarms.ts';
import { archivePages } from './routes/archive.ts';
import { chartRoutes } from './routes/charts.ts';
import { contestPages } from './routes/contests.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { overviewRoutes } from './routes/overview.ts';
import { servicePages } from './routes/services.ts';
import { systemPages } from './routes/systems.ts';
import { mountLive, trafficRoutes } from './routes/traffic.ts';
import { trustRoutes } from './routes/trust.ts';
import { CONSOLE_SCRIPTS } from './scripts.ts';
import { countMessages, forgetMinutes } from './store/minute.ts';

/** The operator's pages of one gateway, under `/{ar|fr|en}/console`. */
export function consoleExtension(core: GatewayCore): GatewayExtension {
  const deps: ConsoleDeps = { ...core, house: consoleHouse(core.context.server) };
  const counting = countEvery(deps, 60_000);
  return {
    name: 'console',
    mount(server) {
      mountAssets(server, [...pageAssets(), ...CONSOLE_SCRIPTS]);
      core.operators.mountPages(server, deps.house);
      core.operators.mount(server, consoleRoutes(deps));
      mountLive(server, deps);
      for (const path of ['/', '/console'])
        server.get(path, async (_request, reply) => reply.redirect('/ar/console', 303));
    },
    close: counting.close,
  };
}

export function consoleRoutes(deps: ConsoleDeps): readonly OperatorRoute[] {
  return [
    ...overviewRoutes(deps),
    ...trafficRoutes(deps),
    ...evidenceRoutes(deps),
    ...chartRoutes(deps),
    ...servicePages(deps),
    ...systemPages(deps),
    ...agreementPages(deps),
    ...contestPages(deps),
    ...archivePages(deps),
    ...trustRoutes(deps),
    ...alarmPages(deps),
  ];
}

/** Counts new messages into minutes beside the traffic. What fails is counted at the next turn: the mark stays. */
function countEvery({ context }: ConsoleDeps, ms: number): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;
  const count = async () => {
    while (!isClosed && (await countMessages(context.db)));
    await forgetMinutes(context.db.read, context.clock());
  };
  const timer = setInterval(() => {
    running = running.then(count).catch((cause: unknown) => context.log.warn('console.uncounted', {}, cause));
  }, ms);
  timer.unref();
  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      await running;
    },
  };
}
