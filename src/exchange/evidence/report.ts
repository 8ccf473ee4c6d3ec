import { err, type LocalText, type Result } from '../../kernel/index.ts';

/** The steps of the verification, in their order. Each has its words in `texts/`. */
export const EVIDENCE_STEPS = [
  'form',
  'anchor',
  'statements',
  'certificates',
  'request',
  'response',
  'records',
  'ledgers',
  'witnesses',
  'seal',
] as const;
export type EvidenceStep = (typeof EVIDENCE_STEPS)[number];

/** The first step that did not hold, and the technical reason: what was expected, what was found. */
export type EvidenceRefusal = { readonly step: EvidenceStep; readonly detail: string };

export type EvidenceParty = {
  readonly server: string;
  /** Whose registry vouches for it. */
  readonly instance: string;
  readonly member: { readonly id: string; readonly name: LocalText };
  /** The checkpoint that the proofs lead to; `root` is base64. */
  readonly ledger: { readonly name: string; readonly size: number; readonly root: string };
  readonly request: { readonly index: number; readonly at: string };
  readonly response: { readonly index: number; readonly at: string };
};

/** What a verified file proves. Every value here was signed by the party that it speaks of. */
export type EvidenceReport = {
  readonly exchange: string;
  /** Of the party that exported the file. */
  readonly instance: string;
  /** True when the file holds, or may hold, a person's data. */
  readonly personalData: boolean;
  /** INST/CLASS/MEMBER/SUBSYSTEM */
  readonly client: string;
  /** INST/CLASS/MEMBER/SUBSYSTEM/SERVICE */
  readonly service: string;
  readonly agreement: string | undefined;
  readonly purpose: string | undefined;
  readonly method: string;
  /** Instants by the signers' own clocks. */
  readonly requestedAt: string;
  readonly answeredAt: string;
  readonly status: number;
  /** Values of Content-Digest (RFC 9530): who holds a body can check that it is the one. */
  readonly digests: { readonly request: string; readonly response: string };
  readonly consumer: EvidenceParty;
  readonly provider: EvidenceParty;
  /**
   * Different witnesses whose cosignature of each side's checkpoint was verified, of those that the verifier knows.
   * All are 0 where the verifier gave no policy: then cosignatures were not looked at.
   */
  readonly witnesses: {
    readonly required: number;
    readonly known: number;
    readonly consumer: number;
    readonly provider: number;
    /** By the policy for the half that is of another instance than the file. */
    readonly abroad?: { readonly instance: string; readonly required: number; readonly known: number };
  };
  readonly seal: { readonly by: string; readonly at: string; readonly sha256: string };
};

/** The detail may quote a hostile file: nothing in it may steer the terminal that shows it. */
export function refuseStep(step: EvidenceStep, detail: string): Result<never, EvidenceRefusal> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const shown = detail.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
  return err({ step, detail: shown.length > 600 ? `${shown.slice(0, 600)}…` : shown });
}
