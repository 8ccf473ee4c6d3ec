import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import type { Alarm, AlarmKind, SeenTree } from './model.ts';

/** Locked until the transaction ends: two checkpoints of one log are judged one after the other. */
export async function lockSeenTree(tx: Tx, origin: string): Promise<SeenTree | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('witness ' || ${origin}))`.execute(tx);
  const found = await sql<SeenTree>`
    select size, root, checkpoint from witness_log where origin = ${origin}`.execute(tx);
  return found.rows[0];
}

export async function putSeenTree(tx: Tx, origin: string, tree: SeenTree, now: Date): Promise<void> {
  await sql`
    insert into witness_log (origin, size, root, checkpoint, seen_at)
    values (${origin}, ${tree.size}, ${tree.root}, ${tree.checkpoint}, ${now})
    on conflict (origin) do update set size = excluded.size, root = excluded.root,
      checkpoint = excluded.checkpoint, seen_at = excluded.seen_at`.execute(tx);
}

export type Cosignature = {
  /** INST/CLASS/MEMBER/SERVERCODE of the gateway that signed. */
  readonly witness: string;
  readonly vkey: string;
  readonly size: number;
  /** The note as the log signed it. */
  readonly checkpoint: string;
  readonly line: string;
  readonly signedAt: Date;
};

/** A witness's newest; what is older than what is held changes nothing. */
export async function putCosignature(tx: Tx, one: Cosignature): Promise<void> {
  await sql`
    insert into witness_cosignature (witness, vkey, size, checkpoint, line, signed_at)
    values (${one.witness}, ${one.vkey}, ${one.size}, ${one.checkpoint}, ${one.line}, ${one.signedAt})
    on conflict (witness) do update set vkey = excluded.vkey, size = excluded.size, checkpoint = excluded.checkpoint,
      line = excluded.line, signed_at = excluded.signed_at
    where witness_cosignature.size <= excluded.size`.execute(tx);
}

export async function listCosignatures(tx: Tx): Promise<readonly Cosignature[]> {
  const found = await sql<Cosignature>`
    select witness, vkey, size, checkpoint, line, signed_at as "signedAt"
    from witness_cosignature order by size desc, witness`.execute(tx);
  return found.rows;
}

/** The newest checkpoint of at least that size that was witnessed, with every signature of its size. */
export async function witnessedCheckpoint(tx: Tx, least: number): Promise<string | undefined> {
  const [first, ...others] = await listCosignatures(tx);
  if (first === undefined || first.size < least) return undefined;
  return `${first.checkpoint}${[first, ...others.filter((one) => one.size === first.size)].map((one) => one.line).join('')}`;
}

/** False where the same alarm stands open already: one look at it is enough. */
export async function raiseAlarm(tx: Tx, kind: AlarmKind, about: string, detail: object, now: Date): Promise<boolean> {
  const raised = await sql`
    insert into exchange_alarm (kind, about, detail, raised_at)
    select ${kind}, ${about}, ${JSON.stringify(detail)}::jsonb, ${now}
    where not exists (
      select from exchange_alarm where kind = ${kind} and about = ${about} and acknowledged_at is null)
    returning id`.execute(tx);
  return raised.rows.length > 0;
}

const alarms = sql`select id, kind, about, detail, raised_at as "raisedAt", acknowledged_at as "acknowledgedAt"
  from exchange_alarm`;

export async function findAlarm(tx: Tx, id: number): Promise<Alarm | undefined> {
  const found = await sql<Alarm>`${alarms} where id = ${id}`.execute(tx);
  return found.rows[0];
}

export async function listAlarms(tx: Tx, limit: number): Promise<readonly Alarm[]> {
  const found = await sql<Alarm>`
    ${alarms} order by (acknowledged_at is null) desc, raised_at desc limit ${limit}`.execute(tx);
  return found.rows;
}

/** False where there is none, or it was acknowledged before. */
export async function acknowledgeAlarm(tx: Tx, id: number, now: Date): Promise<boolean> {
  const done = await sql`
    update exchange_alarm set acknowledged_at = ${now} where id = ${id} and acknowledged_at is null
    returning id`.execute(tx);
  return done.rows.length > 0;
}

export async function countOpenAlarms(tx: Tx): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*) as count from exchange_alarm where acknowledged_at is null`.execute(tx);
  return found.rows[0]?.count ?? 0;
}
