import { createLog, logSigner } from '../../../ledger/index.ts';
import { anchorFingerprint } from '../../trust/jws.ts';
import { openRegistryKeys } from '../keys.ts';
import { REGISTRY_DEFAULTS, type Registry, type RegistrySettings } from '../registry.ts';
import * as store from '../store/trust-list.ts';
import { currentTrustList } from './publish.ts';
import { presentKeys } from './rotate.ts';

const REGISTRY_LOG = 'registry';

/**
 * Opens the registry of `instance` on its database and its key folder, and makes both at the first start.
 * Throws where the database and the key files are not of one registry: its lists would be refused by every gateway.
 */
export async function initRegistry(
  options: Pick<Registry, 'db' | 'dir' | 'random'> & {
    readonly instance: string;
    readonly settings?: Partial<RegistrySettings>;
  },
  now: Date,
): Promise<Registry> {
  const { db, dir, instance, random } = options;
  const keys = await openRegistryKeys(dir, instance, now, random(16));
  const own = { instance, anchorFingerprint: anchorFingerprint(keys.anchor) };
  const held = await db.transaction((tx) => store.initRow(tx, own));
  if (held.instance !== instance || held.anchorFingerprint !== own.anchorFingerprint) {
    throw new Error(
      `the registry's database is of the instance ${held.instance} with other keys than those in ${dir}; ` +
        'restore the key folder that belongs to this database, or start with an empty one',
    );
  }
  let present = await presentKeys(db.read, dir, keys);
  const signer = logSigner(`${instance}/registry`, keys.ledgerKey);
  await createLog(db, REGISTRY_LOG, signer);
  const registry: Registry = {
    db,
    dir,
    random,
    firstAnchor: keys.anchor,
    settings: { ...REGISTRY_DEFAULTS, ...options.settings },
    ledger: { name: REGISTRY_LOG, signer },
    get keys() {
      return present;
    },
    replaceKeys(next) {
      present = next;
    },
  };
  await currentTrustList(registry, now);
  return registry;
}
