import { asksForFiles, errorTexts, type FormError, fieldsOf, type Reading, renderStep } from '../../forms/index.ts';
import { button, errorSummary, form, html, localText, nothing } from '../../web/index.ts';
import { visibleStep } from '../rules/completion.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { type RequestView, requestPath } from './filing.ts';
import { type Frame, portalPage } from './frame.ts';
import { askedFor } from './request.ts';

export type CompletionPage = {
  /** The fields to show, where their conditions hold. */
  readonly ids: readonly string[];
  readonly errors: readonly FormError[];
  readonly reading?: Reading;
  readonly posted?: Readonly<Record<string, string | readonly string[]>>;
};

/** All that the administration asked for, on one page: it can be answered once only. */
export function completionPage(frame: Frame, view: RequestView, given: CompletionPage): string {
  const { language, csrf } = frame;
  const texts = citizenTexts.dossier;
  const { procedure } = view.around;
  const answers = given.reading?.answers ?? view.dossier.answers;
  const step = visibleStep(view.dossier, answers, given.ids, texts.complete, view.around);
  const errors = errorTexts(fieldsOf(procedure.form), given.errors, language);
  const body = renderStep({
    language,
    step,
    answers,
    errors: given.errors,
    posted: given.posted,
    revealed: given.reading?.revealed,
  });
  return portalPage(frame, 'mine', {
    title: texts.complete[language],
    hasErrors: errors.length > 0,
    noIndex: true,
    back: { href: requestPath(language, view.id) },
    main: html`${errors.length > 0 ? errorSummary({ language, errors }) : nothing}<p class="muted">${localText(procedure.title, language)}</p><h1>${texts.complete[language]}</h1>${askedFor(view, language)}${form(
      {
        action: requestPath(language, view.id, '/complete'),
        csrf,
        hasFiles: asksForFiles(step),
        body: html`${body}<p class="muted">${texts.completeOnce[language]}</p>${button({ text: texts.completeSend[language] })}`,
      },
    )}`,
  });
}
