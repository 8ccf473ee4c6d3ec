import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';

export type Passkey = {
  readonly id: string;
  readonly operatorId: string;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly createdAt: Date;
  readonly usedAt: Date | null;
};

type PasskeyRow = {
  id: string;
  operator_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
  created_at: Date;
  used_at: Date | null;
};

function toPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    operatorId: row.operator_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports,
    createdAt: row.created_at,
    usedAt: row.used_at,
  };
}

export async function insertPasskey(tx: Tx, one: Passkey): Promise<void> {
  await sql`insert into operator_passkey (id, operator_id, public_key, counter, transports, created_at, used_at)
    values (${one.id}, ${one.operatorId}, ${one.publicKey}, ${one.counter}, ${JSON.stringify(one.transports)}::jsonb,
      ${one.createdAt}, ${one.usedAt})`.execute(tx);
}

/** Held until the transaction ends, so that two answers with one counter cannot both pass. */
export async function lockPasskey(tx: Tx, id: string): Promise<Passkey | undefined> {
  const found = await sql<PasskeyRow>`select id, operator_id, public_key, counter, transports, created_at, used_at
    from operator_passkey where id = ${id} and removed_at is null for update`.execute(tx);
  return found.rows[0] && toPasskey(found.rows[0]);
}

export async function listPasskeys(tx: Tx): Promise<readonly Passkey[]> {
  const found = await sql<PasskeyRow>`select id, operator_id, public_key, counter, transports, created_at, used_at
    from operator_passkey where removed_at is null order by created_at`.execute(tx);
  return found.rows.map(toPasskey);
}

export async function notePasskey(tx: Tx, id: string, counter: number, now: Date): Promise<void> {
  await sql`update operator_passkey set counter = ${counter}, used_at = ${now} where id = ${id}`.execute(tx);
}

export async function insertEnrolment(
  tx: Tx,
  one: { readonly tokenHash: Buffer; readonly operatorId: string; readonly expiresAt: Date },
): Promise<void> {
  await sql`insert into operator_enrolment (token_hash, operator_id, expires_at)
    values (${one.tokenHash}, ${one.operatorId}, ${one.expiresAt})`.execute(tx);
}

/** Whose the link is, while it is good. */
export async function findEnrolment(tx: Tx, tokenHash: Buffer, now: Date): Promise<string | undefined> {
  const found = await sql<{ operator_id: string }>`select operator_id from operator_enrolment
    where token_hash = ${tokenHash} and used_at is null and expires_at > ${now}`.execute(tx);
  return found.rows[0]?.operator_id;
}

/** Compare and swap: of two who use one link at once, one gets undefined. */
export async function useEnrolment(tx: Tx, tokenHash: Buffer, now: Date): Promise<string | undefined> {
  const found = await sql<{ operator_id: string }>`update operator_enrolment set used_at = ${now}
    where token_hash = ${tokenHash} and used_at is null and expires_at > ${now} returning operator_id`.execute(tx);
  return found.rows[0]?.operator_id;
}

export type Challenge = { readonly purpose: 'enrol' | 'sign-in'; readonly operatorId: string | null };

/** Forgets those that have expired on the way. */
export async function insertChallenge(
  tx: Tx,
  hash: Buffer,
  one: Challenge,
  times: { readonly now: Date; readonly expiresAt: Date },
): Promise<void> {
  await sql`delete from operator_challenge where expires_at <= ${times.now}`.execute(tx);
  await sql`insert into operator_challenge (challenge_hash, purpose, operator_id, expires_at)
    values (${hash}, ${one.purpose}, ${one.operatorId}, ${times.expiresAt})`.execute(tx);
}

/** A challenge is taken once, whether its answer is good or not. */
export async function takeChallenge(tx: Tx, hash: Buffer, one: Challenge, now: Date): Promise<boolean> {
  const taken = await sql`delete from operator_challenge where challenge_hash = ${hash} and purpose = ${one.purpose}
    and operator_id is not distinct from ${one.operatorId} and expires_at > ${now} returning purpose`.execute(tx);
  return taken.rows.length > 0;
}
