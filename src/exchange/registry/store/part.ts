import { sql } from 'kysely';
import { type Tx, tables } from '../../../platform/index.ts';

export type PartKind = 'group' | 'witness' | 'timestamp-authority';

type Tables = {
  listed_part: { kind: PartKind; code: string; body: unknown };
  outside_authority: { id: string; name: string; der: Buffer; added_at: Date; removed_at: Date | null };
};

const db = (tx: Tx) => tables<Tables>(tx);

export async function putPart(tx: Tx, kind: PartKind, code: string, body: object): Promise<void> {
  const text = JSON.stringify(body);
  await db(tx)
    .insertInto('listed_part')
    .values({ kind, code, body: text })
    .onConflict((conflict) => conflict.columns(['kind', 'code']).doUpdateSet({ body: text }))
    .execute();
}

/** False where there is none. */
export async function removePart(tx: Tx, kind: PartKind, code: string): Promise<boolean> {
  const result = await db(tx)
    .deleteFrom('listed_part')
    .where('kind', '=', kind)
    .where('code', '=', code)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** In the order of their codes. What is read back is what a parser let in. */
export async function listParts<T>(tx: Tx, kind: PartKind): Promise<readonly T[]> {
  const rows = await db(tx)
    .selectFrom('listed_part')
    .select('body')
    .where('kind', '=', kind)
    .orderBy(sql`code collate "C"`)
    .execute();
  return rows.map(({ body }) => body as T);
}

export type OutsideAuthority = { readonly id: string; readonly name: string; readonly der: Buffer };

export async function listAuthorities(tx: Tx): Promise<readonly OutsideAuthority[]> {
  return db(tx)
    .selectFrom('outside_authority')
    .select(['id', 'name', 'der'])
    .where('removed_at', 'is', null)
    .orderBy('added_at')
    .execute();
}

export async function putAuthority(tx: Tx, one: OutsideAuthority, at: Date): Promise<void> {
  await db(tx)
    .insertInto('outside_authority')
    .values({ ...one, added_at: at, removed_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: one.name, removed_at: null }))
    .execute();
}

export async function removeAuthority(tx: Tx, id: string, at: Date): Promise<boolean> {
  const result = await db(tx)
    .updateTable('outside_authority')
    .set({ removed_at: at })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
