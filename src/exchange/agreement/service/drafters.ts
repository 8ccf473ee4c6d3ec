import { forbidden } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { Actor } from '../../operators/model.ts';
import { listEvents } from '../../operators/store/event.ts';

const MOST_DRAFTS = 500;

/** By the audit, which nobody changes. */
export async function draftersOf(tx: Tx, id: string, version: number): Promise<readonly string[]> {
  const drafts = await listEvents(tx, { event: 'agreement.put', outcome: 'done' }, MOST_DRAFTS);
  return drafts.filter((one) => one.target === id && one.detail['version'] === version).map((one) => one.operator);
}

/**
 * Two persons: who drafted a version does not sign it, even with both roles (docs/decisions/0026). The bootstrap token and
 * the command beside the process are no persons: who holds those can make accounts of any role. Throws a Problem (403).
 */
export async function requireOtherHand(tx: Tx, { id: actor, via }: Actor, id: string, version: number): Promise<void> {
  if (via === 'bootstrap' || via === 'command') return;
  if ((await draftersOf(tx, id, version)).includes(actor))
    throw forbidden('Who drafted a version of an agreement does not sign it; somebody else has to.');
}
