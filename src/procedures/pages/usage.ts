import { type Language, textIn } from '../../kernel/index.ts';
import {
  dataTable,
  formatDateTime,
  type Html,
  html,
  join,
  localText,
  nothing,
  notification,
  reference,
} from '../../web/index.ts';
import type { Procedure } from '../model/procedure.ts';
import type { DataUse, MemberUsages, Usage } from '../model/usage.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { colon, type Frame, portalPage } from './frame.ts';
import { fieldName, officeName, serviceName } from './names.ts';

/** Who used the person's data: what each administration itself says, and who looked at requests here. */
export function usagePage(frame: Frame, use: DataUse, procedures: readonly Procedure[]): string {
  const { language } = frame;
  const texts = citizenTexts.usage;
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
  const texts = citizenTexts.usage;
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
    ],
    rows: one.usages.map((usage) => ({ cells: usageCells(usage, procedures, language) })),
    empty: texts.none[language],
  })}`;
}

function usageCells(usage: Usage, procedures: readonly Procedure[], language: Language): readonly Html[] {
  const texts = citizenTexts.usage;
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
