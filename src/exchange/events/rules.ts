import { err, type Json, ok, type Result } from '../../kernel/index.ts';
import { type Agreement, fieldsOf } from '../message/agreement.ts';
import { minimise } from '../message/minimise.ts';

/** Milliseconds to wait before the next try: 1 s, 2 s, 4 s … at most `mostMs`. `tries` counts those before. */
export function backOff(tries: number, mostMs: number): number {
  return Math.min(mostMs, 1_000 * 2 ** Math.min(tries, 20));
}

/**
 * The event under an agreement: its attributes, and of its data what the fields name (`/name` is `data.name`). Data that
 * is no JSON cannot be reduced: it is passed where the agreement says so, and left out otherwise.
 */
export function reduceEvent(
  members: Readonly<Record<string, Json>>,
  agreement: Agreement,
): Readonly<Record<string, Json>> {
  const fields = fieldsOf(agreement);
  if (fields.whole) return members;
  const { data, data_base64: base64, ...attributes } = members;
  if (base64 !== undefined) {
    return agreement.terms?.otherBodies === 'whole' ? members : attributes;
  }
  return data === undefined ? attributes : { ...attributes, data: minimise(data, fields) };
}

export type HandOnRefusal = {
  /** In the event's row and in metrics: `http-503`, `timeout`, `unreachable`, `address-refused`. */
  readonly fault: string;
  /** Trying again would change nothing: it is a dead letter at once. */
  readonly isFinal: boolean;
  /** The receiver said that it wants no more events (HTTP 410). */
  readonly isGone: boolean;
  readonly retryAfterMs?: number;
  /** The receiver takes nothing at all until then, whatever event it is. */
  readonly isPause?: boolean;
};

/** About the event itself, whatever the receiver's state: another try would get the same answer. */
const FINAL = new Set([400, 413, 415, 422]);
const MOST_RETRY_AFTER_S = 86_400;

/** About the receiver and not the event: RFC 6585 section 4, RFC 9110 section 15.6.4. */
const PAUSES = new Set([429, 503]);

/** What a webhook's answer means (CloudEvents webhook 1.0.2, section 2.2). */
export function readWebhookAnswer(
  status: number,
  retryAfter: string | undefined,
  now: Date,
): Result<true, HandOnRefusal> {
  if (status >= 200 && status < 300) return ok(true);
  const retryAfterMs = readRetryAfter(retryAfter, now);
  return err({
    fault: `http-${status}`,
    isFinal: FINAL.has(status),
    isGone: status === 410,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs, isPause: PAUSES.has(status) }),
  });
}

/** Seconds, or a date (RFC 9110 section 10.2.3). Undefined for what is neither; a day at most. */
function readRetryAfter(given: string | undefined, now: Date): number | undefined {
  const text = given?.trim() ?? '';
  const waitMs = /^\d{1,15}$/.test(text) ? 1_000 * Number(text) : readHttpDate(text) - now.getTime();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), 1_000 * MOST_RETRY_AFTER_S);
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC850_DATE = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** The three forms of RFC 9110 section 5.6.7, all of which a recipient accepts; NaN for none of them. */
function readHttpDate(text: string): number {
  if (HTTP_DATE.test(text) || RFC850_DATE.test(text)) return Date.parse(text);
  return ASCTIME_DATE.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}

/**
 * WebHook-Allowed-Rate (section 4.2.2): requests a minute; null for no limit, which `*` and an absent header are, and
 * what is not of that form says.
 */
export function readAllowedRate(given: string | undefined): number | null {
  const text = given?.trim() ?? '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** What the events of one subject share, so that they are handed on one behind the other. */
export function orderKeyOf(subject: string | null | undefined, sequence: number): string {
  return subject === null || subject === undefined ? `\u0001${sequence}` : subject;
}

/**
 * Runs of a claim's events that may be handed on side by side: those under one key stay behind each other, in order.
 */
export function lanesOf<T extends { readonly orderKey: string }>(events: readonly T[]): readonly (readonly T[])[] {
  return [...Map.groupBy(events, (event) => event.orderKey).values()];
}
