import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Operator, OperatorRole } from '../model.ts';

export type HeldSession = {
  readonly operator: Operator;
  readonly seenAt: Date;
  readonly expiresAt: Date;
  readonly closedAt: Date | null;
};

type SessionRow = {
  id: string;
  name: string;
  roles: OperatorRole[];
  created_at: Date;
  disabled_at: Date | null;
  seen_at: Date;
  expires_at: Date;
  closed_at: Date | null;
};

export async function insertSession(
  tx: Tx,
  one: { readonly tokenHash: Buffer; readonly operatorId: string; readonly openedAt: Date; readonly expiresAt: Date },
): Promise<void> {
  await sql`insert into operator_session (token_hash, operator_id, opened_at, seen_at, expires_at)
    values (${one.tokenHash}, ${one.operatorId}, ${one.openedAt}, ${one.openedAt}, ${one.expiresAt})`.execute(tx);
}

export async function findSession(tx: Tx, tokenHash: Buffer): Promise<HeldSession | undefined> {
  const found = await sql<SessionRow>`select a.id, a.name, a.roles, a.created_at, a.disabled_at, s.seen_at,
      s.expires_at, s.closed_at
    from operator_session s join operator_account a on a.id = s.operator_id where s.token_hash = ${tokenHash}`.execute(
    tx,
  );
  const row = found.rows[0];
  if (row === undefined) return undefined;
  const { id, name, roles } = row;
  const operator = { id, name, roles, createdAt: row.created_at, disabledAt: row.disabled_at };
  return { operator, seenAt: row.seen_at, expiresAt: row.expires_at, closedAt: row.closed_at };
}

export async function noteSession(tx: Tx, tokenHash: Buffer, now: Date): Promise<void> {
  await sql`update operator_session set seen_at = ${now} where token_hash = ${tokenHash}`.execute(tx);
}

export async function closeSession(tx: Tx, tokenHash: Buffer, now: Date): Promise<void> {
  await sql`update operator_session set closed_at = ${now}
    where token_hash = ${tokenHash} and closed_at is null`.execute(tx);
}
