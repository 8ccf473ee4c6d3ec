import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  errorSummary,
  form,
  formatDateTime,
  type Html,
  html,
  nothing,
  pagination,
  radios,
  reference,
  type SummaryError,
  summaryList,
  type Tone,
  tag,
  textarea,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { listPage } from '../../operators/pages/list.ts';
import { hrefWith, sortable, sortingOf } from '../../operators/pages/sortable.ts';
import { type Contest, type ContestState, contestNumber } from '../../usage/model.ts';
import { CONTEST_STATES, REASONS, contestTexts as texts } from '../texts/contests.ts';

const TONES: Readonly<Record<ContestState, Tone>> = { open: 'amber', upheld: 'green', rejected: 'neutral' };

export const contestPath = (language: Language, id?: number): string =>
  `/${language}/console/contests${id === undefined ? '' : `/${id}`}`;

export type ContestsView = {
  readonly contests: readonly Contest[];
  readonly total: number;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
};

export const CONTEST_COLUMNS = ['number', 'opened', 'reason', 'state'] as const;

/** What persons contest, those that wait first. */
export function contestsPage(frame: ConsoleFrame, view: ContestsView): string {
  const { language } = frame;
  const { page, pageSize, total } = view;
  const column = sortable(frame, sortingOf(frame, CONTEST_COLUMNS, { by: 'state', isDown: false }));
  return listPage(frame, '/console/contests', {
    title: texts.title,
    lead: texts.lead,
    columns: [
      column('number', { header: texts.number[language], tight: true }),
      column('opened', { header: texts.opened[language], tight: true }),
      column('reason', { header: texts.reason[language] }),
      column('state', { header: texts.state[language], tight: true }),
    ],
    rows: view.contests.map((one) => ({
      cells: [
        html`<a href="${contestPath(language, one.id)}"><bdi dir="ltr">${contestNumber(one)}</bdi></a>`,
        html`${formatDateTime(one.openedAt, language)}`,
        html`${REASONS[one.reason][language]}`,
        tag({ text: CONTEST_STATES[one.state][language], tone: TONES[one.state] }),
      ],
    })),
    empty: texts.none,
    after: pagination({ language, page, pageSize, total, hrefOf: (nth) => hrefWith(frame, { page: String(nth) }) }),
  });
}

export type AnswerForm = { readonly state: string; readonly answer: string; readonly errors: readonly SummaryError[] };

/** One contest: what was written, and the answer, or the form for it. */
export function contestPage(frame: ConsoleFrame, one: Contest, given?: AnswerForm): string {
  const { language } = frame;
  const number = contestNumber(one);
  return consolePage(frame, '/console/contests', {
    title: `${texts.title[language]} ${number}`,
    main: html`${given === undefined || given.errors.length === 0 ? nothing : errorSummary({ language, errors: given.errors })}<h1>${texts.title[language]} <bdi dir="ltr">${number}</bdi></h1>${facts(one, language)}<h2>${texts.words[language]}</h2><p dir="auto">${one.words === '' ? texts.noWords[language] : one.words}</p>${
      one.state === 'open' ? answerForm(frame, one, given) : answered(one, language)
    }`,
  });
}

function facts(one: Contest, language: Language): Html {
  const exchange = html`<a href="/${language}/console/traffic/${one.exchange}">${reference(one.exchange)}</a>`;
  return summaryList({
    language,
    rows: [
      { key: texts.state[language], value: tag({ text: CONTEST_STATES[one.state][language], tone: TONES[one.state] }) },
      { key: texts.reason[language], value: REASONS[one.reason][language] },
      { key: texts.opened[language], value: html`${formatDateTime(one.openedAt, language)}` },
      { key: texts.exchange[language], value: exchange },
    ],
  });
}

function answered(one: Contest, language: Language): Html {
  const at = one.answeredAt === null ? nothing : html`<p class="muted">${formatDateTime(one.answeredAt, language)}</p>`;
  return html`<h2>${texts.answer[language]}</h2><p dir="auto">${one.answer}</p>${at}`;
}

function answerForm(frame: ConsoleFrame, one: Contest, given: AnswerForm | undefined): Html {
  const { language, actor } = frame;
  const errorOf = (field: string) => given?.errors.find((error) => error.field === field)?.message;
  const choices = (['upheld', 'rejected'] as const).map((value) => ({ value, label: CONTEST_STATES[value][language] }));
  return form({
    action: contestPath(language, one.id),
    csrf: actor.csrf,
    body: html`${radios({ language, name: 'state', label: texts.decision[language], choices, value: given?.state, error: errorOf('state') })}${textarea({ language, name: 'answer', label: texts.answer[language], hint: texts.answerHint[language], value: given?.answer, error: errorOf('answer'), rows: 5, maxLength: 2000 })}<p class="muted">${texts.final[language]}</p>${actions(button({ text: texts.send[language] }))}`,
  });
}
