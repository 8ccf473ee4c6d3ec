import type { Result } from '../../kernel/index.ts';
import { parseAnchor } from '../trust/model.ts';
import { type ProofReport, verifyProof } from './any.ts';
import { isFailureFile, parseFailure } from './failure-model.ts';
import { parseEvidence } from './model.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';
import { type TimestampRefusal, type TimestampReport, verifyTimestamps } from './timestamps.ts';
import { parseWitnessPolicy } from './witnesses.ts';

/**
 * `verifyProof` over texts as they come from a disk or a page. An anchor or a policy that cannot be read is refused
 * at its own step, and not before those above it were made: a step that is told as sound was looked at.
 */
export function judgeEvidence(
  bytes: Uint8Array,
  anchorText: string,
  policyText?: string,
): Result<ProofReport, EvidenceRefusal> {
  const anchor = parseAnchor(anchorText);
  if (!anchor.ok) {
    const form = isFailureFile(bytes) ? parseFailure(bytes) : parseEvidence(bytes);
    return form.ok ? refuseStep('anchor', anchor.error.detail) : refuseStep('form', form.error.detail);
  }
  if (policyText === undefined) return verifyProof(bytes, anchor.value);
  const policy = parseWitnessPolicy(policyText);
  if (policy.ok) return verifyProof(bytes, anchor.value, policy.value);
  const rest = verifyProof(bytes, anchor.value);
  if (!rest.ok && rest.error.step !== 'seal') return rest;
  return refuseStep('witnesses', `the witness policy: ${policy.error.detail}`);
}

/** The last step, for a file that `judgeEvidence` has accepted with the same anchor. */
export async function judgeTimestamps(
  bytes: Uint8Array,
  anchorText: string,
  required: boolean,
): Promise<Result<TimestampReport, TimestampRefusal>> {
  const anchor = parseAnchor(anchorText);
  if (!anchor.ok) return { ok: false, error: { step: 'timestamps', detail: anchor.error.detail } };
  return verifyTimestamps(bytes, anchor.value, required);
}
