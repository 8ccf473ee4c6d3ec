import { createLog } from '../ledger/index.ts';
import { agentRoutes } from './routes/agent.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import type { PortalRoute, RouteDeps } from './routes/deps.ts';
import { filingRoutes } from './routes/filing.ts';
import { paperRoutes } from './routes/papers.ts';
import { requestRoutes } from './routes/requests.ts';
import { usageRoutes } from './routes/usage.ts';
import { type AwaitedFetch, FETCH_JOB, fetchAwaited, resumeAwaited } from './service/fetching.ts';
import { CLOCK_JOB, sweepClocks } from './service/processing.ts';

export type Procedures = { readonly routes: readonly PortalRoute[] };

/** Every page and action of the portal, beside identity's. */
export function portalRoutes(deps: RouteDeps): readonly PortalRoute[] {
  return [
    ...catalogueRoutes(deps),
    ...filingRoutes(deps),
    ...requestRoutes(deps),
    ...usageRoutes(deps),
    ...paperRoutes(deps),
    ...agentRoutes(deps),
  ];
}

/** Needs the migrations `ledger` and `procedures`. Defines its jobs; the routes are mounted by the caller. */
export async function openProcedures(deps: RouteDeps): Promise<Procedures> {
  await createLog(deps.db, deps.ledger.name, deps.ledger.signer);
  await deps.jobs.define<AwaitedFetch>(FETCH_JOB, (data) => fetchAwaited(deps, data));
  await deps.jobs.define(CLOCK_JOB, async () => {
    const accepted = await sweepClocks(deps);
    if (accepted > 0) deps.log.info('clock.accepted-by-silence', { dossiers: accepted });
    await resumeAwaited(deps);
  });
  await deps.jobs.every('*/10 * * * *', CLOCK_JOB);
  return { routes: portalRoutes(deps) };
}
