import { createHash } from 'node:crypto';
import type { Answers, FileAnswer, Step } from '../../forms/index.ts';
import { notFound } from '../../kernel/index.ts';
import type { UploadedFile } from '../../platform/index.ts';
import { findFile, insertFile } from '../store/publication.ts';
import type { ProceduresDeps } from './deps.ts';

/** What a file is, by its first bytes: neither its name nor the browser's word counts. */
function mediaTypeOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return 'application/pdf';
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png';
  return undefined;
}

/** Files as they came with a form, under the answers that will stand for them once they are accepted. */
export type Received = {
  /** Per file field, all files that now answer it: those just sent, else those that stood before. */
  readonly answers: Readonly<Record<string, readonly FileAnswer[]>>;
  readonly fresh: readonly { readonly answer: FileAnswer; readonly bytes: Buffer }[];
};

/** Nothing is stored yet: the form's own rules look at the kind that the bytes show, and at the size. */
export function receiveUploads(
  deps: Pick<ProceduresDeps, 'newId'>,
  step: Pick<Step, 'fields'>,
  sent: Readonly<Record<string, readonly UploadedFile[]>>,
  before: Answers,
): Received {
  const answers: Record<string, readonly FileAnswer[]> = {};
  const fresh: { answer: FileAnswer; bytes: Buffer }[] = [];
  for (const field of step.fields.filter(({ kind }) => kind === 'file')) {
    const files = (Object.hasOwn(sent, field.id) ? sent[field.id] : undefined) ?? [];
    const standing = Object.hasOwn(before, field.id) ? before[field.id] : undefined;
    if (files.length === 0 && Array.isArray(standing)) answers[field.id] = standing as readonly FileAnswer[];
    if (files.length === 0) continue;
    const described = files.map((file) => ({ answer: describe(deps, file), bytes: file.bytes }));
    fresh.push(...described);
    answers[field.id] = described.map(({ answer }) => answer);
  }
  return { answers, fresh };
}

function describe(deps: Pick<ProceduresDeps, 'newId'>, file: UploadedFile): FileAnswer {
  const mediaType = mediaTypeOf(file.bytes) ?? 'application/octet-stream';
  return { id: deps.newId(), name: safeName(file.fileName), mediaType, bytes: file.bytes.length };
}

/** Stores those of the new files that `answers` refer to; a refused file leaves no trace. Durable when it returns. */
export async function keepUploads(
  deps: ProceduresDeps,
  dossier: string,
  received: Received,
  answers: Answers,
): Promise<void> {
  const kept = new Set(Object.values(answers).flatMap((value) => (Array.isArray(value) ? value.map(idOfFile) : [])));
  for (const { answer, bytes } of received.fresh.filter((one) => kept.has(one.answer.id))) {
    const stored = await deps.files.put(bytes);
    await insertFile(deps.db.read, {
      id: answer.id,
      dossier_id: dossier,
      name: answer.name,
      media_type: answer.mediaType,
      size: stored.size,
      sha256: stored.id,
      added_at: deps.clock(),
    });
  }
}

function idOfFile(item: string | FileAnswer): string {
  return typeof item === 'string' ? item : item.id;
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
