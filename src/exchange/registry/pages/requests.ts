import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  copyableCode,
  dataTable,
  errorSummary,
  form,
  formatDateTime,
  type Html,
  html,
  identifier,
  nothing,
  pagination,
  type SummaryError,
  summaryList,
  tag,
  textInput,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import { PAGE_SIZE } from '../catalogue.ts';
import { KINDS, menuTexts, STATES, requestTexts as texts } from '../texts/registry.ts';
import type { RequestKind, RequestState } from '../views.ts';

export type RequestView = {
  readonly id: string;
  readonly kind: RequestKind;
  readonly server: string;
  readonly state: RequestState;
  readonly receivedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly asks: unknown;
};

/** A page of those that wait, and the latest that were decided. */
export type RequestsView = {
  readonly page: number;
  readonly total: number;
  readonly shown: readonly RequestView[];
  readonly decided: readonly RequestView[];
};

const TONES = { waiting: 'amber', approved: 'green', refused: 'red' } as const;

export function requestsPage(frame: ConsoleFrame, { page, total, shown: waiting, decided }: RequestsView): string {
  const { language } = frame;
  const hrefOf = (nth: number) => `/${language}/console${nth === 1 ? '' : `?page=${nth}`}`;
  return consolePage(frame, '/console', {
    title: menuTexts.requests[language],
    main: html`<h1>${menuTexts.requests[language]}</h1><h2>${texts.waiting[language]}</h2>${requestTable(waiting, language, texts.none[language], texts.waiting[language])}${pagination({ language, page, pageSize: PAGE_SIZE, total, hrefOf })}<h2>${texts.decided[language]}</h2>${requestTable(decided, language, texts.noneDecided[language], texts.decided[language])}`,
  });
}

function requestTable(rows: readonly RequestView[], language: Language, empty: string, caption: string): Html {
  return dataTable({
    language,
    caption,
    captionHidden: true,
    columns: [
      { header: texts.request[language] },
      { header: texts.gateway[language] },
      { header: texts.received[language], tight: true },
      { header: texts.state[language], tight: true },
      { header: texts.by[language] },
    ],
    rows: rows.map((row) => ({
      cells: [
        html`<a href="/${language}/console/requests/${row.id}">${KINDS[row.kind][language]}</a>`,
        identifier(row.server),
        formatDateTime(row.receivedAt, language, 'short'),
        tag({ text: STATES[row.state][language], tone: TONES[row.state] }),
        row.decidedBy === null ? nothing : html`<bdi>${row.decidedBy}</bdi>`,
      ],
    })),
    empty,
  });
}

export function requestPage(frame: ConsoleFrame, row: RequestView, errors: readonly SummaryError[] = []): string {
  const { language, actor } = frame;
  const title = KINDS[row.kind][language];
  const rows = [
    { key: texts.gateway[language], value: identifier(row.server) },
    { key: texts.received[language], value: formatDateTime(row.receivedAt, language) },
    { key: texts.state[language], value: tag({ text: STATES[row.state][language], tone: TONES[row.state] }) },
    ...(row.decidedBy === null ? [] : [{ key: texts.by[language], value: html`<bdi>${row.decidedBy}</bdi>` }]),
    ...(row.reason === null ? [] : [{ key: texts.reason[language], value: html`<bdi>${row.reason}</bdi>` }]),
  ];
  const decides = row.state === 'waiting' && may('registration.decide', actor);
  const code = JSON.stringify(row.asks, null, 2);
  return consolePage(frame, '/console', {
    title,
    hasErrors: errors.length > 0,
    back: { href: `/${language}/console`, text: menuTexts.requests[language] },
    main: html`${errorSummary({ language, errors })}<h1>${title}</h1>${summaryList({ language, rows })}${copyableCode({ language, label: texts.asks[language], code, id: 'asks' })}${decides ? decisionForm(frame, row, errors) : nothing}`,
  });
}

function decisionForm({ language, actor }: ConsoleFrame, row: RequestView, errors: readonly SummaryError[]): Html {
  const base = `/${language}/console/requests/${row.id}`;
  const error = errors.find(({ field }) => field === 'reason')?.message;
  return form({
    action: `${base}/approve`,
    csrf: actor.csrf,
    body: html`${textInput({ language, name: 'reason', label: texts.reason[language], hint: texts.reasonHint[language], maxLength: 1000, error })}${actions(
      button({ text: texts.approve[language] }),
      button({ text: texts.refuse[language], look: 'danger', formAction: `${base}/refuse` }),
    )}`,
  });
}
