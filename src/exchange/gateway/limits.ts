import type { Database } from '../../platform/index.ts';
import type { Agreement } from '../message/agreement.ts';
import { localDate } from '../message/condition.ts';
import { Fault } from '../message/fault.ts';
import type { Limits } from './model.ts';
import { takeQuota } from './store.ts';

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
  const buckets = new Map<string, Bucket>();
  const lots = new Map<string, Promise<Lot>>();

  function takeRate({ id, terms }: Limited, now: number): void {
    const rate = terms.ratePerMinute;
    if (rate === undefined) return;
    const held = buckets.get(id) ?? { tokens: rate, at: now };
    const tokens = Math.min(rate, held.tokens + ((now - held.at) * rate) / 60_000);
    buckets.set(id, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (tokens >= 1) return;
    const retryAfterSeconds = Math.max(1, Math.ceil(((1 - tokens) * 60) / rate));
    throw new Fault('rate-exceeded', `The agreement ${id} allows ${rate} messages a minute.`, { retryAfterSeconds });
  }

  async function takeOfPeriod(agreement: Limited, period: string, most: number): Promise<boolean> {
    const key = `${agreement.id}/${period.length}`;
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
  }

  /** A hundredth of the quota, so that what a crash loses is little. */
  async function fetchLot({ id }: Limited, period: string, most: number): Promise<Lot> {
    const size = Math.min(100, Math.max(1, Math.floor(most / 100)));
    const left = await db.transaction((tx) => takeQuota(tx, id, period, size, most));
    return { period, left, isLast: left === 0 };
  }

  return {
    async take(agreement, now) {
      if (!hasLimits(agreement)) return;
      takeRate(agreement, now.getTime());
      const day = localDate(now);
      const { perDay, perMonth } = agreement.terms.quota ?? {};
      for (const [period, most] of [
        [day, perDay],
        [day.slice(0, 7), perMonth],
      ] as const) {
        if (most === undefined || (await takeOfPeriod(agreement, period, most))) continue;
        const detail = `The agreement ${agreement.id} allows ${most} messages in ${period}, and they are used up.`;
        throw new Fault('quota-exceeded', detail, { retryAfterSeconds: 3_600 });
      }
    },
  };
}
