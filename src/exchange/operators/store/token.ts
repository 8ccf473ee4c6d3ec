import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { ApiToken, Operator, OperatorRole } from '../model.ts';

type TokenRow = {
  id: string;
  operator_id: string;
  name: string;
  roles: OperatorRole[];
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
};

function toToken(row: TokenRow): ApiToken {
  const { id, name, roles } = row;
  return {
    id,
    operatorId: row.operator_id,
    name,
    roles,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    revokedAt: row.revoked_at,
  };
}

/** False where a token of this id is there already. */
export async function insertToken(tx: Tx, one: ApiToken, tokenHash: Buffer): Promise<boolean> {
  const made = await sql`insert into operator_token (id, token_hash, operator_id, name, roles, created_at, expires_at)
    values (${one.id}, ${tokenHash}, ${one.operatorId}, ${one.name}, ${JSON.stringify(one.roles)}::jsonb,
      ${one.createdAt}, ${one.expiresAt})
    on conflict do nothing returning id`.execute(tx);
  return made.rows.length > 0;
}

export async function listTokens(tx: Tx): Promise<readonly ApiToken[]> {
  const found = await sql<TokenRow>`select id, operator_id, name, roles, created_at, expires_at, used_at, revoked_at
    from operator_token order by created_at desc, id limit 500`.execute(tx);
  return found.rows.map(toToken);
}

export async function findToken(tx: Tx, id: string): Promise<ApiToken | undefined> {
  const found = await sql<TokenRow>`select id, operator_id, name, roles, created_at, expires_at, used_at, revoked_at
    from operator_token where id = ${id}`.execute(tx);
  return found.rows[0] && toToken(found.rows[0]);
}

type HeldRow = TokenRow & {
  operator_name: string;
  operator_roles: OperatorRole[];
  operator_created_at: Date;
  operator_disabled_at: Date | null;
};

export async function findTokenByHash(
  tx: Tx,
  tokenHash: Buffer,
): Promise<{ readonly token: ApiToken; readonly operator: Operator } | undefined> {
  const found = await sql<HeldRow>`select t.id, t.operator_id, t.name, t.roles, t.created_at, t.expires_at, t.used_at,
      t.revoked_at, a.name as operator_name, a.roles as operator_roles, a.created_at as operator_created_at,
      a.disabled_at as operator_disabled_at
    from operator_token t join operator_account a on a.id = t.operator_id where t.token_hash = ${tokenHash}`.execute(
    tx,
  );
  const row = found.rows[0];
  if (row === undefined) return undefined;
  const operator = {
    id: row.operator_id,
    name: row.operator_name,
    roles: row.operator_roles,
    createdAt: row.operator_created_at,
    disabledAt: row.operator_disabled_at,
  };
  return { token: toToken(row), operator };
}

export async function noteToken(tx: Tx, id: string, now: Date): Promise<void> {
  await sql`update operator_token set used_at = ${now} where id = ${id}`.execute(tx);
}

/** False where it is revoked already. */
export async function revokeToken(tx: Tx, id: string, now: Date): Promise<boolean> {
  const changed = await sql`update operator_token set revoked_at = ${now}
    where id = ${id} and revoked_at is null`.execute(tx);
  return Number(changed.numAffectedRows ?? 0) > 0;
}
