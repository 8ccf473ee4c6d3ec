import { invalid, type Json, notFound } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { formatService, formatSubsystem, parseService } from '../../message/identifiers.ts';
import type { Acting } from '../../operators/audit.ts';
import type { EventType, Subscriber, SubscriberState, SubscriptionState } from '../model.ts';
import { createSchemaCheck } from '../schema.ts';
import { putEventType, removeEventType } from '../store/event.ts';
import { countBacklog } from '../store/inbox.ts';
import { countUndelivered, endSubscriber, listSubscribers } from '../store/subscriber.ts';
import { listSubscriptions } from '../store/subscription.ts';
import type { DeliverDeps } from './deliver.ts';
import type { EventTypes } from './types.ts';

export type OperateDeps = {
  readonly core: GatewayCore;
  readonly types: EventTypes;
  readonly deliver: DeliverDeps;
};

/** Adds or changes a type. Throws a Problem (422) with the field. */
export async function putType({ core, types }: OperateDeps, given: EventType, acting: Acting): Promise<EventType> {
  const { context } = core;
  const type = readType(given, context.subsystems);
  await context.db.transaction(async (tx) => {
    await putEventType(tx, type, context.clock());
    await acting.record(tx, type.service, { aboutPerson: type.aboutPerson });
  });
  await types.reload();
  return type;
}

function readType(given: EventType, subsystems: ReadonlySet<string>): EventType {
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

/** What was published goes on to who has subscribed; nothing new of it can be. Throws a Problem (404). */
export async function retireType({ core, types }: OperateDeps, service: string, acting: Acting): Promise<void> {
  await core.context.db.transaction(async (tx) => {
    if (!(await removeEventType(tx, service))) throw notFound('There is no such event type.');
    await acting.record(tx, service);
  });
  await types.reload();
}

/** Throws a Problem (404) where there is none, or it has ended. */
export async function endDelivery(
  { core, deliver }: OperateDeps,
  key: Pick<Subscriber, 'service' | 'client'>,
  acting: Acting,
): Promise<void> {
  await core.context.db.transaction(async (tx) => {
    if (!(await endSubscriber(tx, key, 'ended-by-operator'))) throw notFound('There is no such active subscriber.');
    await acting.record(tx, `${key.service} ${key.client}`);
  });
  await deliver.feed.forget(key);
}

/** Who gets what, and how many events still wait for each. */
export async function subscriberStates(tx: Tx): Promise<readonly SubscriberState[]> {
  const waiting = new Map((await countUndelivered(tx)).map((one) => [`${one.service} ${one.client}`, one.waiting]));
  const all = await listSubscribers(tx);
  return all.map((one) => ({ ...one, waiting: waiting.get(`${one.service} ${one.client}`) ?? 0 }));
}

/** Our own subscriptions, and what of each waits here or is dead. */
export async function subscriptionStates(tx: Tx): Promise<readonly SubscriptionState[]> {
  const backlog = new Map((await countBacklog(tx)).map((one) => [one.subscription, one]));
  const all = await listSubscriptions(tx);
  return all.map((one) => {
    const { waiting = 0, dead = 0, oldest = null } = backlog.get(one.id) ?? {};
    return { ...one, waiting, dead, oldest };
  });
}
