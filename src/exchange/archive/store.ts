import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import type { Agreement } from '../message/agreement.ts';
import type { ArchivedBody, BodyToKeep, Erasure, SealedBody } from './model.ts';

/** A body as `archive_keep` reads it. */
export function toBodyRow(
  index: number,
  { exchange, kind, at }: { readonly exchange: string; readonly kind: string; readonly at: Date },
  { body, expiresAt }: BodyToKeep,
): object {
  const { header, payload, size } = body;
  return {
    ...{ leaf_index: index, exchange, kind, kept_at: at, expires_at: expiresAt, size },
    header: header.toString('base64'),
    sealed: 'sealed' in payload ? payload.sealed.toString('base64') : null,
    file: 'file' in payload ? payload.file : null,
  };
}

/** For a body that was complete only after its message had been kept. */
export async function insertBody(tx: Tx, row: object): Promise<void> {
  await sql`select archive_keep(${JSON.stringify([row])})`.execute(tx);
}

const columns = sql`leaf_index as index, exchange, kind, kept_at as "keptAt", expires_at as "expiresAt", size,
  erased_at as "erasedAt", erased_why as "erasedWhy"`;

export async function listBodiesOf(tx: Tx, exchange: string): Promise<readonly ArchivedBody[]> {
  const found = await sql<ArchivedBody>`
    select ${columns} from archive_body where exchange = ${exchange} order by leaf_index limit 20`.execute(tx);
  return found.rows;
}

/** Newest first, behind `before`. */
export async function listBodies(tx: Tx, before: number, limit: number): Promise<readonly ArchivedBody[]> {
  const found = await sql<ArchivedBody>`
    select ${columns} from archive_body where leaf_index < ${before} order by leaf_index desc limit ${limit}`.execute(
    tx,
  );
  return found.rows;
}

/** With what it takes to read it, and the signed text that names its digest. */
export type StoredBody = ArchivedBody & { readonly body: SealedBody | undefined; readonly base: string };

type StoredRow = ArchivedBody & {
  readonly header: Buffer | null;
  readonly sealed: Buffer | null;
  readonly file: string | null;
  readonly base: string;
};

export async function findBody(tx: Tx, index: number): Promise<StoredBody | undefined> {
  const found = await sql<StoredRow>`
    select ${columns}, header, sealed, file, (select base from exchange_message one where one.leaf_index = ${index}) as base
    from archive_body where leaf_index = ${index}`.execute(tx);
  const [row] = found.rows;
  if (row === undefined) return undefined;
  const { header, sealed, file, ...told } = row;
  const payload = sealed !== null ? { sealed } : file !== null ? { file } : undefined;
  const body = header === null || payload === undefined ? undefined : { header, payload, size: told.size };
  return { ...told, body };
}

/** What was forgotten: the bodies' places, and the files that are of no use now. */
export type Forgotten = { readonly indexes: readonly number[]; readonly files: readonly string[] };

/**
 * Forgets the keys and the small bodies of rows that a query names as `due (leaf_index, file)`. Nobody else can erase
 * them meanwhile, and what is erased already is not erased again.
 */
async function forget(tx: Tx, due: ReturnType<typeof sql>, why: Erasure, now: Date): Promise<Forgotten> {
  const found = await sql<{ index: number; file: string | null }>`
    with due as (${due}),
    gone as (
      update archive_body one set header = null, sealed = null, file = null, erased_at = ${now}, erased_why = ${why}
      from due where one.leaf_index = due.leaf_index and one.erased_at is null returning one.leaf_index)
    select due.leaf_index as index, due.file from due join gone using (leaf_index) order by 1`.execute(tx);
  return {
    indexes: found.rows.map((row) => row.index),
    files: found.rows.flatMap(({ file }) => (file === null ? [] : [file])),
  };
}

export function forgetExpired(tx: Tx, now: Date, limit: number): Promise<Forgotten> {
  const due = sql`
    select leaf_index, file from archive_body where erased_at is null and expires_at <= ${now}
    order by expires_at limit ${limit} for update skip locked`;
  return forget(tx, due, 'expired', now);
}

export function forgetExchange(tx: Tx, exchange: string, why: Erasure, now: Date): Promise<Forgotten> {
  const due = sql`
    select leaf_index, file from archive_body where erased_at is null and exchange = ${exchange} for update`;
  return forget(tx, due, why, now);
}

/** Of every message about the person under that hash. */
export function forgetSubject(tx: Tx, subjectHash: Buffer, now: Date): Promise<Forgotten> {
  const due = sql`
    select leaf_index, file from archive_body where erased_at is null and exchange in (
      select exchange from exchange_message where subject_hash = ${subjectHash}) for update`;
  return forget(tx, due, 'subject', now);
}

/** Those of the files that no row names. */
export async function unnamedFiles(tx: Tx, files: readonly string[]): Promise<readonly string[]> {
  const found = await sql<{ file: string }>`
    select given.file from json_array_elements_text(${JSON.stringify(files)}::json) as given (file)
    where not exists (select from archive_body where archive_body.file = given.file)`.execute(tx);
  return found.rows.map((row) => row.file);
}

/** Until the transaction ends nobody else has it; false where somebody has. */
export async function holdSweep(tx: Tx): Promise<boolean> {
  const held = await sql`select from archive_sweep where id = 1 for update skip locked`.execute(tx);
  return held.rows.length > 0;
}

export async function noteSwept(tx: Tx, now: Date): Promise<void> {
  await sql`update archive_sweep set swept_at = ${now} where id = 1`.execute(tx);
}

export type ArchiveCounts = {
  readonly bodies: number;
  readonly bytes: number;
  readonly oldestAt: Date | null;
  /** Past their date and not erased yet. */
  readonly overdue: number;
};

export async function countArchive(tx: Tx, now: Date): Promise<ArchiveCounts> {
  const found = await sql<ArchiveCounts>`
    select count(*) as bodies, coalesce(sum(size), 0)::int8 as bytes, min(kept_at) as "oldestAt",
      count(*) filter (where expires_at <= ${now}) as overdue
    from archive_body where erased_at is null`.execute(tx);
  const [counts] = found.rows;
  if (counts === undefined) throw new Error('a count gives one row');
  return counts;
}

/** One version an agreement: the last that was signed. */
export async function putSignedTerm(tx: Tx, provider: string, document: Omit<Agreement, 'status'>): Promise<void> {
  await sql`
    insert into archive_agreement (provider, agreement, version, document)
    values (${provider}, ${document.id}, ${document.version}, ${JSON.stringify(document)}::jsonb)
    on conflict (provider, agreement) do update set version = excluded.version, document = excluded.document
    where archive_agreement.version < excluded.version`.execute(tx);
}

export async function removeSignedTerm(tx: Tx, provider: string, document: Omit<Agreement, 'status'>): Promise<void> {
  await sql`
    delete from archive_agreement
    where provider = ${provider} and agreement = ${document.id} and version < ${document.version}`.execute(tx);
}

export async function listSignedTerms(
  tx: Tx,
): Promise<readonly { readonly provider: string; readonly document: Omit<Agreement, 'status'> }[]> {
  const found = await sql<{ provider: string; document: Omit<Agreement, 'status'> }>`
    select provider, document from archive_agreement order by agreement`.execute(tx);
  return found.rows;
}
