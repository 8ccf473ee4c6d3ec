import { conflict, forbidden, type Json, notFound, Problem, unavailable } from '../../../kernel/index.ts';
import { eventEntry } from '../../gateway/entry.ts';
import type { GatewayContext, Kept } from '../../gateway/model.ts';
import { SeenBefore } from '../../gateway/store.ts';
import { encodePart } from '../../message/identifiers.ts';
import type { CloudEvent, PublishedEvent } from '../model.ts';
import { findEvent } from '../store/event.ts';
import type { EventTypes } from './types.ts';

export type Accepted = {
  readonly id: string;
  readonly source: string;
  readonly sequence: number;
  /** It was published before, under this sequence; nothing was done. */
  readonly duplicate?: true;
};

/**
 * Publishes what one of the member's systems has to say: each event with its ledger entry, all in one transaction. It
 * answers when they are committed; a crash before leaves nothing, and the system, which has no answer, sends them again:
 * an event of the same source and id is taken once. Throws a Problem (403, 404, 409, 422, 503) with the field.
 */
export async function publishEvents(
  context: GatewayContext,
  types: EventTypes,
  client: string,
  events: readonly CloudEvent[],
): Promise<readonly Accepted[]> {
  if (!context.subsystems.has(client)) throw forbidden(`${client} is not a subsystem of this gateway.`);
  const at = context.clock();
  const items = events.map((event, nth) => {
    const service = `${client}/${encodePart(event.type)}`;
    checkType(types, service, event, events.length === 1 ? '' : `/${nth}`);
    return toItem(context, service, event, at);
  });
  return appendAll(context, items);
}

type Item = { readonly entry: Buffer; readonly payload: Extract<Kept, { event: PublishedEvent }> };

function toItem(context: GatewayContext, service: string, event: CloudEvent, at: Date): Item {
  const published: PublishedEvent = {
    service,
    source: event.source,
    eventId: event.id,
    subject: event.subject ?? null,
    at,
    body: JSON.stringify(event.members),
    salt: context.randomBytes(16),
  };
  return { entry: eventEntry(published), payload: { event: published } };
}

function checkType(types: EventTypes, service: string, event: CloudEvent, at: string): void {
  const type = types.get(service);
  if (type === undefined) {
    throw notFound(`${event.type} is no event type of this subsystem; its gateway's operator adds it.`);
  }
  if (type.aboutPerson && !/^[\x21-\x7e]{1,64}$/.test(event.subject ?? '')) {
    throw refused(`${at}/subject`, 'must name the person: 1 to 64 printable characters of ASCII');
  }
  if (type.check === undefined) return;
  const { data } = event.members;
  if (data === undefined) throw refused(`${at}/data`, 'must be there, as the schema of this event type says');
  // Numbers that were kept as they were written are read as the schema's validator knows numbers.
  const fault = type.check(JSON.parse(JSON.stringify(data)) as Json);
  if (fault !== undefined) throw refused(`${at}/data${fault.path}`, fault.message);
}

const refused = (field: string, message: string) =>
  new Problem(422, 'event-not-acceptable', 'The event is not acceptable', {
    detail: `${field} ${message}.`,
    errors: [{ field, message }],
  });

const ATTEMPTS = 6;

/** What stood already breaks the batch that it came in: the others are appended again without it. */
async function appendAll(context: GatewayContext, items: readonly Item[]): Promise<readonly Accepted[]> {
  const accepted = new Map<Item, Accepted>();
  let left = items;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    try {
      const places = await context.sequencer.appendMany(left);
      for (const [nth, item] of left.entries()) accepted.set(item, toAccepted(item, places[nth]?.index ?? 0));
      break;
    } catch (cause) {
      if (!(cause instanceof SeenBefore) || attempt === ATTEMPTS) throw notKept(cause);
      const again = left.filter((item) => cause.messages.has(item.payload));
      for (const item of again) accepted.set(item, await duplicateOf(context, item));
      left = left.filter((item) => !accepted.has(item));
    }
  }
  // The same event twice in one batch: the second was refused before the first stood.
  return items.flatMap((item) => accepted.get(item) ?? []);
}

function toAccepted({ payload: { event } }: Item, sequence: number): Accepted {
  return { id: event.eventId, source: event.source, sequence };
}

async function duplicateOf(context: GatewayContext, item: Item): Promise<Accepted> {
  const { event } = item.payload;
  const held = await findEvent(context.db.read, event);
  if (held === undefined) throw conflict(`The event ${event.eventId} stands twice in this batch; send it once.`);
  if (held.body === event.body) return { ...toAccepted(item, held.sequence), duplicate: true };
  throw conflict(
    `Another event of ${event.source} has the id ${event.eventId}; an event never changes: give the new one its own id.`,
  );
}

function notKept(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  return unavailable('The event could not be kept, so it was not published. Send it again.', cause);
}
