import { actions, linkButton } from './components/form.ts';
import { html, type Text } from './html.ts';
import { reference } from './language.ts';
import { type Page, page } from './layout.ts';
import { textsOf } from './texts/index.ts';
import type { ProblemKind } from './texts/model.ts';

const KINDS: Readonly<Record<number, ProblemKind>> = {
  401: 'sign-in',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-found',
  409: 'conflict',
  410: 'not-found',
  413: 'too-large',
  429: 'too-many',
  503: 'unavailable',
};

export type ProblemView = Omit<Page, 'title' | 'main' | 'hero' | 'noIndex'> & {
  readonly status: number;
  /** More than the general words, in the page's language; never what only the log may say. */
  readonly detail?: Text | undefined;
  /** What the person may tell those who help; shown for faults of ours. */
  readonly requestId?: string | undefined;
};

/** A refusal or a fault as a person sees it: what happened, what to do now, the way out. */
export function problemPage(view: ProblemView): string {
  const { status, detail, requestId, ...frame } = view;
  const texts = textsOf(view.language);
  const problem = texts.problems[KINDS[status] ?? (status >= 500 ? 'internal' : 'refused')];
  return page({
    ...frame,
    title: problem.title,
    noIndex: true,
    main: html`<h1>${problem.title}</h1>${detail === undefined ? undefined : html`<p class="lead">${detail}</p>`}<p>${problem.whatToDo}</p>${
      requestId !== undefined && status >= 500 && html`<p>${texts.problemNumber}: ${reference(requestId)}</p>`
    }${actions(linkButton({ text: texts.toHome, href: view.homeHref ?? `/${view.language}/` }))}`,
  });
}
