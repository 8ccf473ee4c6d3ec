import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { formatSubsystem } from '../message/identifiers.ts';
import { contestRoutes } from './routes.ts';
import { usageActs } from './service.ts';

/** Beside the list that `findUsage` gives: the proof of a use, and contesting one. */
export function usageExtension(core: GatewayCore): GatewayExtension {
  const acts = usageActs(core);
  return {
    name: 'usage',
    mount: (server) => core.operators.mount(server, contestRoutes(core)),
    answers: ({ service, path }) =>
      service.service === 'findUsage' && path !== '' && core.context.subsystems.has(formatSubsystem(service))
        ? acts
        : undefined,
  };
}
