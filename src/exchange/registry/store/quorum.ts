import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';

/** Undefined where nobody has set one. */
export async function readQuorum(tx: Tx): Promise<number | undefined> {
  const found = await sql<{ required: number | null }>`
    select witnesses_required as required from registry`.execute(tx);
  return found.rows[0]?.required ?? undefined;
}

/** Locks the registry's row until the transaction ends, as every change of the list does: the two take turns. */
export async function setQuorum(tx: Tx, required: number | undefined): Promise<void> {
  await sql`update registry set witnesses_required = ${required ?? null}`.execute(tx);
}
