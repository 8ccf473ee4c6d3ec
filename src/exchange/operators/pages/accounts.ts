import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  checkboxes,
  comparing,
  copyableCode,
  dataTable,
  errorSummary,
  form,
  formatDateTime,
  type Html,
  html,
  join,
  linkButton,
  notification,
  reference,
  type SummaryError,
  summaryList,
  tag,
  textInput,
  warning,
} from '../../../web/index.ts';
import { OPERATOR_ROLES, type Operator, type OperatorRole } from '../model.ts';
import { sortRows } from '../sorting.ts';
import { frameTexts, ROLE_DUTIES, ROLE_NAMES, accountTexts as texts } from '../texts/operators.ts';
import { type ConsoleFrame, consolePage } from './frame.ts';
import { sortable, sortingOf } from './sortable.ts';

const HERE = '/console/operators';

export type AccountRow = {
  readonly operator: Operator;
  readonly passkeys: number;
  readonly usedAt: Date | null;
};

export type AccountForm = {
  readonly name: string;
  readonly roles: readonly string[];
  readonly errors: readonly SummaryError[];
  /** Makes the same form, sent twice, one account. */
  readonly once: string;
};

export function rolesText(roles: readonly OperatorRole[], language: Language): Html {
  return html`${join(
    roles.map((role) => ROLE_NAMES[role][language]),
    language === 'ar' ? '، ' : ', ',
  )}`;
}

/** Roles to tick, with what each may do. */
export function rolesField(
  language: Language,
  values: readonly string[],
  error?: string,
  among: readonly OperatorRole[] = OPERATOR_ROLES,
): Html {
  return checkboxes({
    language,
    name: 'roles',
    label: texts.roles[language],
    values,
    error,
    choices: among.map((role) => ({
      value: role,
      label: ROLE_NAMES[role][language],
      hint: ROLE_DUTIES[role][language],
    })),
  });
}

export function accountsPage(frame: ConsoleFrame, rows: readonly AccountRow[], view: AccountForm): string {
  const { language } = frame;
  const errorOf = (field: string) => view.errors.find((one) => one.field === field)?.message;
  return consolePage(frame, HERE, {
    title: frameTexts.operators[language],
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${frameTexts.operators[language]}</h1><p class="lead">${texts.lead[language]}</p>${accountTable(frame, rows)}<h2 id="add">${texts.add[language]}</h2>${form(
      {
        action: `/${language}/console/operators`,
        csrf: frame.actor.csrf,
        hidden: { once: view.once },
        body: html`${textInput({
          language,
          name: 'name',
          label: texts.name[language],
          hint: texts.nameHint[language],
          value: view.name,
          width: 'half',
          maxLength: 100,
          autocomplete: 'off',
          error: errorOf('name'),
        })}${rolesField(language, view.roles, errorOf('roles') as string | undefined)}${actions(button({ text: texts.addButton[language] }))}`,
      },
    )}`,
  });
}

const ACCOUNT_VALUES = {
  name: (row: AccountRow) => row.operator.name,
  passkeys: (row: AccountRow) => row.passkeys,
  used: (row: AccountRow) => row.usedAt,
  since: (row: AccountRow) => row.operator.createdAt,
};
const ACCOUNT_COLUMNS = Object.keys(ACCOUNT_VALUES) as (keyof typeof ACCOUNT_VALUES)[];

function accountTable(frame: ConsoleFrame, rows: readonly AccountRow[]): Html {
  const { language } = frame;
  const sorting = sortingOf(frame, ACCOUNT_COLUMNS, { by: 'name', isDown: false });
  const column = sortable(frame, sorting);
  return dataTable({
    language,
    caption: frameTexts.operators[language],
    captionHidden: true,
    columns: [
      column('name', { header: texts.name[language] }),
      { header: texts.roles[language] },
      { header: texts.state[language], tight: true },
      column('passkeys', { header: texts.passkeys[language], tight: true, align: 'end' }),
      column('used', { header: texts.lastUsed[language], tight: true }),
      column('since', { header: texts.since[language], tight: true }),
    ],
    rows: sortRows(rows, sorting, ACCOUNT_VALUES, comparing(language)).map((row) => ({
      cells: [
        html`<a href="/${language}/console/operators/${row.operator.id}"><bdi>${row.operator.name}</bdi></a>`,
        rolesText(row.operator.roles, language),
        stateTag(row, language),
        html`${row.passkeys}`,
        row.usedAt === null ? texts.never[language] : formatDateTime(row.usedAt, language, 'short'),
        formatDateTime(row.operator.createdAt, language, 'short'),
      ],
    })),
    empty: texts.none[language],
  });
}

function stateTag({ operator, passkeys }: AccountRow, language: Language): Html {
  if (operator.disabledAt !== null) return tag({ text: texts.closed[language] });
  if (passkeys === 0) return tag({ text: texts.waiting[language], tone: 'amber' });
  return tag({ text: texts.open[language], tone: 'green' });
}

export function accountPage(frame: ConsoleFrame, row: AccountRow, errors: readonly SummaryError[] = []): string {
  const { language } = frame;
  const { operator } = row;
  const isOpen = operator.disabledAt === null;
  const isOwn = operator.id === frame.actor.id;
  const path = `/${language}/console/operators/${operator.id}`;
  return consolePage(frame, HERE, {
    title: operator.name,
    back: { href: `/${language}/console/operators` },
    hasErrors: errors.length > 0,
    main: html`${errorSummary({ language, errors })}<h1><bdi>${operator.name}</bdi></h1>${summaryList({
      language,
      compact: true,
      rows: [
        { key: texts.state[language], value: stateTag(row, language) },
        { key: texts.roles[language], value: rolesText(operator.roles, language) },
        { key: texts.passkeys[language], value: String(row.passkeys) },
        {
          key: texts.lastUsed[language],
          value: row.usedAt === null ? texts.never[language] : formatDateTime(row.usedAt, language),
        },
        { key: 'ID', value: reference(operator.id) },
      ],
    })}${isOwn ? warning({ language, text: texts.ownAccount[language] }) : isOpen ? changeForms(frame, operator, path) : undefined}`,
  });
}

function changeForms({ language, actor }: ConsoleFrame, operator: Operator, path: string): Html {
  return html`${form({
    action: `${path}/roles`,
    csrf: actor.csrf,
    body: html`${rolesField(language, operator.roles)}${actions(button({ text: texts.changeRoles[language] }))}`,
  })}<h2>${texts.link[language]}</h2>${form({
    action: `${path}/links`,
    csrf: actor.csrf,
    body: actions(button({ text: texts.newLink[language], look: 'secondary' })),
  })}<h2>${texts.passkeys[language]}</h2>${actions(linkButton({ text: texts.removePasskeys[language], href: `${path}/passkeys`, look: 'danger' }))}<h2>${texts.disable[language]}</h2>${actions(linkButton({ text: texts.disable[language], href: `${path}/disable`, look: 'danger' }))}`;
}

export function linkPage(
  frame: ConsoleFrame,
  view: { readonly operator: Operator; readonly link: string; readonly expiresAt: Date },
): string {
  const { language } = frame;
  return consolePage(frame, HERE, {
    title: texts.link[language],
    back: { href: `/${language}/console/operators/${view.operator.id}` },
    main: html`<h1>${texts.link[language]}: <bdi>${view.operator.name}</bdi></h1>${notification({
      language,
      text: html`${texts.linkText[language]} ${formatDateTime(view.expiresAt, language)}.`,
    })}${copyableCode({ language, id: 'link', label: texts.link[language], code: view.link })}`,
  });
}

/** Before what cannot be undone. `what` says what will happen. */
export function confirmPage(
  frame: ConsoleFrame,
  here: string,
  view: {
    readonly title: string;
    readonly what: string;
    readonly action: string;
    readonly back: string;
    readonly about?: Html;
    readonly hidden?: Readonly<Record<string, string>>;
    /** What has to be said with it, such as a reason. */
    readonly fields?: Html;
    readonly errors?: readonly SummaryError[];
  },
): string {
  const { language, actor } = frame;
  return consolePage(frame, here, {
    title: view.title,
    back: { href: view.back },
    hasErrors: (view.errors ?? []).length > 0,
    main: html`${errorSummary({ language, errors: view.errors ?? [] })}<h1>${view.title}</h1>${view.about}${warning({ language, text: view.what })}${form(
      {
        action: view.action,
        csrf: actor.csrf,
        hidden: view.hidden,
        body: html`${view.fields}${actions(
          button({ text: view.title, look: 'danger' }),
          linkButton({ text: frameTexts.cancel[language], href: view.back, look: 'secondary' }),
        )}`,
      },
    )}`,
  });
}
