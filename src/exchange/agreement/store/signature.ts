import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Party } from '../model.ts';

export type Signature = { readonly party: Party; readonly jws: string; readonly signedAt: Date };

/** False where that party has signed this version before. */
export async function insertSignature(
  tx: Tx,
  of: { readonly id: string; readonly version: number },
  party: Party,
  jws: string,
  now: Date,
): Promise<boolean> {
  const inserted = await sql`
    insert into agreement_signature (agreement, version, party, jws, signed_at)
    values (${of.id}, ${of.version}, ${party}, ${jws}, ${now}) on conflict do nothing returning party`.execute(tx);
  return inserted.rows.length > 0;
}

export async function listSignatures(tx: Tx, id: string, version: number): Promise<readonly Signature[]> {
  const found = await sql<Signature>`
    select party, jws, signed_at as "signedAt" from agreement_signature
    where agreement = ${id} and version = ${version} order by signed_at`.execute(tx);
  return found.rows;
}

/** The client to whom versions of the agreement were offered; undefined where nobody else knows of it. */
export async function offeredTo(tx: Tx, id: string): Promise<string | undefined> {
  const found = await sql<{ client: string }>`
    select client from exchange_agreement one where id = ${id} and exists (
      select from agreement_signature where agreement = one.id and version = one.version and party = 'provider')
    order by version desc limit 1`.execute(tx);
  return found.rows[0]?.client;
}
