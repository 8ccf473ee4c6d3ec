import { type Language, textIn } from '../../kernel/index.ts';
import {
  cardList,
  details,
  factList,
  formatMoney,
  type Html,
  hero,
  html,
  inset,
  join,
  linkButton,
  localText,
  nothing,
  pillars,
  searchBox,
  sheet,
  split,
  tag,
} from '../../web/index.ts';
import { type Certainty, type Procedure, type Provenance, type RequiredDocument, THEMES } from '../model/procedure.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { domainTexts } from '../texts/domain/index.ts';
import { colon, type Frame, portalPage } from './frame.ts';

export function homePage(frame: Frame, procedures: readonly Procedure[]): string {
  const { language } = frame;
  const texts = citizenTexts.home;
  const most = procedures
    .slice(0, 4)
    .map((one) => html`<a href="${procedurePath(language, one.id)}">${localText(one.title, language)}</a>`);
  return portalPage(frame, undefined, {
    title: texts.title[language],
    description: texts.lead[language],
    hero: hero({
      title: texts.question[language],
      lead: texts.lead[language],
      body: html`${searchBox({ language, action: `/${language}/procedures`, label: texts.search[language], large: true })}<p class="hero-links"><span>${texts.mostUsed[language]}${colon(language)}</span> ${join(most, html` `)}</p>`,
    }),
    main: html`<h2>${texts.themes[language]}</h2>${themeCards(language, procedures)}${pillars([
      { icon: 'document', title: texts.receipt[language], text: texts.receiptText[language] },
      { icon: 'exchange', title: texts.once[language], text: texts.onceText[language] },
      { icon: 'shield', title: texts.proof[language], text: texts.proofText[language] },
    ])}`,
  });
}

function themeCards(language: Language, procedures: readonly Procedure[]): Html {
  const used = THEMES.filter((theme) => procedures.some((one) => one.theme === theme));
  return cardList({
    cards: used.map((theme) => {
      const inside = procedures.filter((one) => one.theme === theme);
      const names = inside.slice(0, 3).map((one) => textIn(one.title, language).text);
      return {
        href: `/${language}/procedures?theme=${theme}`,
        title: domainTexts[language].theme[theme],
        text: names.join('، '.slice(0, language === 'ar' ? 2 : 0) || ', '),
      };
    }),
  });
}

export type CatalogueView = {
  readonly query: string;
  readonly theme: string | undefined;
  readonly found: readonly Procedure[];
  readonly all: readonly Procedure[];
};

export function cataloguePage(frame: Frame, view: CatalogueView): string {
  const { language } = frame;
  const texts = citizenTexts.catalogue;
  const isEmpty = view.query !== '' && view.found.length === 0;
  const summary =
    view.query === ''
      ? nothing
      : html`<p class="lead" role="status">${isEmpty ? texts.none[language] : texts.results(view.found.length, view.query)[language]}</p>`;
  return portalPage(frame, 'procedures', {
    title: texts.title[language],
    main: html`<h1>${texts.title[language]}</h1>${searchBox({ language, action: `/${language}/procedures`, label: citizenTexts.home.search[language], value: view.query })}${summary}${
      isEmpty ? inset(texts.noneHelp[language]) : nothing
    }${cardList({ headingLevel: 2, cards: (isEmpty ? view.all : view.found).map((one) => card(one, language)) })}`,
  });
}

function card(procedure: Procedure, language: Language) {
  return {
    href: procedurePath(language, procedure.id),
    title: localText(procedure.title, language),
    text: localText(procedure.summary, language),
  };
}

export function procedurePath(language: Language, id: string): string {
  return `/${language}/procedures/${id}`;
}

export function procedurePage(frame: Frame, procedure: Procedure, hasDraft: boolean): string {
  const { language } = frame;
  const texts = citizenTexts.procedure;
  const start = html`<div class="start">${linkButton({ text: (hasDraft ? texts.resume : texts.start)[language], href: `${procedurePath(language, procedure.id)}/start`, start: true })}${
    frame.account.kind === 'signed-out' ? html`<p class="muted">${texts.signInFirst[language]}</p>` : nothing
  }</div>`;
  return portalPage(frame, 'procedures', {
    title: textIn(procedure.title, language).text,
    description: textIn(procedure.summary, language).text,
    back: { href: `/${language}/procedures` },
    main: split({
      head: html`<h1>${localText(procedure.title, language)}</h1><p class="lead">${localText(procedure.summary, language)}</p>`,
      main: html`${start}<h2>${texts.documents[language]}</h2>${documentList(procedure.documents, language)}<h2>${texts.who[language]}</h2><p>${localText(procedure.applicants.who, language)}</p>${simplifications(procedure, language)}${sources(procedure, language)}`,
      aside: sheet(facts(procedure, language)),
    }),
  });
}

function facts(procedure: Procedure, language: Language): Html {
  const texts = citizenTexts.procedure;
  const { deadline, silence } = procedure;
  const basis =
    deadline.basis === 'law-ceiling'
      ? html`<br><small>${domainTexts[language].deadlineBasis[deadline.basis]}</small>`
      : nothing;
  return factList([
    { term: texts.authority[language], value: localText(procedure.authority.name, language) },
    {
      term: texts.delay[language],
      value: html`${texts.days(deadline.days, deadline.dayKind)[language]}${basis} ${mark(deadline.provenance, language)}`,
    },
    {
      term: texts.fee[language],
      value: html`${feeText(procedure, language)} ${mark(procedure.fee.provenance, language)}`,
    },
    {
      term: texts.silence[language],
      value: (silence.kind === 'none' ? texts.silenceNone : texts.silenceAccepts)[language],
    },
    {
      term: texts.legal[language],
      value: join(
        procedure.legalBasis.map((text) => html`${localText(text.title, language)} ${mark(text.provenance, language)}`),
        html`<br>`,
      ),
    },
  ]);
}

function feeText(procedure: Procedure, language: Language): string {
  const { fee } = procedure;
  const texts = citizenTexts.procedure;
  if (fee.kind === 'free') return texts.feeFree[language];
  if (fee.amountMad !== undefined) return formatMoney(fee.amountMad, language);
  return (fee.kind === 'unknown' ? texts.feeUnknown : texts.feeVariable)[language];
}

const MARK_TONES: Readonly<Record<Certainty, 'green' | 'neutral' | 'amber'>> = {
  confirmed: 'green',
  'single-source': 'neutral',
  unconfirmed: 'amber',
};

/** How certain a fact is, beside the fact. */
function mark(provenance: Provenance, language: Language): Html {
  const { certainty } = provenance;
  return tag({ text: domainTexts[language].certainty[certainty], tone: MARK_TONES[certainty] });
}

function documentList(documents: readonly RequiredDocument[], language: Language): Html {
  return html`<ul class="list">${documents.map(
    (document) =>
      html`<li><strong>${localText(document.title, language)}</strong> ${mark(document.provenance, language)}<br><span class="muted">${howObtained(document, language)}</span></li>`,
  )}</ul>`;
}

export function howObtained(document: RequiredDocument, language: Language): Html {
  const texts = citizenTexts.procedure;
  const { source } = document;
  if (source.kind === 'exchange') return html`${texts.viaExchange[language]} ${localText(source.holder, language)}`;
  if (source.kind === 'ledger') return html`${texts.viaLedger[language]}`;
  if (source.kind === 'declaration') return html`${texts.viaDeclaration[language]}`;
  return html`${(source.declarationField === undefined ? texts.viaUpload : texts.viaUploadOrDeclaration)[language]}`;
}

function simplifications(procedure: Procedure, language: Language): Html {
  if (procedure.toSimplify.length === 0) return nothing;
  return html`<h2>${citizenTexts.procedure.simplify[language]}</h2><ul class="list">${procedure.toSimplify.map((one) => html`<li>${localText(one.text, language)}</li>`)}</ul>`;
}

function sources(procedure: Procedure, language: Language): Html {
  const texts = citizenTexts.procedure;
  const list = procedure.sources.map(
    (source) =>
      html`<li>${source.url === undefined ? localText(source.title, language) : html`<a href="${source.url}" rel="external">${localText(source.title, language)}</a>`}</li>`,
  );
  return details({
    summary: texts.sources[language],
    body: html`<p>${texts.sourcesIntro[language]}</p><ul class="list">${list}</ul><p><a href="/procedures/${procedure.id}.jsonld">${texts.machine[language]}</a></p>`,
  });
}
