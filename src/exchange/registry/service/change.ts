import type { Json } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import type { Registry } from '../registry.ts';
import { takeNextVersion } from '../store/trust-list.ts';
import { publishIn } from './publish.ts';

/**
 * The registry's one write path for whatever stands in the trust list: changes take turns, and the change, the list
 * that shows it and its entry in the ledger are there together or not at all.
 */
export function change<T>(
  registry: Registry,
  acting: Acting,
  now: Date,
  target: string,
  work: (tx: Tx) => Promise<T>,
  detail: Readonly<Record<string, Json>> = {},
): Promise<T> {
  return registry.db.transaction(async (tx) => {
    const version = await takeNextVersion(tx);
    const result = await work(tx);
    await publishIn(tx, registry, version, now);
    await acting.record(tx, target, { ...detail, version });
    return result;
  });
}

/** A new version without a change, such as after an outage. Gives its number. */
export function publishByHand(registry: Registry, acting: Acting, now: Date): Promise<number> {
  return registry.db.transaction(async (tx) => {
    const version = await takeNextVersion(tx);
    await publishIn(tx, registry, version, now);
    await acting.record(tx, String(version));
    return version;
  });
}
