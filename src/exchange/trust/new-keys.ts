import type { Clock } from '../../kernel/index.ts';
import type { Log } from '../../platform/index.ts';
import { ownStatement } from './join.ts';
import { loadGatewayKeys } from './keys.ts';
import type { GatewayKeys, TrustSource } from './model.ts';

type NewKeysOptions = {
  /** The gateway's own folder. */
  readonly dir: string;
  readonly trust: TrustSource;
  /** Those in use. */
  readonly current: () => GatewayKeys;
  readonly take: (keys: GatewayKeys) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the held list must have named them; 90 seconds unless told. */
  readonly settleMs?: number;
};

const EVERY_MS = 5_000;

/**
 * Takes renewed keys from the folder while the gateway runs, once the held list has named them so long that others,
 * who ask for the list every minute, know them too. Until then, and where the folder cannot be read, the former ones
 * go on: the list names both for the registry's overlap. After a crash the folder is what the next start loads.
 */
export function watchNewKeys(options: NewKeysOptions): { close(): void } {
  const { dir, trust, current, take, clock, log, settleMs = 90_000 } = options;
  let seen: { readonly certificate: string; readonly at: number } | undefined;

  async function look(): Promise<void> {
    // Between two renames of a renewal there is no folder for a moment.
    const found = await loadGatewayKeys(dir);
    if (found === undefined || found.tlsCertPem === current().tlsCertPem) return;
    const now = clock();
    const list = trust.current(now);
    const statement = list.ok ? ownStatement(list.value, found) : undefined;
    if (statement === undefined) return;
    if (seen?.certificate !== found.tlsCertPem) {
      seen = { certificate: found.tlsCertPem, at: now.getTime() };
      log.info('gateway.new-keys-seen', { until: statement.expiresAt });
    }
    if (now.getTime() - seen.at < settleMs) return;
    take(found);
    log.info('gateway.new-keys-taken', { until: statement.expiresAt });
  }

  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await look().catch((cause: unknown) => log.error('gateway.new-keys-unreadable', {}, cause));
    isLooking = false;
  }, EVERY_MS).unref();
  return { close: () => clearInterval(timer) };
}
