import { type Json, parseJson } from '../../../kernel/index.ts';
import type { GatewayContext, PartMessage, PartService } from '../../gateway/model.ts';
import { Fault } from '../../message/fault.ts';
import { readMembers } from '../cloud-event.ts';
import { MAX_BATCH_EVENTS } from '../model.ts';
import { orderKeyOf } from '../rules.ts';
import { type Arrival, insertArrivals } from '../store/inbox.ts';
import { subscriptionOf } from '../store/subscription.ts';
import { publisherOf } from './names.ts';

/**
 * `receiveEvents`: takes a publisher's events for one of our subsystems. It answers when they are committed; a crash
 * before that and the publisher's gateway sends them again, a crash after it and they are known by their sequences.
 */
export function inboxService(context: GatewayContext, wake: () => void): PartService {
  return {
    needsAgreement: false,
    async answer(message) {
      const { service, arrivals } = readDelivery(message);
      const client = publisherOf(message.service) ?? '';
      if (publisherOf(service) !== message.client) {
        throw new Fault('request-malformed', `${message.client} does not publish ${service}.`);
      }
      const subscription = await subscriptionOf(context.db.read, client, service);
      if (subscription?.state !== 'active') {
        throw new Fault('event-not-subscribed', `${client} has no subscription to ${service}.`);
      }
      const now = context.clock();
      const taken = await insertArrivals(context.db.read, subscription.id, message.exchange, arrivals, now);
      wake();
      return { text: JSON.stringify({ taken }), contentType: 'application/json' };
    },
  };
}

const LIMITS = { maxChars: 10_000_000, maxDepth: 68 };

function readDelivery(message: PartMessage): { readonly service: string; readonly arrivals: readonly Arrival[] } {
  const read = parseJson(message.body.toString('utf8'), LIMITS, 'exact');
  const body =
    read.ok && read.value !== null && typeof read.value === 'object' ? (read.value as Record<string, Json>) : {};
  const { service, events } = body;
  if (typeof service !== 'string' || !Array.isArray(events) || events.length > MAX_BATCH_EVENTS) {
    throw new Fault('request-malformed', 'The body is no delivery of events.');
  }
  return { service, arrivals: (events as readonly Json[]).map(readItem) };
}

function readItem(item: Json): Arrival {
  const { sequence, event } = (item ?? {}) as { readonly sequence?: Json; readonly event?: Json };
  const read = readMembers(event ?? null, '/event');
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) {
    throw new Fault('request-malformed', 'An event of the delivery has no sequence.');
  }
  if (!read.ok) throw new Fault('event-refused', `The event ${sequence}: ${read.error.field} ${read.error.detail}.`);
  const { members, subject } = read.value;
  return { sequence, orderKey: orderKeyOf(subject, sequence), body: JSON.stringify(members) };
}
