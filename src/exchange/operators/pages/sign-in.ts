import { actions, attributes, button, type Html, html, nothing, warning } from '../../../web/index.ts';
import { passkeyScripts } from '../assets.ts';
import { enrolTexts, signInTexts } from '../texts/operators.ts';
import { type ConsoleFrame, consolePage } from './frame.ts';

/** The only pages of the console that need a script: an authenticator is reached by no form. */
export function signInPage(
  frame: ConsoleFrame,
  view: { readonly next: string; readonly goodOrigin?: string | undefined },
): string {
  const { language } = frame;
  const texts = signInTexts;
  return consolePage(frame, undefined, {
    title: texts.title[language],
    head: passkeyScripts,
    main: html`<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${
      view.goodOrigin === undefined
        ? nothing
        : warning({
            language,
            text: html`${texts.otherAddress[language]} <a href="${view.goodOrigin}"><bdi dir="ltr">${view.goodOrigin}</bdi></a>`,
          })
    }${passkeyForm(frame, 'sign-in', view.next, texts.button[language], {
      'data-refused': texts.refused[language],
    })}<p>${texts.none[language]}</p>`,
  });
}

export function enrolPage(frame: ConsoleFrame): string {
  const { language } = frame;
  const texts = enrolTexts;
  return consolePage(frame, undefined, {
    title: texts.title[language],
    head: passkeyScripts,
    main: html`<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${passkeyForm(
      frame,
      'enrol',
      `/${language}/console`,
      texts.button[language],
      { 'data-refused': texts.refused[language], 'data-no-link': texts.noLink[language] },
    )}`,
  });
}

export function passkeyForm(
  { language, path }: Pick<ConsoleFrame, 'language' | 'path'>,
  kind: 'sign-in' | 'enrol',
  next: string,
  label: string,
  words: Readonly<Record<string, string>>,
): Html {
  const own = {
    'data-passkey': kind,
    'data-next': next,
    'data-cancelled': signInTexts.cancelled[language],
    'data-unreachable': signInTexts.unreachable[language],
    ...words,
  };
  return html`<form class="form" method="get" action="/${language}${path}"${attributes(own)}><noscript>${warning({ language, text: signInTexts.needsScript[language] })}</noscript>${actions(button({ text: label, icon: 'lock' }))}<p role="status"></p></form>`;
}
