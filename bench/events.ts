import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Pool } from 'undici';
import { agree, anAgreement, CLIENT, PUBLISHER, put, startGateways } from './gateways.ts';

/**
 * Events from the publisher's system to the subscriber's: published to the one gateway, signed, kept in both ledgers on
 * a PostgreSQL with fsync on, handed on by the other gateway. Beside it, in the same run and by turns, NATS JetStream
 * with nothing of that: one server, a stream in a file, published and fetched by the same batches.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    nats: { type: 'string', default: 'nats://127.0.0.1:4222' },
  },
});
const EVENTS = Number(values.events);
const ROUNDS = Number(values.rounds);
const BATCH = 100;
const AT_ONCE = 4;
const TYPE = 'bench.happened';
const PERSON_TYPE = 'bench.person-moved';

type Way = { readonly name: string; run(events: number): Promise<number> };

const gateways = await startGateways('http://127.0.0.1:9');
const received = { count: 0, waiting: undefined as (() => void) | undefined, goal: 0 };
const hook = createServer((request, response) => {
  void buffer(request).then((bytes) => {
    response.writeHead(204).end();
    if (request.method === 'POST') arrived((JSON.parse(bytes.toString('utf8')) as unknown[]).length);
  });
});
await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', () => resolve()));
const hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
for (const [type, aboutPerson] of [
  [TYPE, false],
  [PERSON_TYPE, true],
] as const) {
  const service = `${PUBLISHER}/${type}`;
  await put(gateways.provider, 'event-types', { service, title: { ar: 'قياس', fr: 'mesure' }, aboutPerson });
  await agree(gateways.provider, gateways.consumer, anAgreement(type, service, ['/']));
  await subscribe({ service, delivery: 'webhook', url: hookUrl, contentMode: 'batch' });
}
const publisher = new Pool(gateways.provider.url, { connections: AT_ONCE * 8 });
const broker = await connect({ servers: values.nats });

const ways: readonly Way[] = [
  { name: 'NATS JetStream, bare', run: throughNats },
  { name: 'gateways, batches of 100', run: (events) => throughGateways(events, TYPE, BATCH, AT_ONCE) },
  { name: 'gateways, one by one', run: (events) => throughGateways(events / 4, TYPE, 1, 32) },
  { name: 'gateways, about persons', run: (events) => throughGateways(events / 10, PERSON_TYPE, BATCH, AT_ONCE) },
];
const rates = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
for (const way of ways) await way.run(Math.min(EVENTS, 4_000));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
    const perSecond = await way.run(EVENTS);
    rates.get(way.name)?.push(perSecond);
    process.stdout.write(`round ${round + 1}  ${way.name.padEnd(28)}${perSecond.toFixed(0).padStart(8)} events/s\n`);
  }
}
const median = (name: string) => (rates.get(name) ?? []).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
process.stdout.write('\nmedians\n');
for (const { name } of ways) {
  const ratio = median(name) / median('NATS JetStream, bare');
  process.stdout.write(
    `${name.padEnd(28)}${median(name).toFixed(0).padStart(8)} events/s   ratio ${ratio.toFixed(3)}\n`,
  );
}
await publisher.close();
await broker.close();
hook.close();
hook.closeAllConnections();
await gateways.close();

function arrived(events: number): void {
  received.count += events;
  if (received.count >= received.goal) received.waiting?.();
}

async function subscribe(body: object): Promise<void> {
  const answer = await fetch(`${gateways.consumer.url}/events/v1/subscriptions`, {
    method: 'PUT',
    headers: { 'x-road-client': CLIENT, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

function anEvent(type: string): object {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: '/bench',
    type,
    subject: `P${Math.floor(Math.random() * 10_000)}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { number: Math.random(), text: 'x'.repeat(200), place: { ar: 'الرباط', fr: 'Rabat' } },
  };
}

/** From the first publication to the last event at the subscriber's webhook: events a second. */
async function throughGateways(events: number, type: string, batch: number, atOnce: number): Promise<number> {
  received.count = 0;
  received.goal = events;
  const all = new Promise<void>((resolve) => {
    received.waiting = resolve;
  });
  const started = performance.now();
  let left = events;
  const publishing = Array.from({ length: atOnce }, async () => {
    while (left > 0) {
      left -= batch;
      await publish(Array.from({ length: batch }, () => anEvent(type)));
    }
  });
  await Promise.all(publishing);
  await all;
  return (1000 * events) / (performance.now() - started);
}

async function publish(events: readonly object[]): Promise<void> {
  const kind = events.length === 1 ? 'cloudevents' : 'cloudevents-batch';
  const { statusCode, body } = await publisher.request({
    method: 'POST',
    path: '/events/v1/events',
    headers: { 'x-road-client': PUBLISHER, 'content-type': `application/${kind}+json` },
    body: JSON.stringify(events.length === 1 ? events[0] : events),
  });
  const text = await body.text();
  if (statusCode !== 202) throw new Error(`${statusCode} ${text}`);
}

async function throughNats(events: number): Promise<number> {
  const manager = await jetstreamManager(broker);
  const stream = `BENCH-${randomUUID()}`;
  const subject = `bench.${stream}`;
  await manager.streams.add({ name: stream, subjects: [subject] });
  await manager.consumers.add(stream, { durable_name: 'bench', ack_policy: AckPolicy.Explicit });
  const client = jetstream(broker);
  const consumer = await client.consumers.get(stream, 'bench');
  const started = performance.now();
  let left = events;
  const publishing = Array.from({ length: AT_ONCE }, async () => {
    while (left > 0) {
      left -= BATCH;
      await Promise.all(Array.from({ length: BATCH }, () => client.publish(subject, JSON.stringify(anEvent(TYPE)))));
    }
  });
  for (let got = 0; got < events; ) {
    for await (const message of await consumer.fetch({ max_messages: Math.min(BATCH, events - got), expires: 2_000 })) {
      message.json();
      message.ack();
      got += 1;
    }
  }
  await Promise.all(publishing);
  const perSecond = (1000 * events) / (performance.now() - started);
  await manager.streams.delete(stream);
  return perSecond;
}
