import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Answer, sendAnswer } from './http-answer.ts';

/** What kind of traffic a route carries; each kind has its own limit per address. */
export type RateClass = 'page' | 'form' | 'sign-in' | 'api' | 'asset' | 'message';

/**
 * A route says beside its handler who may call it, which audit event it writes and how often it may be called:
 * leaving one out does not compile. `access` values are the identity module's.
 */
export type Route<A extends string = string> = {
  /** `module.noun.verb`: names the row of the role × route matrix. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly access: A;
  readonly audit: string | null;
  readonly bodyLimit?: number;
  readonly rate: RateClass;
  handle(request: FastifyRequest): Promise<Answer>;
};

/** Requests a minute and address. */
const LIMITS: Readonly<Record<RateClass, number>> = {
  page: 600,
  form: 120,
  'sign-in': 60,
  api: 1200,
  asset: 3000,
  message: 600_000,
};

export function mountRoutes<A extends string>(
  server: FastifyInstance,
  routes: readonly Route<A>[],
  guard: (route: Route<A>, request: FastifyRequest) => Promise<void>,
): void {
  for (const route of routes) {
    server.route({
      method: route.method,
      url: route.url,
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      config: { routeId: route.id, rateLimit: { max: LIMITS[route.rate], timeWindow: 60_000, groupId: route.rate } },
      preHandler: async (request) => {
        await guard(route, request);
      },
      handler: async (request, reply) => sendAnswer(reply, await route.handle(request)),
    });
  }
}
