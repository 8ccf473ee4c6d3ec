import { ok, type Result } from '../../kernel/index.ts';
import { parseAnchor, type ShapeRefusal } from '../trust/model.ts';
import { type ProofReport, verifyProof } from './any.ts';
import { isFailureFile, parseFailure } from './failure-model.ts';
import { parseEvidence } from './model.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';
import { type TimestampRefusal, type TimestampReport, verifyTimestamps } from './timestamps.ts';
import { parseWitnessPolicy } from './witnesses.ts';

/** One text, or several: of anchors, or of policies, one for each instance. */
export type Texts = string | readonly string[];

/**
 * `verifyProof` over texts as they come from a disk or a page. An anchor or a policy that cannot be read is refused
 * at its own step, and not before those above it were made: a step that is told as sound was looked at.
 */
export function judgeEvidence(
  bytes: Uint8Array,
  anchorTexts: Texts,
  policyTexts: Texts = [],
): Result<ProofReport, EvidenceRefusal> {
  const anchors = readAll([anchorTexts].flat(), parseAnchor);
  if (!anchors.ok) {
    const form = isFailureFile(bytes) ? parseFailure(bytes) : parseEvidence(bytes);
    return form.ok ? refuseStep('anchor', anchors.error.detail) : refuseStep('form', form.error.detail);
  }
  const policies = readAll([policyTexts].flat(), parseWitnessPolicy);
  if (policies.ok) return verifyProof(bytes, anchors.value, policies.value);
  const rest = verifyProof(bytes, anchors.value);
  if (!rest.ok && rest.error.step !== 'seal') return rest;
  return refuseStep('witnesses', `the witness policy: ${policies.error.detail}`);
}

function readAll<T>(
  texts: readonly string[],
  parse: (text: string) => Result<T, ShapeRefusal>,
): Result<readonly T[], ShapeRefusal> {
  const read: T[] = [];
  for (const text of texts) {
    const one = parse(text);
    if (!one.ok) return one;
    read.push(one.value);
  }
  return ok(read);
}

/** The last step, for a file that `judgeEvidence` has accepted with the same anchors. */
export async function judgeTimestamps(
  bytes: Uint8Array,
  anchorTexts: Texts,
  required: boolean,
): Promise<Result<TimestampReport, TimestampRefusal>> {
  const anchors = readAll([anchorTexts].flat(), parseAnchor);
  if (!anchors.ok) return { ok: false, error: { step: 'timestamps', detail: anchors.error.detail } };
  return verifyTimestamps(bytes, anchors.value, required);
}
