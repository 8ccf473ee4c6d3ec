import type { LocalText } from '../../kernel/index.ts';
import type { EvidenceReport } from './report.ts';
import type { CountedWitnesses } from './witnesses.ts';

/** What a file about a failed exchange can prove. Each has its words, for where it is proved and for where it is not. */
export const FAILURE_CLAIMS = [
  /** The consumer's gateway signed this request. */
  'asked',
  /** The consumer's ledger holds it. */
  'asked-entered',
  /** The provider's gateway had it: its ledger holds the request or its refusal, or it signed a refusal of it. */
  'received',
  /** The provider's gateway refused it: by its signature, or in its ledger. */
  'refused',
  /** The provider's ledger holds the refusal. */
  'refusal-entered',
  /** The consumer's ledger holds the provider's signed refusal. */
  'refusal-arrived',
  /** The consumer entered that it had no valid answer: its own word, of that time. */
  'unanswered-entered',
] as const;
export type FailureClaim = (typeof FAILURE_CLAIMS)[number];

export type FailureParty = {
  readonly server: string;
  readonly instance: string;
  readonly member: { readonly id: string; readonly name: LocalText };
  /** Undefined where the file does not hold this side's ledger. */
  readonly ledger: EvidenceReport['consumer']['ledger'] | undefined;
  readonly request: { readonly index: number; readonly at: string } | undefined;
  readonly refusal: { readonly index: number; readonly at: string } | undefined;
};

export type FailureReport = Pick<
  EvidenceReport,
  | 'exchange'
  | 'instance'
  | 'personalData'
  | 'client'
  | 'service'
  | 'agreement'
  | 'purpose'
  | 'method'
  | 'requestedAt'
  | 'seal'
> & {
  /** `unanswered`: nothing of the provider says what became of the request. */
  readonly outcome: 'refused' | 'unanswered';
  /** The code of the refusal, as the ledgers hold it. */
  readonly fault: string | undefined;
  /** The provider's signed refusal: when, and its HTTP status. */
  readonly refusal: { readonly at: string; readonly status: number } | undefined;
  /** Value of Content-Digest of the request. */
  readonly digest: string;
  readonly consumer: FailureParty;
  readonly provider: FailureParty | undefined;
  readonly proved: readonly FailureClaim[];
  readonly notProved: readonly FailureClaim[];
  readonly witnesses: CountedWitnesses;
};
