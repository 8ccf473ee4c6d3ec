import type { FastifyInstance } from 'fastify';
import type { Operators } from '../operators/operators.ts';
import type { GatewayContext, PartServiceFinder } from './model.ts';
import type { Peers } from './peers.ts';
import type { RightsBook } from './rights.ts';
import type { KnownGateway } from './trust-view.ts';
import type { HttpAnswer, Incoming } from './wire.ts';

/** What a part of the gateway beside the messages is built on. */
export type GatewayCore = {
  readonly context: GatewayContext;
  readonly rights: RightsBook;
  readonly peers: Peers;
  /** Accounts and the guard: mount an operator's routes with `operators.mount(server, routes)`. */
  readonly operators: Operators;
};

/**
 * A part of the gateway beside the messages: evidence, agreements, events, … Opened before the doors, closed after
 * them and before the ledger, so that what it has accepted can still be committed.
 */
export type GatewayExtension = {
  /** Its requests of other gateways come under /wasl/NAME/. */
  readonly name: string;
  /** Adds its routes to the own door, beside /r1/. */
  readonly mount?: (server: FastifyInstance) => void | Promise<void>;
  /**
   * Answers a request of another gateway, known by its certificate. Throws a Problem or a Fault. Whether the caller
   * may have what it asks for is for the extension to decide.
   */
  readonly answerPeer?: (caller: KnownGateway, incoming: Incoming) => Promise<HttpAnswer>;
  /** Finds what answers a message in this part, signed, decided and kept like any other. */
  readonly answers?: PartServiceFinder;
  readonly close?: () => Promise<void>;
};

export type OpenExtension = (core: GatewayCore) => GatewayExtension | Promise<GatewayExtension>;

/** The path of the other gateways' requests that the extension NAME answers. */
export const PEER_PREFIX = '/wasl/';

/** The name in /wasl/NAME/…, if it is such a path. */
export function extensionNameOf(target: string): string | undefined {
  return /^\/wasl\/([a-z0-9-]{1,40})(?:[/?]|$)/.exec(target)?.[1];
}
