import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  details,
  errorSummary,
  form,
  formatDateTime,
  type Html,
  html,
  identifier,
  linkButton,
  nothing,
  type SummaryError,
  select,
  type Tone,
  tag,
  textInput,
} from '../../../web/index.ts';
import { OPERATOR_EVENTS, type OperatorEventName } from '../events.ts';
import type { KeptEvent, Outcome } from '../model.ts';
import type { Sorting } from '../sorting.ts';
import { frameTexts, OUTCOME_NAMES, auditTexts as texts } from '../texts/operators.ts';
import { type ConsoleFrame, consolePage } from './frame.ts';
import { sortable } from './sortable.ts';

export type AuditFilter = {
  readonly operator: string;
  readonly event: string;
  readonly outcome: string;
  readonly from: string;
  readonly until: string;
};

export type AuditView = {
  readonly events: readonly KeptEvent[];
  /** Names of the operators by id, for those who may know them: the pages' readers. */
  readonly names: ReadonlyMap<string, string>;
  readonly filter: AuditFilter;
  readonly errors: readonly SummaryError[];
  readonly sorting: Sorting<'at' | 'event' | 'who' | 'via' | 'target' | 'outcome'>;
  /** Addresses of the page after this one and of the first, where they are others. */
  readonly next?: string | undefined;
  readonly first?: string | undefined;
};

export function auditPage(frame: ConsoleFrame, view: AuditView): string {
  const { language } = frame;
  const column = sortable(frame, view.sorting);
  return consolePage(frame, '/console/audit', {
    title: frameTexts.audit[language],
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${frameTexts.audit[language]}</h1><p class="lead">${texts.lead[language]}</p>${filterForm(frame, view)}${dataTable(
      {
        language,
        caption: frameTexts.audit[language],
        captionHidden: true,
        columns: [
          column('at', { header: texts.at[language], tight: true }),
          column('event', { header: texts.event[language] }),
          column('who', { header: texts.who[language] }),
          column('via', { header: texts.via[language], tight: true }),
          column('target', { header: texts.target[language] }),
          column('outcome', { header: texts.outcome[language], tight: true }),
          { header: texts.place[language], tight: true, align: 'end' },
        ],
        rows: view.events.map((event) => ({
          cells: eventCells(event, view, language),
          ...(event.outcome === 'done'
            ? {}
            : { tone: event.outcome === 'failed' ? ('red' as const) : ('amber' as const) }),
          attributes: { 'data-event': event.event, 'data-outcome': event.outcome },
        })),
        rowHeader: 1,
        empty: texts.none[language],
      },
    )}${pages(view, language)}`,
  });
}

const TONES: Readonly<Record<Outcome, Tone>> = { done: 'green', refused: 'amber', failed: 'red' };

function eventCells(event: KeptEvent, view: AuditView, language: Language): readonly Html[] {
  const name = view.names.get(event.operator) ?? event.operator;
  return [
    html`${formatDateTime(event.at, language, 'short')}`,
    html`${eventName(event.event, language)}`,
    html`<bdi>${name}</bdi>`,
    html`${texts.vias[event.via][language]}`,
    html`${event.target === '' ? '—' : identifier(event.target)}${
      Object.keys(event.detail).length === 0
        ? nothing
        : details({
            summary: texts.detail[language],
            body: html`<code dir="ltr" class="reference-long">${JSON.stringify(event.detail)}</code>`,
          })
    }`,
    tag({ text: OUTCOME_NAMES[event.outcome][language], tone: TONES[event.outcome] }),
    html`${event.index}`,
  ];
}

/** A name of an older version of the program may be in the table; it is shown as it is. */
function eventName(event: string, language: Language): string {
  return Object.hasOwn(OPERATOR_EVENTS, event) ? OPERATOR_EVENTS[event as OperatorEventName][language] : event;
}

function filterForm({ language }: ConsoleFrame, { filter, names, errors, sorting }: AuditView): Html {
  const errorOf = (field: string) => errors.find((one) => one.field === field)?.message;
  const date = (name: 'from' | 'until') =>
    textInput({
      language,
      name,
      label: texts[name][language],
      value: filter[name],
      kind: 'identifier',
      width: 'digits-10',
      maxLength: 10,
      error: errorOf(name),
    });
  return html`<search class="filter">${form({
    action: `/${language}/console/audit`,
    method: 'get',
    label: texts.filter[language],
    hidden: { sort: `${sorting.isDown ? '-' : ''}${sorting.by}` },
    body: html`${select({
      language,
      name: 'event',
      label: texts.event[language],
      value: filter.event,
      placeholder: texts.all[language],
      choices: Object.entries(OPERATOR_EVENTS).map(([value, label]) => ({ value, label: label[language] })),
    })}${select({
      language,
      name: 'operator',
      label: texts.who[language],
      value: filter.operator,
      placeholder: texts.all[language],
      choices: [...names].map(([value, label]) => ({ value, label })),
    })}${select({
      language,
      name: 'outcome',
      label: texts.outcome[language],
      value: filter.outcome,
      placeholder: texts.all[language],
      choices: Object.entries(OUTCOME_NAMES).map(([value, label]) => ({ value, label: label[language] })),
    })}${date('from')}${date('until')}${actions(button({ text: texts.filter[language], look: 'secondary', icon: 'search' }))}`,
  })}</search>`;
}

function pages(view: AuditView, language: Language): Html {
  const link = (href: string | undefined, text: string) =>
    href === undefined ? undefined : linkButton({ text, href, look: 'secondary' });
  const isByTime = view.sorting.by === 'at' && view.sorting.isDown;
  return actions(
    link(view.first, (isByTime ? texts.newest : texts.first)[language]),
    link(view.next, (isByTime ? texts.older : texts.next)[language]),
  );
}
