import type { Language, LocalText } from '../../../kernel/index.ts';
import {
  dataTable,
  formatDateTime,
  type Html,
  html,
  identifier,
  inset,
  localText,
  nothing,
  warning,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { sortable } from '../../operators/pages/sortable.ts';
import type { Sorting } from '../../operators/sorting.ts';
import { type CertificateName, WARN_DAYS } from '../rules/needs.ts';
import { CERTIFICATE_NAMES } from '../texts/console.ts';
import { AUTHORITY_NAMES, trustTexts as texts } from '../texts/trust.ts';
import { fingerprint } from './trust.ts';
import { TRUST, trustTabs } from './trust-tabs.ts';

/** The first thing of somebody else's that ends. */
export type Expiry = {
  readonly of: string;
  readonly name?: LocalText;
  readonly kind: CertificateName | keyof typeof AUTHORITY_NAMES;
  readonly expiresAt: Date;
};

export const EXPIRY_COLUMNS = ['of', 'expires'] as const;

export type CertificatesView = {
  readonly own: readonly {
    readonly name: CertificateName;
    readonly expiresAt: Date;
    readonly der?: string | undefined;
  }[];
  /** Until when those before a renewal count. */
  readonly formerUntil?: Date | undefined;
  readonly others: readonly Expiry[];
  readonly sorting: Sorting<(typeof EXPIRY_COLUMNS)[number]>;
  /** Why there is no list that says so. */
  readonly refusal?: string | undefined;
  readonly now: Date;
};

export function certificatesPage(frame: ConsoleFrame, view: CertificatesView): string {
  const { language } = frame;
  const { refusal, formerUntil } = view;
  return consolePage(frame, TRUST, {
    title: texts.certificates[language],
    main: html`${trustTabs(language, 'certificates')}<p class="lead">${texts.certificatesLead[language]}</p>${
      refusal === undefined ? nothing : warning({ language, text: html`${texts.none[language]} ${refusal}` })
    }<h2>${texts.own[language]}</h2><p>${texts.renewHint[language]}</p>${ownTable(view, language)}${
      formerUntil === undefined ? nothing : inset(texts.former(formatDateTime(formerUntil, language))[language])
    }<h2>${texts.others[language]}</h2>${othersTable(frame, view)}`,
  });
}

const DAY_MS = 86_400_000;

function ownTable({ own, now }: CertificatesView, language: Language): Html {
  return dataTable({
    language,
    caption: texts.own[language],
    captionHidden: true,
    columns: [
      { header: texts.certificate[language] },
      { header: texts.expires[language], tight: true },
      { header: texts.daysLeft[language], tight: true, align: 'end' },
      { header: texts.fingerprint[language] },
    ],
    rows: own.map((one) => ({
      cells: [
        CERTIFICATE_NAMES[one.name][language],
        formatDateTime(one.expiresAt, language, 'short'),
        daysLeft(one.expiresAt, now, language),
        one.der === undefined ? '—' : identifier(fingerprint(one.der)),
      ],
      ...toneOf(one.expiresAt, now),
    })),
    empty: texts.nobody[language],
  });
}

const daysBetween = (until: Date, now: Date) => Math.floor((until.getTime() - now.getTime()) / DAY_MS);

function daysLeft(until: Date, now: Date, language: Language): string {
  const format = new Intl.NumberFormat(LOCALES[language], { style: 'unit', unit: 'day', unitDisplay: 'long' });
  return format.format(daysBetween(until, now));
}

function toneOf(until: Date, now: Date) {
  const days = daysBetween(until, now);
  return days < 0 ? { tone: 'red' as const } : days < WARN_DAYS ? { tone: 'amber' as const } : {};
}

const LOCALES: Readonly<Record<Language, string>> = { ar: 'ar-MA-u-nu-latn', fr: 'fr-MA', en: 'en-GB' };

function othersTable(frame: ConsoleFrame, view: CertificatesView): Html {
  const { language } = frame;
  const column = sortable(frame, view.sorting);
  return dataTable({
    language,
    caption: texts.others[language],
    captionHidden: true,
    columns: [
      column('of', { header: texts.of[language] }),
      { header: texts.name[language] },
      { header: texts.ends[language], tight: true },
      column('expires', { header: texts.expires[language], tight: true }),
      { header: texts.daysLeft[language], tight: true, align: 'end' },
    ],
    rows: view.others.map((one) => ({
      cells: [
        identifier(one.of),
        one.name === undefined ? '—' : localText(one.name, language),
        kindName(one.kind)[language],
        formatDateTime(one.expiresAt, language, 'short'),
        daysLeft(one.expiresAt, view.now, language),
      ],
      ...toneOf(one.expiresAt, view.now),
      attributes: { 'data-expiry': one.of },
    })),
    empty: texts.nobody[language],
  });
}

function kindName(kind: Expiry['kind']) {
  return kind === 'authority' || kind === 'timestamps' ? AUTHORITY_NAMES[kind] : CERTIFICATE_NAMES[kind];
}
