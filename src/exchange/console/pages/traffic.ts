import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  attributes,
  button,
  type Column,
  dataTable,
  form,
  formatDate,
  formatNumber,
  type Html,
  html,
  identifier,
  linkButton,
  type Row,
  searchBox,
  select,
  type Tone,
  tag,
  textInput,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { sortable } from '../../operators/pages/sortable.ts';
import type { Sorting } from '../../operators/sorting.ts';
import { OUTCOMES, outcomeOf, type TrafficOutcome, type TrafficRow } from '../rules/traffic.ts';
import { liveScript } from '../scripts.ts';
import { menuTexts, OUTCOME_TEXTS, SIDES, trafficTexts as texts } from '../texts/console.ts';

export const PERIODS = ['hour', 'day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

export type TrafficColumn = 'at' | 'side' | 'client' | 'service' | 'outcome';

export type TrafficView = {
  readonly rows: readonly TrafficRow[];
  readonly filter: {
    readonly service: string;
    readonly member: string;
    readonly outcome: string;
    readonly period: Period;
  };
  readonly sorting: Sorting<TrafficColumn>;
  /** Addresses of the page after this one and of the first, where they are others. */
  readonly next?: string | undefined;
  readonly first?: string | undefined;
  /** The address of new rows as server-sent events; absent on other pages and orders. */
  readonly live?: string | undefined;
};

export function trafficPage(frame: ConsoleFrame, view: TrafficView): string {
  const { language } = frame;
  return consolePage(frame, '/console/traffic', {
    title: menuTexts.traffic[language],
    head: liveScript,
    main: html`<h1>${menuTexts.traffic[language]}</h1><p class="lead">${texts.lead[language]}</p>${searchBox({
      language,
      action: `/${language}/console/traffic`,
      label: texts.find[language],
      name: 'find',
    })}${filterForm(language, view)}<div${attributes({
      'data-live': view.live,
      'data-live-start': texts.live[language],
      'data-live-on': texts.liveOn[language],
      'data-live-stop': texts.liveOff[language],
    })}>${trafficTable(view.rows, language, sortable(frame, view.sorting))}</div>${actions(
      ...pageLinks(frame.language, view),
      linkButton({ text: texts.refresh[language], href: `/${language}${frame.path}`, look: 'secondary' }),
    )}`,
  });
}

function pageLinks(language: Language, { sorting, next, first }: TrafficView): readonly (Html | undefined)[] {
  const isByTime = sorting.by === 'at' && sorting.isDown;
  const link = (href: string | undefined, text: string) =>
    href === undefined ? undefined : linkButton({ text, href, look: 'secondary' });
  return [
    link(first, (isByTime ? texts.newest : texts.first)[language]),
    link(next, (isByTime ? texts.older : texts.next)[language]),
  ];
}

function filterForm(language: Language, { filter, sorting }: TrafficView): Html {
  const identifier = (name: 'service' | 'member', label: string) =>
    textInput({ language, name, label, value: filter[name], kind: 'identifier', maxLength: 300, width: 'half' });
  return html`<search class="filter">${form({
    action: `/${language}/console/traffic`,
    method: 'get',
    label: texts.filter[language],
    hidden: { sort: `${sorting.isDown ? '-' : ''}${sorting.by}` },
    body: html`${identifier('service', texts.serviceFilter[language])}${identifier('member', texts.member[language])}${select(
      {
        language,
        name: 'outcome',
        label: texts.outcome[language],
        value: filter.outcome,
        placeholder: texts.all[language],
        choices: OUTCOMES.map((value) => ({ value, label: OUTCOME_TEXTS[value][language] })),
      },
    )}${select({
      language,
      name: 'period',
      label: texts.period[language],
      value: filter.period,
      placeholder: false,
      choices: PERIODS.map((value) => ({ value, label: texts[value][language] })),
    })}${actions(button({ text: texts.filter[language], look: 'secondary', icon: 'search' }))}`,
  })}</search>`;
}

/** Also what a live row is cut from: one row has one form. */
export function trafficTable(
  rows: readonly TrafficRow[],
  language: Language,
  column: (key: TrafficColumn, column: Column) => Column = (_key, plain) => plain,
): Html {
  return dataTable({
    language,
    caption: menuTexts.traffic[language],
    captionHidden: true,
    columns: [
      column('at', { header: texts.at[language], tight: true }),
      column('side', { header: texts.side[language], tight: true }),
      column('client', { header: texts.client[language] }),
      column('service', { header: texts.service[language] }),
      column('outcome', { header: texts.outcome[language], tight: true }),
      { header: texts.took[language], tight: true, align: 'end' },
      { header: texts.place[language], tight: true, align: 'end' },
    ],
    rows: rows.map((row) => trafficRow(row, language)),
    empty: texts.none[language],
  });
}

const TONES: Readonly<Record<TrafficOutcome, Tone>> = {
  answered: 'green',
  failed: 'red',
  refused: 'amber',
  open: 'neutral',
};

function trafficRow(row: TrafficRow, language: Language): Row {
  const outcome = outcomeOf(row);
  const took = row.askedAt === null || row.kind === 'request' ? undefined : row.at.getTime() - row.askedAt.getTime();
  const said = row.fault ?? (row.status === null ? '' : String(row.status));
  return {
    cells: [
      html`<a href="/${language}/console/traffic/${encodeURIComponent(row.exchange)}"><bdi dir="ltr">${momentOf(row.at, language)}</bdi></a>`,
      SIDES[row.side][language],
      identifier(row.client),
      identifier(row.service),
      html`<span>${outcomeTag(outcome, language)} <bdi dir="ltr" class="muted">${said}</bdi></span>`,
      took === undefined ? '—' : html`<bdi dir="ltr">${formatNumber(took, language, 0)} ms</bdi>`,
      html`${row.index}`,
    ],
    ...(outcome === 'failed' ? { tone: 'red' as const } : outcome === 'refused' ? { tone: 'amber' as const } : {}),
    attributes: { 'data-index': row.index, 'data-exchange': row.exchange, 'data-outcome': outcome },
  };
}

export function outcomeTag(outcome: TrafficOutcome, language: Language): Html {
  return tag({ text: OUTCOME_TEXTS[outcome][language], tone: TONES[outcome] });
}

/** With seconds, which tell messages apart. Legal time of the Kingdom. */
const SECONDS = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Africa/Casablanca' });

export function momentOf(at: Date, language: Language): string {
  return `${formatDate(at, language, 'short')} ${SECONDS.format(at)}`;
}
