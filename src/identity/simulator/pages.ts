import { type Language, parseIsoDate } from '../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  dateTime,
  type Html,
  html,
  inset,
  linkButton,
  localText,
  nothing,
  type Page,
  page,
  type Row,
  reference,
} from '../../web/index.ts';
import type { SimulatedPerson } from './model.ts';
import { textsOf } from './texts.ts';

/** The people to choose from. One form, one button for each: it works without script. */
export function choicePage(view: {
  readonly language: Language;
  readonly people: readonly SimulatedPerson[];
  readonly action: string;
  readonly portal: string;
}): string {
  const { language, people, action } = view;
  const texts = textsOf(language);
  const { person, birth, number, choose } = texts.columns;
  const table = dataTable({
    language,
    caption: texts.people,
    columns: [
      { header: person },
      { header: birth, tight: true },
      { header: number, tight: true },
      { header: choose, headerHidden: true, align: 'end', tight: true },
    ],
    rows: people.map((one) => personRow(one, language)),
    empty: texts.empty,
  });
  const cancel = actions(button({ text: texts.cancel, look: 'secondary', name: 'cancel', value: 'yes' }));
  return simulatorPage(view, {
    title: texts.title,
    hrefIn: (other) => `${action}?language=${other}`,
    main: html`<h1>${texts.title}</h1><p class="lead">${texts.lead}</p>${inset(
      html`<p>${texts.passedOn}</p><ul>${texts.claims.map((claim) => html`<li>${claim}</li>`)}</ul>`,
    )}<form method="post" action="${action}">${table}${cancel}</form>`,
  });
}

function personRow(person: SimulatedPerson, language: Language): Row {
  const shown = person.name[language === 'ar' ? 'ar' : 'fr'];
  const birth = parseIsoDate(person.birthDate);
  const note =
    person.note === undefined ? nothing : html`<br><span class="muted">${localText(person.note, language)}</span>`;
  return {
    cells: [
      html`<bdi>${shown}</bdi>${note}`,
      birth === undefined ? person.birthDate : dateTime(birth, language, 'short'),
      reference(person.nationalId),
      chooseButton(person, shown, language),
    ],
  };
}

function chooseButton(person: SimulatedPerson, shown: string, language: Language): Html {
  return button({
    text: html`<span>${textsOf(language).signInAs} <bdi>${shown}</bdi></span>`,
    name: 'person',
    value: person.nationalId,
  });
}

/** For an address that leads nowhere, or not any more. */
export function lostPage(view: { readonly language: Language; readonly portal: string }): string {
  const { title, text, back } = textsOf(view.language).lost;
  return simulatorPage(view, {
    title,
    hrefIn: (other) => `/?language=${other}`,
    main: html`<h1>${title}</h1><p class="lead">${text}</p>${actions(linkButton({ text: back, href: `${view.portal}/${view.language}/` }))}`,
  });
}

function simulatorPage(
  view: { readonly language: Language; readonly portal: string },
  own: Pick<Page, 'title' | 'main' | 'hrefIn'>,
): string {
  return page({
    ...own,
    language: view.language,
    path: '/',
    banners: [{ text: textsOf(view.language).notice }],
    homeHref: `${view.portal}/${view.language}/`,
    footer: [],
    noIndex: true,
  });
}
