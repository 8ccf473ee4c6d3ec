import { type Language, textIn } from '../../kernel/index.ts';
import {
  actions,
  button,
  comparing,
  dataTable,
  details,
  errorSummary,
  form,
  formatDateTime,
  formatList,
  type Html,
  html,
  linkButton,
  nothing,
  notification,
  reference,
  select,
  textInput,
} from '../../web/index.ts';
import type { Procedure } from '../model/procedure.ts';
import { formatCursor, type OwnAccess, type UsageMember, type UsagePage } from '../model/usage.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { usageTexts } from '../texts/usage.ts';
import { type Frame, portalPage } from './frame.ts';
import { officeName } from './names.ts';
import { usageLine } from './usage-line.ts';

/** What the person asked of the page, as typed. */
export type UsageAsked = {
  readonly member: string;
  readonly from: string;
  readonly until: string;
  /** The page's place, empty on the first. */
  readonly before: string;
  /** Fields that hold no day. */
  readonly wrong: readonly ('from' | 'until')[];
};

/** Who used the person's data, of all administrations in one list; and who looked at requests here, on the first page. */
export function usagePage(
  frame: Frame,
  asked: UsageAsked,
  page: UsagePage,
  accesses: readonly OwnAccess[],
  procedures: readonly Procedure[],
): string {
  const { language } = frame;
  const texts = usageTexts;
  const errors = asked.wrong.map((field) => ({ field, message: texts.badDate[language] }));
  return portalPage(frame, 'usage', {
    title: texts.title[language],
    noIndex: true,
    main: html`${errorSummary({ language, errors })}<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${aboutPart(language)}${missingPart(frame, page)}${filterPart(asked, page.members, language)}<h2>${texts.list[language]}</h2>${
      page.lines.length === 0
        ? html`<div class="empty">${emptyText(asked, page, language)}</div>`
        : page.lines.map((line) => usageLine(line, procedures, language))
    }${pagesPart(asked, page, language)}<p><a href="/${language}/verify">${texts.checkProof[language]}</a></p>${keepPart(asked, language)}${asked.before === '' ? accessPart(accesses, procedures, language) : nothing}`,
  });
}

function aboutPart(language: Language): Html {
  const texts = usageTexts;
  const paragraphs = [texts.shown, texts.notShown, texts.law].map((text) => html`<p>${text[language]}</p>`);
  return details({ summary: texts.about[language], body: html`${paragraphs}` });
}

function missingPart(frame: Frame, page: UsagePage): Html {
  const { language, path } = frame;
  const texts = usageTexts;
  const again = actions(linkButton({ text: texts.askAgain[language], href: `/${language}${path}`, look: 'secondary' }));
  if (page.isExchangeAway) return html`${notification({ language, text: texts.exchangeAway[language] })}${again}`;
  const away =
    page.away.length === 0
      ? nothing
      : html`${notification({
          language,
          title: texts.missingTitle[language],
          text: texts.missing(namesOf(page.away, language))[language],
        })}${again}`;
  const untold =
    page.untold.length === 0
      ? nothing
      : html`<p class="muted">${texts.untold(namesOf(page.untold, language))[language]}</p>`;
  return html`${away}${untold}`;
}

function namesOf(members: readonly UsageMember[], language: Language): string {
  return formatList(
    members.map((one) => textIn(one.name, language).text),
    language,
  );
}

function filterPart(asked: UsageAsked, members: readonly UsageMember[], language: Language): Html {
  const texts = usageTexts;
  const choices = members
    .map((one) => ({ value: one.id, label: textIn(one.name, language).text }))
    .toSorted((a, b) => comparing(language)(a.label, b.label));
  const day = (name: 'from' | 'until') =>
    textInput({
      language,
      name,
      label: texts[name][language],
      kind: 'date',
      width: 'digits-20',
      value: asked[name],
      error: asked.wrong.includes(name) ? texts.badDate[language] : undefined,
    });
  const fields = html`${select({ language, name: 'member', label: texts.member[language], choices, value: asked.member, placeholder: texts.anyMember[language] })}${day('from')}${day('until')}${actions(
    button({ text: texts.apply[language] }),
    isNarrowed(asked)
      ? linkButton({ text: texts.clear[language], href: `/${language}/data-use`, look: 'secondary' })
      : undefined,
  )}`;
  return details({
    summary: texts.filter[language],
    open: isNarrowed(asked),
    body: form({ method: 'get', action: `/${language}/data-use`, body: fields, label: texts.filter[language] }),
  });
}

function isNarrowed({ member, from, until }: UsageAsked): boolean {
  return member !== '' || from !== '' || until !== '';
}

function emptyText(asked: UsageAsked, page: UsagePage, language: Language): string {
  const texts = usageTexts;
  if (page.isExchangeAway || page.away.length > 0) return texts.noneKnown[language];
  return (isNarrowed(asked) ? texts.noneFiltered : texts.none)[language];
}

function pagesPart(asked: UsageAsked, { next }: UsagePage, language: Language): Html {
  const texts = usageTexts;
  const older =
    next === undefined
      ? undefined
      : linkButton({
          text: texts.older[language],
          href: usageHref(language, '', { ...asked, before: formatCursor(next) }),
          look: 'secondary',
        });
  const newest =
    asked.before === ''
      ? undefined
      : linkButton({
          text: texts.newest[language],
          href: usageHref(language, '', { ...asked, before: '' }),
          look: 'secondary',
        });
  return older === undefined && newest === undefined ? nothing : actions(older, newest);
}

function keepPart(asked: UsageAsked, language: Language): Html {
  const texts = usageTexts;
  const link = (file: string, text: string) =>
    html`<a href="${usageHref(language, file, { ...asked, before: '' })}" download>${text}</a>`;
  return html`<section class="no-print"><h2>${texts.keep[language]}</h2><p>${texts.keepHint[language]}</p><p>${link('/list.csv', texts.asSheet[language])} · ${link('/list.json', texts.asData[language])}</p></section>`;
}

function usageHref(language: Language, file: string, { member, from, until, before }: UsageAsked): string {
  const given = Object.entries({ member, from, until, before }).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  return `/${language}/data-use${file}${query === '' ? '' : `?${query}`}`;
}

function accessPart(accesses: readonly OwnAccess[], procedures: readonly Procedure[], language: Language): Html {
  const texts = usageTexts;
  return html`<h2>${texts.portal[language]}</h2>${dataTable({
    language,
    caption: texts.portal[language],
    captionHidden: true,
    columns: [
      { header: texts.when[language] },
      { header: texts.office[language] },
      { header: citizenTexts.receipt.number[language] },
    ],
    rows: accesses.map((access) => ({
      cells: [
        html`${formatDateTime(access.at, language)}`,
        html`<span data-office="${access.office}">${officeName(procedures, access.office, language)}</span>`,
        access.receiptNumber === undefined ? html`—` : reference(access.receiptNumber),
      ],
    })),
    empty: texts.portalNone[language],
  })}`;
}
