/**
 * A logarithmic scale of latencies: each step is a fifth longer than the one before, from 1 ms to 10 minutes in 74
 * steps. Counts on it add up over minutes and services, and a percentile read from it is at most a tenth off.
 */
const FACTOR = 1.2;
const STEPS = 74;

export type Latencies = Readonly<Record<string, number>>;

export function stepOf(milliseconds: number): number {
  if (!(milliseconds > 1)) return 0;
  return Math.min(STEPS, Math.ceil(Math.log(milliseconds) / Math.log(FACTOR)));
}

/** The middle of a step, in milliseconds. */
export function latencyOf(step: number): number {
  return step === 0 ? 1 : FACTOR ** (step - 0.5);
}

export function addLatencies(parts: readonly Latencies[]): Latencies {
  const sum: Record<string, number> = {};
  for (const part of parts) for (const [step, count] of Object.entries(part)) sum[step] = (sum[step] ?? 0) + count;
  return sum;
}

/** The latency that `share` of the messages kept within (0.95: 95 of 100); undefined where there are none. */
export function percentile(latencies: Latencies, share: number): number | undefined {
  const steps = Object.entries(latencies)
    .map(([step, count]) => [Number(step), count] as const)
    .toSorted(([a], [b]) => a - b);
  const total = steps.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [step, count] of steps) {
    seen += count;
    if (seen >= share * total) return latencyOf(step);
  }
  return undefined;
}
