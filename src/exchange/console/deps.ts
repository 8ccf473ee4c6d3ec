import type { AgreementDeps } from '../agreement/service/deps.ts';
import type { EventOperatorDeps } from '../events/routes/operator.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import type { House } from '../operators/pages/frame.ts';

/** What the console's routes stand on: the gateway's parts, and the frame of its pages. */
export type ConsoleDeps = GatewayCore & { readonly house: House };

/** Those of the pages of events, which come with that part of the gateway. */
export type EventPageDeps = EventOperatorDeps & { readonly house: House };

/** Those of the pages on which agreements are signed, which come with that part of the gateway. */
export type OfferPageDeps = AgreementDeps & { readonly house: House };
