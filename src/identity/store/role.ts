import { type Tx, tables } from '../../platform/index.ts';
import type { Role } from '../model.ts';

type GrantRow = {
  id: string;
  person_id: string | null;
  national_id_index: Buffer | null;
  role: string;
  office: string;
  valid_from: Date;
  valid_until: Date | null;
  granted_by: string;
  revoked_at: Date | null;
};
type Tables = { role_grant: GrantRow };

/** To a person we know, or to the holder of a number who has not signed in yet. */
export type Holder =
  | { readonly kind: 'person'; readonly personId: string }
  | { readonly kind: 'number'; readonly index: Buffer };

export type StoredGrant = {
  readonly id: string;
  readonly holder: Holder;
  readonly role: Role;
  readonly office: string;
  readonly validFrom: Date;
  readonly validUntil: Date | undefined;
  readonly grantedBy: string;
};

/** False when the holder has this role in this office already; nothing is changed then. */
export async function insertGrant(tx: Tx, grant: StoredGrant): Promise<boolean> {
  const rows = await tables<Tables>(tx)
    .insertInto('role_grant')
    .values({
      id: grant.id,
      person_id: grant.holder.kind === 'person' ? grant.holder.personId : null,
      national_id_index: grant.holder.kind === 'number' ? grant.holder.index : null,
      role: grant.role,
      office: grant.office,
      valid_from: grant.validFrom,
      valid_until: grant.validUntil ?? null,
      granted_by: grant.grantedBy,
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute();
  return rows.length === 1;
}

/** The grant that stands in the way of `insertGrant`. */
export async function findGrant(tx: Tx, holder: Holder, role: Role, office: string): Promise<string | undefined> {
  const query = tables<Tables>(tx)
    .selectFrom('role_grant')
    .select('id')
    .where('role', '=', role)
    .where('office', '=', office)
    .where('revoked_at', 'is', null);
  const row = await (holder.kind === 'person'
    ? query.where('person_id', '=', holder.personId)
    : query.where('national_id_index', '=', holder.index)
  ).executeTakeFirst();
  return row?.id;
}

/** Ends a grant whose time is over, so that the same can be given again. */
export async function revokeLapsedGrants(tx: Tx, at: Date): Promise<void> {
  await tables<Tables>(tx)
    .updateTable('role_grant')
    .set((row) => ({ revoked_at: row.ref('valid_until') }))
    .where('valid_until', '<=', at)
    .where('revoked_at', 'is', null)
    .execute();
}

/** False when there is no such grant in force. */
export async function revokeGrant(tx: Tx, id: string, at: Date): Promise<boolean> {
  const rows = await tables<Tables>(tx)
    .updateTable('role_grant')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute();
  return rows.length === 1;
}
