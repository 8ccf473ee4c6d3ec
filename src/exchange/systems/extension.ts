import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { faultProblem, toFault } from '../message/fault.ts';
import { formatSubsystem, parseSubsystem } from '../message/identifiers.ts';
import { systemRoutes } from './routes.ts';
import { requireConnection } from './service.ts';
import { arrivalOf } from './tls-door.ts';

/**
 * Connections of the member's own systems. Whatever stands on the own door beside /r1/ and is called in a subsystem's
 * name (events) is held to the same: here, before any route reads a body.
 */
export function systemsExtension({ context, operators }: GatewayCore): GatewayExtension {
  return {
    name: 'systems',
    mount(server) {
      operators.mount(server, systemRoutes(context));
      server.addHook('onRequest', async ({ headers, raw }) => {
        const given = headers['x-road-client'];
        const client = typeof given === 'string' ? parseSubsystem(given) : undefined;
        if (client?.ok !== true) return;
        try {
          requireConnection(context, formatSubsystem(client.value), arrivalOf(raw));
        } catch (cause) {
          context.measures.refused('consumer', toFault(cause).slug);
          throw faultProblem(cause);
        }
      });
    },
  };
}
