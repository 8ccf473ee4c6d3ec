import Type from 'typebox';
import { notFound } from '../../../kernel/index.ts';
import type { Answer } from '../../../platform/index.ts';
import { readBody } from '../../gateway/operator.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { asyncApiOf } from '../async-api.ts';
import type { EventType } from '../model.ts';
import type { LetterDeps } from '../service/letters.ts';
import {
  endDelivery,
  type OperateDeps,
  putType,
  retireType,
  subscriberStates,
  subscriptionStates,
} from '../service/operate.ts';
import { letterRoutes } from './letters.ts';

export type EventOperatorDeps = OperateDeps & LetterDeps;

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

const typeSchema = Type.Object(
  {
    service: text(500),
    title: Type.Object({ ar: text(200), fr: text(200), en: Type.Optional(text(200)) }, closed),
    aboutPerson: Type.Boolean({ default: false }),
    dataSchema: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
);

const serviceSchema = Type.Object({ service: text(500) }, closed);
const subscriberSchema = Type.Object({ service: text(500), client: text(500) }, closed);
const subsystemSchema = Type.Object({ subsystem: text(500) }, closed);
const json = (body: unknown): Answer => ({ kind: 'json', body });
const READ = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;
const CHANGE = { access: 'events.change', rate: 'api' } as const;

export function eventOperatorRoutes(deps: EventOperatorDeps): readonly OperatorRoute[] {
  return [...typeRoutes(deps), ...subscriptionRoutes(deps), ...letterRoutes(deps)];
}

/** Throws a Problem (422) with the fields, in what a program or a form sends alike. */
export const readEventType = (body: unknown): EventType => readBody(typeSchema, { body }) as EventType;

function typeRoutes(deps: EventOperatorDeps): readonly OperatorRoute[] {
  const { core, types } = deps;
  return [
    {
      ...READ,
      id: 'gateway.event-type.list',
      summary: 'Kinds of events that this member publishes',
      url: '/operator/v1/event-types',
      handle: async () => json({ types: types.all() }),
    },
    {
      ...READ,
      id: 'gateway.event-type.describe',
      summary: 'What a subsystem publishes, as AsyncAPI 3.0',
      query: subsystemSchema,
      url: '/operator/v1/event-types/asyncapi',
      async handle(request) {
        const { subsystem } = readBody(subsystemSchema, { body: request.query });
        if (!core.context.subsystems.has(subsystem)) throw notFound(`${subsystem} is not a subsystem of this gateway.`);
        return json(asyncApiOf(subsystem, types.all()));
      },
    },
    {
      ...CHANGE,
      id: 'gateway.event-type.put',
      summary: 'Registers a kind of event, or changes it',
      body: typeSchema,
      method: 'PUT',
      url: '/operator/v1/event-types',
      audit: 'event-type.put',
      handle: async (request, acting) => json(await putType(deps, readEventType(request.body), acting)),
    },
    {
      ...CHANGE,
      id: 'gateway.event-type.remove',
      summary: 'Takes a kind of event out',
      body: serviceSchema,
      method: 'POST',
      url: '/operator/v1/event-types/remove',
      audit: 'event-type.removed',
      async handle(request, acting) {
        const { service } = readBody(serviceSchema, request);
        await retireType(deps, service, acting);
        return json({ service });
      },
    },
  ];
}

function subscriptionRoutes(deps: EventOperatorDeps): readonly OperatorRoute[] {
  const { core } = deps;
  return [
    {
      ...READ,
      id: 'gateway.event-subscriber.list',
      summary: 'Who is handed this member’s events, and how far each is',
      url: '/operator/v1/event-subscribers',
      handle: async () => json({ subscribers: await subscriberStates(core.context.db.read) }),
    },
    {
      ...CHANGE,
      id: 'gateway.event-subscriber.end',
      summary: 'Ends the subscription of another member’s subsystem',
      body: subscriberSchema,
      method: 'POST',
      url: '/operator/v1/event-subscribers/end',
      audit: 'event-subscriber.ended',
      async handle(request, acting) {
        const key = readBody(subscriberSchema, request);
        await endDelivery(deps, key, acting);
        return json({ ...key, state: 'ended' });
      },
    },
    {
      ...READ,
      id: 'gateway.event-subscription.list',
      summary: 'What this member’s systems subscribed to, and what waits for them',
      url: '/operator/v1/event-subscriptions',
      handle: async () => json({ subscriptions: await subscriptionStates(core.context.db.read) }),
    },
  ];
}
