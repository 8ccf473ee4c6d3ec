import { createHash } from 'node:crypto';
import { type Language, type LocalText, textIn } from '../../../kernel/index.ts';
import {
  actions,
  button,
  type Column,
  dataTable,
  form,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  localText,
  nothing,
  notification,
  summaryList,
  warning,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { sortable } from '../../operators/pages/sortable.ts';
import { may } from '../../operators/rules.ts';
import { readSorting, sortRows } from '../../operators/sorting.ts';
import type { Trio } from '../../operators/texts/trio.ts';
import type { TrustList } from '../../trust/model.ts';
import { menuTexts } from '../texts/console.ts';
import { trustTexts as texts } from '../texts/trust.ts';
import { TRUST, trustTabs } from './trust-tabs.ts';

export type TrustPageView = {
  readonly list: TrustList | undefined;
  /** Why there is none. */
  readonly refusal?: string | undefined;
  readonly wasRefreshed: boolean;
};

export function trustPage(frame: ConsoleFrame, view: TrustPageView): string {
  const { language } = frame;
  const { list } = view;
  return consolePage(frame, TRUST, {
    title: menuTexts.trust[language],
    main: html`${trustTabs(language, 'list')}<p class="lead">${texts.lead[language]}</p>${
      view.wasRefreshed ? notification({ language, kind: 'success', text: texts.refreshed[language] }) : nothing
    }${
      list === undefined
        ? warning({ language, text: html`${texts.none[language]} ${view.refusal}` })
        : listFacts(list, language)
    }${
      may('keys.change', frame.actor)
        ? form({
            action: `/${language}/console/trust/refresh`,
            csrf: frame.actor.csrf,
            body: actions(button({ text: texts.refresh[language], look: 'secondary' })),
          })
        : nothing
    }${list === undefined ? nothing : known(frame, list)}`,
  });
}

function listFacts(list: TrustList, language: Language): Html {
  const at = (instant: string) => formatDateTime(new Date(instant), language);
  return summaryList({
    language,
    compact: true,
    rows: [
      { key: texts.version[language], value: formatNumber(list.version, language) },
      { key: texts.issued[language], value: at(list.issuedAt) },
      { key: texts.expires[language], value: at(list.expiresAt) },
      {
        key: texts.anchor[language],
        value: html`${list.caCertificates.map((der) => html`<p>${identifier(fingerprint(der))}</p>`)}`,
      },
    ],
  });
}

export function fingerprint(der: string): string {
  return createHash('sha256').update(Buffer.from(der, 'base64')).digest('hex');
}

type TrustColumn<T> = {
  readonly header: Trio;
  /** What it is sorted by; absent where a cell holds several. */
  readonly value?: (row: T, language: Language) => string;
  readonly cell: (row: T, language: Language) => Html | string;
};

/** One table of the list. It may be long, and is sorted for itself: `name` is its part of the query. */
function section<T>(
  frame: ConsoleFrame,
  name: string,
  title: Trio,
  columns: readonly TrustColumn<T>[],
  all: readonly T[],
) {
  if (all.length === 0) return nothing;
  const { language } = frame;
  const keys = columns.map((_, index) => String(index));
  const query = new URLSearchParams(frame.path.split('?', 2)[1] ?? '');
  const sorting = readSorting(query.get(name) ?? '', keys, { by: '0', isDown: false });
  const column = sortable(frame, sorting, name);
  const values = Object.fromEntries(
    columns.map(({ value }, index) => [index, (row: T) => value?.(row, language) ?? null]),
  );
  return html`<h2>${title[language]}</h2>${dataTable({
    language,
    caption: title[language],
    captionHidden: true,
    columns: columns.map(({ header, value }, index): Column => {
      const plain = { header: header[language] };
      return value === undefined ? plain : column(String(index), plain);
    }),
    rows: sortRows(all, sorting, values).map((row) => ({ cells: columns.map(({ cell }) => cell(row, language)) })),
    empty: texts.nobody[language],
  })}`;
}

const id = <T>(header: Trio, value: (row: T) => string): TrustColumn<T> => ({
  header,
  value,
  cell: (row) => identifier(value(row)),
});
const many = <T>(header: Trio, values: (row: T) => readonly string[]): TrustColumn<T> => ({
  header,
  cell: (row) => html`${values(row).map((value) => html`<p>${identifier(value)}</p>`)}`,
});
const time = <T>(header: Trio, value: (row: T) => string): TrustColumn<T> => ({
  header,
  value,
  cell: (row, language) => formatDateTime(new Date(value(row)), language, 'short'),
});
const named = <T extends { readonly name: LocalText }>(): TrustColumn<T> => ({
  header: texts.name,
  value: (row, language) => textIn(row.name, language).text,
  cell: (row, language) => localText(row.name, language),
});

type Row<K extends 'members' | 'groups' | 'timestampAuthorities' | 'revocations' | 'witnesses' | 'federated'> =
  TrustList[K][number];

const GROUPS: readonly TrustColumn<Row<'groups'>>[] = [
  id(texts.group, (one) => one.code),
  named(),
  many(texts.subsystems, (one) => one.subsystems),
];
const WITNESSES: readonly TrustColumn<Row<'witnesses'>>[] = [
  id(texts.witness, (one) => one.name),
  id(texts.address, (one) => one.url),
  id(texts.key, (one) => one.vkey),
];
const AUTHORITIES: readonly TrustColumn<Row<'timestampAuthorities'>>[] = [
  { header: texts.name, value: (one) => one.name, cell: (one) => html`<bdi>${one.name}</bdi>` },
  id(texts.address, (one) => one.url),
  id(texts.fingerprint, (one) => fingerprint(one.certificate)),
];
const REVOCATIONS: readonly TrustColumn<Row<'revocations'>>[] = [
  id(texts.certificate, (one) => one.certificate),
  time(texts.at, (one) => one.at),
  { header: texts.reason, cell: (one) => html`<span lang="en" dir="ltr">${one.reason}</span>` },
];
const INSTANCES: readonly TrustColumn<Row<'federated'>>[] = [
  id(texts.instance, (one) => one.instance),
  many(texts.subsystems, (one) => one.subsystems),
  time(texts.until, (one) => one.expiresAt),
];

function known(frame: ConsoleFrame, list: TrustList): Html {
  const gatewaysOf = (member: string) =>
    list.gateways.filter((one) => one.statement.member.id === member).map((one) => one.statement.server);
  const members: readonly TrustColumn<Row<'members'>>[] = [
    id(texts.member, (one) => one.id),
    named(),
    many(texts.gateways, (one) => gatewaysOf(one.id)),
    many(texts.subsystems, (one) => one.subsystems.map(({ code }) => code)),
  ];
  return html`${section(frame, 'members', texts.members, members, list.members)}${section(
    frame,
    'groups',
    texts.groups,
    GROUPS,
    list.groups,
  )}${section(frame, 'witnesses', texts.witnesses, WITNESSES, list.witnesses)}${section(
    frame,
    'authorities',
    texts.timestamps,
    AUTHORITIES,
    list.timestampAuthorities,
  )}${section(frame, 'revocations', texts.revocations, REVOCATIONS, list.revocations)}${section(
    frame,
    'instances',
    texts.instances,
    INSTANCES,
    list.federated,
  )}`;
}
