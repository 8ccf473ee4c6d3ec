import type { EvidenceStep } from '../report.ts';

/** A party as a sentence names it. */
export type PartyWords = {
  readonly member: string;
  readonly server: string;
  readonly instance: string;
  readonly ledger: string;
  readonly requestIndex: string;
  readonly responseIndex: string;
};

/** The report's facts, already in the language's own dates, numbers and names. */
export type ReportWords = {
  readonly exchange: string;
  readonly instance: string;
  /** Whether the two parties are of two instances: then each is told with its own. */
  readonly isAcross: boolean;
  readonly client: string;
  readonly service: string;
  readonly requestedAt: string;
  readonly answeredAt: string;
  readonly status: string;
  readonly purpose: string | undefined;
  readonly agreement: string | undefined;
  readonly consumer: PartyWords;
  readonly provider: PartyWords;
  /** Undefined where the verifier required none. */
  readonly witnesses: { readonly required: string; readonly consumer: string; readonly provider: string } | undefined;
  readonly sealedBy: string;
  readonly sealedAt: string;
};

export type StepTexts = {
  /** What is checked, a noun. */
  readonly name: string;
  /** What was proved. */
  readonly proved: (words: ReportWords) => string;
  /** What it means that this does not hold. */
  readonly refused: string;
};

export type EvidenceTexts = {
  readonly verified: (words: ReportWords) => string;
  readonly refused: string;
  readonly personalData: string;
  readonly noPersonalData: string;
  /** Stands before the technical reason, which is in English. */
  readonly technical: string;
  readonly steps: Readonly<Record<EvidenceStep, StepTexts>>;
};
