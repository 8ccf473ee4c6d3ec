import { readFile, stat } from 'node:fs/promises';
import { malformed, type Result } from '../../kernel/index.ts';
import type { ProofReport } from './any.ts';
import { judgeEvidence } from './judge.ts';
import type { EvidenceRefusal } from './report.ts';

const MAX_BYTES = 1_000_000;

/** Paths: one, or one for each instance that a file may be of. */
export type Paths = string | readonly string[];

/** `verifyProof` over files; `policyFiles` are witness policies. Throws a Problem (400) where one cannot be read at all. */
export async function verifyEvidenceFiles(
  file: string,
  anchorFiles: Paths,
  policyFiles: Paths = [],
): Promise<Result<ProofReport, EvidenceRefusal>> {
  const [bytes, anchors, policies] = await Promise.all([
    readBounded(file),
    readTexts(anchorFiles),
    readTexts(policyFiles),
  ]);
  return judgeEvidence(bytes, anchors, policies);
}

export async function readTexts(paths: Paths): Promise<readonly string[]> {
  const files = await Promise.all([paths].flat().map(readBounded));
  return files.map((bytes) => bytes.toString('utf8'));
}

export async function readBounded(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes`);
    return await readFile(path);
  } catch (cause) {
    throw malformed(`${path} cannot be read: ${cause instanceof Error ? cause.message : 'unknown reason'}.`);
  }
}
