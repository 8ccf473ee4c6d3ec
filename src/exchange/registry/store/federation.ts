import { canonicalJson, type Json } from '../../../kernel/index.ts';
import { type Tx, tables } from '../../../platform/index.ts';
import type { TrustAnchor } from '../../trust/anchor.ts';
import type { FederationFilter } from '../federation.ts';
import type { FederationRow } from '../views.ts';

type Row = {
  instance: string;
  url: string;
  anchor: unknown;
  filter: unknown;
  list_version: number | null;
  list_jws: string | null;
  fetched_at: Date | null;
  problem: string | null;
};

const db = (tx: Tx) => tables<{ federation: Row }>(tx);

export async function listFederations(tx: Tx): Promise<readonly FederationRow[]> {
  const rows = await db(tx).selectFrom('federation').selectAll().orderBy('instance').execute();
  return rows.map((row) => ({
    instance: row.instance,
    url: row.url,
    anchor: row.anchor as TrustAnchor,
    filter: row.filter as FederationFilter,
    listVersion: row.list_version,
    listJws: row.list_jws,
    fetchedAt: row.fetched_at,
    problem: row.problem,
  }));
}

/** Another anchor begins anew: what was fetched under the former one is forgotten. */
export async function putFederation(
  tx: Tx,
  one: Pick<FederationRow, 'instance' | 'url' | 'anchor' | 'filter'>,
): Promise<void> {
  const anchor = JSON.stringify(one.anchor);
  const values = { url: one.url, anchor, filter: JSON.stringify(one.filter), problem: null };
  const held = await db(tx)
    .selectFrom('federation')
    .select('anchor')
    .where('instance', '=', one.instance)
    .executeTakeFirst();
  const isSame = held !== undefined && canonicalJson(held.anchor as Json) === canonicalJson(one.anchor as Json);
  const fetched = isSame ? {} : { list_version: null, list_jws: null, fetched_at: null };
  await db(tx)
    .insertInto('federation')
    .values({ instance: one.instance, ...values, list_version: null, list_jws: null, fetched_at: null })
    .onConflict((conflict) => conflict.column('instance').doUpdateSet({ ...values, ...fetched }))
    .execute();
}

export async function removeFederation(tx: Tx, instance: string): Promise<boolean> {
  const result = await db(tx).deleteFrom('federation').where('instance', '=', instance).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function keepForeignList(
  tx: Tx,
  instance: string,
  kept: { readonly anchor: TrustAnchor; readonly version: number; readonly jws: string; readonly at: Date },
): Promise<void> {
  await db(tx)
    .updateTable('federation')
    .set({
      anchor: JSON.stringify(kept.anchor),
      list_version: kept.version,
      list_jws: kept.jws,
      fetched_at: kept.at,
      problem: null,
    })
    .where('instance', '=', instance)
    .execute();
}

export async function noteForeignProblem(tx: Tx, instance: string, problem: string): Promise<void> {
  await db(tx).updateTable('federation').set({ problem }).where('instance', '=', instance).execute();
}
