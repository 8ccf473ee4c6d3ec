import {
  answerSummary,
  asksForFiles,
  errorTexts,
  type FormError,
  fieldsOf,
  type Reading,
  renderStep,
  type Step,
  visibleSteps,
} from '../../forms/index.ts';
import { type Language, parseIsoDate, textIn } from '../../kernel/index.ts';
import {
  actions,
  button,
  confirmationPanel,
  details,
  errorSummary,
  form,
  formatDate,
  formatDateTime,
  type Html,
  html,
  inset,
  linkButton,
  localText,
  nothing,
  qrFigure,
  raw,
  reference,
  stepProgress,
  summaryList,
  tag,
  warning,
} from '../../web/index.ts';
import type { Dossier } from '../model/dossier.ts';
import type { RequiredDocument } from '../model/procedure.ts';
import { type Circumstances, formContext } from '../rules/dossier.ts';
import type { Receipt } from '../rules/receipt.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { domainTexts } from '../texts/domain/index.ts';
import { colon, type Frame, portalPage } from './frame.ts';

/** A request as its pages show it. */
export type RequestView = { readonly id: string; readonly dossier: Dossier; readonly around: Circumstances };

export function requestPath(language: Language, id: string, rest = ''): string {
  return `/${language}/requests/${id}${rest}`;
}

export function resumePage(
  frame: Frame,
  procedure: { readonly id: string; readonly title: string },
  draft: { readonly id: string; readonly changedAt: Date },
): string {
  const { language, csrf } = frame;
  const texts = citizenTexts.start;
  return portalPage(frame, 'procedures', {
    title: texts.title[language],
    back: { href: `/${language}/procedures/${procedure.id}` },
    main: html`<h1>${texts.title[language]}</h1><p class="lead">${procedure.title}. ${texts.text(formatDateTime(draft.changedAt, language))[language]}</p>${form(
      {
        action: `/${language}/procedures/${procedure.id}/start`,
        csrf,
        body: actions(
          linkButton({ text: texts.resume[language], href: requestPath(language, draft.id) }),
          button({ text: texts.fresh[language], look: 'secondary' }),
        ),
      },
    )}`,
  });
}

/** Which administration is asked for what and why, before anything is asked; afterwards, what came of it. */
export function documentsPage(frame: Frame, view: RequestView, documents: readonly RequiredDocument[]): string {
  const { language, csrf } = frame;
  const texts = citizenTexts.documents;
  const isAsked = documents.every((document) => Object.hasOwn(view.dossier.documents, document.id));
  const isOpen = documents.some((document) =>
    ['awaited', 'refused'].includes(view.dossier.documents[document.id]?.status ?? ''),
  );
  const next = linkButton({ text: texts.next[language], href: requestPath(language, view.id, '/steps/1') });
  const again = form({
    action: requestPath(language, view.id, '/documents'),
    csrf,
    body: button({ text: texts.again[language], look: 'secondary' }),
  });
  const first = form({
    action: requestPath(language, view.id, '/documents'),
    csrf,
    body: button({ text: texts.acknowledge[language] }),
  });
  return portalPage(frame, 'mine', {
    title: texts.title[language],
    back: { href: `/${language}/requests` },
    main: html`<p class="muted">${localText(view.around.procedure.title, language)}</p><h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${documents.map((document) => documentCard(document, view, language))}${
      isAsked ? actions(next, ...(isOpen ? [again] : [])) : first
    }`,
  });
}

function documentCard(document: RequiredDocument, view: RequestView, language: Language): Html {
  const texts = citizenTexts.documents;
  const state = Object.hasOwn(view.dossier.documents, document.id) ? view.dossier.documents[document.id] : undefined;
  const { source } = document;
  const rows =
    source.kind === 'exchange'
      ? [
          { key: texts.holder[language], value: localText(source.holder, language) },
          {
            key: texts.fields[language],
            value: source.fields
              .map((field) => textIn(field.label, language).text)
              .join(language === 'ar' ? '، ' : ', '),
          },
          { key: texts.purpose[language], value: localText(source.purpose.text, language) },
          { key: texts.basis[language], value: basisOf(document, view, language) },
        ]
      : [];
  const attributes =
    state === undefined ? nothing : raw(` data-state="${state.status}" data-exchange="${state.reference ?? ''}"`);
  return html`<section class="sheet" data-document="${document.id}"${attributes}><h2>${localText(document.title, language)} ${state === undefined ? nothing : stateTag(state.status, language)}</h2>${summaryList({ language, rows, compact: true })}${outcome(document, state, language)}</section>`;
}

function basisOf(document: RequiredDocument, view: RequestView, language: Language): Html {
  const text = view.around.procedure.legalBasis.find((one) => document.legalBasis.includes(one.id));
  return text === undefined ? html`${domainTexts[language].certainty.unconfirmed}` : localText(text.title, language);
}

const STATE_TONES = { obtained: 'green', awaited: 'amber', 'not-found': 'red', refused: 'red' } as const;

export function stateTag(status: keyof typeof STATE_TONES, language: Language): Html {
  return tag({ text: citizenTexts.documents[status][language], tone: STATE_TONES[status] });
}

function outcome(
  document: RequiredDocument,
  state: Dossier['documents'][string] | undefined,
  language: Language,
): Html {
  const texts = citizenTexts.documents;
  if (state === undefined) return nothing;
  if (state.status === 'obtained') {
    return html`${details({ summary: texts.preview[language], body: dataList(state.data, document, language) })}<p class="muted">${texts.exchange[language]}${colon(language)} ${reference(state.reference)}</p>`;
  }
  if (state.status === 'awaited' && document.source.kind === 'exchange')
    return inset(localText(document.source.ifUnavailable, language));
  return inset((state.status === 'refused' ? texts.refusedText : texts.notFoundText)[language]);
}

/** The data of a document under the names that the procedure gives its fields. */
export function dataList(data: unknown, document: RequiredDocument, language: Language): Html {
  const { source } = document;
  if (source.kind !== 'exchange') return nothing;
  const rows = source.fields.map((field) => ({
    key: localText(field.label, language),
    value: showValue(memberAt(data, field.pointer), language),
  }));
  return summaryList({ language, rows, compact: true });
}

function memberAt(data: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .reduce<unknown>(
      (value, name) =>
        value !== null && typeof value === 'object' && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      data,
    );
}

function showValue(value: unknown, language: Language): Html {
  if (value === undefined || value === null || value === '') return html`—`;
  const date = typeof value === 'string' ? parseIsoDate(value) : undefined;
  if (date !== undefined) return html`${formatDate(date, language)}`;
  if (typeof value !== 'object') return html`<bdi>${String(value)}</bdi>`;
  const object = value as Record<string, unknown>;
  const own = object[language === 'ar' ? 'ar' : 'fr'];
  if (typeof own === 'string') return html`<bdi>${own}</bdi>`;
  const parts = Object.values(object).filter((part) => part !== null && typeof part === 'object');
  return html`${parts.map((part, nth) => html`${nth > 0 ? (language === 'ar' ? '، ' : ', ') : ''}${showValue(part, language)}`)}`;
}

export type StepPage = {
  readonly number: number;
  readonly errors: readonly FormError[];
  readonly posted?: Readonly<Record<string, string | readonly string[]>>;
  readonly reading?: Reading;
  /** Where the form goes: the draft's step, or the answer to a completion request. */
  readonly action: string;
};

export function stepPage(frame: Frame, view: RequestView, step: Step, given: StepPage): string {
  const { language, csrf } = frame;
  const steps = visibleSteps(view.around.procedure.form, view.dossier.answers, formContext(view.dossier, view.around));
  const errors = errorTexts(fieldsOf(view.around.procedure.form), given.errors, language);
  const body = renderStep({
    language,
    step,
    answers: given.reading?.answers ?? view.dossier.answers,
    errors: given.errors,
    posted: given.posted as never,
    revealed: given.reading?.revealed,
  });
  const back =
    given.number > 1 ? requestPath(language, view.id, `/steps/${given.number - 1}`) : requestPath(language, view.id);
  return portalPage(frame, 'mine', {
    title: textIn(step.title, language).text,
    hasErrors: errors.length > 0,
    back: { href: back },
    main: html`${errors.length > 0 ? errorSummary({ language, errors }) : nothing}${stepProgress({ language, step: given.number, steps: steps.length, name: localText(view.around.procedure.title, language) })}<h1>${localText(step.title, language)}</h1>${form(
      {
        action: given.action,
        csrf,
        hasFiles: asksForFiles(step),
        body: html`${body}${button({ text: citizenTexts.documents.next[language] })}`,
      },
    )}`,
  });
}

export function checkPage(
  frame: Frame,
  view: RequestView,
  documents: readonly RequiredDocument[],
  refusal: string | undefined,
): string {
  const { language, csrf } = frame;
  const texts = citizenTexts.check;
  const steps = visibleSteps(view.around.procedure.form, view.dossier.answers, formContext(view.dossier, view.around));
  const numbers = new Map(steps.map((step, nth) => [step.id, nth + 1]));
  const summary = answerSummary({
    form: view.around.procedure.form,
    answers: view.dossier.answers,
    context: formContext(view.dossier, view.around),
    language,
    changeHref: (step: Step) => requestPath(language, view.id, `/steps/${numbers.get(step.id) ?? 1}`),
  } as never) as readonly { readonly step: Step; readonly rows: Parameters<typeof summaryList>[0]['rows'] }[];
  return portalPage(frame, 'mine', {
    title: texts.title[language],
    hasErrors: refusal !== undefined,
    back: { href: requestPath(language, view.id, `/steps/${steps.length}`) },
    main: html`${refusal === undefined ? nothing : errorSummary({ language, title: texts.error[language], errors: [{ message: refusal }] })}<h1>${texts.title[language]}</h1>${summary.map(
      ({ step, rows }) => html`<h2>${localText(step.title, language)}</h2>${summaryList({ language, rows })}`,
    )}<h2>${texts.fetched[language]}</h2>${documentTable(view, documents, language)}${warning({ language, text: texts.note[language] })}${form(
      {
        action: requestPath(language, view.id, '/file'),
        csrf,
        body: button({ text: texts.file[language] }),
      },
    )}`,
  });
}

export function documentTable(view: RequestView, documents: readonly RequiredDocument[], language: Language): Html {
  const texts = citizenTexts.documents;
  return html`<ul class="list">${documents.map((document) => {
    const state = Object.hasOwn(view.dossier.documents, document.id) ? view.dossier.documents[document.id] : undefined;
    const holder =
      document.source.kind === 'exchange' ? html` · ${localText(document.source.holder, language)}` : nothing;
    const exchange =
      state?.reference === undefined
        ? nothing
        : html`<br><small>${texts.exchange[language]}${colon(language)} ${reference(state.reference)}</small>`;
    return html`<li data-document="${document.id}" data-state="${state?.status ?? 'none'}" data-exchange="${state?.reference ?? ''}">${localText(document.title, language)}${holder} ${state === undefined ? nothing : stateTag(state.status, language)}${exchange}</li>`;
  })}</ul>`;
}

export function receiptPageOf(
  frame: Frame,
  view: RequestView,
  receipt: Receipt,
  qr: { readonly svg: string; readonly url: string },
): string {
  const { language } = frame;
  const texts = citizenTexts.receipt;
  const download = (key: 'ar' | 'fr') =>
    html`<a class="button button-secondary" href="${requestPath(language, view.id, `/receipt-${key}.pdf`)}" data-download="receipt-${key}">${(key === 'ar' ? texts.downloadAr : texts.downloadFr)[language]}</a>`;
  return portalPage(frame, 'mine', {
    title: texts.title[language],
    main: html`${confirmationPanel({ title: texts.title[language], label: texts.number[language], reference: receipt.number })}<div data-receipt-number="${receipt.number}" data-deadline="${receipt.deadline.on}" data-verify="${qr.url}">${summaryList(
      {
        language,
        rows: [
          { key: texts.filedAt[language], value: formatDateTime(new Date(receipt.filedAt), language) },
          {
            key: texts.deadline[language],
            value: html`<strong>${formatDate(receipt.deadline.on, language, 'full')}</strong>`,
          },
          { key: citizenTexts.procedure.authority[language], value: localText(receipt.authority, language) },
        ],
      },
    )}</div>${actions(download('ar'), download('fr'))}<h2>${texts.next[language]}</h2><ol class="list"><li>${texts.next1[language]}</li><li>${texts.next2[language]}</li><li>${texts.next3[language]}</li></ol>${actions(
      linkButton({ text: texts.open[language], href: requestPath(language, view.id) }),
    )}${qrFigure({ svg: raw(qr.svg) as never, alt: texts.qr[language], caption: qr.url })}`,
  });
}
