import { parseJson } from '../../../kernel/index.ts';
import type { TraceHeaders } from '../../../platform/index.ts';
import { relayToProvider } from '../../gateway/consumer.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { hasLimits } from '../../gateway/limits.ts';
import { groupsOf, trustView } from '../../gateway/trust-view.ts';
import { type Agreement, decide, fieldsOf } from '../../message/agreement.ts';
import { Fault } from '../../message/fault.ts';
import type { HeaderList } from '../../message/headers.ts';
import { type EventFeed, type FedBatch, FeedUnavailable } from '../feed.ts';
import type { SequencedEvent, Subscriber } from '../model.ts';
import { backOff, reduceEvent } from '../rules.ts';
import * as letters from '../store/dead-letter.ts';
import { eventsAt } from '../store/event.ts';
import * as store from '../store/subscriber.ts';
import { inboxOf, SUBSCRIPTION_PATH } from './names.ts';
import type { HeldType } from './types.ts';

export type DeliverDeps = {
  readonly core: GatewayCore;
  readonly feed: EventFeed;
  readonly typeOf: (service: string) => HeldType | undefined;
  readonly tell: (what: 'delivered' | 'refused', events: number) => void;
};

/** Renewed with each batch; after a crash another process, or this one restarted, waits as long. */
const HOLD_MS = 10_000;
const MOST_PAUSE_MS = 300_000;
const AT_ONCE = 8;
/** Events about persons that are under way at once, and of how many persons. */
const PERSONS = 64;
const SIDE_BY_SIDE = 16;
const MOST = { events: 500, bytes: 700_000 };

/** One round: hands on what is due to each subscriber that no other process holds. The number of subscribers it had. */
export async function deliverDue(deps: DeliverDeps): Promise<number> {
  const { context } = deps.core;
  const now = context.clock();
  const held = await store.holdDueSubscribers(context.db.read, now, later(now, HOLD_MS), AT_ONCE);
  await Promise.all(held.map((subscriber) => deliverTo(deps, subscriber)));
  return held.length;
}

const later = (from: Date, ms: number) => new Date(from.getTime() + ms);

/** Batch after batch until there is no more, or one is refused. */
async function deliverTo(deps: DeliverDeps, subscriber: Subscriber): Promise<void> {
  const { context } = deps.core;
  let at = subscriber;
  let most = MOST.events;
  try {
    for (;;) {
      const agreement = agreementFor(deps.core, at);
      const isAboutPerson = deps.typeOf(at.service)?.aboutPerson === true;
      const batch = await deps.feed.read(at, { ...MOST, events: isAboutPerson ? PERSONS : most });
      const last = batch.events.at(-1)?.sequence;
      if (last === undefined) return await store.releaseSubscriber(context.db.read, at);
      if (isAboutPerson) {
        at = await deliverSingly(deps, at, agreement, batch);
        continue;
      }
      if ((await sendBatch(deps, at, agreement, batch)) === 'too-large') {
        most = Math.max(1, Math.floor(batch.events.length / 2));
        continue;
      }
      at = await advance(deps, at, last);
      await batch.done();
      most = Math.min(MOST.events, most * 2);
    }
  } catch (cause) {
    if (cause instanceof SetBack) return await store.releaseSubscriber(context.db.read, at);
    await putOff(deps, at, cause);
  }
}

/** The subscriber was set back, or ended, while we sent to it: it is looked at anew. */
class SetBack extends Error {
  override readonly name = 'SetBack';
}

/** Only when they are sent. A crash before delivers them once more, and the other gateway knows their sequences. */
async function advance({ core: { context } }: DeliverDeps, at: Subscriber, to: number): Promise<Subscriber> {
  const now = context.clock();
  const step = { from: at.delivered, to, heldUntil: later(now, HOLD_MS), now };
  if (!(await store.advanceSubscriber(context.db.read, at, step))) throw new SetBack();
  return { ...at, delivered: to, tries: 0 };
}

/**
 * Events about persons, a message each: those of different persons side by side, those of one behind each other. The
 * subscriber's place moves behind those that are sent without a gap; what was sent beyond is sent again, and known there.
 */
async function deliverSingly(
  deps: DeliverDeps,
  at: Subscriber,
  agreement: Agreement,
  batch: FedBatch,
): Promise<Subscriber> {
  const sent = new Set<number>();
  const lanes = [...Map.groupBy(batch.events, (event) => event.subject).values()];
  const workers = Array.from({ length: Math.min(SIDE_BY_SIDE, lanes.length) }, async () => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
      for (const event of lane) {
        await sendBatch(deps, at, agreement, { ...batch, events: [event], back: async () => {} });
        sent.add(event.sequence);
      }
    }
  });
  const failure = (await Promise.allSettled(workers)).find((one) => one.status === 'rejected');
  const firstUnsent = batch.events.findIndex((event) => !sent.has(event.sequence));
  const last = batch.events.at(firstUnsent === -1 ? -1 : firstUnsent - 1);
  const moved = firstUnsent === 0 || last === undefined ? at : await advance(deps, at, last.sequence);
  if (failure === undefined) await batch.done();
  else {
    await batch.back();
    throw failure.reason;
  }
  return moved;
}

async function sendBatch(
  deps: DeliverDeps,
  subscriber: Subscriber,
  agreement: Agreement,
  batch: FedBatch,
): Promise<'sent' | 'too-large'> {
  const { context } = deps.core;
  try {
    await sendEvents(deps, subscriber, agreement, batch.events);
    deps.tell('delivered', batch.events.length);
    return 'sent';
  } catch (cause) {
    const fault = cause instanceof Fault ? cause.slug : undefined;
    if (fault !== 'body-too-large' && fault !== 'event-refused') {
      await batch.back();
      throw cause;
    }
    const [first, second] = batch.events;
    if (first === undefined || second !== undefined) {
      await batch.back();
      return 'too-large';
    }
    // Alone, and refused for what it is: the order goes on behind it, and an operator finds it among the dead letters.
    await store.insertRefused(context.db.read, subscriber, first.sequence, fault, context.clock());
    deps.tell('refused', 1);
    return 'sent';
  }
}

/** One signed message with all of them, kept in both ledgers like any other. Throws Fault. */
async function sendEvents(
  { core, typeOf }: DeliverDeps,
  { service, client }: Subscriber,
  agreement: Agreement,
  events: readonly SequencedEvent[],
): Promise<void> {
  const { context, peers } = core;
  if (hasLimits(agreement)) await context.limits.take(agreement, context.clock());
  const whole = fieldsOf(agreement).whole;
  const items = events.map(
    (event) => `{"sequence":${event.sequence},"event":${whole ? event.body : reduced(event, agreement)}}`,
  );
  const body = `{"service":${JSON.stringify(service)},"events":[${items.join(',')}]}`;
  const subject = typeOf(service)?.aboutPerson === true ? events[0]?.subject : null;
  const headers: HeaderList = [
    ['content-type', 'application/json'],
    ['x-road-client', service.split('/').slice(0, 4).join('/')],
    ['wasl-agreement', agreement.id],
    ...(agreement.purposes[0] === undefined ? [] : [['wasl-purpose', agreement.purposes[0].code] as const]),
    ...(subject === null || subject === undefined ? [] : [['wasl-subject', subject] as const]),
  ];
  const target = `/r1/${inboxOf(client)}`;
  const relay = () => relayToProvider(context, peers, { method: 'POST', target, headers, body: Buffer.from(body) });
  if (!context.tracing.isOn) return void (await relay());
  const came = events.length === 1 ? traceOf(events[0]) : {};
  await context.tracing.serve({ name: 'deliver events', kind: 'producer', came }, relay);
}

/** CloudEvents' distributed tracing extension: the trace in which the publisher made the event. */
function traceOf(event: SequencedEvent | undefined): TraceHeaders {
  const read = event?.body.includes('"traceparent"') ? parseJson(event.body, LIMITS) : undefined;
  const { traceparent, tracestate } = (read?.ok ? read.value : {}) as Readonly<Record<string, unknown>>;
  return {
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...(typeof tracestate === 'string' ? { tracestate } : {}),
  };
}

const LIMITS = { maxChars: 1_000_000, maxDepth: 66 };

function reduced(event: SequencedEvent, agreement: Agreement): string {
  const read = parseJson(event.body, LIMITS, 'exact');
  if (!read.ok) throw new Error(`the event ${event.sequence} cannot be read: ${read.error.detail}`);
  return JSON.stringify(reduceEvent(read.value as Parameters<typeof reduceEvent>[0], agreement));
}

/**
 * The agreement in force under which the subscriber may have the events, asked anew for each message: one that was
 * suspended stops them, and its next version's fields count from then on. Throws Fault.
 */
function agreementFor({ context, rights }: GatewayCore, subscriber: Subscriber): Agreement {
  const now = context.clock();
  const decision = decide(
    {
      client: subscriber.client,
      service: subscriber.service,
      method: 'PUT',
      path: SUBSCRIPTION_PATH,
      purpose: subscriber.purpose ?? undefined,
      agreement: subscriber.agreement ?? undefined,
      groups: groupsOf(trustView(context.trust, now), subscriber.client),
    },
    rights.current().byService.get(subscriber.service) ?? [],
    now,
  );
  if (decision.ok) return decision.value.agreement;
  throw new Fault(decision.error.kind, `The events are not handed on: ${decision.error.detail}.`);
}

/** Who is away is tried again after 1, 2, 4 … seconds, at most five minutes; what was published waits meanwhile. */
async function putOff({ core }: DeliverDeps, subscriber: Subscriber, cause: unknown): Promise<void> {
  const { context } = core;
  const fault = faultOf(cause);
  const fields = { service: subscriber.service, client: subscriber.client, fault };
  if (fault === 'internal') context.log.error('events.not-delivered', fields, cause);
  else context.log.warn('events.not-delivered', fields);
  // Its own gateway knows nothing of it any more: it has unsubscribed, or lost its data.
  if (fault === 'event-not-subscribed') {
    await store.endSubscriber(context.db.read, subscriber, fault).catch(() => {});
    return;
  }
  const retryAfter = cause instanceof Fault ? (cause.retryAfterSeconds ?? 0) * 1_000 : 0;
  const pause = Math.max(retryAfter, backOff(subscriber.tries, MOST_PAUSE_MS));
  await store.putOffSubscriber(context.db.read, subscriber, fault, later(context.clock(), pause)).catch(() => {
    // The database is away: the hold runs out by itself.
  });
}

function faultOf(cause: unknown): string {
  if (cause instanceof FeedUnavailable) return 'broker-unavailable';
  return cause instanceof Fault ? cause.slug : 'internal';
}

/** Sends dead letters of the publisher's side once more, each in a message of its own. How many were taken. */
export async function replayRefused(
  deps: DeliverDeps,
  subscriber: Subscriber,
  which: readonly number[] | null,
): Promise<number> {
  const { context } = deps.core;
  const agreement = agreementFor(deps.core, subscriber);
  const sequences = await letters.listRefused(context.db.read, subscriber, which);
  let taken = 0;
  for (const event of await eventsAt(context.db.read, subscriber.service, sequences)) {
    await sendEvents(deps, subscriber, agreement, [event]);
    await letters.removeRefused(context.db.read, subscriber, [event.sequence]);
    taken += 1;
  }
  return taken;
}
