import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
  form,
  type Html,
  html,
  identifier,
  linkButton,
  nothing,
  notification,
  pagination,
  type SummaryError,
  tabs,
  textarea,
  textInput,
  warning,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { frameTexts } from '../../operators/texts/operators.ts';
import { PAGE_SIZE } from '../catalogue.ts';
import { partTexts as texts } from '../texts/parts.ts';

/** What a registry keeps beside members: each kind has its list, its form and its confirmation. */
export const PART_PAGES = ['groups', 'witnesses', 'timestamp-authorities', 'authorities', 'federation'] as const;
export type PartPage = (typeof PART_PAGES)[number];

/** A row of any kind: its key, what names it, and one more fact. */
export type PartRow = {
  readonly key: string;
  readonly name: string;
  readonly fact: string;
  readonly problem: string | null;
};
export type PartFields = Readonly<Record<string, string>>;

type FieldKind = 'line' | 'code' | 'arabic' | 'lines' | 'block';

/** The first field is the key: it cannot be changed afterwards. */
export const PART_FIELDS: Readonly<Record<PartPage, Readonly<Record<string, FieldKind>>>> = {
  groups: { code: 'code', nameAr: 'arabic', nameFr: 'line', subsystems: 'lines' },
  witnesses: { name: 'code', vkey: 'code', url: 'code' },
  'timestamp-authorities': { name: 'line', url: 'code', certificate: 'block' },
  authorities: { name: 'line', certificate: 'block' },
  federation: {
    instance: 'code',
    url: 'code',
    anchor: 'block',
    classes: 'lines',
    members: 'lines',
    subsystems: 'lines',
  },
};

const BASE = '/console/parts';
export const partPath = (language: Language, kind: PartPage, rest = '') => `/${language}${BASE}/${kind}${rest}`;

export type PartsView = {
  readonly kind: PartPage;
  readonly rows: readonly PartRow[];
  readonly page: number;
  readonly total: number;
  readonly isDescending: boolean;
  readonly mayChange: boolean;
  readonly saved: boolean;
};

export function partsPage(frame: ConsoleFrame, view: PartsView): string {
  const { language } = frame;
  const { kind, total } = view;
  const sorted = (isDescending: boolean, page = 1) => {
    const query = new URLSearchParams({
      ...(isDescending ? { sort: '-name' } : {}),
      ...(page > 1 ? { page: String(page) } : {}),
    });
    return partPath(language, kind, query.size === 0 ? '' : `?${query.toString()}`);
  };
  return consolePage(frame, BASE, {
    title: texts.kinds[kind][language],
    main: html`<h1>${texts.kinds[kind][language]}</h1>${kindTabs(kind, language)}<p>${texts.leads[kind][language]}</p>${
      view.saved ? notification({ language, kind: 'success', text: texts.saved[language] }) : nothing
    }${view.mayChange ? actions(linkButton({ text: texts.add[language], href: partPath(language, kind, '/edit') })) : nothing}${dataTable(
      {
        language,
        caption: texts.kinds[kind][language],
        captionHidden: true,
        columns: [
          {
            header: texts.key[language],
            sort: { href: sorted(!view.isDescending), now: view.isDescending ? 'descending' : 'ascending' },
          },
          { header: texts.fact[language] },
          ...(view.mayChange ? [{ header: texts.action[language], headerHidden: true, tight: true }] : []),
        ],
        rows: view.rows.map((row) => ({
          cells: [
            html`<div><bdi>${row.name}</bdi>${row.problem === null ? nothing : html`<p class="muted" lang="en" dir="ltr">${row.problem}</p>`}</div>`,
            identifier(row.fact),
            ...(view.mayChange ? [rowLinks(kind, row, language)] : []),
          ],
          ...(row.problem === null ? {} : { tone: 'amber' as const }),
        })),
        empty: texts.empty[kind][language],
      },
    )}${pagination({ language, page: view.page, pageSize: PAGE_SIZE, total, hrefOf: (page) => sorted(view.isDescending, page) })}`,
  });
}

function kindTabs(kind: PartPage, language: Language): Html {
  return tabs({
    label: texts.title[language],
    tabs: PART_PAGES.map((one) => ({
      href: partPath(language, one),
      text: texts.kinds[one][language],
      current: one === kind,
    })),
  });
}

function rowLinks(kind: PartPage, { key, name }: PartRow, language: Language): Html {
  const query = `?key=${encodeURIComponent(key)}`;
  const link = (path: string, text: string) =>
    html`<a href="${partPath(language, kind, `/${path}${query}`)}">${text}<span class="visually-hidden"> ${name}</span></a>`;
  const change = link('edit', texts.change[language]);
  return html`<div>${kind === 'authorities' ? nothing : html`${change} · `}${link('remove', texts.remove[language])}</div>`;
}

export type PartForm = {
  readonly kind: PartPage;
  /** Of the one that is changed; undefined for a new one. */
  readonly key: string | undefined;
  readonly fields: PartFields;
  readonly reason: string;
  readonly errors: readonly SummaryError[];
};

export function partFormPage(frame: ConsoleFrame, view: PartForm): string {
  const { language, actor } = frame;
  const { kind, key, fields } = view;
  const title = key === undefined ? texts.add[language] : texts.change[language];
  const names = Object.entries(PART_FIELDS[kind]);
  const inputs = names.map(([name, shape], nth) =>
    inputOf(language, view, { name, shape, isFixed: nth === 0 && key !== undefined }),
  );
  return consolePage(frame, BASE, {
    title: `${title} – ${texts.kinds[kind][language]}`,
    back: { href: partPath(language, kind), text: texts.kinds[kind][language] },
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${title}</h1><p>${texts.leads[kind][language]}</p>${form(
      {
        action: partPath(language, kind),
        csrf: actor.csrf,
        hidden: key === undefined ? {} : { key, [names[0]?.[0] ?? '']: fields[names[0]?.[0] ?? ''] ?? '' },
        body: html`${inputs}${reasonField(language, view)}${actions(
          button({ text: texts.save[language] }),
          linkButton({ text: frameTexts.cancel[language], href: partPath(language, kind), look: 'secondary' }),
        )}`,
      },
    )}`,
  });
}

function inputOf(
  language: Language,
  { fields, errors }: Pick<PartForm, 'fields' | 'errors'>,
  { name, shape, isFixed }: { readonly name: string; readonly shape: FieldKind; readonly isFixed: boolean },
): Html {
  const label = texts.fields[name as keyof typeof texts.fields][language];
  const value = fields[name] ?? '';
  if (isFixed) return html`<p>${label}: ${identifier(value)}</p>`;
  const error = errors.find(({ field }) => field === name)?.message;
  const hint = texts.hints[name as keyof typeof texts.hints]?.[language];
  const field = { language, name, label, value, error, ...(hint === undefined ? {} : { hint }) };
  if (shape === 'lines') return textarea({ ...field, rows: 4, maxLength: 40_000 });
  if (shape === 'block') return textarea({ ...field, rows: 8, maxLength: 20_000 });
  const inputLanguage = shape === 'arabic' ? ({ inputLanguage: 'ar' } as const) : {};
  return textInput({
    ...field,
    maxLength: 600,
    ...(shape === 'code' ? { kind: 'identifier' as const } : inputLanguage),
  });
}

function reasonField(language: Language, { reason, errors }: Pick<PartForm, 'reason' | 'errors'>): Html {
  const error = errors.find(({ field }) => field === 'reason')?.message;
  return textInput({
    language,
    name: 'reason',
    label: texts.reason[language],
    hint: texts.reasonHint[language],
    value: reason,
    maxLength: 500,
    error,
  });
}

/** Before something goes out of the trust list: what happens, and why it is done. */
export function removePartPage(
  frame: ConsoleFrame,
  view: Pick<PartForm, 'kind' | 'reason' | 'errors'> & { readonly row: PartRow },
): string {
  const { language, actor } = frame;
  const { kind, row } = view;
  const back = partPath(language, kind);
  return consolePage(frame, BASE, {
    title: texts.remove[language],
    back: { href: back, text: texts.kinds[kind][language] },
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${texts.remove[language]}</h1><p><bdi>${row.name}</bdi></p>${warning({ language, text: texts.removeWhat[kind][language] })}${form(
      {
        action: partPath(language, kind, '/remove'),
        csrf: actor.csrf,
        hidden: { key: row.key },
        body: html`${reasonField(language, view)}${actions(
          button({ text: texts.remove[language], look: 'danger' }),
          linkButton({ text: frameTexts.cancel[language], href: back, look: 'secondary' }),
        )}`,
      },
    )}`,
  });
}
