import { type Tx, tables } from '../../../platform/index.ts';

type Tables = {
  gateway: { server: string; statement: string; expires_at: Date; left_at: Date | null; member_id: string };
  statement_archive: { keyid: string; jws: string; ca: Buffer; signed_at: Date; id: number };
};

const db = (tx: Tx) => tables<Tables>(tx);

export type ArchivedStatement = {
  readonly keyid: string;
  readonly jws: string;
  /** DER of the authority that it names. */
  readonly ca: Buffer;
  readonly signedAt: Date;
};

export async function archiveStatement(tx: Tx, one: ArchivedStatement): Promise<void> {
  await tables<{ statement_archive: Omit<Tables['statement_archive'], 'id'> }>(tx)
    .insertInto('statement_archive')
    .values({ keyid: one.keyid, jws: one.jws, ca: one.ca, signed_at: one.signedAt })
    .execute();
}

/** The latest that vouched for the signing certificate of this id, however long ago. */
export async function findArchived(tx: Tx, keyid: string): Promise<ArchivedStatement | undefined> {
  const row = await db(tx)
    .selectFrom('statement_archive')
    .select(['keyid', 'jws', 'ca', 'signed_at as signedAt'])
    .where('keyid', '=', keyid)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row;
}

/** The statement of a gateway that takes part. */
export async function findStatement(tx: Tx, server: string): Promise<string | undefined> {
  const row = await db(tx)
    .selectFrom('gateway')
    .select('statement')
    .where('server', '=', server)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return row?.statement;
}

export async function replaceStatement(tx: Tx, server: string, jws: string): Promise<void> {
  await db(tx).updateTable('gateway').set({ statement: jws }).where('server', '=', server).execute();
}

export async function serversOf(tx: Tx, memberId?: string): Promise<readonly string[]> {
  let query = db(tx).selectFrom('gateway').select('server').where('left_at', 'is', null).orderBy('server');
  if (memberId !== undefined) query = query.where('member_id', '=', memberId);
  return (await query.execute()).map(({ server }) => server);
}
