import type { Json, LocalText } from '../../kernel/index.ts';

/** An event as CloudEvents 1.0 has it: the attributes in one object, `data` or `data_base64` among them. */
export type CloudEvent = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  /** The whole event in the JSON event format. */
  readonly members: Readonly<Record<string, Json>>;
};

/** A kind of event that a member publishes, as its operator registered it. */
export type EventType = {
  /** INST/CLASS/MEMBER/SUBSYSTEM/TYPE, where TYPE is the `type` attribute of its events. */
  readonly service: string;
  readonly title: LocalText;
  /** Whether the subject is a person's number: each such event is a message of its own, and the person sees it. */
  readonly aboutPerson: boolean;
  /** JSON Schema of `data`. */
  readonly dataSchema?: Readonly<Record<string, Json>>;
};

/** An event on its way into the database, beside its ledger entry. */
export type PublishedEvent = {
  readonly service: string;
  readonly source: string;
  readonly eventId: string;
  readonly subject: string | null;
  readonly at: Date;
  /** JSON event format. */
  readonly body: string;
  readonly salt: Buffer;
};

/** An event as the publisher's gateway hands it on. */
export type SequencedEvent = { readonly sequence: number; readonly body: string; readonly subject: string | null };

/** Who gets the events of a type, at the publisher's gateway. */
export type Subscriber = {
  readonly service: string;
  /** INST/CLASS/MEMBER/SUBSYSTEM */
  readonly client: string;
  /** Sequence up to which everything was handed on. */
  readonly delivered: number;
  readonly agreement: string | null;
  readonly purpose: string | null;
  readonly state: 'active' | 'ended';
  /** Why it stands still at the moment. */
  readonly fault: string | null;
  readonly tries: number;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly deliveredAt: Date | null;
};

export const CONTENT_MODES = ['structured', 'binary', 'batch'] as const;
/** How a webhook is called: CloudEvents' HTTP content modes. */
export type ContentMode = (typeof CONTENT_MODES)[number];

/** What one of the member's own systems wants to hear of, at the subscriber's gateway. */
export type Subscription = {
  readonly id: string;
  readonly client: string;
  readonly service: string;
  readonly agreement: string | null;
  readonly purpose: string | null;
  readonly delivery: 'webhook' | 'pull';
  /** Of the webhook; null with `pull`. */
  readonly url: string | null;
  readonly contentMode: ContentMode;
  /** How often the webhook's receiver lets itself be called; null where it set no limit, and with `pull`. */
  readonly ratePerMinute: number | null;
  /** After so many refusals an event is a dead letter. */
  readonly maxTries: number;
  readonly state: 'active' | 'ended';
  readonly fault: string | null;
  readonly createdAt: Date;
};

/** With the number of events that are still to be handed on to it. */
export type SubscriberState = Subscriber & { readonly waiting: number };

/** With what has come and waits, since when, and what is dead. */
export type SubscriptionState = Subscription & {
  readonly waiting: number;
  readonly oldest: Date | null;
  readonly dead: number;
};

/** An event that waits at the subscriber's gateway. */
export type InboxEvent = {
  readonly subscription: string;
  readonly sequence: number;
  readonly exchange: string;
  readonly orderKey: string;
  readonly body: string;
  readonly tries: number;
};

/** A letter that nobody took: at the subscriber's gateway its webhook did not, at the publisher's the other gateway. */
export type DeadLetter = {
  readonly side: 'subscriber' | 'publisher';
  /** The subscription's id; at the publisher's gateway the client. */
  readonly subscription: string;
  readonly service: string;
  readonly client: string;
  readonly sequence: number;
  readonly tries: number;
  readonly fault: string;
  readonly receivedAt: Date;
  /** The message that brought it; null on the publisher's side, where none was taken. */
  readonly exchange: string | null;
};

/** What names one letter; on the subscriber's side the subscription says which service it is. */
export type LetterKey = Pick<DeadLetter, 'side' | 'subscription' | 'service' | 'sequence'>;

/** In one word, for addresses and commands. An identifier's parts are percent-encoded: there is no @ in them. */
export function formatLetter({ side, subscription, service, sequence }: LetterKey): string {
  return side === 'subscriber' ? `${subscription}.${sequence}` : `${service}@${subscription}.${sequence}`;
}

export function parseLetter(text: string): LetterKey | undefined {
  const [, service, subscription, sequence] = /^(?:([^@\s]{1,500})@)?([^@\s]{1,500})\.(\d{1,15})$/.exec(text) ?? [];
  if (subscription === undefined || sequence === undefined) return undefined;
  const key = { subscription, sequence: Number(sequence) };
  return service === undefined ? { ...key, side: 'subscriber', service: '' } : { ...key, side: 'publisher', service };
}

/** Of one event in the JSON format; CloudEvents asks that 64 KiB pass everywhere. */
export const MAX_EVENT_BYTES = 262_144;
export const MAX_BATCH_EVENTS = 1_000;
export const MAX_BATCH_BYTES = 4 * 1_048_576;
