import type { Database } from '../../../platform/index.ts';
import type { Registry } from '../registry.ts';
import { heldInstance, jumpVersion } from '../store/trust-list.ts';
import { initRegistry } from './open.ts';
import { publishTrustList } from './publish.ts';

/**
 * What a registry does once after it was put back from a back-up: publishes a list with a version that no list of
 * before can have had. Gateways hold later lists than the back-up's and take neither a lower version nor another text
 * under the same one; so they follow at once, and not when the count has passed them.
 */
export async function reviveRegistry(
  options: { readonly db: Database; readonly dir: string; readonly random: Registry['random'] },
  now: Date,
): Promise<{ readonly from: number; readonly to: number }> {
  const { instance, version: from } = await heldInstance(options.db.read);
  const registry = await initRegistry({ ...options, instance }, now);
  // Seconds since 1970: beyond any count of publications, and higher at each later restore of the same file.
  await options.db.transaction((tx) => jumpVersion(tx, Math.floor(now.getTime() / 1000)));
  const { version: to } = await publishTrustList(registry, now);
  return { from, to };
}
