import type { LocalText } from '../../../kernel/index.ts';
import { type Tx, tables } from '../../../platform/index.ts';
import type { Admission } from '../model.ts';

type Tables = {
  member: { id: string; name: string; admitted_at: Date; left_at: Date | null };
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
  subsystem: { member_id: string; code: string; name: unknown; server: string | null };
  certificate: {
    id: string;
    server: string;
    use: string;
    serial: string;
    public_key: Buffer;
    der: Buffer;
    not_before: Date;
    not_after: Date;
    superseded_at: Date | null;
  };
  join_token: {
    secret_hash: Buffer;
    server: string;
    member_id: string;
    subsystems: unknown;
    issued_at: Date;
    expires_at: Date;
    used_at: Date | null;
    approval: 'auto' | 'wait';
  };
};

const db = (tx: Tx) => tables<Tables>(tx);

/** Registers the member and its subsystems, or renames them; what a gateway serves already stays with it. */
export async function admitMember(tx: Tx, admission: Admission, at: Date): Promise<void> {
  const { member, subsystems } = admission;
  const name = JSON.stringify(member.name);
  await db(tx)
    .insertInto('member')
    .values({ id: member.id, name, admitted_at: at, left_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, left_at: null }))
    .execute();
  for (const subsystem of subsystems) {
    const text = JSON.stringify(subsystem.name);
    await db(tx)
      .insertInto('subsystem')
      .values({ member_id: member.id, code: subsystem.code, name: text, server: null })
      .onConflict((conflict) => conflict.columns(['member_id', 'code']).doUpdateSet({ name: text }))
      .execute();
  }
}

/** Also of those that have left: their names stand in evidence. */
export async function memberIds(tx: Tx): Promise<readonly string[]> {
  return (await db(tx).selectFrom('member').select('id').execute()).map(({ id }) => id);
}

export async function insertToken(
  tx: Tx,
  token: {
    hash: Buffer;
    server: string;
    memberId: string;
    codes: readonly string[];
    issuedAt: Date;
    expiresAt: Date;
    approval: 'auto' | 'wait';
  },
): Promise<void> {
  await db(tx)
    .insertInto('join_token')
    .values({
      secret_hash: token.hash,
      server: token.server,
      member_id: token.memberId,
      subsystems: JSON.stringify(token.codes),
      issued_at: token.issuedAt,
      expires_at: token.expiresAt,
      used_at: null,
      approval: token.approval,
    })
    .execute();
}

export type Admitted = {
  readonly member: { readonly id: string; readonly name: LocalText };
  readonly subsystems: readonly { readonly code: string; readonly name: LocalText }[];
};

export type Spent = Admitted & { readonly approval: 'auto' | 'wait' };

/**
 * Spends the token of `server`: compare-and-swap on its state, so that of two gateways that come with one token
 * exactly one gets in. Undefined where it is unknown, another server's, spent or expired.
 */
export async function spendToken(tx: Tx, hash: Buffer, server: string, now: Date): Promise<Spent | undefined> {
  const row = await db(tx)
    .updateTable('join_token')
    .set({ used_at: now })
    .where('secret_hash', '=', hash)
    .where('server', '=', server)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(['member_id', 'subsystems', 'approval'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { ...(await findAdmitted(tx, row.member_id, row.subsystems as string[])), approval: row.approval };
}

/** The member with its subsystems of these codes. */
export async function findAdmitted(tx: Tx, memberId: string, codes: readonly string[]): Promise<Admitted> {
  const member = await db(tx).selectFrom('member').selectAll().where('id', '=', memberId).executeTakeFirstOrThrow();
  const subsystems = await db(tx)
    .selectFrom('subsystem')
    .select(['code', 'name'])
    .where('member_id', '=', memberId)
    .where('code', 'in', codes)
    .orderBy('code')
    .execute();
  return {
    member: { id: member.id, name: member.name as unknown as LocalText },
    subsystems: subsystems as { code: string; name: LocalText }[],
  };
}

export type GatewayRow = {
  readonly server: string;
  readonly memberId: string;
  readonly address: string;
  readonly ledger: { readonly name: string; readonly vkey: string };
  readonly statement: string;
  readonly joinedAt: Date;
  readonly expiresAt: Date;
};

/** Puts the gateway in, or in place of its former self when it joins anew. */
export async function putGateway(tx: Tx, gateway: GatewayRow): Promise<void> {
  const values = {
    member_id: gateway.memberId,
    address: gateway.address,
    ledger_name: gateway.ledger.name,
    ledger_vkey: gateway.ledger.vkey,
    statement: gateway.statement,
    joined_at: gateway.joinedAt,
    expires_at: gateway.expiresAt,
    left_at: null,
  };
  await db(tx)
    .insertInto('gateway')
    .values({ server: gateway.server, ...values })
    .onConflict((conflict) => conflict.column('server').doUpdateSet(values))
    .execute();
}

/** How many of the subsystems are now behind `server`; fewer than asked means that another gateway has one. */
export async function placeSubsystems(
  tx: Tx,
  memberId: string,
  codes: readonly string[],
  server: string,
): Promise<number> {
  const result = await db(tx)
    .updateTable('subsystem')
    .set({ server })
    .where('member_id', '=', memberId)
    .where('code', 'in', codes)
    .where((eb) => eb.or([eb('server', 'is', null), eb('server', '=', server)]))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export type CertificateRow = {
  readonly id: string;
  readonly server: string;
  readonly use: 'tls' | 'sign';
  readonly serial: string;
  readonly publicKeyHash: Buffer;
  readonly der: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
};

/** The ids of those that are now the former ones. */
export async function supersedeCertificates(tx: Tx, server: string, at: Date): Promise<readonly string[]> {
  const rows = await db(tx)
    .updateTable('certificate')
    .set({ superseded_at: at })
    .where('server', '=', server)
    .where('superseded_at', 'is', null)
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

export async function insertCertificate(tx: Tx, certificate: CertificateRow): Promise<void> {
  await db(tx)
    .insertInto('certificate')
    .values({
      id: certificate.id,
      server: certificate.server,
      use: certificate.use,
      serial: certificate.serial,
      public_key: certificate.publicKeyHash,
      der: certificate.der,
      not_before: certificate.notBefore,
      not_after: certificate.notAfter,
      superseded_at: null,
    })
    .execute();
}

/** True when any of these is another gateway's, or a key was certified before. */
export async function isTaken(
  tx: Tx,
  wanted: { server: string; address: string; ledger: { name: string; vkey: string }; publicKeys: readonly Buffer[] },
): Promise<'address' | 'ledger' | 'key' | undefined> {
  const others = await db(tx)
    .selectFrom('gateway')
    .select(['address', 'ledger_name', 'ledger_vkey'])
    .where('server', '<>', wanted.server)
    .where((eb) =>
      eb.or([
        eb('address', '=', wanted.address),
        eb('ledger_name', '=', wanted.ledger.name),
        eb('ledger_vkey', '=', wanted.ledger.vkey),
      ]),
    )
    .execute();
  if (others.some((other) => other.address === wanted.address)) return 'address';
  if (others.length > 0) return 'ledger';
  const key = await db(tx)
    .selectFrom('certificate')
    .select('id')
    .where('public_key', 'in', wanted.publicKeys)
    .executeTakeFirst();
  return key === undefined ? undefined : 'key';
}
