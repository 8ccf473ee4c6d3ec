import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  details,
  form,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  lineChart,
  type Series,
  select,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { hrefWith, sortable } from '../../operators/pages/sortable.ts';
import type { Sorting } from '../../operators/sorting.ts';
import type { Trio } from '../../operators/texts/trio.ts';
import { type Bucket, type ChartPeriod, failureShare, type Ranked } from '../rules/charts.ts';
import { chartTexts as texts } from '../texts/charts.ts';
import { menuTexts, SIDES } from '../texts/console.ts';

export type ChartsView = {
  readonly buckets: readonly Bucket[];
  readonly byService: readonly Ranked[];
  readonly byMember: readonly Ranked[];
  readonly sorting: { readonly service: RankSorting; readonly member: RankSorting };
  readonly filter: {
    readonly period: ChartPeriod;
    readonly service: string;
    readonly member: string;
    readonly side: string;
  };
  /** What there is to choose from in this period. */
  readonly services: readonly string[];
  readonly members: readonly string[];
};

export function chartsPage(frame: ConsoleFrame, view: ChartsView): string {
  const { language } = frame;
  return consolePage(frame, '/console/charts', {
    title: menuTexts.charts[language],
    main: html`<h1>${menuTexts.charts[language]}</h1><p class="lead">${texts.lead[language]}</p>${filterForm(language, view)}${chart(
      language,
      view.buckets,
      texts.traffic,
      ['answered', 'failed', 'refused'],
    )}${chart(language, view.buckets, texts.latency, ['p50', 'p95', 'p99'], 'ms')}<h2>${texts.ranking[language]}</h2>${rankingTable(
      frame,
      'service',
      view.byService,
      view.sorting.service,
    )}${rankingTable(frame, 'member', view.byMember, view.sorting.member)}`,
  });
}

type Measure = keyof Omit<Bucket, 'at'>;

function nameOf(measure: Measure, language: Language): string {
  return measure === 'p50' || measure === 'p95' || measure === 'p99' ? measure : texts[measure][language];
}

/** A chart, and its figures as a table for those who read them. */
function chart(
  language: Language,
  buckets: readonly Bucket[],
  title: Trio,
  measures: readonly Measure[],
  unit?: string,
): Html {
  const series = measures.map(
    (key): Series => ({ name: nameOf(key, language), values: buckets.map((one) => one[key]) }),
  );
  const rows = buckets.filter((one) => measures.some((key) => (one[key] ?? 0) > 0));
  const table = dataTable({
    language,
    caption: title[language],
    captionHidden: true,
    columns: [
      { header: texts.time[language], tight: true },
      ...measures.map((key) => ({ header: nameOf(key, language), align: 'end' as const })),
    ],
    rows: rows.map((one) => ({
      cells: [formatDateTime(one.at, language, 'short'), ...measures.map((key) => html`${figure(one[key], language)}`)],
    })),
    empty: texts.none[language],
  });
  return html`${lineChart({
    language,
    label: texts.chartOf(title[language])[language],
    caption: title[language],
    instants: buckets.map((one) => one.at),
    series,
    unit,
  })}${details({ summary: texts.table[language], body: table })}`;
}

function figure(value: number | undefined, language: Language): string {
  return value === undefined ? '—' : formatNumber(value, language, 0);
}

export const RANK_COLUMNS = ['name', 'answered', 'failed', 'refused', 'share', 'p50', 'p95', 'p99'] as const;
export type RankSorting = Sorting<(typeof RANK_COLUMNS)[number]>;

/** A name leads to the charts of it alone. */
function rankingTable(
  frame: ConsoleFrame,
  by: 'service' | 'member',
  ranked: readonly Ranked[],
  sorting: RankSorting,
): Html {
  const { language } = frame;
  const column = sortable(frame, sorting, `by-${by}`);
  const counted = (key: (typeof RANK_COLUMNS)[number], header: string) =>
    column(key, { header, align: 'end', tight: true });
  return dataTable({
    language,
    caption: texts[by][language],
    columns: [
      column('name', { header: texts.who[language] }),
      counted('answered', texts.answered[language]),
      counted('failed', texts.failed[language]),
      counted('refused', texts.refused[language]),
      counted('share', texts.failureShare[language]),
      counted('p50', 'p50 (ms)'),
      counted('p95', 'p95 (ms)'),
      counted('p99', 'p99 (ms)'),
    ],
    rows: ranked.map((one) => ({
      cells: [
        html`<a href="${hrefWith(frame, { [by]: one.name })}">${identifier(one.name)}</a>`,
        ...[one.answered, one.failed, one.refused].map((value) => figure(value, language)),
        html`<bdi dir="ltr">${figure(100 * failureShare(one), language)} %</bdi>`,
        ...[one.p50, one.p95, one.p99].map((value) => figure(value, language)),
      ],
      attributes: { [`data-${by}`]: one.name },
    })),
    empty: texts.none[language],
  });
}

function filterForm(language: Language, { filter, services, members }: ChartsView): Html {
  const chosenFrom = (name: 'service' | 'member', values: readonly string[]) =>
    select({
      language,
      name,
      label: texts[name][language],
      value: filter[name],
      placeholder: texts.all[language],
      choices: values.map((value) => ({ value, label: value })),
    });
  return html`<search class="filter">${form({
    action: `/${language}/console/charts`,
    method: 'get',
    label: texts.show[language],
    body: html`${select({
      language,
      name: 'period',
      label: texts.period[language],
      value: filter.period,
      placeholder: false,
      choices: (['hour', 'day', 'week'] as const).map((value) => ({ value, label: texts[value][language] })),
    })}${chosenFrom('service', services)}${chosenFrom('member', members)}${select({
      language,
      name: 'side',
      label: texts.side[language],
      value: filter.side,
      placeholder: texts.all[language],
      choices: (['provider', 'consumer'] as const).map((value) => ({ value, label: SIDES[value][language] })),
    })}${actions(button({ text: texts.show[language], look: 'secondary' }))}`,
  })}</search>`;
}
