import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import type { TrustAnchor } from '../../trust/anchor.ts';
import type { AnchorUpdate } from '../../trust/anchor-chain.ts';
import { anchorFingerprint, anchorKeyOf, signJws } from '../../trust/jws.ts';
import { draftSigningKey, type RegistryKeys, readSigningKey } from '../keys.ts';
import type { Registry } from '../registry.ts';
import * as anchors from '../store/anchor.ts';
import { serversOf } from '../store/statement.ts';
import { takeNextVersion } from '../store/trust-list.ts';
import { publishIn } from './publish.ts';
import { reissueStatement } from './statement.ts';

/**
 * Puts a new signing key in the place of the present one. The old key signs the anchor that names the new one and says
 * of itself that it is retired; from then on it signs nothing. Every statement and the list are signed anew.
 *
 * A crash before the commit leaves a key file that nobody knows, which the next rotation replaces; a crash after it is
 * mended by the next start, which reads the chain from the database (`presentKeys`).
 */
export async function rotateKey(registry: Registry, acting: Acting, now: Date): Promise<TrustAnchor> {
  const former = registry.keys;
  try {
    const keys = await registry.db.transaction(async (tx) => {
      const version = await takeNextVersion(tx);
      const sequence = (await anchors.listUpdates(tx)).length + 1;
      const key = await draftSigningKey(registry.dir, sequence);
      const next = nextKeys(registry.keys, key, now);
      const update: AnchorUpdate = {
        v: 1,
        instance: next.anchor.instance,
        sequence,
        previous: anchorFingerprint(registry.keys.anchor),
        anchor: next.anchor,
        issuedAt: now.toISOString(),
      };
      const jws = signJws(registry.keys.signer, 'wasl-anchor', update);
      await anchors.insertUpdate(tx, { sequence, kid: next.signer.kid, jws, issuedAt: now });
      await signAllAnew(tx, registry, next, version, now);
      await acting.record(tx, next.signer.kid, { sequence });
      return next;
    });
    registry.replaceKeys(keys);
    return keys.anchor;
  } catch (cause) {
    registry.replaceKeys(former);
    throw cause;
  }
}

/** With the new key in hand while the transaction runs; the row lock of the version keeps other publishers out. */
async function signAllAnew(tx: Tx, registry: Registry, next: RegistryKeys, version: number, now: Date): Promise<void> {
  registry.replaceKeys(next);
  for (const server of await serversOf(tx)) await reissueStatement(tx, registry, server, {}, now);
  await publishIn(tx, registry, version, now);
}

function nextKeys(held: RegistryKeys, key: KeyObject, now: Date): RegistryKeys {
  const jwk = anchorKeyOf(createPublicKey(key));
  const retired = held.anchor.keys.map((one) => ({ ...one, retiredAt: one.retiredAt ?? now.toISOString() }));
  return {
    ...held,
    signer: { kid: jwk.kid, key },
    anchor: { ...held.anchor, keys: [jwk, ...retired] },
  };
}

/** The keys after every rotation that the database knows of. `genesis` are those of the key folder. */
export async function presentKeys(tx: Tx, dir: string, genesis: RegistryKeys): Promise<RegistryKeys> {
  const updates = await anchors.listUpdates(tx);
  let keys = genesis;
  for (const { sequence, issuedAt } of updates) keys = nextKeys(keys, await readSigningKey(dir, sequence), issuedAt);
  const last = updates.at(-1);
  if (last !== undefined && last.kid !== keys.signer.kid)
    throw new Error(
      `the registry's signing key ${last.sequence} is not the one of its database; restore the key folder`,
    );
  return keys;
}
