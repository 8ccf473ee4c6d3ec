import type { EventOperatorDeps } from '../events/routes/operator.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import type { House } from '../operators/pages/frame.ts';

/** What the console's routes stand on: the gateway's parts, and the frame of its pages. */
export type ConsoleDeps = GatewayCore & { readonly house: House };

/** Those of the pages of events, which come with that part of the gateway. */
export type EventPageDeps = EventOperatorDeps & { readonly house: House };
