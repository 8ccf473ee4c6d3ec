import type { OpenExtension } from './extension.ts';
import { mountOperatorApi } from './operator.ts';
import { evidenceExtension } from './proof.ts';

/** The parts of a gateway beside the messages, in the order in which they are opened; closed in reverse. */
export const EXTENSIONS: readonly OpenExtension[] = [
  (core) => ({ name: 'operator', mount: (server) => mountOperatorApi(server, core) }),
  evidenceExtension,
];
