import { type LocalText, textIn } from '../../kernel/index.ts';
import {
  actions,
  button,
  errorSummary,
  form,
  html,
  linkButton,
  nothing,
  notification,
  radios,
  reference,
  textarea,
} from '../../web/index.ts';
import { CONTEST_REASONS } from '../model/usage.ts';
import { usageTexts } from '../texts/usage.ts';
import { colon, type Frame, portalPage } from './frame.ts';
import { usePath } from './usage-line.ts';

export type ContestForm = {
  /** The subsystem that it goes to, INST/CLASS/MEMBER/SUBSYSTEM, and its member's name. */
  readonly teller: string;
  readonly name: LocalText;
  readonly exchange: string;
  readonly reason?: string;
  readonly words?: string;
  /** What is missing in the form. */
  readonly isReasonMissing?: boolean;
  /** Why the member did not take it. */
  readonly problem?: string;
};

/** The person's request to a member about one use; what was written is there again when it could not be sent. */
export function contestPage(frame: Frame, view: ContestForm): string {
  const { language, csrf } = frame;
  const texts = usageTexts;
  const name = textIn(view.name, language).text;
  const error = view.isReasonMissing === true ? texts.reasonMissing[language] : undefined;
  const choices = CONTEST_REASONS.map((value) => ({ value, label: texts.reasons[value][language] }));
  return portalPage(frame, 'usage', {
    title: texts.contestTitle[language],
    back: { href: `/${language}/data-use` },
    noIndex: true,
    main: html`${error === undefined ? nothing : errorSummary({ language, errors: [{ field: 'reason', message: error }] })}<h1>${texts.contestTitle[language]}</h1><p class="lead">${texts.contestLead(name)[language]}</p><p class="muted">${texts.exchange[language]}${colon(language)} ${reference(view.exchange)}</p>${
      view.problem === undefined ? nothing : notification({ language, text: view.problem })
    }${form({
      action: usePath(language, view.teller, view.exchange, 'contest'),
      csrf,
      body: html`${radios({ language, name: 'reason', label: texts.reason[language], choices, value: view.reason, error })}${textarea({ language, name: 'words', label: texts.words[language], hint: texts.wordsHint[language], value: view.words, optional: true, rows: 4, maxLength: 2000 })}${actions(button({ text: texts.send[language] }), linkButton({ text: texts.cancel[language], href: `/${language}/data-use`, look: 'secondary' }))}`,
    })}`,
  });
}
