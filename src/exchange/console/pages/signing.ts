import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  form,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  inset,
  nothing,
  summaryList,
} from '../../../web/index.ts';
import type { Agreement } from '../../message/agreement.ts';
import type { ConsoleFrame } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import { offerTexts as texts } from '../texts/offers.ts';

/** Who has signed a version of ours, and whether the other side has got it. */
export type SigningView = {
  readonly provider: Date | undefined;
  readonly client: Date | undefined;
  /** Nobody else signs for a group. */
  readonly isWithGroup: boolean;
  /** What has not reached the other gateway yet. */
  readonly sending?:
    | { readonly tries: number; readonly dueAt: Date; readonly isRefused: boolean; readonly refusal: string }
    | undefined;
  /** Operators who have drafted this version. */
  readonly drafters: readonly string[];
};

export function signingPart(frame: ConsoleFrame, agreement: Agreement, view: SigningView): Html {
  const { language } = frame;
  const at = (date: Date | undefined) => (date === undefined ? texts.notYet[language] : formatDateTime(date, language));
  return html`<h2>${texts.signatures[language]}</h2>${summaryList({
    language,
    compact: true,
    rows: [
      { key: texts.byProvider[language], value: html`${at(view.provider)}${sendingText(view, language)}` },
      ...(view.isWithGroup ? [] : [{ key: texts.byClient[language], value: at(view.client) }]),
    ],
  })}${agreement.status === 'draft' ? signForm(frame, agreement, view) : nothing}`;
}

function sendingText({ sending, provider, isWithGroup }: SigningView, language: Language): Html {
  if (provider === undefined || isWithGroup) return nothing;
  if (sending === undefined) return html`<br><span class="muted">${texts.delivered[language]}</span>`;
  const { tries, dueAt, isRefused, refusal } = sending;
  const text = isRefused
    ? texts.refusedThere(refusal)[language]
    : tries < 2
      ? texts.onTheWay[language]
      : texts.triedAgain(formatNumber(tries, language), formatDateTime(dueAt, language, 'short'))[language];
  return html`<br><span class="muted">${text}</span>`;
}

function signForm({ language, actor }: ConsoleFrame, { id, version }: Agreement, { drafters }: SigningView): Html {
  if (!may('agreements.sign', actor)) return inset(texts.mayNotSign[language]);
  if (drafters.includes(actor.id)) return inset(texts.otherHand[language]);
  return html`<div class="no-print"><p>${texts.signText[language]}</p>${form({
    action: `/${language}/console/agreements/${id}/sign`,
    csrf: actor.csrf,
    hidden: { version: String(version) },
    body: actions(button({ text: texts.sign[language], icon: 'shield' })),
  })}</div>`;
}
