import type { Language, Result } from '../../kernel/index.ts';
import type { Anchors } from './anchors.ts';
import { isFailureFile } from './failure-model.ts';
import type { FailureReport } from './failure-report.ts';
import { verifyFailure } from './failure-verify.ts';
import { describeFailure } from './failure-words.ts';
import type { EvidenceRefusal, EvidenceReport } from './report.ts';
import { verifyEvidence } from './verify.ts';
import type { Policies } from './witnesses.ts';
import { describeReport, type EvidenceWords } from './words.ts';

/** What either format proves; `outcome` tells them apart. */
export type ProofReport = EvidenceReport | FailureReport;

export const isFailure = (report: ProofReport): report is FailureReport => 'outcome' in report;

/** Verifies an exchange that was answered, refused or left without answer, by what the file is. */
export function verifyProof(
  bytes: Uint8Array,
  anchors: Anchors,
  policies?: Policies,
): Result<ProofReport, EvidenceRefusal> {
  return isFailureFile(bytes) ? verifyFailure(bytes, anchors, policies) : verifyEvidence(bytes, anchors, policies);
}

export function describeProof(report: ProofReport, language: Language): EvidenceWords {
  return isFailure(report) ? describeFailure(report, language) : describeReport(report, language);
}
