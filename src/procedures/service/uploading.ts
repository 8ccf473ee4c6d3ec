import { createHash } from 'node:crypto';
import type { FileAnswer } from '../../forms/index.ts';
import { notFound } from '../../kernel/index.ts';
import type { UploadedFile } from '../../platform/index.ts';
import { findFile, insertFile } from '../store/publication.ts';
import type { ProceduresDeps } from './deps.ts';

export type UploadRefusal = { readonly kind: 'file-kind' | 'file-empty' };

/** What a file is, by its first bytes: neither its name nor the browser's word counts. */
export function mediaTypeOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return 'application/pdf';
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png';
  return undefined;
}

/** Keeps an uploaded file with a dossier; the answer that stands for it goes into the form. */
export async function keepUpload(deps: ProceduresDeps, dossier: string, file: UploadedFile): Promise<FileAnswer> {
  const mediaType = mediaTypeOf(file.bytes) ?? 'application/octet-stream';
  const stored = await deps.files.put(file.bytes);
  const id = deps.newId();
  const name = safeName(file.fileName);
  await insertFile(deps.db.read, {
    id,
    dossier_id: dossier,
    name,
    media_type: mediaType,
    size: stored.size,
    sha256: stored.id,
    added_at: deps.clock(),
  });
  return { id, name, mediaType, bytes: stored.size };
}

/** For showing only: what is left of a path or of control characters is not part of a name. */
function safeName(name: string): string {
  const plain = (name.split(/[\\/]/).at(-1) ?? '').replace(/[\p{Cc}\p{Cf}]/gu, '');
  return plain.slice(0, 120) || 'file';
}

export type Download = { readonly name: string; readonly mediaType: string; readonly bytes: Buffer };

/** A file of this dossier; damaged or missing bytes are a fault of ours and throw. */
export async function downloadFile(deps: ProceduresDeps, dossier: string, id: string): Promise<Download> {
  const record = await findFile(deps.db.read, id);
  if (record === undefined || record.dossier_id !== dossier) throw notFound('There is no such file in this request.');
  const bytes = await deps.files.get(record.sha256);
  if (bytes === undefined)
    throw new Error(`the file ${createHash('sha256').update(id).digest('hex').slice(0, 8)} is missing`);
  return { name: record.name, mediaType: record.media_type, bytes };
}
