import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { formatSubsystem } from '../message/identifiers.ts';
import { usageList } from './list.ts';
import { contestRoutes } from './routes.ts';
import { usageActs } from './service.ts';

/** `findUsage`: the list of uses of a person's data, the proof of each, and contesting one. */
export function usageExtension(core: GatewayCore): GatewayExtension {
  const list = usageList(core);
  const acts = usageActs(core);
  return {
    name: 'usage',
    mount: (server) => core.operators.mount(server, contestRoutes(core)),
    answers: ({ service, method, path }) => {
      if (service.service !== 'findUsage' || !core.context.subsystems.has(formatSubsystem(service))) return undefined;
      return path === '' && method === 'GET' ? list : acts;
    },
  };
}
