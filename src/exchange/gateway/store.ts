import { sql } from 'kysely';
import type { Sequenced } from '../../ledger/index.ts';
import { type Tx, tables } from '../../platform/index.ts';
import type { Agreement } from '../message/agreement.ts';
import type { Kept, MessageRecord, ServiceEntry } from './model.ts';

type Tables = {
  exchange_message: MessageRow;
  exchange_service: ServiceRow;
  exchange_agreement: AgreementRow;
  exchange_seen: { message: Buffer; expires_at: Date };
};

type MessageRow = {
  leaf_index: number;
  exchange: string;
  kind: MessageRecord['kind'];
  side: MessageRecord['side'];
  at: Date;
  peer: string;
  client: string;
  service: string;
  agreement: string | null;
  purpose: string | null;
  status: number | null;
  fault: string | null;
  x_road_id: string;
  keyid: string;
  base: string;
  signature_input: string;
  signature: string;
  salt: Buffer;
  subject_hash: Buffer | null;
};

type ServiceRow = { service: string; url: string; timeout_ms: number; enabled: boolean; notice: string };

type AgreementRow = {
  id: string;
  version: number;
  client: string;
  service: string;
  endpoints: unknown;
  purposes: unknown;
  legal_basis: unknown;
  fields: unknown;
  valid_from: Date;
  valid_until: Date;
  status: Agreement['status'];
};

/** Some messages of the batch were received before; none of the batch was kept. */
export class SeenBefore extends Error {
  override readonly name = 'SeenBefore';
  readonly keys: ReadonlySet<string>;

  constructor(keys: ReadonlySet<string>) {
    super(`${keys.size} messages were received before`);
    this.keys = keys;
  }
}

/**
 * Writes what belongs to a batch of ledger entries, in their transaction: two statements whatever the batch's size.
 * Throws SeenBefore when a message of the batch is remembered already; then nothing of the batch stays.
 */
export async function insertMessages(tx: Tx, batch: readonly Sequenced<Kept>[]): Promise<void> {
  await rememberSeen(tx, batch);
  const rows = batch.map(({ index, payload: { record } }) => toRow(index, record));
  const column = <K extends keyof MessageRow>(name: K) => rows.map((row) => row[name]);
  await sql`
    insert into exchange_message (leaf_index, exchange, kind, side, at, peer, client, service, agreement, purpose,
      status, fault, x_road_id, keyid, base, signature_input, signature, salt, subject_hash)
    select * from unnest(
      ${column('leaf_index')}::int8[], ${column('exchange')}::text[], ${column('kind')}::text[],
      ${column('side')}::text[], ${column('at')}::timestamptz[], ${column('peer')}::text[],
      ${column('client')}::text[], ${column('service')}::text[], ${column('agreement')}::text[],
      ${column('purpose')}::text[], ${column('status')}::int[], ${column('fault')}::text[],
      ${column('x_road_id')}::text[], ${column('keyid')}::text[], ${column('base')}::text[],
      ${column('signature_input')}::text[], ${column('signature')}::text[], ${column('salt')}::bytea[],
      ${column('subject_hash')}::bytea[])`.execute(tx);
}

async function rememberSeen(tx: Tx, batch: readonly Sequenced<Kept>[]): Promise<void> {
  const seen = batch.flatMap(({ payload }) => (payload.seen === undefined ? [] : [payload.seen]));
  if (seen.length === 0) return;
  const stored = await sql<{ message: Buffer }>`
    insert into exchange_seen (message, expires_at)
    select * from unnest(${seen.map((one) => one.key)}::bytea[], ${seen.map((one) => one.until)}::timestamptz[])
    on conflict do nothing returning message`.execute(tx);
  if (stored.rows.length === seen.length) return;
  const fresh = new Set(stored.rows.map((row) => row.message.toString('hex')));
  throw new SeenBefore(new Set(seen.map((one) => one.key.toString('hex')).filter((key) => !fresh.has(key))));
}

export async function forgetExpired(tx: Tx, now: Date): Promise<void> {
  await sql`delete from exchange_seen where expires_at < ${now}`.execute(tx);
}

/** Both messages (or the refusal) of one exchange as this side kept them, in the order of its ledger. */
export async function findMessages(
  tx: Tx,
  exchange: string,
): Promise<readonly { readonly index: number; readonly record: MessageRecord }[]> {
  const rows = await tables<Tables>(tx)
    .selectFrom('exchange_message')
    .selectAll()
    .where((is) => is.or([is('exchange', '=', exchange), is('x_road_id', '=', exchange)]))
    .orderBy('leaf_index')
    .limit(20)
    .execute();
  return rows.map(fromRow);
}

export async function listMessages(tx: Tx, limit: number): Promise<readonly MessageRecord[]> {
  const rows = await tables<Tables>(tx)
    .selectFrom('exchange_message')
    .selectAll()
    .orderBy('leaf_index', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => fromRow(row).record);
}

/** Requests about one person that this gateway answered, newest first. */
export async function listUsages(tx: Tx, subject: Buffer, limit: number): Promise<readonly MessageRecord[]> {
  const rows = await tables<Tables>(tx)
    .selectFrom('exchange_message')
    .selectAll()
    .where('subject_hash', '=', subject)
    .where('side', '=', 'provider')
    .where('kind', '=', 'request')
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => fromRow(row).record);
}

export async function listServices(tx: Tx): Promise<readonly ServiceEntry[]> {
  const rows = await tables<Tables>(tx).selectFrom('exchange_service').selectAll().orderBy('service').execute();
  return rows.map((row) => ({
    service: row.service,
    url: row.url,
    timeoutMs: row.timeout_ms,
    enabled: row.enabled,
    notice: row.notice,
  }));
}

export async function putService(tx: Tx, entry: ServiceEntry): Promise<void> {
  await sql`
    insert into exchange_service (service, url, timeout_ms, enabled, notice)
    values (${entry.service}, ${entry.url}, ${entry.timeoutMs}, ${entry.enabled}, ${entry.notice})
    on conflict (service) do update set url = excluded.url, timeout_ms = excluded.timeout_ms,
      enabled = excluded.enabled, notice = excluded.notice`.execute(tx);
}

export async function listAgreements(tx: Tx): Promise<readonly Agreement[]> {
  const rows = await tables<Tables>(tx).selectFrom('exchange_agreement').selectAll().orderBy('id').execute();
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    client: row.client,
    service: row.service,
    endpoints: row.endpoints as Agreement['endpoints'],
    purposes: row.purposes as Agreement['purposes'],
    legalBasis: row.legal_basis as Agreement['legalBasis'],
    fields: row.fields as Agreement['fields'],
    validFrom: row.valid_from.toISOString(),
    validUntil: row.valid_until.toISOString(),
    status: row.status,
  }));
}

/** A version is written once; the same version again is left as it is. */
export async function insertAgreement(tx: Tx, one: Agreement): Promise<void> {
  await sql`
    insert into exchange_agreement (id, version, client, service, endpoints, purposes, legal_basis, fields,
      valid_from, valid_until, status)
    values (${one.id}, ${one.version}, ${one.client}, ${one.service}, ${JSON.stringify(one.endpoints)}::jsonb,
      ${JSON.stringify(one.purposes)}::jsonb, ${JSON.stringify(one.legalBasis)}::jsonb,
      ${JSON.stringify(one.fields)}::jsonb, ${one.validFrom}, ${one.validUntil}, ${one.status})
    on conflict (id, version) do nothing`.execute(tx);
}

/** False when there is no such agreement. */
export async function setAgreementStatus(tx: Tx, id: string, status: Agreement['status']): Promise<boolean> {
  const changed = await sql`
    update exchange_agreement set status = ${status}
    where id = ${id} and version = (select max(version) from exchange_agreement where id = ${id})`.execute(tx);
  return Number(changed.numAffectedRows ?? 0) > 0;
}

function toRow(index: number, record: MessageRecord): MessageRow {
  const { xRoadId, signatureInput, subjectHash, ...same } = record;
  return { ...same, leaf_index: index, x_road_id: xRoadId, signature_input: signatureInput, subject_hash: subjectHash };
}

function fromRow(row: MessageRow): { readonly index: number; readonly record: MessageRecord } {
  const { leaf_index, x_road_id, signature_input, subject_hash, ...same } = row;
  const record = { ...same, xRoadId: x_road_id, signatureInput: signature_input, subjectHash: subject_hash };
  return { index: leaf_index, record };
}
