import { agreementExtension } from '../agreement/extension.ts';
import { archiveExtension } from '../archive/extension.ts';
import { consoleExtension } from '../console/console.ts';
import { eventExtension } from '../events/extension.ts';
import { monitoringExtension } from '../monitoring/extension.ts';
import { descriptionRoutes } from '../service/routes.ts';
import { systemsExtension } from '../systems/extension.ts';
import { timestampExtension } from '../timestamp/extension.ts';
import { usageExtension } from '../usage/extension.ts';
import { verifierExtension } from '../verifier/extension.ts';
import { witnessExtension } from '../witness/extension.ts';
import type { OpenExtension } from './extension.ts';
import { evidenceExtension } from './failed-proof.ts';
import { gatewayRoutes } from './operator.ts';
import { periodRoutes } from './period-routes.ts';

/** The parts of a gateway beside the messages, in the order in which they are opened; closed in reverse. */
export const EXTENSIONS: readonly OpenExtension[] = [
  (core) => ({
    name: 'operator',
    mount(server) {
      core.operators.mountApi(server);
      core.operators.mount(server, [...gatewayRoutes(core), ...periodRoutes(core), ...descriptionRoutes(core)]);
    },
  }),
  // First of those that systems call: it judges their connections.
  systemsExtension,
  evidenceExtension,
  witnessExtension,
  timestampExtension,
  agreementExtension,
  eventExtension,
  usageExtension,
  monitoringExtension,
  verifierExtension,
  archiveExtension,
  consoleExtension,
];
