import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  attributes,
  button,
  details,
  type Html,
  html,
  inset,
  nothing,
  type Page,
  page,
} from '../../../web/index.ts';
import { passkeyScripts } from '../assets.ts';
import type { KeptForm } from '../kept-form.ts';
import { signInTexts, keptTexts as texts } from '../texts/operators.ts';
import { passkeyForm } from './sign-in.ts';

type Around = Omit<Page, 'title' | 'main'>;

/** The session has ended while a form was filled in: sign-in here, and the form goes on with what was typed. */
export function keptSignInPage(around: Around, kept: KeptForm): string {
  const { language } = around;
  const frame = { language, path: '/console/sign-in' };
  const words = { 'data-refused': signInTexts.refused[language] };
  return page({
    ...around,
    title: texts.title[language],
    noIndex: true,
    head: passkeyScripts,
    main: html`<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${passkeyForm(
      frame,
      'sign-in',
      `/${language}/console`,
      signInTexts.button[language],
      words,
    )}${typed(kept, language)}${keptForm(kept, language, html`<p>${texts.elsewhere[language]}</p>${actions(button({ text: texts.goOn[language], look: 'secondary' }))}`)}`,
  });
}

/** After sign-in. A person looks at it and sends it: that is what the form's token stood for. */
export function keptSendPage(around: Around, kept: KeptForm, csrf: string): string {
  const { language } = around;
  return page({
    ...around,
    title: texts.sendTitle[language],
    noIndex: true,
    main: html`<h1>${texts.sendTitle[language]}</h1><p class="lead">${texts.sendLead[language]}</p>${typed(kept, language, true)}${keptForm(
      { ...kept, fields: [...kept.fields, ['_csrf', csrf]] },
      language,
      actions(button({ text: texts.send[language] })),
    )}`,
  });
}

/** Of the same kind as what was sent, for the page behind it expects that kind. */
function keptForm({ action, fields, hasFiles }: KeptForm, language: Language, body: Html): Html {
  const enctype = hasFiles ? 'multipart/form-data' : undefined;
  return html`<form class="form" method="post" data-kept${attributes({ action, enctype })}>${fields.map(
    ([name, value]) => html`<input type="hidden"${attributes({ name, value })}>`,
  )}${hasFiles ? inset(texts.files[language]) : nothing}${body}</form>`;
}

function typed({ fields }: KeptForm, language: Language, open = false): Html {
  const values = fields.map(([, value]) => value.trim()).filter((value) => value !== '');
  if (values.length === 0) return nothing;
  const list = html`<ul>${values.map((value) => html`<li dir="auto">${value}</li>`)}</ul>`;
  return details({ summary: texts.typed[language], body: list, open });
}
