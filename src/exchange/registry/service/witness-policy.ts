import { invalid } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { mostRequired, proposedPolicy, type WitnessPolicy } from '../../evidence/witnesses.ts';
import type { Acting } from '../../operators/audit.ts';
import type { ListedWitness } from '../../trust/list-parts.ts';
import { inUse } from '../problems.ts';
import type { Registry } from '../registry.ts';
import { listParts } from '../store/part.ts';
import { readQuorum, setQuorum } from '../store/quorum.ts';
import { serversOf } from '../store/statement.ts';

export type PolicyView = {
  readonly policy: WitnessPolicy;
  /** What an operator has set; undefined for the house's own rule. */
  readonly set: number | undefined;
  /** More than this no ledger of the instance can have. */
  readonly most: number;
};

export async function readWitnessPolicy(tx: Tx, instance: string): Promise<PolicyView> {
  const listed = await listParts<ListedWitness>(tx, 'witness');
  const set = await readQuorum(tx);
  return { policy: proposedPolicy(instance, listed, set), set, most: mostRequired(listed, await serversOf(tx)) };
}

/** How many witnesses the proposed policy demands; undefined for more than half again. */
export function setWitnessQuorum(
  registry: Registry,
  acting: Acting,
  required: number | undefined,
): Promise<PolicyView> {
  const { instance } = registry.keys.anchor;
  return registry.db.transaction(async (tx) => {
    // First, since it takes the lock: no witness goes between the look and the change.
    await setQuorum(tx, required);
    const view = await readWitnessPolicy(tx, instance);
    if (required !== undefined && required > view.most) throw tooMany(required, view.most);
    await acting.record(tx, 'witness-policy', { required: view.policy.required, byRule: required === undefined });
    return view;
  });
}

function tooMany(required: number, most: number) {
  const detail = `/required is ${required}, and no ledger can have the cosignatures of more than ${most} of the listed witnesses: a gateway’s witness does not count for its own ledger. List more witnesses first, or demand fewer.`;
  return invalid(detail, [
    { field: '/required', message: `must be at most ${most}: so many of the listed witnesses can count` },
  ]);
}

/** A change of the witnesses must leave enough of them for what was set: else every proof would be refused by it. */
export async function requireQuorum(tx: Tx, instance: string): Promise<void> {
  const { set, most } = await readWitnessPolicy(tx, instance);
  if (set === undefined || set <= most) return;
  throw inUse(`The witness policy demands ${set} witnesses, and ${most} would be left; lower it first.`);
}
