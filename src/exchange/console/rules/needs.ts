import type { FaultSlug } from '../../message/fault.ts';

/** What an operator has to know now, from facts; the page puts it in words. */
export type Need =
  | { readonly kind: 'no-trust-list'; readonly detail: string }
  | { readonly kind: 'trust-list-old'; readonly expiresAt: Date }
  | { readonly kind: 'trust-list-refused'; readonly fault: FaultSlug }
  | { readonly kind: 'not-listed' }
  | { readonly kind: 'certificate-expires'; readonly name: CertificateName; readonly expiresAt: Date }
  | { readonly kind: 'agreement-expires'; readonly id: string; readonly expiresAt: Date }
  | { readonly kind: 'agreement-waits'; readonly id: string }
  | { readonly kind: 'proposals-wait'; readonly count: number }
  | { readonly kind: 'documents-refused'; readonly count: number }
  | { readonly kind: 'timestamps-late'; readonly since: Date }
  | { readonly kind: 'contests-wait'; readonly count: number }
  | { readonly kind: 'alarms'; readonly count: number }
  | { readonly kind: 'dead-letters'; readonly count: number }
  | { readonly kind: 'subscriber-stuck'; readonly client: string; readonly waiting: number }
  | { readonly kind: 'webhook-stuck'; readonly subscription: string; readonly client: string; readonly waiting: number }
  | { readonly kind: 'service-disabled'; readonly service: string }
  | { readonly kind: 'failures'; readonly count: number; readonly of: number };

export type CertificateName = 'tls' | 'sign' | 'statement';

export type Facts = {
  readonly trust:
    | { readonly ok: true; readonly issuedAt: Date; readonly expiresAt: Date; readonly isListed: boolean }
    | { readonly ok: false; readonly detail: string };
  /** Why the newest list was not taken. The registry being away for a while is no alarm: the list's age is. */
  readonly refusedList?: FaultSlug | undefined;
  readonly certificates: readonly { readonly name: CertificateName; readonly expiresAt: Date }[];
  readonly agreements: readonly { readonly id: string; readonly status: string; readonly validUntil: Date }[];
  readonly waiting: readonly string[];
  /** Asked of us by other members, without an answer. */
  readonly openProposals: number;
  /** Signed documents that another gateway does not take. */
  readonly refusedDocuments: number;
  /** Of persons, without an answer. */
  readonly openContests: number;
  /** Of witnesses, which nobody has acknowledged. */
  readonly openAlarms: number;
  readonly events: {
    readonly deadLetters: number;
    readonly subscribers: readonly DeliveryState[];
    readonly subscriptions: readonly InboxState[];
  };
  /** Since when the newest checkpoint waits for a timestamp; undefined where none are taken. */
  readonly stampedAt: Date | undefined;
  readonly services: readonly { readonly service: string; readonly enabled: boolean }[];
  /** Of the last hour. */
  readonly traffic: { readonly answered: number; readonly failed: number; readonly refused: number };
};

/** How far a subscriber elsewhere is with the events of a type of ours. */
export type DeliveryState = {
  readonly client: string;
  readonly state: 'active' | 'ended';
  readonly waiting: number;
  readonly fault: string | null;
  readonly createdAt: Date;
  readonly deliveredAt: Date | null;
};

/** What waits here for one of our own systems. */
export type InboxState = {
  readonly id: string;
  readonly client: string;
  readonly delivery: 'webhook' | 'pull';
  readonly state: 'active' | 'ended';
  readonly waiting: number;
  readonly oldest: Date | null;
};

/** Tries come every five minutes at most: after ten without success it does not mend itself. */
const STUCK_MS = 600_000;

export function isStuck(one: Omit<DeliveryState, 'client'>, now: Date): boolean {
  const last = one.deliveredAt ?? one.createdAt;
  return one.state === 'active' && one.fault !== null && one.waiting > 0 && now.getTime() - last.getTime() >= STUCK_MS;
}

/** Who pulls does so when it suits; a webhook should have had it by then. */
export function isWebhookStuck(one: Omit<InboxState, 'id' | 'client'>, now: Date): boolean {
  if (one.state !== 'active' || one.delivery !== 'webhook' || one.oldest === null) return false;
  return now.getTime() - one.oldest.getTime() >= STUCK_MS;
}

const DAY_MS = 86_400_000;
export const WARN_DAYS = 30;
/** X-Road's measure (`acceptable-timestamp-failure-period`). There it stops the server; here it calls for an operator. */
const TIMESTAMP_LATE_MS = 4 * 3_600_000;

export function isTimestampLate(stampedAt: Date, now: Date): boolean {
  return now.getTime() - stampedAt.getTime() > TIMESTAMP_LATE_MS;
}

/** The gravest first; the order of the page. */
export function needsOf(facts: Facts, now: Date): readonly Need[] {
  const isSoon = (date: Date) => date.getTime() - now.getTime() < WARN_DAYS * DAY_MS;
  const { failed, answered } = facts.traffic;
  return [
    ...trustNeeds(facts, now),
    ...(facts.openAlarms > 0 ? [{ kind: 'alarms', count: facts.openAlarms } as const] : []),
    ...facts.certificates
      .filter(({ expiresAt }) => isSoon(expiresAt))
      .map((one): Need => ({ kind: 'certificate-expires', ...one })),
    ...(failed > 0 && failed * 10 > failed + answered
      ? [{ kind: 'failures', count: failed, of: failed + answered } as const]
      : []),
    ...eventNeeds(facts, now),
    ...(facts.stampedAt !== undefined && isTimestampLate(facts.stampedAt, now)
      ? [{ kind: 'timestamps-late', since: facts.stampedAt } as const]
      : []),
    ...(facts.openContests > 0 ? [{ kind: 'contests-wait', count: facts.openContests } as const] : []),
    ...(facts.refusedDocuments > 0 ? [{ kind: 'documents-refused', count: facts.refusedDocuments } as const] : []),
    ...(facts.openProposals > 0 ? [{ kind: 'proposals-wait', count: facts.openProposals } as const] : []),
    ...facts.waiting.map((id): Need => ({ kind: 'agreement-waits', id })),
    ...facts.agreements
      .filter((one) => one.status === 'active' && isSoon(one.validUntil) && one.validUntil > now)
      .map((one): Need => ({ kind: 'agreement-expires', id: one.id, expiresAt: one.validUntil })),
    ...facts.services
      .filter((one) => !one.enabled)
      .map((one): Need => ({ kind: 'service-disabled', service: one.service })),
  ];
}

function eventNeeds({ events }: Facts, now: Date): readonly Need[] {
  const { deadLetters, subscribers, subscriptions } = events;
  return [
    ...subscribers
      .filter((one) => isStuck(one, now))
      .map(({ client, waiting }): Need => ({ kind: 'subscriber-stuck', client, waiting })),
    ...subscriptions
      .filter((one) => isWebhookStuck(one, now))
      .map(({ id, client, waiting }): Need => ({ kind: 'webhook-stuck', subscription: id, client, waiting })),
    ...(deadLetters > 0 ? [{ kind: 'dead-letters', count: deadLetters } as const] : []),
  ];
}

/** A registry renews its list at half of its life; past three quarters something keeps the new one away. */
function trustNeeds({ trust, refusedList }: Facts, now: Date): readonly Need[] {
  const refused: readonly Need[] =
    refusedList === undefined || refusedList === 'registry-unreachable'
      ? []
      : [{ kind: 'trust-list-refused', fault: refusedList }];
  if (!trust.ok) return [{ kind: 'no-trust-list', detail: trust.detail }, ...refused];
  const life = trust.expiresAt.getTime() - trust.issuedAt.getTime();
  const age = now.getTime() - trust.issuedAt.getTime();
  return [
    ...refused,
    ...(trust.isListed ? [] : [{ kind: 'not-listed' } as const]),
    ...(age > life * 0.75 ? [{ kind: 'trust-list-old', expiresAt: trust.expiresAt } as const] : []),
  ];
}
