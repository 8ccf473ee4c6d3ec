import { sql } from 'kysely';
import type { LocalText } from '../../../kernel/index.ts';
import { type Tx, tables } from '../../../platform/index.ts';
import type { GatewayView, TokenView } from '../views.ts';

type Tables = {
  member: { id: string; name: unknown; admitted_at: Date; left_at: Date | null };
  subsystem: { member_id: string; code: string; name: unknown; server: string | null };
  gateway: {
    server: string;
    member_id: string;
    address: string;
    ledger_name: string;
    ledger_vkey: string;
    statement: string;
    joined_at: Date;
    expires_at: Date;
    left_at: Date | null;
  };
  join_token: {
    server: string;
    member_id: string;
    issued_at: Date;
    expires_at: Date;
    used_at: Date | null;
    approval: 'auto' | 'wait';
  };
};

const db = (tx: Tx) => tables<Tables>(tx);

export async function putMember(tx: Tx, id: string, name: LocalText, at: Date): Promise<void> {
  const text = JSON.stringify(name);
  await db(tx)
    .insertInto('member')
    .values({ id, name: text, admitted_at: at, left_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: text, left_at: null }))
    .execute();
}

export async function hasMember(tx: Tx, id: string): Promise<boolean> {
  const row = await db(tx)
    .selectFrom('member')
    .select('id')
    .where('id', '=', id)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

export async function leaveMember(tx: Tx, id: string, at: Date): Promise<boolean> {
  const result = await db(tx)
    .updateTable('member')
    .set({ left_at: at })
    .where('id', '=', id)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Its subsystems are free for another gateway of the member. */
export async function leaveGateway(tx: Tx, server: string, at: Date): Promise<void> {
  await db(tx).updateTable('subsystem').set({ server: null }).where('server', '=', server).execute();
  // The address is free for others; the ledger's name and key stay its own for ever.
  const address = `left://${server}`;
  await db(tx).updateTable('gateway').set({ left_at: at, address }).where('server', '=', server).execute();
}

/** Gives the gateway that it is behind; `server` places a new one. */
export async function putSubsystem(
  tx: Tx,
  memberId: string,
  subsystem: { readonly code: string; readonly name: LocalText },
  server: string | null,
): Promise<string | null> {
  const name = JSON.stringify(subsystem.name);
  const row = await db(tx)
    .insertInto('subsystem')
    .values({ member_id: memberId, code: subsystem.code, name, server })
    .onConflict((conflict) =>
      conflict
        .columns(['member_id', 'code'])
        .doUpdateSet((eb) => ({ name, server: eb.fn.coalesce('subsystem.server', eb.val(server)) })),
    )
    .returning('server')
    .executeTakeFirstOrThrow();
  return row.server;
}

export async function removeSubsystem(
  tx: Tx,
  memberId: string,
  code: string,
): Promise<{ readonly server: string | null } | undefined> {
  return db(tx)
    .deleteFrom('subsystem')
    .where('member_id', '=', memberId)
    .where('code', '=', code)
    .returning('server')
    .executeTakeFirst();
}

export async function subsystemsBehind(
  tx: Tx,
  server: string,
): Promise<readonly { readonly code: string; readonly name: LocalText }[]> {
  const rows = await db(tx)
    .selectFrom('subsystem')
    .select(['code', 'name'])
    .where('server', '=', server)
    .orderBy(sql`code collate "C"`)
    .execute();
  return rows.map(({ code, name }) => ({ code, name: name as LocalText }));
}

export async function listGateways(tx: Tx): Promise<readonly GatewayView[]> {
  const rows = await db(tx)
    .selectFrom('gateway')
    .selectAll()
    .where('left_at', 'is', null)
    .orderBy(sql`server collate "C"`)
    .execute();
  return rows.map((row) => ({
    server: row.server,
    memberId: row.member_id,
    address: row.address,
    ledger: { name: row.ledger_name, vkey: row.ledger_vkey },
    joinedAt: row.joined_at,
    expiresAt: row.expires_at,
  }));
}

/** The newest tokens; of their secrets not even the hashes. */
export async function listTokens(tx: Tx, limit: number): Promise<readonly TokenView[]> {
  return db(tx)
    .selectFrom('join_token')
    .select(['server', 'issued_at as issuedAt', 'expires_at as expiresAt', 'used_at as usedAt', 'approval'])
    .orderBy('issued_at', 'desc')
    .limit(limit)
    .execute();
}

/** INSTANCE/CLASS/MEMBER/SUBSYSTEM of every one that is registered. */
export async function subsystemIds(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await db(tx)
    .selectFrom('subsystem')
    .innerJoin('member', 'member.id', 'subsystem.member_id')
    .select(['subsystem.member_id', 'subsystem.code'])
    .where('member.left_at', 'is', null)
    .execute();
  return new Set(rows.map((row) => `${row.member_id}/${row.code}`));
}
