import { Counter } from '../../platform/index.ts';
import { consoleHouse } from '../console/house.ts';
import { eventPages } from '../console/routes/events.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { formatService, formatSubsystem } from '../message/identifiers.ts';
import { type EventFeed, outboxFeed } from './feed.ts';
import { jetStreamFeed } from './jetstream.ts';
import { openRounds } from './rounds.ts';
import { eventOperatorRoutes } from './routes/operator.ts';
import { mountSystemRoutes } from './routes/systems.ts';
import { type DeliverDeps, deliverDue } from './service/deliver.ts';
import { INBOX, SUBSCRIPTION_PATH } from './service/names.ts';
import { inboxService } from './service/receive.ts';
import { subscriptionService } from './service/subscribe.ts';
import { openEventTypes } from './service/types.ts';
import { openWebhooks } from './service/webhook.ts';
import { forgetEvents } from './store/event.ts';
import { forgetHandedOn } from './store/inbox.ts';

const DAY_MS = 86_400_000;
/** What everybody has is kept for a week, so that a new subscriber may begin with it; the rest for a month. */
const KEEP = { handedOnMs: 7 * DAY_MS, anywayMs: 30 * DAY_MS };
const LOOK_MS = 500;

/**
 * Events: what a member's systems publish goes to each subscriber's gateway as signed messages, and there to a webhook
 * or to who pulls. Publisher and subscriber may be of the same gateway; the way is the same.
 */
export async function eventExtension(core: GatewayCore): Promise<GatewayExtension> {
  const { context } = core;
  const types = await openEventTypes(context.db);
  const counters = openCounters(core);
  const feed = openFeed(core);
  const deliver: DeliverDeps = {
    core,
    feed,
    typeOf: types.get,
    tell: (outcome, events) => counters.delivered.inc({ outcome }, events),
  };
  const webhooks = openWebhooks(context, (fault, events) =>
    counters.handedOn.inc({ outcome: fault === undefined ? 'taken' : 'refused' }, events),
  );
  const onFault = (cause: unknown) => context.log.warn('events.round-failed', { cause: String(cause) });
  const outgoing = openRounds(() => deliverDue(deliver), LOOK_MS, onFault);
  const incoming = openRounds(() => webhooks.handOnDue(), LOOK_MS, onFault);
  const sweep = openRounds(() => forget(core), 3_600_000, onFault);
  const published = () => {
    feed.wake();
    outgoing.wake();
  };
  const inbox = inboxService(context, incoming.wake);
  const subscription = subscriptionService(context, feed, outgoing.wake);
  return {
    name: 'events',
    async mount(server) {
      const operating = { core, types, deliver, wake: incoming.wake };
      core.operators.mount(server, eventOperatorRoutes(operating));
      core.operators.mount(server, eventPages({ ...operating, house: consoleHouse(context.server) }));
      await mountSystemRoutes(server, { core, types, webhooks, wake: published });
    },
    answers({ service, method, path }) {
      if (!context.subsystems.has(formatSubsystem(service))) return undefined;
      if (service.service === INBOX && method === 'POST') return inbox;
      return path === SUBSCRIPTION_PATH && types.get(formatService(service)) !== undefined ? subscription : undefined;
    },
    async close() {
      types.close();
      await Promise.all([outgoing.close(), incoming.close(), sweep.close()]);
      await webhooks.close();
      await feed.close();
    },
  };
}

/** NATS is loaded where it is used only. */
function openFeed({ context }: GatewayCore): EventFeed {
  const { eventBroker } = context.settings;
  if (eventBroker === undefined) return outboxFeed(context.db);
  return jetStreamFeed({ ...eventBroker, db: context.db, server: context.server, log: context.log });
}

function openCounters({ context }: GatewayCore) {
  const registers = [context.measures.registry];
  return {
    delivered: new Counter({
      name: 'wasl_events_delivered_total',
      help: 'Events that subscribers’ gateways took or refused',
      labelNames: ['outcome'],
      registers,
    }),
    handedOn: new Counter({
      name: 'wasl_events_handed_on_total',
      help: 'Events that webhooks of this member took or refused',
      labelNames: ['outcome'],
      registers,
    }),
  };
}

async function forget({ context }: GatewayCore): Promise<number> {
  const at = context.clock().getTime();
  await forgetEvents(context.db.read, new Date(at - KEEP.handedOnMs), new Date(at - KEEP.anywayMs));
  await forgetHandedOn(context.db.read, new Date(at - KEEP.handedOnMs));
  return 0;
}
