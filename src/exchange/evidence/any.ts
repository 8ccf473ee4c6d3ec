import { type Language, parseJson, type Result } from '../../kernel/index.ts';
import { decodeUtf8 } from '../trust/jws.ts';
import type { TrustAnchor } from '../trust/model.ts';
import { FAILURE_FORMAT } from './failure-model.ts';
import type { FailureReport } from './failure-report.ts';
import { verifyFailure } from './failure-verify.ts';
import { describeFailure } from './failure-words.ts';
import type { EvidenceRefusal, EvidenceReport } from './report.ts';
import { verifyEvidence } from './verify.ts';
import type { WitnessPolicy } from './witnesses.ts';
import { describeReport, type EvidenceWords } from './words.ts';

/** What either format proves; `outcome` tells them apart. */
export type ProofReport = EvidenceReport | FailureReport;

export const isFailure = (report: ProofReport): report is FailureReport => 'outcome' in report;

/** The file says its format; each verifier is as strict as if there were no other. */
export function isFailureFile(bytes: Uint8Array): boolean {
  const source = bytes.length > 200_000 ? undefined : decodeUtf8(bytes);
  const json = source === undefined ? undefined : parseJson(source, { maxChars: 200_000, maxDepth: 6 });
  const value = json?.ok === true ? json.value : undefined;
  return typeof value === 'object' && value !== null && 'format' in value && value['format'] === FAILURE_FORMAT;
}

/** Verifies an exchange that was answered, refused or left without answer, by what the file is. */
export function verifyProof(
  bytes: Uint8Array,
  anchor: TrustAnchor,
  policy?: WitnessPolicy,
): Result<ProofReport, EvidenceRefusal> {
  return isFailureFile(bytes) ? verifyFailure(bytes, anchor, policy) : verifyEvidence(bytes, anchor, policy);
}

export function describeProof(report: ProofReport, language: Language): EvidenceWords {
  return isFailure(report) ? describeFailure(report, language) : describeReport(report, language);
}
