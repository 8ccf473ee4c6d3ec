import { sql } from 'kysely';
import { type Tx, tables } from '../../platform/index.ts';
import { isId } from './dossier.ts';

export type AttestationRecord = {
  readonly dossier_id: string;
  readonly number: string;
  readonly issued_at: Date;
  /** SHA-256 of the files, their names in the file store. */
  readonly pdf_ar: string;
  readonly pdf_fr: string;
  readonly jws: string;
  /** Initials: all that the public page says about the person. */
  readonly holder: string;
  readonly status: 'valid' | 'replaced' | 'revoked';
};

export type PublicPage = { readonly id: string; readonly kind: 'receipt' | 'attestation'; readonly dossier_id: string };

export type FileRecord = {
  readonly id: string;
  readonly dossier_id: string;
  readonly name: string;
  readonly media_type: string;
  readonly size: number;
  readonly sha256: string;
  readonly added_at: Date;
};

type Tables = { attestation: AttestationRecord; public_page: PublicPage; dossier_file: FileRecord };

export async function insertAttestation(tx: Tx, record: AttestationRecord): Promise<void> {
  await tables<Tables>(tx).insertInto('attestation').values(record).execute();
}

export async function findAttestation(tx: Tx, dossier: string): Promise<AttestationRecord | undefined> {
  return tables<Tables>(tx).selectFrom('attestation').selectAll().where('dossier_id', '=', dossier).executeTakeFirst();
}

/** The page's address once made stays: the second call gives the first's. */
export async function keepPublicPage(tx: Tx, page: PublicPage): Promise<string> {
  await sql`insert into public_page (id, kind, dossier_id) values (${page.id}, ${page.kind}, ${page.dossier_id})
    on conflict (dossier_id, kind) do nothing`.execute(tx);
  return (await findPageOf(tx, page.dossier_id, page.kind)) ?? page.id;
}

export async function findPageOf(tx: Tx, dossier: string, kind: PublicPage['kind']): Promise<string | undefined> {
  const row = await tables<Tables>(tx)
    .selectFrom('public_page')
    .select('id')
    .where('dossier_id', '=', dossier)
    .where('kind', '=', kind)
    .executeTakeFirst();
  return row?.id;
}

export async function findPublicPage(tx: Tx, id: string): Promise<PublicPage | undefined> {
  return tables<Tables>(tx).selectFrom('public_page').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function insertFile(tx: Tx, record: FileRecord): Promise<void> {
  await tables<Tables>(tx).insertInto('dossier_file').values(record).execute();
}

export async function findFile(tx: Tx, id: string): Promise<FileRecord | undefined> {
  if (!isId(id)) return undefined;
  return tables<Tables>(tx).selectFrom('dossier_file').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function listFiles(tx: Tx, dossier: string): Promise<readonly FileRecord[]> {
  return tables<Tables>(tx)
    .selectFrom('dossier_file')
    .selectAll()
    .where('dossier_id', '=', dossier)
    .orderBy('added_at')
    .execute();
}
