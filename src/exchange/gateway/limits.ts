import type { Database } from '../../platform/index.ts';
import type { Agreement } from '../message/agreement.ts';
import { localDate } from '../message/condition.ts';
import { Fault } from '../message/fault.ts';
import type { Limits } from './model.ts';
import { takenOf, takeQuota } from './store.ts';

type Limited = Agreement & { readonly terms: NonNullable<Agreement['terms']> };

export function hasLimits(agreement: Agreement | undefined): agreement is Limited {
  return agreement?.terms?.ratePerMinute !== undefined || agreement?.terms?.quota !== undefined;
}

type Bucket = { tokens: number; at: number };
/** `isLast`: the period had no more to give. */
type Lot = { readonly period: string; readonly isLast: boolean; left: number };

/**
 * The rate is of each process of the gateway: a bucket that fills evenly and holds a minute's worth. The quota is of
 * all of them together: lots of it are taken from the database, so that most messages do not wait for it.
 */
export function openLimits(db: Database): Limits {
  const rates = openRates();
  const quotas = openQuotas(db);
  return {
    async missing(agreement, now) {
      if (!hasLimits(agreement)) return undefined;
      if (!rates.isLeft(agreement, now.getTime())) return 'rate';
      for (const [period, most] of periodsOf(agreement.terms.quota, now)) {
        if (most !== undefined && !(await quotas.isLeft(agreement, period, most))) return 'quota';
      }
      return undefined;
    },
    async take(agreement, now) {
      if (!hasLimits(agreement)) return;
      rates.take(agreement, now.getTime());
      for (const [period, most] of periodsOf(agreement.terms.quota, now)) {
        if (most === undefined || (await quotas.take(agreement, period, most))) continue;
        const detail = `The agreement ${agreement.id} allows ${most} messages in ${period}, and they are used up.`;
        throw new Fault('quota-exceeded', detail, { retryAfterSeconds: 3_600 });
      }
    },
  };
}

function openRates() {
  const buckets = new Map<string, Bucket>();
  const tokensOf = (id: string, rate: number, now: number): number => {
    const held = buckets.get(id) ?? { tokens: rate, at: now };
    return Math.min(rate, held.tokens + ((now - held.at) * rate) / 60_000);
  };
  return {
    isLeft: ({ id, terms: { ratePerMinute: rate } }: Limited, now: number) =>
      rate === undefined || tokensOf(id, rate, now) >= 1,
    take({ id, terms: { ratePerMinute: rate } }: Limited, now: number): void {
      if (rate === undefined) return;
      const tokens = tokensOf(id, rate, now);
      buckets.set(id, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
      if (tokens >= 1) return;
      const retryAfterSeconds = Math.max(1, Math.ceil(((1 - tokens) * 60) / rate));
      throw new Fault('rate-exceeded', `The agreement ${id} allows ${rate} messages a minute.`, { retryAfterSeconds });
    },
  };
}

function openQuotas(db: Database) {
  const lots = new Map<string, Promise<Lot>>();
  /** With what is allowed: a version that allows more does not wait for the next period. */
  const keyOf = (id: string, period: string, most: number) => `${id}/${period.length}/${most}`;

  /** A hundredth of the quota, so that what a crash loses is little. */
  async function fetchLot({ id }: Limited, period: string, most: number): Promise<Lot> {
    const size = Math.min(100, Math.max(1, Math.floor(most / 100)));
    const left = await db.transaction((tx) => takeQuota(tx, id, period, size, most));
    return { period, left, isLast: left === 0 };
  }

  return {
    /** What is left of a lot that this process holds, or of what no process has taken yet. */
    async isLeft({ id }: Limited, period: string, most: number): Promise<boolean> {
      const lot = await lots.get(keyOf(id, period, most));
      if (lot?.period === period && lot.left > 0) return true;
      return (await takenOf(db.read, id, period)) < most;
    },
    async take(agreement: Limited, period: string, most: number): Promise<boolean> {
      const key = keyOf(agreement.id, period, most);
      for (;;) {
        const waiting = lots.get(key);
        const lot = await waiting;
        if (lot?.period === period) {
          if (lot.left > 0) {
            lot.left -= 1;
            return true;
          }
          if (lot.isLast) return false;
        }
        // Somebody else of this process has fetched a new lot meanwhile.
        if (lots.get(key) !== waiting) continue;
        const fetched = fetchLot(agreement, period, most);
        lots.set(key, fetched);
        fetched.catch(() => lots.delete(key));
      }
    },
  };
}

/** The day and the month that it is, each with what the quota allows in it. */
function periodsOf(quota: Limited['terms']['quota'], now: Date) {
  const day = localDate(now);
  return [
    [day, quota?.perDay],
    [day.slice(0, 7), quota?.perMonth],
  ] as const;
}
