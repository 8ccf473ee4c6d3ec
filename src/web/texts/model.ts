/** The refusals that a person can meet on any page; others are told by `refused`. */
export type ProblemKind =
  | 'sign-in'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'too-many'
  | 'refused'
  | 'internal'
  | 'unavailable';

export type ProblemText = { readonly title: string; readonly whatToDo: string };

/** The words of the frame and of the components; those of a page live with its module. */
export type FrameTexts = {
  readonly languageName: string;
  readonly tagline: string;
  readonly homeLink: string;
  readonly skipLink: string;
  readonly languages: string;
  readonly mainMenu: string;
  readonly account: string;
  readonly signIn: string;
  readonly signOut: string;
  readonly signedInAs: string;
  readonly footerMenu: string;
  readonly accessibility: string;
  readonly legalNotice: string;
  readonly ledger: string;
  readonly footerLine: string;
  readonly agentSpace: string;
  readonly breadcrumbs: string;
  readonly back: string;
  readonly demonstration: string;
  readonly simulator: string;
  readonly errorTitlePrefix: string;
  readonly errorSummary: string;
  readonly error: string;
  readonly optional: string;
  readonly change: string;
  readonly important: string;
  readonly done: string;
  readonly warning: string;
  readonly search: string;
  readonly day: string;
  readonly month: string;
  readonly year: string;
  readonly chooseOne: string;
  readonly filesAlreadySent: string;
  readonly fileRules: (types: string, size: string) => string;
  readonly stepOf: (step: number, steps: number) => string;
  readonly stepDone: string;
  readonly stepCurrent: string;
  readonly pages: string;
  readonly previousPage: string;
  readonly nextPage: string;
  readonly pageNumber: (page: string) => string;
  readonly resultsShown: (from: string, to: string, total: string) => string;
  readonly sortBy: string;
  readonly sortedAscending: string;
  readonly sortedDescending: string;
  readonly selectAllHint: string;
  readonly dateAtTime: (date: string, time: string) => string;
  readonly problems: Readonly<Record<ProblemKind, ProblemText>>;
  readonly problemNumber: string;
  readonly toHome: string;
  readonly dirhams: (category: Intl.LDMLPluralRule) => string;
};
