import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Database, Log } from '../../platform/index.ts';
import type { EventBroker } from '../gateway/model.ts';
import { type EventFeed, type FedBatch, type FeedLimits, FeedUnavailable } from './feed.ts';
import type { SequencedEvent, Subscriber } from './model.ts';
import { openRounds } from './rounds.ts';
import { type RelayedEvent, relayableEvents } from './store/event.ts';

type JetStreamOptions = EventBroker & {
  readonly db: Database;
  /** INST/CLASS/MEMBER/SERVERCODE: each gateway has a stream of its own. */
  readonly server: string;
  readonly log: Log;
};

const DAY_NS = 86_400_000_000_000;
const KEEP_DAYS = 30;
const ACK_WAIT_NS = 10_000_000_000;
const WAIT_MS = 1_000;
const TIMEOUT_MS = 5_000;
const LOOK_MS = 500;
const MOST: FeedLimits = { events: 500, bytes: 400_000 };
/** Sequence up to which everything stands in the stream, in each of its messages. */
const RELAYED = 'Wasl-Relayed';

type Connected = {
  readonly connection: NatsConnection;
  /** Whether a server is there at the moment: without one every question would wait for its time-out. */
  readonly isUp: () => boolean;
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
  readonly headers: typeof import('@nats-io/transport-node').headers;
};

/** A message of the stream that a subscriber is being served from. */
type Held = { readonly message: JsMsg; readonly events: readonly SequencedEvent[] };

const short = (text: string) => hash('sha256', text, 'base64url').slice(0, 22);

/**
 * Events on NATS JetStream. The events' table stays where they are published, with their ledger entries; from there a
 * relay puts them into the gateway's stream, and each subscriber is a durable consumer of it, so that the database is
 * not read once for each of thousands of subscribers. What the subscriber's row says is delivered counts: a message
 * that comes again is passed over.
 */
export function jetStreamFeed(options: JetStreamOptions): EventFeed {
  const { db, log } = options;
  const stream = `WASL-${short(options.server)}`;
  const closing = new AbortController();
  let connected: Connected | undefined;
  const opening = openPatiently(options, stream, closing.signal).then((made) => {
    connected = made;
    relay.wake();
  });
  const need = (): Connected => {
    if (connected?.isUp() === true) return connected;
    throw new FeedUnavailable('no NATS server is connected');
  };
  const position = { known: undefined as Position | undefined };
  const relay = openRounds(
    async () => (connected?.isUp() === true ? relayOnce(connected, stream, db, position) : 0),
    LOOK_MS,
    (cause) => log.warn('events.not-relayed', { stream, cause: String(cause) }),
  );
  const served = new Map<string, Held>();
  return {
    wake: relay.wake,
    async read(subscriber, most) {
      const key = consumerOf(subscriber);
      for (;;) {
        const held = served.get(key) ?? (await nextHeld(need(), stream, subscriber));
        if (held === undefined) return NOTHING;
        const left = held.events.filter((event) => event.sequence > subscriber.delivered);
        if (left.length > 0) {
          served.set(key, held);
          return serve(held, left, most, () => served.delete(key));
        }
        await acknowledge(held.message);
        served.delete(key);
      }
    },
    async forget(subscriber) {
      const key = consumerOf(subscriber);
      served.delete(key);
      await connected?.manager.consumers.delete(stream, key).catch(() => false);
    },
    async close() {
      closing.abort();
      await opening;
      await connected?.connection.close();
      await relay.close();
    },
  };
}

const NOTHING: FedBatch = { events: [], done: async () => {}, back: async () => {} };

const subjectOf = (stream: string, service: string) => `wasl.events.${stream}.${short(service)}`;
const consumerOf = ({ service, client }: Pick<Subscriber, 'service' | 'client'>) => short(`${service} ${client}`);

const AGAIN_MS = 2_000;

/** Waits for a server as long as it takes: events are accepted meanwhile, and relayed when there is one. */
async function openPatiently(
  options: JetStreamOptions,
  stream: string,
  signal: AbortSignal,
): Promise<Connected | undefined> {
  while (!signal.aborted) {
    try {
      return await openStream(options, stream);
    } catch (cause) {
      options.log.warn('events.broker-away', { stream, cause: String(cause) });
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}

async function openStream(options: JetStreamOptions, stream: string): Promise<Connected> {
  const { connect, credsAuthenticator, headers } = await import('@nats-io/transport-node');
  const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
  const { servers, replicas, credentialsFile: file } = options;
  const credentials = file === undefined ? {} : { authenticator: credsAuthenticator(await readFile(file)) };
  const connection = await connect({
    servers: [...servers],
    name: `wasl ${options.server}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    timeout: TIMEOUT_MS,
    ...credentials,
  });
  const manager = await jetstreamManager(connection, { timeout: TIMEOUT_MS }).catch((cause: unknown) => {
    void connection.close();
    throw cause;
  });
  const wanted = { subjects: [`wasl.events.${stream}.>`], num_replicas: replicas, max_age: KEEP_DAYS * DAY_NS };
  await manager.streams.info(stream).then(
    () => manager.streams.update(stream, wanted),
    () => manager.streams.add({ name: stream, ...wanted }),
  );
  return {
    connection,
    isUp: watch(connection),
    manager,
    client: jetstream(connection, { timeout: TIMEOUT_MS }),
    headers,
  };
}

function watch(connection: NatsConnection): () => boolean {
  let isUp = true;
  const follow = async (): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'close') isUp = false;
      else if (type === 'reconnect') isUp = true;
    }
  };
  void follow();
  return () => isUp;
}

/** How far the stream is: its own last sequence, and that of the ledger up to which it holds everything. */
type Position = { readonly stream: number; readonly ledger: number };

/**
 * Puts what is new into the stream, in order. The stream itself says how far it is, and takes a message only behind the
 * one that was last when we looked: after a crash, a lost answer, or beside another process that relays too, nothing
 * is left out and nothing overtakes. An event that stands in it twice is passed over by who reads.
 */
async function relayOnce(
  { manager, client, headers }: Connected,
  stream: string,
  db: Database,
  at: { known: Position | undefined },
): Promise<number> {
  const known = at.known ?? (await readPosition(manager, stream));
  // Whatever goes wrong from here on, the stream is asked again.
  at.known = undefined;
  const events = await relayableEvents(db.read, known.ledger, MOST);
  const last = events.at(-1)?.sequence ?? known.ledger;
  let end = known.stream;
  const groups = [...Map.groupBy(events, (event) => event.service)];
  for (const [nth, [service, group]] of groups.entries()) {
    const head = headers();
    // Only with the last of them does everything up to `last` stand there.
    head.set(RELAYED, String(nth === groups.length - 1 ? last : known.ledger));
    const put = { headers: head, expect: { lastSequence: end } };
    end = (await client.publish(subjectOf(stream, service), JSON.stringify(group.map(withoutService)), put)).seq;
  }
  at.known = { stream: end, ledger: last };
  return events.length;
}

const withoutService = ({ sequence, subject, body }: RelayedEvent) => ({ sequence, subject, body });

/** A stream whose messages have all grown too old begins anew with what the table still has. */
async function readPosition(manager: JetStreamManager, stream: string): Promise<Position> {
  const { last_seq: last, messages } = (await manager.streams.info(stream)).state;
  if (messages === 0) return { stream: last, ledger: -1 };
  const message = await manager.streams.getMessage(stream, { seq: last });
  const ledger = Number(message?.header.get(RELAYED) ?? Number.NaN);
  if (!Number.isSafeInteger(ledger)) throw new Error(`the last message of ${stream} does not say how far it is`);
  return { stream: last, ledger };
}

/** The subscriber's next message, of which it gets no other until it is acknowledged; undefined where none waits. */
async function nextHeld(connected: Connected, stream: string, subscriber: Subscriber): Promise<Held | undefined> {
  try {
    const consumer = await consumerFor(connected, stream, subscriber);
    const message = await inTime(consumer.next({ expires: WAIT_MS }));
    if (message === null) return undefined;
    return { message, events: message.json<readonly SequencedEvent[]>() };
  } catch (cause) {
    throw new FeedUnavailable(`NATS does not answer: ${String(cause)}`);
  }
}

/** The library waits for ever where the connection goes away in the middle. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), WAIT_MS + TIMEOUT_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Without it the message comes again after its wait; it is then passed over, but what follows it has waited too. */
async function acknowledge(message: JsMsg): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await message.ackAck({ timeout: WAIT_MS }).catch(() => false)) return;
  }
}

async function consumerFor({ manager, client }: Connected, stream: string, subscriber: Subscriber): Promise<Consumer> {
  const name = consumerOf(subscriber);
  const { AckPolicy, DeliverPolicy } = await import('@nats-io/jetstream');
  return client.consumers.get(stream, name).catch(async () => {
    await manager.consumers.add(stream, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      filter_subject: subjectOf(stream, subscriber.service),
      ack_wait: ACK_WAIT_NS,
      // One at a time: what is sent again comes before what follows it.
      max_ack_pending: 1,
      inactive_threshold: KEEP_DAYS * DAY_NS,
    });
    return client.consumers.get(stream, name);
  });
}

function serve(held: Held, left: readonly SequencedEvent[], most: FeedLimits, drop: () => void): FedBatch {
  const events = left.slice(0, most.events);
  return {
    events,
    async done() {
      if (events.length < left.length) return held.message.working();
      await acknowledge(held.message);
      drop();
    },
    // It stays with us for the next try; should that be another process's, it comes there when its wait has run out.
    back: async () => held.message.working(),
  };
}
