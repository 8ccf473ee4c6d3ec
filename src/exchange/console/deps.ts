import type { GatewayCore } from '../gateway/extension.ts';
import type { House } from '../operators/pages/frame.ts';

/** What the console's routes stand on: the gateway's parts, and the frame of its pages. */
export type ConsoleDeps = GatewayCore & { readonly house: House };
