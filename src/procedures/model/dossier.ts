import type { Answers } from '../../forms/index.ts';
import type { IsoDate, Json, LocalText } from '../../kernel/index.ts';
import type { LegalSettings } from './legal-settings.ts';
import type { DayKind, PersonFacts } from './procedure.ts';

/** The rules that a dossier was filed under; they are stored with its filing and never change after. */
export type ClockRules = {
  readonly days: number;
  readonly dayKind: DayKind;
  readonly firstDayExcluded: boolean;
  readonly onCompletion: LegalSettings['onCompletion'];
  readonly lastDayNotWorked: LegalSettings['lastDayNotWorked'];
  readonly silence: 'none' | 'acceptance';
};

/** How a document came into the dossier. */
export type DocumentVia = 'exchange' | 'ledger' | 'upload' | 'declaration';

/** One line of the receipt: a required document and what became of it at filing. */
export type FiledItem = {
  readonly document: string;
  readonly outcome: 'received' | 'awaited' | 'missing';
  readonly via: DocumentVia;
};

/** What is asked for in the one completion request: a published document or a field of the form, nothing else. */
export type CompletionItem = {
  readonly kind: 'document' | 'field';
  readonly id: string;
  readonly problem: 'missing' | 'unreadable' | 'incorrect' | 'outdated';
};

type Act<K extends string, T> = { readonly kind: K; readonly at: string; readonly by: string } & Readonly<T>;

/**
 * What happened to a dossier, in order; its state is the fold of these. `at` is an ISO instant, `by` a person's opaque
 * id or `system`. Events hold personal data: they stay in the database, the ledger gets a salted commitment only.
 */
export type DossierEvent =
  | Act<'draft-started', { procedure: string; version: number; person: PersonFacts; answers: Answers }>
  | Act<'answers-saved', { answers: Answers }>
  /** The citizen knows which documents are fetched, from whom and why. */
  | Act<'exchange-acknowledged', { documents: readonly string[] }>
  | Act<'document-obtained', { document: string; via: 'exchange' | 'ledger'; reference: string; data: Json }>
  | Act<'document-awaited', { document: string; reference: string | undefined }>
  | Act<'document-failed', { document: string; reference: string | undefined; reason: 'not-found' | 'refused' }>
  | Act<'filed', { number: string; answers: Answers; items: readonly FiledItem[]; rules: ClockRules }>
  | Act<'assigned', { to: string }>
  | Act<'completion-requested', { items: readonly CompletionItem[]; message: string }>
  | Act<'completed', { answers: Answers }>
  | Act<'extended', { days: number; reason: string; listRef: LocalText }>
  | Act<'accepted', { number: string; remark: string | undefined }>
  | Act<'refused', { number: string; ground: string; legalReference: LocalText; reason: string }>
  | Act<'accepted-by-silence', { number: string; effectiveOn: IsoDate }>
  | Act<'withdrawn', { reason: string | undefined }>
  | Act<'appealed', { against: 'refusal' | 'silence'; reason: string }>;

export type DossierEventKind = DossierEvent['kind'];

export type DocumentState =
  | {
      readonly status: 'obtained';
      readonly via: 'exchange' | 'ledger';
      readonly reference: string;
      readonly at: string;
      readonly data: Json;
    }
  | {
      readonly status: 'awaited' | 'not-found' | 'refused';
      readonly reference: string | undefined;
      readonly at: string;
    };

export type Decision =
  | {
      readonly kind: 'accepted';
      readonly number: string;
      readonly at: string;
      readonly by: string;
      readonly remark: string | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly number: string;
      readonly at: string;
      readonly by: string;
      readonly ground: string;
      readonly legalReference: LocalText;
      readonly reason: string;
    }
  | {
      readonly kind: 'accepted-by-silence';
      readonly number: string;
      readonly at: string;
      readonly effectiveOn: IsoDate;
    };

export type DossierStatus = 'draft' | 'filed' | 'awaiting-completion' | 'accepted' | 'refused' | 'withdrawn';

export type Dossier = {
  readonly status: DossierStatus;
  /** How many events were folded: what an optimistic write compares with. */
  readonly revision: number;
  readonly procedure: { readonly id: string; readonly version: number };
  readonly applicant: string;
  readonly person: PersonFacts;
  readonly answers: Answers;
  readonly acknowledged: readonly string[];
  readonly documents: { readonly [document: string]: DocumentState };
  readonly startedAt: string;
  readonly filing:
    | { readonly at: string; readonly number: string; readonly items: readonly FiledItem[]; readonly rules: ClockRules }
    | undefined;
  readonly assignee: string | undefined;
  readonly completion:
    | {
        readonly requestedAt: string;
        readonly by: string;
        readonly items: readonly CompletionItem[];
        readonly message: string;
        readonly completedAt: string | undefined;
      }
    | undefined;
  readonly extension: { readonly at: string; readonly days: number; readonly reason: string } | undefined;
  readonly decision: Decision | undefined;
  readonly withdrawnAt: string | undefined;
  readonly appeal:
    | { readonly at: string; readonly against: 'refusal' | 'silence'; readonly reason: string }
    | undefined;
};
