import Type from 'typebox';
import { invalid, type Json, notFound } from '../../../kernel/index.ts';
import type { Answer } from '../../../platform/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { readBody } from '../../gateway/operator.ts';
import { formatService, formatSubsystem, parseService } from '../../message/identifiers.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { EventType } from '../model.ts';
import { createSchemaCheck } from '../schema.ts';
import type { DeliverDeps } from '../service/deliver.ts';
import type { EventTypes } from '../service/types.ts';
import { putEventType, removeEventType } from '../store/event.ts';
import { countBacklog } from '../store/inbox.ts';
import { countUndelivered, endSubscriber, listSubscribers } from '../store/subscriber.ts';
import { listSubscriptions } from '../store/subscription.ts';
import { letterRoutes } from './letters.ts';

export type EventOperatorDeps = {
  readonly core: GatewayCore;
  readonly types: EventTypes;
  readonly deliver: DeliverDeps;
  readonly wake: () => void;
};

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
const json = (body: unknown): Answer => ({ kind: 'json', body });
const READ = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;
const CHANGE = { access: 'events.change', rate: 'api' } as const;

export function eventOperatorRoutes(deps: EventOperatorDeps): readonly OperatorRoute[] {
  return [...typeRoutes(deps), ...subscriptionRoutes(deps), ...letterRoutes(deps)];
}

function typeRoutes({ core: { context }, types }: EventOperatorDeps): readonly OperatorRoute[] {
  return [
    {
      ...READ,
      id: 'gateway.event-type.list',
      url: '/operator/v1/event-types',
      handle: async () => json({ types: types.all() }),
    },
    {
      ...CHANGE,
      id: 'gateway.event-type.put',
      method: 'PUT',
      url: '/operator/v1/event-types',
      audit: 'event-type.put',
      async handle(request, acting) {
        const type = readType(readBody(typeSchema, request) as EventType, context.subsystems);
        await context.db.transaction(async (tx) => {
          await putEventType(tx, type, context.clock());
          await acting.record(tx, type.service, { aboutPerson: type.aboutPerson });
        });
        await types.reload();
        return json(type);
      },
    },
    {
      ...CHANGE,
      id: 'gateway.event-type.remove',
      method: 'POST',
      url: '/operator/v1/event-types/remove',
      audit: 'event-type.removed',
      async handle(request, acting) {
        const { service } = readBody(serviceSchema, request);
        await context.db.transaction(async (tx) => {
          if (!(await removeEventType(tx, service))) throw notFound('There is no such event type.');
          await acting.record(tx, service);
        });
        await types.reload();
        return json({ service });
      },
    },
  ];
}

/** Throws a Problem (422) with the field. */
export function readType(given: EventType, subsystems: ReadonlySet<string>): EventType {
  const refuse = (field: string, message: string) => invalid('The event type is not acceptable.', [{ field, message }]);
  const id = parseService(given.service);
  if (!id.ok) throw refuse('/service', `It ${id.error.detail}.`);
  if (!subsystems.has(formatSubsystem(id.value))) throw refuse('/service', 'It is not of a subsystem of this gateway.');
  if (given.dataSchema !== undefined) {
    const check = createSchemaCheck(given.dataSchema as Readonly<Record<string, Json>>);
    if (!check.ok) throw refuse('/dataSchema', `It ${check.error}.`);
  }
  return { ...given, service: formatService(id.value) };
}

function subscriptionRoutes({ core: { context }, deliver }: EventOperatorDeps): readonly OperatorRoute[] {
  const { db } = context;
  return [
    {
      ...READ,
      id: 'gateway.event-subscriber.list',
      url: '/operator/v1/event-subscribers',
      async handle() {
        const waiting = await countUndelivered(db.read);
        const of = (service: string, client: string) =>
          waiting.find((one) => one.service === service && one.client === client)?.waiting ?? 0;
        const all = await listSubscribers(db.read);
        return json({ subscribers: all.map((one) => ({ ...one, waiting: of(one.service, one.client) })) });
      },
    },
    {
      ...CHANGE,
      id: 'gateway.event-subscriber.end',
      method: 'POST',
      url: '/operator/v1/event-subscribers/end',
      audit: 'event-subscriber.ended',
      async handle(request, acting) {
        const key = readBody(subscriberSchema, request);
        await db.transaction(async (tx) => {
          if (!(await endSubscriber(tx, key, 'ended-by-operator')))
            throw notFound('There is no such active subscriber.');
          await acting.record(tx, `${key.service} ${key.client}`);
        });
        await deliver.feed.forget(key);
        return json({ ...key, state: 'ended' });
      },
    },
    {
      ...READ,
      id: 'gateway.event-subscription.list',
      url: '/operator/v1/event-subscriptions',
      async handle() {
        const backlog = new Map((await countBacklog(db.read)).map((one) => [one.subscription, one]));
        const all = await listSubscriptions(db.read);
        return json({
          subscriptions: all.map((one) => ({
            ...one,
            waiting: backlog.get(one.id)?.waiting ?? 0,
            dead: backlog.get(one.id)?.dead ?? 0,
          })),
        });
      },
    },
  ];
}
