import type { FormError } from '../../forms/index.ts';
import type { IsoDate, LocalText } from '../../kernel/index.ts';

/** Why a move on a dossier is refused. The words, with the legal reason, are in `texts/domain`. */
export type Refusal =
  | { readonly kind: 'form-errors'; readonly errors: readonly FormError[] }
  | { readonly kind: 'not-eligible'; readonly message: LocalText }
  | { readonly kind: 'documents-not-fetched'; readonly documents: readonly string[] }
  | { readonly kind: 'documents-awaited'; readonly documents: readonly string[] }
  | { readonly kind: 'not-required'; readonly ids: readonly string[] }
  | { readonly kind: 'deadline-passed'; readonly on: IsoDate }
  | { readonly kind: 'accepted-by-silence'; readonly on: IsoDate }
  | { readonly kind: 'extension-too-long'; readonly days: number }
  | { readonly kind: SimpleRefusal };

export type SimpleRefusal =
  | 'not-published'
  | 'applicant-kind'
  | 'not-yours'
  | 'own-dossier'
  | 'not-a-draft'
  | 'not-filed'
  | 'ended'
  | 'suspended'
  | 'already-obtained'
  | 'not-acknowledged'
  | 'completion-already-requested'
  | 'completion-not-requested'
  | 'nothing-requested'
  | 'not-extendable'
  | 'already-extended'
  | 'reason-required'
  | 'unknown-ground'
  | 'silence-not-due'
  | 'nothing-to-appeal'
  | 'already-appealed'
  | 'appeal-closed';
