import { mountRoutes } from '../../platform/index.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import type { TrustAnchor } from '../trust/model.ts';
import { verifyRoutes } from './routes.ts';

/** Our registry's, and of each instance that it lets in the one that stands in its list. */
function anchorsOf({ trust, clock }: GatewayCore['context']): readonly TrustAnchor[] {
  const own = trust.anchor?.();
  const list = trust.current(clock());
  const foreign = list.ok ? list.value.federated.map(({ anchor }) => anchor) : [];
  return own === undefined ? [] : [own, ...foreign];
}

/** The page that checks a proof, on the gateway's own door. */
export const verifierExtension = ({ context }: GatewayCore): GatewayExtension => ({
  name: 'verifier',
  mount(server) {
    mountRoutes(
      server,
      verifyRoutes(() => anchorsOf(context)),
      async () => {},
    );
  },
});
