import { createHash, type KeyObject } from 'node:crypto';
import type { Clock } from '../../kernel/index.ts';
import type { Log } from '../../platform/index.ts';
import type { ServiceEntry } from '../gateway/model.ts';
import { callRegistry } from '../trust/fetch.ts';
import { type ListedService, signListing } from '../trust/listing.ts';

export type PublisherOptions = {
  readonly registryUrl: string;
  /** INSTANCE/CLASS/MEMBER/SERVERCODE */
  readonly server: string;
  /** Asked at each turn: a renewal on the disk counts before this process has the new keys. */
  readonly signKey: () => Promise<KeyObject>;
  readonly services: () => Iterable<ServiceEntry>;
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs?: number;
};

export type ServicePublisher = { close(): Promise<void> };

const MOST_TEXT = 200_000;
const MOST_TEXT_OF_ALL = 900_000;

/**
 * Tells the registry what this gateway serves, when that has changed since it last was told, and once after each start.
 * A registry that is away is told at the next turn: messages need none of this.
 */
export function openServicePublisher(options: PublisherOptions): ServicePublisher {
  let told: string | undefined;
  let running: Promise<void> = Promise.resolve();
  const publish = async () => {
    const services = listedOf(options.services());
    const state = createHash('sha256').update(JSON.stringify(services)).digest('base64url');
    if (state === told) return;
    const { server, clock, signKey, registryUrl } = options;
    const issuedAt = clock().toISOString();
    const listing = signListing(await signKey(), {
      v: 1,
      instance: server.split('/', 1)[0] ?? '',
      server,
      issuedAt,
      services,
    });
    const answer = await callRegistry(registryUrl, '/services', { listing });
    if (answer.status === 200) told = state;
    else options.log.warn('services.not-published', { status: answer.status });
  };
  const turn = () => {
    running = running.then(publish).catch((cause: unknown) => options.log.warn('services.unpublished', {}, cause));
  };
  turn();
  const timer = setInterval(turn, options.everyMs ?? 10_000).unref();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

/** What is switched off is not offered. Descriptions are left out where all of them would be too long for one message. */
function listedOf(entries: Iterable<ServiceEntry>): ListedService[] {
  let left = MOST_TEXT_OF_ALL;
  const listed: ListedService[] = [];
  for (const { service, enabled, description } of entries) {
    if (!enabled) continue;
    const { title = '', endpoints = [], text = '', contentType } = description ?? {};
    const fits = text !== '' && text.length <= Math.min(left, MOST_TEXT);
    if (fits) left -= text.length;
    listed.push({
      service,
      title,
      endpoints: endpoints.map(({ method, path }) => ({ method, path })),
      ...(fits ? { text, contentType: contentType === 'application/yaml' ? contentType : 'application/json' } : {}),
    });
  }
  return listed;
}
