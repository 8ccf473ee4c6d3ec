import { mountRoutes } from '../../platform/index.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { verifyRoutes } from './routes.ts';

/** The page that checks a proof, on the gateway's own door. */
export const verifierExtension = ({ context }: GatewayCore): GatewayExtension => ({
  name: 'verifier',
  mount(server) {
    mountRoutes(
      server,
      verifyRoutes(() => context.trust.anchor?.()),
      async () => {},
    );
  },
});
