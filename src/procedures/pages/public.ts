import { type Language, textIn } from '../../kernel/index.ts';
import {
  copyableCode,
  dataTable,
  details,
  formatDate,
  formatDateTime,
  type Html,
  html,
  inset,
  join,
  localText,
  nothing,
  notification,
  page,
  reference,
  summaryList,
  verdict,
} from '../../web/index.ts';
import type { Procedure } from '../model/procedure.ts';
import type { PublicView } from '../model/public-view.ts';
import type { DataUse, MemberUsages, Usage } from '../model/usage.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { colon, type Frame, portalPage } from './frame.ts';
import { fieldName, officeName, serviceName } from './names.ts';

/** Anybody with a paper in hand: is it genuine, whose is it by its initials, does the file match. */
export function verifyPage(language: Language, id: string, view: PublicView, demonstration: boolean): string {
  const texts = citizenTexts.verify;
  const title = view.kind === 'receipt' ? texts.receipt[language] : texts[view.status][language];
  const kind =
    view.kind === 'receipt' || view.status === 'valid' ? 'valid' : view.status === 'replaced' ? 'replaced' : 'invalid';
  return page({
    language,
    path: `/v/${id}`,
    hrefIn: (other) => `/v/${id}?lang=${other}`,
    homeHref: `/${language}`,
    title,
    noIndex: true,
    ...(demonstration ? { banners: ['demonstration'] } : {}),
    main: html`${verdict({ kind, title, text: textIn(view.kind === 'receipt' ? view.procedure.title : view.procedure.attestation.title, language).text })}${summaryList({ language, rows: publicRows(view, language) })}<p class="muted">${texts.domain[language]}</p>${
      view.kind === 'attestation' ? sealPart(view, language) : nothing
    }`,
  });
}

function publicRows(view: PublicView, language: Language) {
  const texts = citizenTexts.verify;
  const date =
    view.kind === 'receipt' ? formatDateTime(view.filedAt, language) : formatDate(view.issuedOn, language, 'full');
  const rows = [
    { key: texts.authority[language], value: localText(view.procedure.authority.name, language) },
    { key: texts.number[language], value: reference(view.number) },
    { key: texts.date[language], value: html`${date}` },
    { key: texts.holder[language], value: html`<bdi>${view.holder}</bdi>` },
  ];
  if (view.kind === 'receipt')
    return [
      ...rows,
      { key: citizenTexts.receipt.deadline[language], value: html`${formatDate(view.deadlineOn, language, 'full')}` },
    ];
  return rows;
}

function sealPart(view: Extract<PublicView, { kind: 'attestation' }>, language: Language): Html {
  const texts = citizenTexts.verify;
  return html`${copyableCode({ language, label: texts.hashAr[language], code: view.pdf.ar, id: 'hash-ar' })}${copyableCode({ language, label: texts.hashFr[language], code: view.pdf.fr, id: 'hash-fr' })}${details(
    {
      summary: texts.offline[language],
      body: html`<p>${texts.offlineText[language]}</p>${copyableCode({ language, label: texts.jws[language], code: view.jws, id: 'jws' })}<p class="muted">${texts.notQualified[language]}</p>`,
    },
  )}`;
}

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

export type PlainPage = 'accessibility' | 'legal' | 'ledger';

const PLAIN: Readonly<
  Record<
    PlainPage,
    {
      readonly title: { ar: string; fr: string; en: string };
      readonly text: readonly { ar: string; fr: string; en: string }[];
    }
  >
> = {
  accessibility: {
    title: { ar: 'إمكانية الولوج', fr: 'Accessibilité', en: 'Accessibility' },
    text: [
      {
        ar: 'تعمل هذه البوابة دون برمجة نصية، وبلوحة المفاتيح، وبقارئ الشاشة، وعلى الهواتف القديمة.',
        fr: 'Ce portail fonctionne sans script, au clavier, avec un lecteur d’écran et sur d’anciens téléphones.',
        en: 'This portal works without script, with a keyboard, with a screen reader and on old phones.',
      },
      {
        ar: 'نتوخى المستوى AA من WCAG 2.2، ونفحص كل صفحة آليا. ملفات PDF بالعربية ليست بعد مقروءة كليا بقارئ الشاشة.',
        fr: 'Nous visons WCAG 2.2 AA et contrôlons chaque page automatiquement. Les PDF en arabe ne sont pas encore entièrement lisibles par un lecteur d’écran.',
        en: 'We aim at WCAG 2.2 AA and check every page automatically. PDF files in Arabic are not yet fully readable by a screen reader.',
      },
    ],
  },
  legal: {
    title: { ar: 'إشعار قانوني', fr: 'Mentions légales', en: 'Legal notice' },
    text: [
      {
        ar: 'نسخة للعرض: الأشخاص والبيانات وهمية، والوثائق المسلمة عينات لا حجية لها.',
        fr: 'Démonstration : personnes et données sont fictives, les documents délivrés sont des spécimens sans valeur.',
        en: 'Demonstration: people and data are invented; the documents issued are specimens without force.',
      },
      {
        ar: 'تستعمل المعطيات الشخصية للطلب الذي أودعتموه وحده (القانون رقم 09.08).',
        fr: 'Les données personnelles ne servent qu’à la demande déposée (loi n° 09-08).',
        en: 'Personal data serve only the request that you file (law 09-08).',
      },
    ],
  },
  ledger: {
    title: { ar: 'السجل العمومي', fr: 'Registre public', en: 'Public ledger' },
    text: [
      {
        ar: 'يقيد كل فعل إداري وكل تبادل في سجل لا يقبل إلا الإضافة، دون أي معطى شخصي. يمكن لأي كان التحقق منه.',
        fr: 'Chaque acte et chaque échange est inscrit dans un registre en ajout seul, sans donnée personnelle. Chacun peut le vérifier.',
        en: 'Every act and every exchange is entered in an append-only ledger without personal data. Anybody can verify it.',
      },
    ],
  },
};

export function plainPage(frame: Frame, which: PlainPage, logs: readonly string[]): string {
  const { language } = frame;
  const { title, text } = PLAIN[which];
  const links =
    which === 'ledger'
      ? html`<ul class="list">${logs.map((log) => html`<li><a href="/ledger/${log}/checkpoint"><bdi>${log}</bdi></a> · <a href="/ledger/${log}/vkey">vkey</a></li>`)}</ul>`
      : nothing;
  return portalPage(frame, undefined, {
    title: title[language],
    main: html`<h1>${title[language]}</h1>${text.map((one) => html`<p>${one[language]}</p>`)}${links}`,
  });
}

export type ProblemEntry = { readonly slug: string; readonly status: number; readonly title: string };

export function problemTypePage(entry: ProblemEntry): string {
  return page({
    language: 'en',
    path: `/problems/${entry.slug}`,
    hrefIn: (language) => `/${language}`,
    title: entry.title,
    main: html`<h1>${entry.title}</h1>${summaryList({
      language: 'en',
      rows: [
        { key: 'Type', value: reference(entry.slug) },
        { key: 'HTTP status', value: String(entry.status) },
      ],
    })}${inset('The member "detail" of the problem says what was wrong this time and what to do; "errors" names the fields.')}`,
  });
}
