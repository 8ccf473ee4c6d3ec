import { invalid, notFound } from '../../kernel/index.ts';
import { isOffice, parseNationalId, type Role } from '../model.ts';
import { insertEvents } from '../store/event.ts';
import { findGrant, type Holder, insertGrant, revokeGrant, revokeLapsedGrants } from '../store/role.ts';
import { type IdentityDeps, newId } from './session.ts';

export type NewGrant = {
  /** A number is enough for somebody who has not signed in yet. */
  readonly to: { readonly personId: string } | { readonly nationalId: string };
  readonly role: Role;
  readonly office: string;
  /** From now on unless said otherwise. */
  readonly validFrom?: Date;
  readonly validUntil?: Date;
  /** Who decided it: the id of an operator, or the act that names the agent. Not a name. */
  readonly grantedBy: string;
};

/**
 * Gives a role in an office and returns the grant's id; to give it twice changes nothing and returns the first id.
 * Throws a Problem (422) for an office or a number that cannot be one.
 */
export async function grantRole(deps: IdentityDeps, grant: NewGrant): Promise<string> {
  if (!isOffice(grant.office)) throw invalid('An office is named by lower-case letters, digits and . : / _ -.');
  const now = deps.clock();
  const holder = holderOf(deps, grant);
  const { role, office, grantedBy, validUntil } = grant;
  const validFrom = grant.validFrom ?? now;
  if (validUntil !== undefined && validUntil <= validFrom) throw invalid('A role ends after it begins.');
  const id = newId(deps);
  return deps.db.transaction(async (tx) => {
    await revokeLapsedGrants(tx, now);
    const isNew = await insertGrant(tx, { id, holder, role, office, validFrom, validUntil, grantedBy });
    if (!isNew) return (await findGrant(tx, holder, role, office)) ?? id;
    const person = holder.kind === 'person' ? { personId: holder.personId } : {};
    await insertEvents(tx, [{ kind: 'identity.role.granted', grantId: id, ...person }], now);
    return id;
  });
}

function holderOf(deps: IdentityDeps, grant: NewGrant): Holder {
  if ('personId' in grant.to) return { kind: 'person', personId: grant.to.personId };
  const nationalId = parseNationalId(grant.to.nationalId);
  if (nationalId === undefined) throw invalid('This cannot be a national identity number.');
  return { kind: 'number', index: deps.keys.blindIndex(nationalId) };
}

/** Takes a role away; it ends with the holder's next request. Throws a Problem (404) when there is none in force. */
export async function revokeRole(deps: IdentityDeps, grantId: string): Promise<void> {
  const now = deps.clock();
  await deps.db.transaction(async (tx) => {
    if (!(await revokeGrant(tx, grantId, now))) throw notFound('There is no such role in force.');
    await insertEvents(tx, [{ kind: 'identity.role.revoked', grantId }], now);
  });
}
