import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
  form,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  inset,
  linkButton,
  nothing,
  notification,
  type SummaryRow,
  summaryList,
  type Tone,
  tag,
  textarea,
} from '../../../web/index.ts';
import type { VersionState } from '../../agreement/model.ts';
import type { Agreement } from '../../message/agreement.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { listPage } from '../../operators/pages/list.ts';
import { sortable, sortingOf } from '../../operators/pages/sortable.ts';
import { may } from '../../operators/rules.ts';
import { sortRows } from '../../operators/sorting.ts';
import { agreementTexts } from '../texts/agreements.ts';
import { offerTexts as texts } from '../texts/offers.ts';
import { proposalTexts } from '../texts/proposals.ts';
import { agreementRows, agreementText } from './agreements.ts';

export const OFFERS = '/console/offers';

export type OfferRow = {
  readonly provider: string;
  readonly agreement: string;
  readonly version: number;
  readonly state: VersionState;
  readonly receivedAt: Date;
  readonly signedAt: Date | null;
  readonly reason: string;
  /** The text that was signed; undefined where it cannot be read. */
  readonly document: Agreement | undefined;
};

export function offerPath(language: Language, { provider, agreement, version }: OfferKeyed): string {
  return `/${language}${OFFERS}/one?${String(new URLSearchParams({ provider, agreement, version: String(version) }))}`;
}

type OfferKeyed = Pick<OfferRow, 'provider' | 'agreement' | 'version'>;

const VALUES = {
  agreement: (row: OfferRow) => row.agreement,
  provider: (row: OfferRow) => row.provider,
  received: (row: OfferRow) => row.receivedAt,
  // Those that wait for us first.
  state: (row: OfferRow) => (row.state === 'offered' ? '' : row.state),
};
const COLUMNS = Object.keys(VALUES) as (keyof typeof VALUES)[];

export function offersPage(frame: ConsoleFrame, offers: readonly OfferRow[]): string {
  const { language } = frame;
  const sorting = sortingOf(frame, COLUMNS, { by: 'state', isDown: false });
  const column = sortable(frame, sorting);
  return listPage(frame, OFFERS, {
    title: texts.title,
    lead: texts.lead,
    columns: [
      column('agreement', { header: texts.agreement[language] }),
      { header: texts.version[language], tight: true, align: 'end' },
      column('provider', { header: texts.provider[language] }),
      { header: texts.service[language] },
      column('received', { header: texts.received[language], tight: true }),
      column('state', { header: texts.state[language], tight: true }),
    ],
    rows: sortRows(offers, sorting, VALUES).map((one) => ({
      cells: [
        html`<a href="${offerPath(language, one)}">${identifier(one.agreement)}</a>`,
        formatNumber(one.version, language),
        identifier(one.provider),
        one.document === undefined ? '—' : identifier(one.document.service),
        formatDateTime(one.receivedAt, language, 'short'),
        stateTag(one.state, language),
      ],
      ...(one.state === 'offered' ? { tone: 'amber' as const } : {}),
      attributes: { 'data-offer': one.agreement, 'data-state': one.state },
    })),
    empty: texts.none,
  });
}

const TONES: Readonly<Record<VersionState, Tone>> = {
  draft: 'neutral',
  offered: 'amber',
  declined: 'red',
  active: 'green',
  suspended: 'amber',
  ended: 'neutral',
};

/** An offer waits for us; at the provider's the same state waits for the client. */
function stateTag(state: VersionState, language: Language): Html {
  const text = state === 'offered' ? agreementTexts.waitsForUs : agreementTexts.states[state];
  return tag({ text: text[language], tone: TONES[state] });
}

export type OfferView = {
  readonly offer: OfferRow;
  /** The version that is in force now, where there is one. */
  readonly inForce: Agreement | undefined;
  readonly done?: 'signed' | 'declined' | undefined;
  readonly isReasonMissing?: boolean;
};

/** The whole text in words, what it changes, who has signed; then the two ways to answer. */
export function offerPage(frame: ConsoleFrame, view: OfferView): string {
  const { language } = frame;
  const { offer, done, isReasonMissing = false } = view;
  const errors = isReasonMissing ? [{ field: 'reason', message: texts.badReason[language] }] : [];
  return consolePage(frame, OFFERS, {
    title: `${texts.agreement[language]} ${offer.agreement}`,
    back: { href: `/${language}${OFFERS}` },
    hasErrors: isReasonMissing,
    main: html`${errorSummary({ language, errors })}<h1>${identifier(offer.agreement)}</h1>${
      done === undefined ? nothing : notification({ language, kind: 'success', text: texts[done][language] })
    }<p>${stateTag(offer.state, language)} ${texts.version[language]} ${formatNumber(offer.version, language)} · ${identifier(offer.provider)}</p>${
      offer.document === undefined ? inset(texts.unreadable[language]) : agreementText(offer.document, language)
    }${changes(view, language)}<h2>${texts.signatures[language]}</h2>${summaryList({ language, compact: true, rows: signatureRows(offer, language) })}${
      offer.state === 'offered' && offer.document !== undefined
        ? html`<div class="no-print">${answerForms(frame, view)}${counterLink(frame, offer)}</div>`
        : nothing
    }`,
  });
}

function signatureRows(offer: OfferRow, language: Language): readonly SummaryRow[] {
  const at = (date: Date) => formatDateTime(date, language);
  return [
    { key: texts.byProvider[language], value: `${texts.received[language]} ${at(offer.receivedAt)}` },
    {
      key: texts.byClient[language],
      value: offer.signedAt === null ? texts.notYet[language] : at(offer.signedAt),
    },
    ...(offer.reason === ''
      ? []
      : [{ key: texts.reason[language], value: html`<span dir="auto">${offer.reason}</span>` }]),
  ];
}

/** Line by line, as both are read in this language. */
function changes({ offer, inForce }: OfferView, language: Language): Html {
  if (offer.document === undefined || offer.state !== 'offered') return nothing;
  if (inForce === undefined) return inset(texts.isFirst[language]);
  const before = new Map(agreementRows(inForce, language).map((row) => [String(row.key), row.value]));
  const after = new Map(agreementRows(offer.document, language).map((row) => [String(row.key), row.value]));
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => String(before.get(key)) !== String(after.get(key)),
  );
  return html`<h2>${texts.changes[language]}</h2>${dataTable({
    language,
    caption: texts.changes[language],
    captionHidden: true,
    columns: [{ header: texts.line[language] }, { header: texts.before[language] }, { header: texts.after[language] }],
    rows: keys.map((key) => ({
      cells: [key, before.get(key) ?? '—', after.get(key) ?? '—'],
      attributes: { 'data-change': key },
    })),
    empty: texts.noChanges[language],
  })}`;
}

function answerForms({ language, actor }: ConsoleFrame, view: OfferView): Html {
  if (!may('agreements.sign', actor)) return inset(texts.mayNotSign[language]);
  const { provider, agreement, version } = view.offer;
  const hidden = { provider, agreement, version: String(version) };
  return html`<h2>${texts.sign[language]}</h2><p>${texts.signText[language]}</p>${form({
    action: `/${language}${OFFERS}/sign`,
    csrf: actor.csrf,
    hidden,
    body: actions(button({ text: texts.sign[language], icon: 'shield' })),
  })}<h2>${texts.decline[language]}</h2><p>${texts.declineText[language]}</p>${form({
    action: `/${language}${OFFERS}/decline`,
    csrf: actor.csrf,
    hidden,
    body: html`${textarea({ language, name: 'reason', label: texts.reason[language], rows: 3, maxLength: 1000, error: view.isReasonMissing === true ? texts.badReason[language] : undefined })}${actions(button({ text: texts.decline[language], look: 'danger' }))}`,
  })}`;
}

function counterLink({ language, actor }: ConsoleFrame, { provider, agreement, version }: OfferRow): Html {
  if (!may('agreements.change', actor)) return nothing;
  const query = new URLSearchParams({ provider, agreement, answers: String(version) });
  const href = `/${language}/console/proposals/new?${String(query)}`;
  const text = proposalTexts.counter[language];
  return html`<h2>${text}</h2><p>${proposalTexts.counterText[language]}</p>${actions(linkButton({ text, href, look: 'secondary' }))}`;
}
