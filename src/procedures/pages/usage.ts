import { type Language, textIn } from '../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
  form,
  formatDateTime,
  type Html,
  html,
  join,
  linkButton,
  localText,
  nothing,
  notification,
  radios,
  reference,
  tag,
  textarea,
} from '../../web/index.ts';
import type { Procedure } from '../model/procedure.ts';
import {
  CONTEST_REASONS,
  type DataUse,
  type MemberUsages,
  memberKey,
  type Usage,
  type UsageMember,
} from '../model/usage.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { usageTexts } from '../texts/usage.ts';
import { colon, type Frame, portalPage } from './frame.ts';
import { fieldName, officeName, serviceName } from './names.ts';

/** Who used the person's data: what each administration itself says, and who looked at requests here. */
export function usagePage(frame: Frame, use: DataUse, procedures: readonly Procedure[]): string {
  const { language } = frame;
  const texts = usageTexts;
  return portalPage(frame, 'usage', {
    title: texts.title[language],
    noIndex: true,
    main: html`<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${use.members.map((one) => memberPart(one, procedures, language))}<h2>${texts.portal[language]}</h2>${dataTable(
      {
        language,
        caption: texts.portal[language],
        captionHidden: true,
        columns: [
          { header: texts.when[language] },
          { header: texts.office[language] },
          { header: citizenTexts.receipt.number[language] },
        ],
        rows: use.accesses.map((access) => ({
          cells: [
            html`${formatDateTime(access.at, language)}`,
            html`<span data-office="${access.office}">${officeName(procedures, access.office, language)}</span>`,
            access.receiptNumber === undefined ? html`—` : reference(access.receiptNumber),
          ],
        })),
        empty: texts.portalNone[language],
      },
    )}`,
  });
}

function memberPart(one: MemberUsages, procedures: readonly Procedure[], language: Language): Html {
  const texts = usageTexts;
  const name = textIn(one.member.name, language).text;
  const heading = html`<h2>${name}</h2>`;
  if (one.usages === undefined) return html`${heading}${notification({ language, text: texts.down(name)[language] })}`;
  return html`${heading}${dataTable({
    language,
    caption: name,
    captionHidden: true,
    columns: [
      { header: texts.when[language] },
      { header: texts.who[language] },
      { header: texts.what[language] },
      { header: texts.why[language] },
      { header: texts.exchange[language] },
      { header: texts.acts[language] },
    ],
    rows: one.usages.map((usage) => ({
      cells: [...usageCells(usage, procedures, language), actsOf(one, usage, language)],
    })),
    empty: texts.none[language],
  })}`;
}

export function usePath(language: Language, member: UsageMember, exchange: string, act: 'proof' | 'contest'): string {
  return `/${language}/data-use/${memberKey(member)}/${exchange}/${act}`;
}

const TONES = { open: 'amber', upheld: 'green', rejected: 'neutral' } as const;

/** What the person can do about one use, or what came of what they did. */
function actsOf({ member, contests }: MemberUsages, usage: Usage, language: Language): Html {
  const texts = usageTexts;
  const contest = contests.find((one) => one.exchange === usage.exchange);
  const proof = html`<a href="${usePath(language, member, usage.exchange, 'proof')}" download>${texts.proof[language]}</a>`;
  if (contest === undefined) {
    return html`<div>${proof}<br><a href="${usePath(language, member, usage.exchange, 'contest')}">${texts.contest[language]}</a></div>`;
  }
  const tone = TONES[contest.state];
  const answer = contest.answer === undefined ? nothing : html`<p dir="auto">${contest.answer}</p>`;
  return html`<div>${proof}<br><small class="muted">${texts.contestNumber[language]} ${reference(contest.number)}</small><br>${tag({ text: texts.states[contest.state][language], tone })}${answer}</div>`;
}

export type ContestForm = {
  readonly member: UsageMember;
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
  const name = textIn(view.member.name, language).text;
  const error = view.isReasonMissing === true ? texts.reasonMissing[language] : undefined;
  const choices = CONTEST_REASONS.map((value) => ({ value, label: texts.reasons[value][language] }));
  return portalPage(frame, 'usage', {
    title: texts.contestTitle[language],
    back: { href: `/${language}/data-use` },
    noIndex: true,
    main: html`${error === undefined ? nothing : errorSummary({ language, errors: [{ field: 'reason', message: error }] })}<h1>${texts.contestTitle[language]}</h1><p class="lead">${texts.contestLead(name)[language]}</p><p class="muted">${texts.exchange[language]}${colon(language)} ${reference(view.exchange)}</p>${
      view.problem === undefined ? nothing : notification({ language, text: view.problem })
    }${form({
      action: usePath(language, view.member, view.exchange, 'contest'),
      csrf,
      body: html`${radios({ language, name: 'reason', label: texts.reason[language], choices, value: view.reason, error })}${textarea({ language, name: 'words', label: texts.words[language], hint: texts.wordsHint[language], value: view.words, optional: true, rows: 4, maxLength: 2000 })}${actions(button({ text: texts.send[language] }), linkButton({ text: texts.cancel[language], href: `/${language}/data-use`, look: 'secondary' }))}`,
    })}`,
  });
}

function usageCells(usage: Usage, procedures: readonly Procedure[], language: Language): readonly Html[] {
  const texts = usageTexts;
  const who = usage.clientName === undefined ? reference(usage.client) : localText(usage.clientName, language);
  const fields = join(
    usage.fields.map((pointer) => fieldName(procedures, usage.service, pointer, language)),
    html`${language === 'ar' ? '، ' : ', '}`,
  );
  const agreement =
    usage.agreement === undefined
      ? nothing
      : html`<br><small class="muted">${texts.agreement[language]}${colon(language)} ${reference(usage.agreement)}</small>`;
  const basis =
    usage.legalBasis === undefined
      ? nothing
      : html`<br><small class="muted">${localText(usage.legalBasis.text, language)}</small>`;
  return [
    html`${formatDateTime(new Date(usage.at), language)}`,
    who,
    html`<div>${serviceName(procedures, usage.service, language)}<br><small class="muted">${fields}</small></div>`,
    html`<div>${usage.purpose === undefined ? nothing : localText(usage.purpose, language)}${basis}${agreement}</div>`,
    reference(usage.exchange),
  ];
}
