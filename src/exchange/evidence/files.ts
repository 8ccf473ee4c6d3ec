import { readFile, stat } from 'node:fs/promises';
import { malformed, type Result } from '../../kernel/index.ts';
import type { ProofReport } from './any.ts';
import { judgeEvidence } from './judge.ts';
import type { EvidenceRefusal } from './report.ts';

const MAX_BYTES = 1_000_000;

/** `verifyProof` over files; `policyFile` is a witness policy. Throws a Problem (400) where one cannot be read at all. */
export async function verifyEvidenceFiles(
  file: string,
  anchorFile: string,
  policyFile?: string,
): Promise<Result<ProofReport, EvidenceRefusal>> {
  const [bytes, anchorText] = await Promise.all([readBounded(file), readBounded(anchorFile)]);
  const policy = policyFile === undefined ? undefined : (await readBounded(policyFile)).toString('utf8');
  return judgeEvidence(bytes, anchorText.toString('utf8'), policy);
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
