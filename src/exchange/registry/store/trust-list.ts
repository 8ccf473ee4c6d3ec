import { sql } from 'kysely';
import type { LocalText } from '../../../kernel/index.ts';
import { type Tx, tables } from '../../../platform/index.ts';
import type { ListedMember } from '../../trust/list-parts.ts';

type Tables = {
  registry: { single: boolean; instance: string; anchor_fingerprint: string; list_version: number };
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
  member: { id: string; name: unknown; left_at: Date | null };
  subsystem: { member_id: string; code: string; name: unknown };
  trust_list: { version: number; jws: string; issued_at: Date; expires_at: Date };
};

const db = (tx: Tx) => tables<Tables>(tx);

/** Writes the one row where it is missing, and gives the row that is there. */
export async function initRow(
  tx: Tx,
  row: { instance: string; anchorFingerprint: string },
): Promise<{ instance: string; anchorFingerprint: string }> {
  await db(tx)
    .insertInto('registry')
    .values({ single: true, instance: row.instance, anchor_fingerprint: row.anchorFingerprint, list_version: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const held = await db(tx).selectFrom('registry').selectAll().executeTakeFirstOrThrow();
  return { instance: held.instance, anchorFingerprint: held.anchor_fingerprint };
}

/** The next version, with the row locked until the transaction ends: publishers take turns. */
export async function takeNextVersion(tx: Tx): Promise<number> {
  const row = await db(tx)
    .updateTable('registry')
    .set((eb) => ({ list_version: eb('list_version', '+', 1) }))
    .returning('list_version')
    .executeTakeFirstOrThrow();
  return row.list_version;
}

export async function heldInstance(tx: Tx): Promise<{ readonly instance: string; readonly version: number }> {
  const row = await db(tx).selectFrom('registry').selectAll().executeTakeFirstOrThrow();
  return { instance: row.instance, version: row.list_version };
}

/** The next version will be above this one. Never goes down. */
export async function jumpVersion(tx: Tx, atLeast: number): Promise<void> {
  await sql`update registry set list_version = greatest(list_version, ${atLeast}::bigint)`.execute(tx);
}

/** The statements that hold at `now`, in the order of their servers. */
export async function currentStatements(tx: Tx, now: Date): Promise<readonly string[]> {
  const rows = await db(tx)
    .selectFrom('gateway')
    .select('statement')
    .where('expires_at', '>', now)
    .where('left_at', 'is', null)
    .orderBy(sql`server collate "C"`)
    .execute();
  return rows.map((row) => row.statement);
}

/** Everybody who takes part, with what they have registered, in the order of their identifiers. */
export async function listedMembers(tx: Tx): Promise<readonly ListedMember[]> {
  const members = await db(tx)
    .selectFrom('member')
    .select(['id', 'name'])
    .where('left_at', 'is', null)
    .orderBy(sql`id collate "C"`)
    .execute();
  const subsystems = await db(tx)
    .selectFrom('subsystem')
    .select(['member_id', 'code', 'name'])
    .orderBy(sql`code collate "C"`)
    .execute();
  const byMember = Map.groupBy(subsystems, (one) => one.member_id);
  return members.map(({ id, name }) => ({
    id,
    name: name as LocalText,
    subsystems: (byMember.get(id) ?? []).map((one) => ({ code: one.code, name: one.name as LocalText })),
  }));
}

export type PublishedList = {
  readonly version: number;
  readonly jws: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
};

export async function insertList(tx: Tx, list: PublishedList): Promise<void> {
  await db(tx)
    .insertInto('trust_list')
    .values({ version: list.version, jws: list.jws, issued_at: list.issuedAt, expires_at: list.expiresAt })
    .execute();
}

/** The latest list without its text, which may have megabytes. */
export async function latestHead(tx: Tx): Promise<Omit<PublishedList, 'jws'> | undefined> {
  const row = await db(tx)
    .selectFrom('trust_list')
    .select(['version', 'issued_at', 'expires_at'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { version: row.version, issuedAt: row.issued_at, expiresAt: row.expires_at };
}

export async function latestList(tx: Tx): Promise<PublishedList | undefined> {
  const row = await db(tx).selectFrom('trust_list').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) return undefined;
  return { version: row.version, jws: row.jws, issuedAt: row.issued_at, expiresAt: row.expires_at };
}
