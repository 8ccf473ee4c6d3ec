import type { Expression, Form } from '../../forms/index.ts';
import type { LocalText } from '../../kernel/index.ts';

/** How sure a published fact is. Nothing is shown as more certain than its source allows. */
export const CERTAINTIES = ['confirmed', 'single-source', 'unconfirmed'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

export type Provenance = {
  readonly certainty: Certainty;
  /** Ids of the procedure's `sources`. */
  readonly sources: readonly string[];
  readonly note: LocalText | undefined;
};

/** The five kinds of body that law 55-19 binds (articles 1 and 2). */
export const AUTHORITY_KINDS = [
  'state',
  'territorial-authority',
  'public-establishment',
  'public-law-body',
  'public-service-body',
] as const;
export type AuthorityKind = (typeof AUTHORITY_KINDS)[number];

export const PROCEDURE_STATUSES = ['draft', 'reviewed', 'approved', 'published', 'withdrawn'] as const;
export type ProcedureStatus = (typeof PROCEDURE_STATUSES)[number];

export const THEMES = [
  'civil-status',
  'identity',
  'justice',
  'urbanism',
  'business',
  'health',
  'social',
  'associations',
] as const;
export type Theme = (typeof THEMES)[number];

export const RESULT_KINDS = [
  'certificate',
  'extract',
  'licence',
  'permit',
  'authorisation',
  'registration',
  'receipt',
  'benefit',
  'document',
] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

export type DayKind = 'calendar' | 'working';

export type Source = {
  readonly id: string;
  readonly title: LocalText;
  readonly url: string | undefined;
};

export type LegalText = {
  readonly id: string;
  readonly title: LocalText;
  readonly url: string | undefined;
  readonly provenance: Provenance;
};

export type Deadline = {
  readonly days: number;
  readonly dayKind: DayKind;
  /** On the list of decree 2.22.385: at most 30 days instead of 60. */
  readonly investmentList: boolean;
  /** `authority`: the body's own figure. `law-ceiling`: no figure is known, the law's maximum is shown as such. */
  readonly basis: 'authority' | 'law-ceiling';
  /** Shorter or other delays for some requests; the first case that holds decides. */
  readonly cases: readonly { readonly when: Expression; readonly days: number; readonly label: LocalText }[];
  /** Delays of each intervenor inside the total (joint order on urbanism, 2023). */
  readonly stages: readonly Stage[];
  readonly provenance: Provenance;
};

export type Stage = {
  readonly id: string;
  readonly who: LocalText;
  readonly days: number;
  readonly dayKind: DayKind;
  readonly provenance: Provenance;
};

/** What silence means once the delay has run out (law 55-19, article 19, and its lists). */
export type Silence =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'acceptance';
      readonly listRef: LocalText;
      /** Who delivers the attestation of silence: the wali or the governor for local acts (decree 2.22.141). */
      readonly attestedBy: LocalText;
      readonly provenance: Provenance;
    };

/** Present only for decisions on the list of decree 2.22.386. */
export type Extension = { readonly listRef: LocalText; readonly maxDays: number; readonly provenance: Provenance };

export type Fee = {
  readonly kind: 'free' | 'fixed' | 'variable' | 'unknown';
  readonly amountMad: number | undefined;
  readonly items: readonly { readonly label: LocalText; readonly amountMad: number }[];
  readonly provenance: Provenance;
};

export type DocumentSource =
  | {
      readonly kind: 'exchange';
      /** Five-part identifier of the service. */
      readonly service: string;
      /** Path below the service; `{nationalId}` stands for the applicant's number. */
      readonly path: string;
      readonly holder: LocalText;
      /** JSON-pointer-like names of what is asked for, as in the agreement. */
      readonly fields: readonly { readonly pointer: string; readonly label: LocalText }[];
      readonly purpose: { readonly code: string; readonly text: LocalText };
      /** What the citizen is told when the holder does not answer: the document is awaited, filing goes on. */
      readonly ifUnavailable: LocalText;
      /** A field of the form that answers instead when the holder has no record. */
      readonly otherwise: string | undefined;
    }
  | { readonly kind: 'ledger'; readonly procedure: string }
  /** `declarationField`: a sworn declaration that replaces the file (law 55-19's principle of trust). */
  | { readonly kind: 'upload'; readonly field: string; readonly declarationField: string | undefined }
  | { readonly kind: 'declaration'; readonly field: string };

export type RequiredDocument = {
  readonly id: string;
  readonly title: LocalText;
  readonly description: LocalText | undefined;
  readonly source: DocumentSource;
  /** Absent: always asked for. */
  readonly when: Expression | undefined;
  readonly copies: number;
  /** A text that anyone can read, such as the Official Bulletin; asking for it is forbidden. */
  readonly publicCharacter: boolean;
  /** Ids of the procedure's `legalBasis`; empty only with an uncertainty that says so. */
  readonly legalBasis: readonly string[];
  readonly provenance: Provenance;
};

export type RefusalGround = {
  readonly code: string;
  readonly title: LocalText;
  readonly legalReference: LocalText;
  readonly provenance: Provenance;
};

export type AttestationTemplate = {
  readonly title: LocalText;
  readonly statement: LocalText;
  /** `value` is a path into `person`, `documents` and `answers`. */
  readonly rows: readonly { readonly label: LocalText; readonly value: readonly string[] }[];
  readonly validMonths: number | undefined;
};

/** What practice or older texts still ask for and law 55-19 does not allow: shown, never required. */
export type Simplification = {
  readonly rule: 'L5' | 'L6' | 'L7' | 'L8' | 'L9' | 'L10' | 'L11';
  readonly text: LocalText;
};

export type Procedure = {
  readonly id: string;
  readonly version: number;
  readonly status: ProcedureStatus;
  readonly theme: Theme;
  /** Shown first in the catalogue, 1 before 2; absent for the others. */
  readonly rank: number | undefined;
  readonly title: LocalText;
  readonly summary: LocalText;
  readonly keywords: { readonly ar: readonly string[]; readonly fr: readonly string[]; readonly en: readonly string[] };
  readonly authority: {
    readonly kind: AuthorityKind;
    readonly name: LocalText;
    /** Code of the office whose agents process it; roles of agents name the same code. */
    readonly office: string;
    readonly contact: LocalText | undefined;
    readonly provenance: Provenance;
  };
  readonly applicants: {
    readonly kinds: readonly ('natural' | 'legal')[];
    readonly who: LocalText;
    /** Checked at filing, in the variables of the form; the message says why not and what to do. */
    readonly conditions: readonly { readonly rule: Expression; readonly message: LocalText }[];
  };
  readonly result: { readonly kind: ResultKind; readonly title: LocalText; readonly validity: LocalText | undefined };
  readonly deadline: Deadline;
  readonly silence: Silence;
  readonly extension: Extension | undefined;
  readonly fee: Fee;
  readonly legalBasis: readonly LegalText[];
  readonly documents: readonly RequiredDocument[];
  readonly form: Form;
  readonly refusalGrounds: readonly RefusalGround[];
  readonly attestation: AttestationTemplate;
  readonly toSimplify: readonly Simplification[];
  readonly sources: readonly Source[];
};

/** What conditions and prefill of a procedure see. A document's `data` is empty until it is obtained. */
export type PersonFacts = {
  readonly fullNameAr: string;
  readonly fullNameFr: string;
  readonly birthDate: string;
  readonly nationalId: string;
};
export type DocumentStanding = 'none' | 'obtained' | 'awaited' | 'not-found' | 'refused';
export type DocumentFacts = {
  readonly [document: string]: { readonly status: DocumentStanding; readonly data: unknown };
};
