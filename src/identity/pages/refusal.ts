import type { Language, Problem } from '../../kernel/index.ts';
import { actions, type Html, html, linkButton, type Page } from '../../web/index.ts';
import type { Role } from '../model.ts';
import { SLUGS } from '../problems.ts';
import { textsOf } from '../texts/index.ts';

type Message = { readonly title: string; readonly text: string; readonly next: string };

/**
 * The page that says what was refused, why, and what to do next; undefined for problems of other modules.
 * `returnTo` is where a new sign-in leads.
 */
export function refusalPage(
  problem: Problem,
  language: Language,
  returnTo: string,
): Pick<Page, 'title' | 'main'> | undefined {
  const message = messageOf(problem, language);
  if (message === undefined) return undefined;
  return { title: message.title, main: main(message, language, helpsToSignIn(problem) ? returnTo : undefined) };
}

function main(message: Message, language: Language, returnTo: string | undefined): Html {
  const texts = textsOf(language);
  const home = { text: texts.home, href: `/${language}/` };
  return html`<h1>${message.title}</h1><p class="lead">${message.text}</p><h2>${texts.whatToDo}</h2><p>${message.next}</p>${
    returnTo === undefined
      ? actions(linkButton(home))
      : actions(
          linkButton({ text: texts.tryAgain, href: signInPath(returnTo), start: true }),
          linkButton({ ...home, look: 'secondary' }),
        )
  }`;
}

export function signInPath(returnTo: string): string {
  return `/auth/login?return=${encodeURIComponent(returnTo)}`;
}

/** A new sign-in changes nothing about a missing role or a form of another session. */
function helpsToSignIn(problem: Problem): boolean {
  return ![SLUGS.roleMissing, SLUGS.formExpired, SLUGS.placement].some((slug) => slug === problem.slug);
}

function messageOf(problem: Problem, language: Language): Message | undefined {
  const texts = textsOf(language);
  switch (problem.slug) {
    case SLUGS.signInFirst:
      return texts.sessionEnded;
    case SLUGS.formExpired:
      return texts.formExpired;
    case SLUGS.notIdentified:
      return texts.notIdentified;
    case SLUGS.issuerDown:
      return texts.issuerDown;
    case SLUGS.denied:
      return texts.denied;
    case SLUGS.unknownAttempt:
      return texts.unknownAttempt;
    case SLUGS.refused:
      return texts.refused;
    case SLUGS.placement:
      return texts.placement;
    case SLUGS.roleMissing: {
      const { title, text, next, roles } = texts.roleMissing;
      return { title, text: text(roles[problem.extensions['role'] as Role]), next };
    }
    default:
      return undefined;
  }
}
