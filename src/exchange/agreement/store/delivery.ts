import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Delivery } from '../model.ts';

const columns = sql`id::int, peer, agreement, version, kind, jws, tries, due_at as "dueAt", refused_at as "refusedAt",
  status, refusal`;

export async function insertDelivery(
  tx: Tx,
  one: Pick<Delivery, 'peer' | 'agreement' | 'version' | 'kind' | 'jws'>,
  now: Date,
): Promise<void> {
  await sql`
    insert into agreement_delivery (peer, agreement, version, kind, jws, due_at)
    values (${one.peer}, ${one.agreement}, ${one.version}, ${one.kind}, ${one.jws}, ${now})`.execute(tx);
}

/**
 * Those that are due, each held by this process until `heldUntil`: another of the same member does not send it too. Of
 * one agreement they go in order: a resumption never overtakes the suspension before it.
 */
export async function takeDueDeliveries(tx: Tx, now: Date, heldUntil: Date): Promise<readonly Delivery[]> {
  const found = await sql<Delivery>`
    update agreement_delivery set due_at = ${heldUntil}, tries = tries + 1
    where id in (
      select id from agreement_delivery one
      where delivered_at is null and refused_at is null and due_at <= ${now} and not exists (
        select from agreement_delivery before where before.peer = one.peer and before.agreement = one.agreement
          and before.id < one.id and before.delivered_at is null and before.refused_at is null)
      order by id limit 20 for update skip locked)
    returning ${columns}`.execute(tx);
  return found.rows.toSorted((a, b) => a.id - b.id);
}

/** Whether anything is due now, so that the next round need not wait. */
export async function isAnyDue(tx: Tx, now: Date): Promise<boolean> {
  const found = await sql`
    select from agreement_delivery where delivered_at is null and refused_at is null and due_at <= ${now} limit 1
  `.execute(tx);
  return found.rows.length > 0;
}

export async function markDelivered(tx: Tx, id: number, now: Date): Promise<void> {
  await sql`update agreement_delivery set delivered_at = ${now}, status = 204, refusal = '' where id = ${id}`.execute(
    tx,
  );
}

export type Failure = { readonly status: number | null; readonly refusal: string };

export async function putOffDelivery(tx: Tx, id: number, until: Date, { status, refusal }: Failure): Promise<void> {
  await sql`
    update agreement_delivery set due_at = ${until}, status = ${status}, refusal = ${refusal} where id = ${id}
  `.execute(tx);
}

/** It is sent no more until an operator says so. */
export async function markRefused(tx: Tx, id: number, now: Date, { status, refusal }: Failure): Promise<void> {
  await sql`
    update agreement_delivery set refused_at = ${now}, status = ${status}, refusal = ${refusal} where id = ${id}
  `.execute(tx);
}

/** What has not reached the other side, refused ones first. */
export async function listUndelivered(tx: Tx): Promise<readonly Delivery[]> {
  const found = await sql<Delivery>`
    select ${columns} from agreement_delivery where delivered_at is null
    order by (refused_at is not null) desc, id limit 500`.execute(tx);
  return found.rows;
}

/** False where nothing of this number was refused. */
export async function sendAgain(tx: Tx, id: number, now: Date): Promise<boolean> {
  const changed = await sql`
    update agreement_delivery set refused_at = null, due_at = ${now}, tries = 0
    where id = ${id} and delivered_at is null and refused_at is not null`.execute(tx);
  return Number(changed.numAffectedRows ?? 0) > 0;
}
