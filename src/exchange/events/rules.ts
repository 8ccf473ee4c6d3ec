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
};

/** About the event itself, whatever the receiver's state: another try would get the same answer. */
const FINAL = new Set([400, 413, 415, 422]);
const MOST_RETRY_AFTER_S = 86_400;

/** What a webhook's answer means (CloudEvents webhook 1.0.1, section 2.1.2). */
export function readWebhookAnswer(status: number, retryAfter: string | undefined): Result<true, HandOnRefusal> {
  if (status >= 200 && status < 300) return ok(true);
  const seconds = Number(retryAfter);
  const waits = retryAfter !== undefined && Number.isInteger(seconds) && seconds >= 0;
  return err({
    fault: `http-${status}`,
    isFinal: FINAL.has(status),
    isGone: status === 410,
    ...(waits ? { retryAfterMs: 1_000 * Math.min(seconds, MOST_RETRY_AFTER_S) } : {}),
  });
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
