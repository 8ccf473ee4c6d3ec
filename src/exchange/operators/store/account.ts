import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Operator, OperatorRole } from '../model.ts';

type AccountRow = { id: string; name: string; roles: OperatorRole[]; created_at: Date; disabled_at: Date | null };

function toOperator(row: AccountRow): Operator {
  const { id, name, roles } = row;
  return { id, name, roles, createdAt: row.created_at, disabledAt: row.disabled_at };
}

/** False where an account of this id is there already. */
export async function insertAccount(tx: Tx, one: Operator): Promise<boolean> {
  const made = await sql`insert into operator_account (id, name, roles, created_at)
    values (${one.id}, ${one.name}, ${JSON.stringify(one.roles)}::jsonb, ${one.createdAt})
    on conflict do nothing returning id`.execute(tx);
  return made.rows.length > 0;
}

export async function listAccounts(tx: Tx): Promise<readonly Operator[]> {
  const found = await sql<AccountRow>`select id, name, roles, created_at, disabled_at from operator_account
    order by created_at, id`.execute(tx);
  return found.rows.map(toOperator);
}

/** Holds every account until the transaction ends: the rule about the last administrator looks at all of them. */
export async function lockAccounts(tx: Tx): Promise<readonly Operator[]> {
  const found = await sql<AccountRow>`select id, name, roles, created_at, disabled_at from operator_account
    order by created_at, id for update`.execute(tx);
  return found.rows.map(toOperator);
}

export async function findAccount(tx: Tx, id: string): Promise<Operator | undefined> {
  const found = await sql<AccountRow>`select id, name, roles, created_at, disabled_at from operator_account
    where id = ${id}`.execute(tx);
  return found.rows[0] && toOperator(found.rows[0]);
}

export async function updateRoles(tx: Tx, id: string, roles: readonly OperatorRole[]): Promise<void> {
  await sql`update operator_account set roles = ${JSON.stringify(roles)}::jsonb where id = ${id}`.execute(tx);
}

/** For a device that was lost: its passkey ends with all others of the account, and whoever is signed in is out. */
export async function removePasskeys(tx: Tx, id: string, now: Date): Promise<void> {
  await sql`update operator_session set closed_at = ${now} where operator_id = ${id} and closed_at is null`.execute(tx);
  await sql`update operator_passkey set removed_at = ${now} where operator_id = ${id} and removed_at is null`.execute(
    tx,
  );
}

/** With it end the account's sessions, tokens, links and passkeys. */
export async function disableAccount(tx: Tx, id: string, now: Date): Promise<void> {
  await sql`update operator_account set disabled_at = ${now} where id = ${id}`.execute(tx);
  await sql`update operator_session set closed_at = ${now} where operator_id = ${id} and closed_at is null`.execute(tx);
  await sql`update operator_token set revoked_at = ${now} where operator_id = ${id} and revoked_at is null`.execute(tx);
  await sql`update operator_enrolment set used_at = ${now} where operator_id = ${id} and used_at is null`.execute(tx);
  await sql`update operator_passkey set removed_at = ${now} where operator_id = ${id} and removed_at is null`.execute(
    tx,
  );
}
