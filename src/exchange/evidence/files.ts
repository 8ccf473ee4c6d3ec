import { readFile, stat } from 'node:fs/promises';
import { malformed, type Result } from '../../kernel/index.ts';
import { parseAnchor } from '../trust/model.ts';
import { type EvidenceRefusal, type EvidenceReport, refuseStep } from './report.ts';
import { verifyEvidence } from './verify.ts';

const MAX_BYTES = 1_000_000;

/** `verifyEvidence` over two files. Throws a Problem (400) where one cannot be read at all. */
export async function verifyEvidenceFiles(
  file: string,
  anchorFile: string,
): Promise<Result<EvidenceReport, EvidenceRefusal>> {
  const [bytes, anchorText] = await Promise.all([readBounded(file), readBounded(anchorFile)]);
  const anchor = parseAnchor(anchorText.toString('utf8'));
  return anchor.ok ? verifyEvidence(bytes, anchor.value) : refuseStep('anchor', anchor.error.detail);
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes`);
    return await readFile(path);
  } catch (cause) {
    throw malformed(`${path} cannot be read: ${cause instanceof Error ? cause.message : 'unknown reason'}.`);
  }
}
