import { type Language, textIn } from '../../kernel/index.ts';
import {
  copyableCode,
  details,
  formatDate,
  formatDateTime,
  type Html,
  html,
  localText,
  nothing,
  type Page,
  page,
  reference,
  summaryList,
  verdict,
} from '../../web/index.ts';
import type { PublicView } from '../model/public-view.ts';
import { citizenTexts } from '../texts/citizen.ts';

function publicPage(
  language: Language,
  id: string,
  demonstration: boolean,
  view: Pick<Page, 'title' | 'main'>,
): string {
  return page({
    language,
    path: `/v/${id}`,
    hrefIn: (other) => `/v/${id}?lang=${other}`,
    homeHref: `/${language}`,
    noIndex: true,
    ...(demonstration ? { banners: ['demonstration'] } : {}),
    ...view,
  });
}

/** A forged paper leads here, and so does a mistyped address: the page says both. */
export function unknownPaperPage(language: Language, id: string, demonstration: boolean): string {
  const texts = citizenTexts.verify;
  const title = texts.unknown[language];
  return publicPage(language, id, demonstration, {
    title,
    main: html`${verdict({ kind: 'invalid', title, text: texts.unknownText[language] })}<ul class="list">${texts.unknownHelp.map((one) => html`<li>${one[language]}</li>`)}</ul><p class="muted">${texts.domain[language]}</p>`,
  });
}

/** A certificate that has run out was genuine: it is no forgery, and no longer counts. */
const VERDICTS = { valid: 'valid', replaced: 'replaced', expired: 'replaced', revoked: 'invalid' } as const;

/** Anybody with a paper in hand: is it genuine, whose is it by its initials, does the file match. */
export function verifyPage(language: Language, id: string, view: PublicView, demonstration: boolean): string {
  const texts = citizenTexts.verify;
  const title = view.kind === 'receipt' ? texts.receipt[language] : texts[view.status][language];
  const kind = view.kind === 'receipt' ? 'valid' : VERDICTS[view.status];
  return publicPage(language, id, demonstration, {
    title,
    main: html`${verdict({ kind, title, text: textIn(view.kind === 'receipt' ? view.procedure.title : view.procedure.attestation.title, language).text })}${summaryList({ language, rows: publicRows(view, language) })}<p class="muted">${texts.domain[language]}</p>${
      view.kind === 'attestation' ? sealPart(view, language) : nothing
    }`,
  });
}

function publicRows(view: PublicView, language: Language) {
  const texts = citizenTexts.verify;
  const date =
    view.kind === 'receipt' ? formatDateTime(view.filedAt, language) : formatDate(view.issuedOn, language, 'full');
  const rows = [
    { key: texts.authority[language], value: localText(view.procedure.authority.name, language) },
    { key: texts.number[language], value: reference(view.number) },
    { key: texts.date[language], value: html`${date}` },
    { key: texts.holder[language], value: html`<bdi>${view.holder}</bdi>` },
  ];
  if (view.kind === 'receipt')
    return [
      ...rows,
      { key: citizenTexts.receipt.deadline[language], value: html`${formatDate(view.deadlineOn, language, 'full')}` },
    ];
  if (view.validUntil === undefined) return rows;
  return [...rows, { key: texts.until[language], value: html`${formatDate(view.validUntil, language, 'full')}` }];
}

function sealPart(view: Extract<PublicView, { kind: 'attestation' }>, language: Language): Html {
  const texts = citizenTexts.verify;
  return html`${copyableCode({ language, label: texts.hashAr[language], code: view.pdf.ar, id: 'hash-ar' })}${copyableCode({ language, label: texts.hashFr[language], code: view.pdf.fr, id: 'hash-fr' })}${details(
    {
      summary: texts.offline[language],
      body: html`<p>${texts.offlineText[language]}</p>${copyableCode({ language, label: texts.jws[language], code: view.jws, id: 'jws' })}<p class="muted">${texts.notQualified[language]}</p>`,
    },
  )}`;
}
