import type { Language } from '../../kernel/index.ts';
import { actions, html, linkButton, notification, type Page } from '../../web/index.ts';
import { textsOf } from '../texts/index.ts';
import { signInPath } from './refusal.ts';

export function signedOutPage(language: Language): Pick<Page, 'title' | 'main'> {
  const texts = textsOf(language);
  const { title, text, shared } = texts.signedOut;
  const home = `/${language}/`;
  return {
    title,
    main: html`<h1>${title}</h1><p class="lead">${text}</p>${notification({ language, text: shared })}${actions(
      linkButton({ text: texts.home, href: home }),
      linkButton({ text: texts.signIn, href: signInPath(home), look: 'secondary' }),
    )}`,
  };
}
