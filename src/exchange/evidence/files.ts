import { readFile, stat } from 'node:fs/promises';
import { malformed, type Result } from '../../kernel/index.ts';
import { parseAnchor } from '../trust/model.ts';
import { type EvidenceRefusal, type EvidenceReport, refuseStep } from './report.ts';
import { verifyEvidence } from './verify.ts';
import { parseWitnessPolicy } from './witnesses.ts';

const MAX_BYTES = 1_000_000;

/** `verifyEvidence` over files; `policyFile` is a witness policy. Throws a Problem (400) where one cannot be read at all. */
export async function verifyEvidenceFiles(
  file: string,
  anchorFile: string,
  policyFile?: string,
): Promise<Result<EvidenceReport, EvidenceRefusal>> {
  const [bytes, anchorText] = await Promise.all([readBounded(file), readBounded(anchorFile)]);
  const anchor = parseAnchor(anchorText.toString('utf8'));
  if (!anchor.ok) return refuseStep('anchor', anchor.error.detail);
  if (policyFile === undefined) return verifyEvidence(bytes, anchor.value);
  const policy = parseWitnessPolicy((await readBounded(policyFile)).toString('utf8'));
  if (!policy.ok) return refuseStep('witnesses', `the witness policy: ${policy.error.detail}`);
  return verifyEvidence(bytes, anchor.value, policy.value);
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
