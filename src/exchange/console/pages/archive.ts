import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
  form,
  formatBytes,
  formatDate,
  type Html,
  html,
  linkButton,
  nothing,
  notification,
  reference,
  type SummaryError,
  tag,
  textarea,
  textInput,
  warning,
} from '../../../web/index.ts';
import type { ArchivedBody } from '../../archive/model.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import { ERASURE_WORDS, archiveTexts as texts } from '../texts/archive.ts';

export const ARCHIVE = '/console/archive';

const eraseHref = (language: Language, exchange: string): string =>
  `/${language}/console/traffic/${encodeURIComponent(exchange)}/erase`;

/** What is kept of one exchange, on its page. */
export function archiveSection({ language, actor }: ConsoleFrame, bodies: readonly ArchivedBody[]): Html {
  const [first] = bodies;
  if (first === undefined) return html`<p>${texts.noneHere[language]}</p>`;
  const isKept = bodies.some((one) => one.erasedAt === null);
  return html`<div id="archive">${bodyTable(bodies, language, may('archive.read', actor))}${
    isKept && may('archive.read', actor) ? html`<p class="muted">${texts.downloadHint[language]}</p>` : nothing
  }${
    isKept && may('archive.erase', actor)
      ? actions(linkButton({ text: texts.erase[language], href: eraseHref(language, first.exchange), look: 'danger' }))
      : nothing
  }</div>`;
}

function bodyTable(bodies: readonly ArchivedBody[], language: Language, mayRead: boolean): Html {
  return dataTable({
    language,
    caption: texts.title[language],
    captionHidden: true,
    columns: [
      { header: texts.body[language], tight: true },
      { header: texts.size[language], tight: true, align: 'end' },
      { header: texts.state[language] },
      { header: texts.download[language], tight: true },
    ],
    rows: bodies.map((one) => ({
      cells: [
        texts[one.kind][language],
        formatBytes(one.size, language),
        stateOf(one, language),
        mayRead && one.erasedAt === null ? downloadLink(one, language) : html`—`,
      ],
      attributes: { 'data-body': one.kind, 'data-erased': one.erasedWhy ?? 'no' },
    })),
    empty: texts.noneHere[language],
  });
}

function downloadLink({ index, kind }: ArchivedBody, language: Language): Html {
  return html`<a href="/operator/v1/archive/${index}/body" download>${texts.download[language]} (${texts[kind][language]})</a>`;
}

function stateOf(one: ArchivedBody, language: Language): Html {
  if (one.erasedAt === null || one.erasedWhy === null)
    return tag({ text: texts.until(formatDate(one.expiresAt, language))[language], tone: 'green' });
  const erased = tag({ text: texts.erased(formatDate(one.erasedAt, language))[language], tone: 'neutral' });
  return html`${erased} ${ERASURE_WORDS[one.erasedWhy][language]}`;
}

export type EraseForm = {
  readonly exchange: string;
  readonly bodies: readonly ArchivedBody[];
  readonly reason: string;
  readonly errors: readonly SummaryError[];
};

/** Before bodies of one exchange are erased: which, and why. */
export function erasePage(frame: ConsoleFrame, { exchange, bodies, reason, errors }: EraseForm): string {
  const { language, actor } = frame;
  const path = `/${language}/console/traffic/${encodeURIComponent(exchange)}`;
  return consolePage(frame, '/console/traffic', {
    title: texts.erase[language],
    back: { href: path },
    hasErrors: errors.length > 0,
    main: html`${errorSummary({ language, errors })}<h1>${texts.erase[language]}</h1><p>${reference(exchange)}</p>${bodyTable(bodies, language, false)}${warning({ language, text: texts.eraseText[language] })}${form(
      {
        action: `${path}/erase`,
        csrf: actor.csrf,
        body: html`${reasonField(language, reason, errors)}${actions(button({ text: texts.erase[language], look: 'danger' }))}`,
      },
    )}`,
  });
}

function reasonField(language: Language, reason: string, errors: readonly SummaryError[]): Html {
  return textarea({
    language,
    name: 'reason',
    label: texts.reason[language],
    hint: texts.reasonHint[language],
    value: reason,
    error: errors.find((one) => one.field === 'reason')?.message,
    rows: 3,
    maxLength: 500,
  });
}

export type ArchiveView = {
  readonly bodies: readonly ArchivedBody[];
  /** Place in the ledger before which to go on. */
  readonly older: number | undefined;
  readonly isErased: boolean;
};

export function archivePage(frame: ConsoleFrame, { bodies, older, isErased }: ArchiveView): string {
  const { language, actor } = frame;
  return consolePage(frame, ARCHIVE, {
    title: texts.title[language],
    main: html`<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${
      isErased ? notification({ language, kind: 'success', text: texts.done[language] }) : nothing
    }${
      may('archive.erase', actor)
        ? actions(
            linkButton({ text: texts.eraseSubject[language], href: `/${language}${ARCHIVE}/person`, look: 'danger' }),
          )
        : nothing
    }${dataTable({
      language,
      caption: texts.title[language],
      captionHidden: true,
      columns: [
        { header: texts.exchange[language] },
        { header: texts.body[language], tight: true },
        { header: texts.size[language], tight: true, align: 'end' },
        { header: texts.state[language] },
      ],
      rows: bodies.map((one) => ({
        cells: [
          html`<a href="/${language}/console/traffic/${one.exchange}">${reference(one.exchange)}</a>`,
          texts[one.kind][language],
          formatBytes(one.size, language),
          stateOf(one, language),
        ],
      })),
      empty: texts.none[language],
    })}${
      older === undefined
        ? nothing
        : actions(
            linkButton({
              text: texts.older[language],
              href: `/${language}${ARCHIVE}?before=${older}`,
              look: 'secondary',
            }),
          )
    }`,
  });
}

export type PersonForm = { readonly reason: string; readonly errors: readonly SummaryError[] };

/** The number is typed anew after each fault: the page never holds it. */
export function erasePersonPage(frame: ConsoleFrame, { reason, errors }: PersonForm): string {
  const { language, actor } = frame;
  return consolePage(frame, ARCHIVE, {
    title: texts.eraseSubject[language],
    back: { href: `/${language}${ARCHIVE}` },
    hasErrors: errors.length > 0,
    main: html`${errorSummary({ language, errors })}<h1>${texts.eraseSubject[language]}</h1>${warning({ language, text: texts.eraseSubjectText[language] })}${form(
      {
        action: `/${language}${ARCHIVE}/person`,
        csrf: actor.csrf,
        body: html`${textInput({
          language,
          name: 'subject',
          label: texts.subject[language],
          kind: 'identifier',
          width: 'half',
          maxLength: 200,
          autocomplete: 'off',
          error: errors.find((one) => one.field === 'subject')?.message,
        })}${reasonField(language, reason, errors)}${actions(button({ text: texts.eraseSubject[language], look: 'danger' }))}`,
      },
    )}`,
  });
}
