import type { FormContext } from '../../forms/index.ts';
import { dateIn, type IsoDate } from '../../kernel/index.ts';
import type { LegalCalendar } from '../model/calendar.ts';
import type { DocumentState, Dossier, DossierEvent } from '../model/dossier.ts';
import type { LegalSettings } from '../model/legal-settings.ts';
import type { DocumentFacts, Procedure } from '../model/procedure.ts';
import { type ClockActs, type ClockState, legalClock } from './clock.ts';

/** What every decision about a dossier needs besides the dossier: all of it is passed in. */
export type Circumstances = {
  readonly procedure: Procedure;
  readonly legal: LegalSettings;
  readonly calendar: LegalCalendar;
  readonly now: Date;
};

/** The dossier that the events stand for. Throws on an empty or headless list: our own storage would be broken. */
export function foldDossier(events: readonly DossierEvent[]): Dossier {
  const dossier = events.reduce<Dossier | undefined>(applyEvent, undefined);
  if (dossier === undefined) throw new Error('a dossier has at least one event');
  return dossier;
}

export function applyEvent(dossier: Dossier | undefined, event: DossierEvent): Dossier {
  if (event.kind === 'draft-started') {
    if (dossier !== undefined) throw new Error('a dossier is started once');
    return startedDossier(event);
  }
  if (dossier === undefined) throw new Error(`the first event is draft-started, not ${event.kind}`);
  return { ...dossier, ...changeOf(dossier, event), revision: dossier.revision + 1 };
}

function startedDossier(event: Extract<DossierEvent, { kind: 'draft-started' }>): Dossier {
  return {
    status: 'draft',
    revision: 1,
    procedure: { id: event.procedure, version: event.version },
    applicant: event.by,
    person: event.person,
    answers: event.answers,
    acknowledged: [],
    documents: {},
    startedAt: event.at,
    filing: undefined,
    assignee: undefined,
    completion: undefined,
    extension: undefined,
    decision: undefined,
    withdrawnAt: undefined,
    appeal: undefined,
  };
}

type LaterEvent = Exclude<DossierEvent, { kind: 'draft-started' }>;

function changeOf(dossier: Dossier, event: LaterEvent): Partial<Dossier> {
  switch (event.kind) {
    case 'answers-saved':
      return { answers: event.answers };
    case 'exchange-acknowledged':
      return { acknowledged: [...new Set([...dossier.acknowledged, ...event.documents])] };
    case 'document-obtained':
    case 'document-awaited':
    case 'document-failed':
      return { documents: { ...dossier.documents, [event.document]: documentState(event) } };
    case 'filed':
      return {
        status: 'filed',
        answers: event.answers,
        filing: { at: event.at, number: event.number, items: event.items, rules: event.rules },
      };
    case 'assigned':
      return { assignee: event.to };
    case 'completion-requested':
      return {
        status: 'awaiting-completion',
        completion: {
          requestedAt: event.at,
          by: event.by,
          items: event.items,
          message: event.message,
          completedAt: undefined,
        },
      };
    case 'completed':
      return {
        status: 'filed',
        answers: event.answers,
        completion: dossier.completion === undefined ? undefined : { ...dossier.completion, completedAt: event.at },
      };
    case 'extended':
      return { extension: { at: event.at, days: event.days, reason: event.reason } };
    default:
      return endingOf(event);
  }
}

type EndingEvent = Extract<
  DossierEvent,
  { kind: 'accepted' | 'refused' | 'accepted-by-silence' | 'withdrawn' | 'appealed' }
>;

function endingOf(event: EndingEvent): Partial<Dossier> {
  switch (event.kind) {
    case 'accepted': {
      const { number, at, by, remark } = event;
      return { status: 'accepted', decision: { kind: 'accepted', number, at, by, remark } };
    }
    case 'refused': {
      const { number, at, by, ground, legalReference, reason } = event;
      return { status: 'refused', decision: { kind: 'refused', number, at, by, ground, legalReference, reason } };
    }
    case 'accepted-by-silence': {
      const { number, at, effectiveOn } = event;
      return { status: 'accepted', decision: { kind: 'accepted-by-silence', number, at, effectiveOn } };
    }
    case 'withdrawn':
      return { status: 'withdrawn', withdrawnAt: event.at };
    case 'appealed':
      return { appeal: { at: event.at, against: event.against, reason: event.reason } };
  }
}

function documentState(
  event: Extract<DossierEvent, { kind: 'document-obtained' | 'document-awaited' | 'document-failed' }>,
): DocumentState {
  if (event.kind === 'document-obtained') {
    return { status: 'obtained', via: event.via, reference: event.reference, at: event.at, data: event.data };
  }
  const status = event.kind === 'document-awaited' ? 'awaited' : event.reason;
  return { status, reference: event.reference, at: event.at };
}

/** The acts of the dossier that move its legal clock. */
export function clockActs(dossier: Dossier): ClockActs {
  const { filing, completion, extension, decision, withdrawnAt } = dossier;
  const endedAt = decision?.at ?? withdrawnAt;
  return {
    filedAt: filing === undefined ? undefined : new Date(filing.at),
    completionRequestedAt: completion === undefined ? undefined : new Date(completion.requestedAt),
    completedAt: completion?.completedAt === undefined ? undefined : new Date(completion.completedAt),
    extension: extension === undefined ? undefined : { at: new Date(extension.at), days: extension.days },
    endedAt: endedAt === undefined ? undefined : new Date(endedAt),
  };
}

/** The legal clock of a dossier, by the rules that it was filed under. */
export function dossierClock(dossier: Dossier, around: Omit<Circumstances, 'procedure'>): ClockState {
  const rules = dossier.filing?.rules ?? UNFILED;
  return legalClock(rules, around.calendar, around.legal.alerts, clockActs(dossier), around.now);
}

const UNFILED = {
  days: 1,
  dayKind: 'calendar',
  firstDayExcluded: true,
  onCompletion: 'resume',
  lastDayNotWorked: 'keep',
  silence: 'none',
} as const;

/** What conditions, checks and prefill of the procedure's form see of this dossier. */
export function formContext(
  dossier: Dossier,
  around: Pick<Circumstances, 'procedure' | 'calendar' | 'now'>,
): FormContext {
  const documents: DocumentFacts = Object.fromEntries(
    around.procedure.documents.map(({ id }) => {
      const state = Object.hasOwn(dossier.documents, id) ? dossier.documents[id] : undefined;
      return [id, { status: state?.status ?? 'none', data: state?.status === 'obtained' ? state.data : {} }];
    }),
  );
  return { today: today(around), variables: { person: dossier.person, documents } };
}

export function today(around: Pick<Circumstances, 'calendar' | 'now'>): IsoDate {
  return dateIn(around.calendar.timeZone, around.now);
}
