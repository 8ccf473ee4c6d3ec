import { addLatencies, type Latencies, percentile } from './latency.ts';

/** A minute of one service and client, as it was counted. */
export type CountedMinute = {
  readonly minute: Date;
  readonly side: 'consumer' | 'provider';
  readonly client: string;
  readonly service: string;
  readonly answered: number;
  readonly failed: number;
  readonly refused: number;
  readonly latencies: Latencies;
};

export const CHART_PERIODS = {
  hour: { hours: 1, stepMinutes: 1, counted: 1 },
  day: { hours: 24, stepMinutes: 30, counted: 30 },
  week: { hours: 168, stepMinutes: 180, counted: 30 },
} as const;
export type ChartPeriod = keyof typeof CHART_PERIODS;

export type Bucket = {
  readonly at: Date;
  readonly answered: number;
  readonly failed: number;
  readonly refused: number;
  /** Milliseconds; undefined where nothing was answered. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
};

/** Even steps of time that end with the one `now` is in; each holds the minutes that fall into it. */
export function bucketsOf(minutes: readonly CountedMinute[], period: ChartPeriod, now: Date): readonly Bucket[] {
  const { hours, stepMinutes } = CHART_PERIODS[period];
  const stepMs = stepMinutes * 60_000;
  const count = (hours * 60) / stepMinutes;
  const last = Math.floor(now.getTime() / stepMs);
  const groups = Map.groupBy(minutes, (one) => Math.floor(one.minute.getTime() / stepMs));
  return Array.from({ length: count }, (_, index) => {
    const step = last - count + 1 + index;
    return { at: new Date(step * stepMs), ...sumOf(groups.get(step) ?? []) };
  });
}

export function firstInstant(period: ChartPeriod, now: Date): Date {
  const { hours, stepMinutes } = CHART_PERIODS[period];
  const stepMs = stepMinutes * 60_000;
  return new Date((Math.floor(now.getTime() / stepMs) + 1) * stepMs - hours * 3_600_000);
}

export function sumOf(minutes: readonly CountedMinute[]): Omit<Bucket, 'at'> {
  const sum = (key: 'answered' | 'failed' | 'refused') => minutes.reduce((total, one) => total + one[key], 0);
  const latencies = addLatencies(minutes.map((one) => one.latencies));
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(latencies, share));
  return { answered: sum('answered'), failed: sum('failed'), refused: sum('refused'), p50, p95, p99 };
}

export type Ranked = Omit<Bucket, 'at'> & { readonly name: string };

/** Of what was answered, well or not; 0 where nothing was. */
export function failureShare({ answered, failed }: Pick<Ranked, 'answered' | 'failed'>): number {
  return failed / Math.max(1, answered + failed);
}

const MEMBER_PARTS = 3;

/** By service, or by the member at the other end: the one who asks what we serve, the one whom we ask. */
export function rankingOf(
  minutes: readonly CountedMinute[],
  by: 'service' | 'member',
  most: number,
): readonly Ranked[] {
  const nameOf = (one: CountedMinute) =>
    by === 'service'
      ? one.service
      : (one.side === 'provider' ? one.client : one.service).split('/').slice(0, MEMBER_PARTS).join('/');
  return [...Map.groupBy(minutes, nameOf)]
    .map(([name, group]) => ({ name, ...sumOf(group) }))
    .toSorted((a, b) => total(b) - total(a) || (a.name < b.name ? -1 : 1))
    .slice(0, most);
}

const total = (one: Ranked) => one.answered + one.failed + one.refused;

/** Minutes of one service, of one member at either end, or of one direction. */
export function chosen(
  minutes: readonly CountedMinute[],
  filter: { readonly service: string; readonly member: string; readonly side: string },
): readonly CountedMinute[] {
  const isOf = (member: string, path: string) => path === member || path.startsWith(`${member}/`);
  return minutes.filter(
    (one) =>
      (filter.service === '' || one.service === filter.service) &&
      (filter.member === '' || isOf(filter.member, one.client) || isOf(filter.member, one.service)) &&
      (filter.side === '' || one.side === filter.side),
  );
}
