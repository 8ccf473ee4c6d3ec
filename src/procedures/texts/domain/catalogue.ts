import type { CompletionItem, DocumentVia, Dossier, DossierEventKind, FiledItem } from '../../model/dossier.ts';
import type {
  AuthorityKind,
  Certainty,
  Deadline,
  DocumentStanding,
  Fee,
  ProcedureStatus,
  ResultKind,
  Theme,
} from '../../model/procedure.ts';
import type { ClockColour, ClockReason } from '../../rules/clock.ts';
import type { Refusal } from '../../rules/refusal.ts';

type Words<K extends string> = { readonly [key in K]: string };

/** Words of the law and of the dossier. Dates and numbers arrive formatted; lists of names arrive joined. */
export type DomainTexts = {
  readonly certainty: Words<Certainty>;
  readonly authorityKind: Words<AuthorityKind>;
  readonly theme: Words<Theme>;
  readonly result: Words<ResultKind>;
  readonly procedureStatus: Words<ProcedureStatus>;
  readonly dossierStatus: Words<Dossier['status']>;
  readonly event: Words<DossierEventKind>;
  readonly colour: Words<ClockColour>;
  readonly documentStanding: Words<DocumentStanding>;
  readonly via: Words<DocumentVia>;
  readonly itemOutcome: Words<FiledItem['outcome']>;
  readonly completionProblem: Words<CompletionItem['problem']>;
  readonly deadlineBasis: Words<Deadline['basis']>;
  readonly fee: Words<Fee['kind']>;
  readonly silence: { readonly none: string; readonly acceptance: (date: string) => string };
  readonly reason: {
    readonly [K in ClockReason['key']]: (values: { readonly days: string; readonly date: string }) => string;
  };
  readonly refusal: {
    readonly [K in Refusal['kind']]: (values: {
      readonly names: string;
      readonly days: string;
      readonly date: string;
    }) => string;
  };
};
