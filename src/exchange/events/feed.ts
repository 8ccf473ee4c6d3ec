import type { Database } from '../../platform/index.ts';
import type { SequencedEvent, Subscriber } from './model.ts';
import { nextEvents } from './store/event.ts';

export type FeedLimits = { readonly events: number; readonly bytes: number };

/** Events on their way to one subscriber: `done` once they are handed on, `back` where they were not. */
export type FedBatch = {
  readonly events: readonly SequencedEvent[];
  done(): Promise<void>;
  back(): Promise<void>;
};

/**
 * Where the deliverer reads what comes next for a subscriber, in the order of their sequences and behind
 * `subscriber.delivered`. What is not `done` is read again, after a crash too; what is done may be read again.
 */
export type EventFeed = {
  /** Something was published. */
  wake(): void;
  read(subscriber: Subscriber, most: FeedLimits): Promise<FedBatch>;
  /** The subscriber has ended, or is set back: what the feed holds for it is given up. */
  forget(subscriber: Pick<Subscriber, 'service' | 'client'>): Promise<void>;
  close(): Promise<void>;
};

/** What the feed stands on is away. Nothing is lost: it is read again later. */
export class FeedUnavailable extends Error {
  override readonly name = 'FeedUnavailable';
}

/** The events' own table is the outbox: a subscriber's place in it is all that there is to keep of a delivery. */
export function outboxFeed(db: Database): EventFeed {
  return {
    wake: () => {},
    async read({ service, delivered }, most) {
      const events = await nextEvents(db.read, { service, after: delivered }, most);
      return { events, done: async () => {}, back: async () => {} };
    },
    forget: async () => {},
    close: async () => {},
  };
}
