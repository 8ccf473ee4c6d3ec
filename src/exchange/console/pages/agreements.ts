import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  dataTable,
  formatDate,
  formatNumber,
  type Html,
  html,
  identifier,
  linkButton,
  localText,
  nothing,
  type SummaryRow,
  sheet,
  summaryList,
  type Tone,
  tabs,
  tag,
} from '../../../web/index.ts';
import type { Agreement, ArchiveTerm } from '../../message/agreement.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { hrefWith, sortable, sortingOf } from '../../operators/pages/sortable.ts';
import { may } from '../../operators/rules.ts';
import { sortRows } from '../../operators/sorting.ts';
import { agreementTexts as texts } from '../texts/agreements.ts';
import { menuTexts } from '../texts/console.ts';
import { type SigningView, signingPart } from './signing.ts';

export const AGREEMENTS = '/console/agreements';
export const TABS = ['draft', 'active', 'suspended', 'ended'] as const;
export type AgreementTab = (typeof TABS)[number];

const VALUES = {
  id: (one: Agreement) => one.id,
  client: (one: Agreement) => one.client,
  service: (one: Agreement) => one.service,
  until: (one: Agreement) => new Date(one.validUntil),
  state: (one: Agreement) => one.status,
};
const COLUMNS = Object.keys(VALUES) as (keyof typeof VALUES)[];

export function agreementsPage(
  frame: ConsoleFrame,
  view: {
    readonly tab: AgreementTab;
    readonly counts: Readonly<Record<AgreementTab, number>>;
    readonly agreements: readonly Agreement[];
    readonly now: Date;
  },
): string {
  const { language, actor } = frame;
  const base = `/${language}${AGREEMENTS}`;
  const sorting = sortingOf(frame, COLUMNS, { by: 'id', isDown: false });
  const column = sortable(frame, sorting);
  return consolePage(frame, AGREEMENTS, {
    title: menuTexts.agreements[language],
    main: html`<h1>${menuTexts.agreements[language]}</h1><p class="lead">${texts.lead[language]}</p>${actions(
      may('agreements.change', actor) ? linkButton({ text: texts.add[language], href: `${base}/new` }) : undefined,
      linkButton({ text: texts.explain[language], href: `${base}/explain`, look: 'secondary' }),
    )}${tabs({
      label: texts.filter[language],
      tabs: TABS.map((tab) => ({
        text: texts[tab][language],
        href: hrefWith(frame, { state: tab }),
        current: tab === view.tab,
        count: formatNumber(view.counts[tab], language),
      })),
    })}${dataTable({
      language,
      caption: texts[view.tab][language],
      captionHidden: true,
      columns: [
        column('id', { header: texts.id[language] }),
        { header: texts.version[language], tight: true, align: 'end' },
        column('client', { header: texts.client[language] }),
        column('service', { header: texts.service[language] }),
        column('until', { header: texts.until[language], tight: true }),
        column('state', { header: texts.state[language], tight: true }),
      ],
      rows: sortRows(view.agreements, sorting, VALUES).map((one) => ({
        cells: [
          html`<a href="${base}/${one.id}?version=${one.version}">${identifier(one.id)}</a>`,
          formatNumber(one.version, language),
          identifier(one.client),
          identifier(one.service),
          formatDate(new Date(one.validUntil), language, 'short'),
          stateTag(one, language, view.now),
        ],
      })),
      empty: texts.none[language],
    })}`,
  });
}

const TONES: Readonly<Record<keyof typeof texts.states, Tone>> = {
  draft: 'neutral',
  offered: 'blue',
  declined: 'red',
  active: 'green',
  suspended: 'amber',
  ended: 'neutral',
  early: 'blue',
  late: 'red',
};

/** What it is worth today: an active agreement outside its dates lets nothing through. */
function stateTag(one: Agreement, language: Language, now: Date): Html {
  const isEarly = one.status === 'active' && now < new Date(one.validFrom);
  const isLate = one.status === 'active' && now >= new Date(one.validUntil);
  const state = isEarly ? 'early' : isLate ? 'late' : one.status;
  return tag({ text: texts.states[state][language], tone: TONES[state] });
}

export function agreementPage(
  frame: ConsoleFrame,
  view: {
    readonly agreement: Agreement;
    readonly versions: readonly Agreement[];
    readonly signing: SigningView;
    readonly now: Date;
  },
): string {
  const { language, actor } = frame;
  const { agreement, versions, now } = view;
  const path = `/${language}${AGREEMENTS}/${agreement.id}`;
  const isNewest = versions.every((one) => one.version <= agreement.version);
  const mayChange = may('agreements.change', actor) && isNewest;
  const link = (kind: 'suspend' | 'resume' | 'end', look: 'secondary' | 'danger') =>
    linkButton({ text: texts[kind][language], href: `${path}/${kind}`, look });
  return consolePage(frame, AGREEMENTS, {
    title: agreement.id,
    back: { href: `/${language}${AGREEMENTS}` },
    main: html`<h1>${identifier(agreement.id)}</h1><p>${stateTag(agreement, language, now)} ${texts.version[language]} ${formatNumber(agreement.version, language)}</p>${agreementText(agreement, language)}${signingPart(frame, agreement, view.signing)}${
      mayChange
        ? actions(
            linkButton({
              text: texts.newVersion[language],
              href: `/${language}${AGREEMENTS}/new?from=${agreement.id}`,
            }),
            agreement.status === 'active' ? link('suspend', 'secondary') : undefined,
            agreement.status === 'suspended' ? link('resume', 'secondary') : undefined,
            agreement.status === 'ended' ? undefined : link('end', 'danger'),
          )
        : nothing
    }<h2>${texts.versions[language]}</h2>${dataTable({
      language,
      caption: texts.versions[language],
      captionHidden: true,
      columns: [
        { header: texts.version[language] },
        { header: texts.validity[language] },
        { header: texts.state[language], tight: true },
      ],
      rows: versions.map((one) => ({
        cells: [
          html`<a href="${path}?version=${one.version}">${formatNumber(one.version, language)}</a>`,
          validity(one, language),
          stateTag(one, language, now),
        ],
      })),
      empty: texts.none[language],
    })}`,
  });
}

function validity(one: Agreement, language: Language): string {
  const on = (instant: string) => formatDate(new Date(instant), language);
  return texts.fromTo(on(one.validFrom), on(one.validUntil))[language];
}

/** The agreement as both sides, and the person whose data it is, read it. */
export function agreementText(agreement: Agreement, language: Language): Html {
  return sheet(
    html`<h2>${texts.text[language]}</h2>${summaryList({ language, rows: agreementRows(agreement, language) })}`,
  );
}

/** The same, line by line; two versions differ in the lines that do not say the same. */
export function agreementRows(agreement: Agreement, language: Language): readonly SummaryRow[] {
  const paragraphs = (parts: readonly Html[]) => html`${parts.map((part) => html`<p>${part}</p>`)}`;
  const { fields } = agreement;
  return [
    { key: texts.mayCall[language], value: identifier(agreement.client) },
    { key: texts.onService[language], value: identifier(agreement.service) },
    {
      key: texts.endpoints[language],
      value: paragraphs(
        agreement.endpoints.map(({ method, path }) => html`<bdi dir="ltr">${method} ${identifier(path)}</bdi>`),
      ),
    },
    {
      key: texts.purposes[language],
      value: paragraphs(
        agreement.purposes.map(({ code, text }) => html`${localText(text, language)} (${identifier(code)})`),
      ),
    },
    {
      key: texts.legalBasis[language],
      value: html`${localText(agreement.legalBasis.text, language)} (${identifier(agreement.legalBasis.ref)})`,
    },
    {
      key: texts.fields[language],
      value: fields.includes('/')
        ? texts.allFields[language]
        : fields.length === 0
          ? texts.noFields[language]
          : paragraphs(fields.map(identifier)),
    },
    { key: texts.validity[language], value: validity(agreement, language) },
    ...termRows(agreement, language),
  ];
}

/** Terms that it has; what it lacks sets no limit. */
function termRows({ terms, fields }: Agreement, language: Language): readonly SummaryRow[] {
  const row = (key: 'condition' | 'ratePerMinute' | 'perDay' | 'perMonth', value: string | number | undefined) =>
    value === undefined
      ? []
      : [
          {
            key: texts[key][language],
            value: typeof value === 'number' ? formatNumber(value, language) : html`<code dir="ltr">${value}</code>`,
          },
        ];
  return [
    ...row('condition', terms?.condition),
    ...row('ratePerMinute', terms?.ratePerMinute),
    ...row('perDay', terms?.quota?.perDay),
    ...row('perMonth', terms?.quota?.perMonth),
    ...(fields.includes('/')
      ? []
      : [{ key: texts.otherBodies[language], value: texts[terms?.otherBodies ?? 'refuse'][language] }]),
    { key: texts.archive[language], value: archiveText(terms?.archive, language) },
  ];
}

function archiveText(archive: ArchiveTerm | undefined, language: Language): string {
  const { archiveWords: words } = texts;
  if (archive === undefined) return words.none[language];
  const { keep, by, days } = archive;
  return texts.archived(words[keep][language], words[by][language], formatNumber(days, language))[language];
}
