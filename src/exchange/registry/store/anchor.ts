import { type Tx, tables } from '../../../platform/index.ts';

type Tables = { anchor_update: { sequence: number; kid: string; jws: string; issued_at: Date } };

const db = (tx: Tx) => tables<Tables>(tx);

export type AnchorUpdateRow = {
  readonly sequence: number;
  readonly kid: string;
  readonly jws: string;
  readonly issuedAt: Date;
};

/** The chain, first step first. */
export async function listUpdates(tx: Tx): Promise<readonly AnchorUpdateRow[]> {
  return db(tx)
    .selectFrom('anchor_update')
    .select(['sequence', 'kid', 'jws', 'issued_at as issuedAt'])
    .orderBy('sequence')
    .execute();
}

export async function insertUpdate(tx: Tx, one: AnchorUpdateRow): Promise<void> {
  await db(tx)
    .insertInto('anchor_update')
    .values({ sequence: one.sequence, kid: one.kid, jws: one.jws, issued_at: one.issuedAt })
    .execute();
}
