import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  attributes,
  button,
  copyableCode,
  dataTable,
  errorSummary,
  form,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  inset,
  nothing,
  notification,
  pagination,
  type SummaryError,
  select,
  summaryList,
} from '../../../web/index.ts';
import { type DeadLetter, formatLetter } from '../../events/model.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { hrefWith, sortable } from '../../operators/pages/sortable.ts';
import { may } from '../../operators/rules.ts';
import type { Sorting } from '../../operators/sorting.ts';
import { eventFault, eventTexts } from '../texts/events.ts';
import { letterTexts as texts } from '../texts/letters.ts';
import { EVENTS } from './events.ts';

export const LETTERS = `${EVENTS}/letters`;
export const LETTER_COLUMNS = ['service', 'at'] as const;

/** Dead letters of one subscription or subscriber. */
export type LetterGroup = Pick<DeadLetter, 'side' | 'subscription' | 'service' | 'client'> & { readonly count: number };

export type LettersView = {
  readonly letters: readonly DeadLetter[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
  readonly sorting: Sorting<(typeof LETTER_COLUMNS)[number]>;
  readonly groups: readonly LetterGroup[];
  /** The group that is looked at, as `groupName`; empty for all. */
  readonly of: string;
  readonly done?: { readonly act: 'replayed' | 'discarded'; readonly count: number } | undefined;
  readonly errors: readonly SummaryError[];
};

/** As a letter's name, with no letter's number. */
export const groupName = (group: Omit<LetterGroup, 'count'>): string => formatLetter({ ...group, sequence: 0 });

export function lettersView(frame: ConsoleFrame, view: LettersView): Html {
  const { language } = frame;
  const { page, pageSize, total } = view;
  const mayChange = may('events.change', frame.actor);
  return html`${errorSummary({ language, errors: view.errors })}<p class="lead">${texts.lead[language]}</p>${doneNotice(view, language)}${groupFilter(view, language)}${letterTable(frame, view, mayChange)}${pagination(
    { language, page, pageSize, total, hrefOf: (nth) => hrefWith(frame, { page: String(nth), done: '', count: '' }) },
  )}${mayChange && view.letters.length > 0 ? chosenForm(frame, view) : nothing}`;
}

function doneNotice({ done }: LettersView, language: Language): Html {
  if (done === undefined) return nothing;
  if (done.count === 0) return notification({ language, text: texts.noneLeft[language] });
  const text = texts[done.act](formatNumber(done.count, language))[language];
  return notification({ language, kind: 'success', text });
}

function groupFilter({ groups, of }: LettersView, language: Language): Html {
  if (groups.length < 2 && of === '') return nothing;
  return html`<search class="filter">${form({
    action: `/${language}${LETTERS}`,
    method: 'get',
    label: texts.of[language],
    body: html`${select({
      language,
      name: 'of',
      label: texts.of[language],
      value: of,
      placeholder: texts.all[language],
      choices: groups.map((one) => ({
        value: groupName(one),
        label: `${one.client} · ${one.service} (${formatNumber(one.count, language)})`,
      })),
    })}${actions(button({ text: texts.show[language], look: 'secondary' }))}`,
  })}</search>`;
}

export function letterPath(language: Language, letter: DeadLetter): string {
  return `/${language}${LETTERS}/one?letter=${encodeURIComponent(formatLetter(letter))}`;
}

const FORM = 'letters';

function letterTable(frame: ConsoleFrame, view: LettersView, mayChange: boolean): Html {
  const { language } = frame;
  const column = sortable(frame, view.sorting);
  return dataTable({
    language,
    caption: eventTexts.letters[language],
    captionHidden: true,
    rowHeader: mayChange ? 1 : 0,
    columns: [
      ...(mayChange ? [{ header: texts.choose[language], headerHidden: true, tight: true }] : []),
      column('at', { header: texts.at[language], tight: true }),
      column('service', { header: texts.event[language] }),
      { header: texts.receiver[language] },
      { header: texts.where[language], tight: true },
      { header: texts.fault[language] },
      { header: texts.tries[language], tight: true, align: 'end' },
    ],
    rows: view.letters.map((one) => ({
      cells: [
        ...(mayChange ? [chooser(one, language)] : []),
        html`<a href="${letterPath(language, one)}">${formatDateTime(one.receivedAt, language, 'short')}</a>`,
        identifier(one.service),
        identifier(one.client),
        texts[one.side][language],
        eventFault(one.fault, language),
        formatNumber(one.tries, language),
      ],
      attributes: { 'data-letter': formatLetter(one) },
    })),
    empty: texts.none[language],
  });
}

function chooser(one: DeadLetter, language: Language): Html {
  const name = formatLetter(one);
  return html`<input type="checkbox"${attributes({ class: 'row-choice', name: 'letter', value: name, form: FORM, 'aria-label': texts.chooseOne(name)[language] })}>`;
}

/** Below the table, so that the table is printed and the buttons are not. */
function chosenForm({ language, actor }: ConsoleFrame, view: LettersView): Html {
  const group = view.groups.find((one) => groupName(one) === view.of);
  const all = group === undefined ? undefined : { name: 'all', value: view.of };
  const discardAt = `/${language}${LETTERS}/discard/ask`;
  return form({
    id: FORM,
    action: `/${language}${LETTERS}/replay`,
    csrf: actor.csrf,
    hidden: view.of === '' ? {} : { of: view.of },
    body: actions(
      button({ text: texts.replay[language] }),
      button({ text: texts.discard[language], look: 'secondary', formAction: discardAt }),
      all &&
        button({
          ...all,
          text: texts.replayAll(formatNumber(group?.count ?? 0, language))[language],
          look: 'secondary',
        }),
      all && button({ ...all, text: texts.discardAll[language], look: 'secondary', formAction: discardAt }),
    ),
  });
}

export type LetterView = {
  readonly letter: DeadLetter;
  /** Once it was asked for; null where it is kept no more. */
  readonly contents?: string | null;
};

export function letterPage(frame: ConsoleFrame, { letter, contents }: LetterView): string {
  const { language, actor } = frame;
  const name = formatLetter(letter);
  const hidden = { letter: name };
  const discardAt = `/${language}${LETTERS}/discard/ask`;
  return consolePage(frame, EVENTS, {
    title: `${texts.letter[language]} ${name}`,
    back: { href: `/${language}${LETTERS}` },
    main: html`<h1>${texts.letter[language]}</h1>${summaryList({ language, compact: true, rows: letterFacts(letter, language) })}${
      may('events.change', actor)
        ? form({
            action: `/${language}${LETTERS}/replay`,
            csrf: actor.csrf,
            hidden,
            body: actions(
              button({ text: texts.replay[language] }),
              button({ text: texts.discard[language], look: 'secondary', formAction: discardAt }),
            ),
          })
        : nothing
    }<h2>${texts.contents[language]}</h2>${contentsOf(frame, hidden, contents)}`,
  });
}

function letterFacts(letter: DeadLetter, language: Language) {
  const { exchange } = letter;
  return [
    { key: texts.event[language], value: identifier(letter.service) },
    { key: texts.receiver[language], value: identifier(letter.client) },
    { key: texts.where[language], value: texts[letter.side][language] },
    { key: texts.fault[language], value: eventFault(letter.fault, language) },
    { key: texts.tries[language], value: formatNumber(letter.tries, language) },
    { key: texts.at[language], value: formatDateTime(letter.receivedAt, language) },
    ...(letter.side === 'publisher'
      ? []
      : [
          {
            key: texts.subscription[language],
            value: html`<a href="/${language}${EVENTS}/subscriptions/${letter.subscription}">${identifier(letter.subscription)}</a>`,
          },
        ]),
    ...(exchange === null
      ? []
      : [
          {
            key: texts.exchange[language],
            value: html`<a href="/${language}/console/traffic/${encodeURIComponent(exchange)}">${identifier(exchange)}</a>`,
          },
        ]),
  ];
}

/** A click and an entry in the ledger before anything of a person is seen. */
function contentsOf(frame: ConsoleFrame, hidden: Record<string, string>, contents: string | null | undefined): Html {
  const { language, actor } = frame;
  if (!may('evidence.read', actor)) return html`<p>${texts.mayNotRead[language]}</p>`;
  if (contents === null) return inset(texts.gone[language]);
  if (contents !== undefined)
    return copyableCode({ language, id: 'contents', label: texts.contents[language], code: contents });
  return html`<p>${texts.readText[language]}</p>${form({
    action: `/${language}${LETTERS}/read`,
    csrf: actor.csrf,
    hidden,
    body: actions(button({ text: texts.read[language], look: 'secondary', icon: 'eye' })),
  })}`;
}
