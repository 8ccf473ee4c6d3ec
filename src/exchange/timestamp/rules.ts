import type { Cosignature } from '../witness/store.ts';

/** The newest checkpoint of our log, and its size. */
export type OwnCheckpoint = { readonly checkpoint: string; readonly size: number };

export type ToStamp = OwnCheckpoint & { readonly witnesses: number };

/**
 * What is to be stamped: of the trees that are newer than what was stamped last, the one that most witnesses have
 * signed, since evidence shows one checkpoint for both; the newest of those. Without any, our own newest. Undefined
 * where the log has not moved.
 */
export function chooseCheckpoint(
  own: OwnCheckpoint,
  cosignatures: readonly Cosignature[],
  stampedSize: number,
): ToStamp | undefined {
  if (own.size <= stampedSize) return undefined;
  const newer = cosignatures.filter(({ size }) => size > stampedSize && size <= own.size);
  const [most] = [...Map.groupBy(newer, ({ size }) => size).values()].sort(
    (a, b) => b.length - a.length || sizeOf(b) - sizeOf(a),
  );
  const [first] = most ?? [];
  if (most === undefined || first === undefined) return { ...own, witnesses: 0 };
  const lines = most.map(({ line }) => line).join('');
  return { checkpoint: `${first.checkpoint}${lines}`, size: first.size, witnesses: most.length };
}

const sizeOf = (group: readonly Cosignature[]): number => group[0]?.size ?? 0;

const LEAST_PAUSE_MS = 60_000;

/** After a failure sooner than the interval, and not so often that a poor authority is worn down. */
export function pauseAfter(failures: number, intervalMs: number): number {
  return Math.min(intervalMs, LEAST_PAUSE_MS * 2 ** Math.min(failures, 10));
}

/** An authority's clock against our own, as far as either may be off. */
const SKEW_MS = 300_000;

export function isPlausible(stampedAt: Date, now: Date): boolean {
  return Math.abs(stampedAt.getTime() - now.getTime()) <= SKEW_MS;
}
