import { forbidden, invalid, type Json, notFound, parseJson } from '../../../kernel/index.ts';
import { relayToProvider } from '../../gateway/consumer.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import type { GatewayContext, PartMessage, PartService } from '../../gateway/model.ts';
import { Fault, faultProblem } from '../../message/fault.ts';
import { formatService, parseService } from '../../message/identifiers.ts';
import type { EventFeed } from '../feed.ts';
import type { ContentMode, Subscription } from '../model.ts';
import { startOf } from '../store/event.ts';
import { endSubscriber, putSubscriber } from '../store/subscriber.ts';
import * as store from '../store/subscription.ts';
import { SUBSCRIPTION_PATH } from './names.ts';

/** What a system asks for: `start` sets a subscription that is there back, or forward. */
export type Wanted = {
  readonly service: string;
  readonly delivery: 'webhook' | 'pull';
  readonly url?: string | undefined;
  readonly contentMode: ContentMode;
  readonly maxTries: number;
  readonly agreement?: string | undefined;
  readonly purpose?: string | undefined;
  readonly start?: 'earliest' | 'now' | undefined;
};

/**
 * Subscribes one of our subsystems: kept here first, then asked of the publisher's gateway in a signed message, which
 * decides by its agreement. A crash between leaves a subscription that says so and gets nothing; asked for again, it
 * goes on. Throws a Problem: 403, 422, or the refusal of the publisher's gateway.
 */
export async function subscribe(
  core: GatewayCore,
  client: string,
  wanted: Wanted,
  ratePerMinute: number | null,
): Promise<Subscription> {
  const { context } = core;
  if (!context.subsystems.has(client)) throw forbidden(`${client} is not a subsystem of this gateway.`);
  const service = readService(wanted.service);
  const before = await store.subscriptionOf(context.db.read, client, service);
  const { delivery, url, contentMode, maxTries, agreement, purpose, start } = wanted;
  const given = {
    client,
    service,
    delivery,
    contentMode,
    ratePerMinute,
    maxTries,
    agreement: agreement ?? null,
    purpose: purpose ?? null,
  };
  const held = await store.putSubscription(context.db.read, {
    ...given,
    id: context.newId(),
    url: url ?? null,
    state: 'active',
    fault: before?.state === 'active' ? before.fault : UNCONFIRMED,
    createdAt: context.clock(),
  });
  try {
    await askPublisher(core, held, 'PUT', start === undefined ? {} : { start });
  } catch (cause) {
    if (before === undefined) await store.removeSubscription(context.db.read, held.id);
    else await store.putSubscription(context.db.read, before);
    throw faultProblem(cause);
  }
  await store.setSubscriptionState(context.db.read, held.id, 'active', null);
  return { ...held, fault: null };
}

/** The publisher's gateway has not answered yet. */
const UNCONFIRMED = 'unconfirmed';

/**
 * Ends it here at once, with what still waited; the publisher's gateway is told, and where it is away learns of it at
 * its next delivery. Throws a Problem (404).
 */
export async function unsubscribe(core: GatewayCore, id: string, client?: string): Promise<void> {
  const { context } = core;
  const held = await store.findSubscription(context.db.read, id, client);
  if (held === undefined) throw notFound('There is no such subscription.');
  await store.removeSubscription(context.db.read, id);
  await askPublisher(core, held, 'DELETE', {}).catch((cause: unknown) =>
    context.log.info('events.unsubscribe-not-told', { service: held.service, cause: String(cause) }),
  );
}

function readService(text: string): string {
  const parsed = parseService(text);
  if (parsed.ok) return formatService(parsed.value);
  throw invalid('The subscription is not acceptable.', [{ field: '/service', message: `It ${parsed.error.detail}.` }]);
}

async function askPublisher(
  { context, peers }: GatewayCore,
  { client, service, agreement, purpose }: Subscription,
  method: 'PUT' | 'DELETE',
  body: object,
): Promise<void> {
  await relayToProvider(context, peers, {
    method,
    target: `/r1/${service}${SUBSCRIPTION_PATH}`,
    headers: [
      ['content-type', 'application/json'],
      ['x-road-client', client],
      ...(agreement === null ? [] : [['wasl-agreement', agreement] as const]),
      ...(purpose === null ? [] : [['wasl-purpose', purpose] as const]),
    ],
    body: Buffer.from(method === 'PUT' ? JSON.stringify(body) : ''),
  });
}

/**
 * `TYPE/subscription` at the publisher's gateway: PUT subscribes the client that asks, DELETE ends it, GET tells how far
 * it is. An ordinary message under an agreement, so any X-Road client can send it.
 */
export function subscriptionService(context: GatewayContext, feed: EventFeed, wake: () => void): PartService {
  return {
    needsAgreement: true,
    async answer(message) {
      const key = { service: message.service, client: message.client };
      if (message.method === 'DELETE') {
        await endSubscriber(context.db.read, key, null);
        await feed.forget(key);
        return said({ state: 'ended' });
      }
      if (message.method !== 'PUT') throw new Fault('method-unknown', 'A subscription takes PUT and DELETE.');
      const start = readStart(message);
      const startAt = await startOf(context.db.read, message.service, start ?? 'now');
      if (start !== undefined) await feed.forget(key);
      const { agreement, purpose } = message;
      const terms = { agreement: agreement?.id ?? null, purpose: purpose ?? null };
      const put = await putSubscriber(
        context.db.read,
        { ...key, ...terms },
        startAt,
        start !== undefined,
        context.clock(),
      );
      wake();
      return said({ state: put.state, delivered: put.delivered });
    },
  };
}

const said = (body: Json) => ({ text: JSON.stringify(body), contentType: 'application/json' });

function readStart({ body }: PartMessage): 'earliest' | 'now' | undefined {
  if (body.length === 0) return undefined;
  const read = parseJson(body.toString('utf8'), { maxChars: 10_000, maxDepth: 4 });
  if (!read.ok || read.value === null || typeof read.value !== 'object') {
    throw new Fault('request-malformed', 'The body of a subscription is an object of JSON, or nothing.');
  }
  const { start } = read.value as { readonly start?: Json };
  if (start === undefined || start === 'earliest' || start === 'now') return start;
  throw new Fault('request-malformed', '/start must be "earliest" or "now".');
}
