import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  comparing,
  copyableCode,
  dataTable,
  errorSummary,
  form,
  formatDateTime,
  type Html,
  html,
  nothing,
  notification,
  type SummaryError,
  tag,
  textInput,
} from '../../../web/index.ts';
import type { ApiToken } from '../model.ts';
import { isTokenAlive } from '../rules.ts';
import { sortRows } from '../sorting.ts';
import { accountTexts, frameTexts, tokenTexts as texts } from '../texts/operators.ts';
import { rolesField, rolesText } from './accounts.ts';
import { type ConsoleFrame, consolePage } from './frame.ts';
import { sortable, sortingOf } from './sortable.ts';

const HERE = '/console/tokens';

export type TokenForm = {
  readonly name: string;
  readonly roles: readonly string[];
  readonly days: string;
  readonly errors: readonly SummaryError[];
  readonly once: string;
};

export type TokenRow = { readonly token: ApiToken; readonly holder: string };

export function tokensPage(frame: ConsoleFrame, rows: readonly TokenRow[], view: TokenForm, now: Date): string {
  const { language, actor } = frame;
  return consolePage(frame, HERE, {
    title: frameTexts.tokens[language],
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${frameTexts.tokens[language]}</h1><p class="lead">${texts.lead[language]}</p>${tokenTable(frame, rows, now)}${
      actor.via === 'session' ? makeForm(frame, view) : nothing
    }`,
  });
}

const TOKEN_VALUES = {
  purpose: ({ token }: TokenRow) => token.name,
  holder: (row: TokenRow) => row.holder,
  expires: ({ token }: TokenRow) => token.expiresAt,
  used: ({ token }: TokenRow) => token.usedAt,
};
const TOKEN_COLUMNS = Object.keys(TOKEN_VALUES) as (keyof typeof TOKEN_VALUES)[];

function tokenTable(frame: ConsoleFrame, rows: readonly TokenRow[], now: Date): Html {
  const { language } = frame;
  const sorting = sortingOf(frame, TOKEN_COLUMNS, { by: 'expires', isDown: true });
  const column = sortable(frame, sorting);
  return dataTable({
    language,
    caption: frameTexts.tokens[language],
    captionHidden: true,
    columns: [
      column('purpose', { header: texts.purpose[language] }),
      column('holder', { header: texts.holder[language] }),
      { header: accountTexts.roles[language] },
      { header: accountTexts.state[language], tight: true },
      column('expires', { header: texts.expires[language], tight: true }),
      column('used', { header: accountTexts.lastUsed[language], tight: true }),
      { header: texts.action[language], headerHidden: true, tight: true },
    ],
    rows: sortRows(rows, sorting, TOKEN_VALUES, comparing(language)).map(({ token, holder }) => ({
      cells: [
        html`<bdi>${token.name}</bdi>`,
        html`<bdi>${holder}</bdi>`,
        rolesText(token.roles, language),
        stateTag(token, language, now),
        formatDateTime(token.expiresAt, language, 'short'),
        token.usedAt === null ? accountTexts.never[language] : formatDateTime(token.usedAt, language, 'short'),
        isTokenAlive(token, now)
          ? html`<a href="/${language}/console/tokens/${token.id}/revoke">${texts.revoke[language]}<span class="visually-hidden"> ${token.name}</span></a>`
          : nothing,
      ],
    })),
    empty: texts.none[language],
  });
}

function stateTag(token: ApiToken, language: Language, now: Date): Html {
  if (token.revokedAt !== null) return tag({ text: texts.revoked[language] });
  if (!isTokenAlive(token, now)) return tag({ text: texts.expired[language] });
  return tag({ text: texts.good[language], tone: 'green' });
}

function makeForm({ language, actor }: ConsoleFrame, view: TokenForm): Html {
  const errorOf = (field: string) => view.errors.find((one) => one.field === field)?.message;
  return html`<h2>${texts.make[language]}</h2>${form({
    action: `/${language}/console/tokens`,
    csrf: actor.csrf,
    hidden: { once: view.once },
    body: html`${textInput({ language, name: 'name', label: texts.purpose[language], value: view.name, width: 'half', maxLength: 100, error: errorOf('name') })}${rolesField(
      language,
      view.roles,
      errorOf('roles') as string | undefined,
      actor.roles,
    )}${textInput({ language, name: 'days', label: texts.days[language], value: view.days, kind: 'number', width: 'digits-4', maxLength: 3, error: errorOf('days') })}${actions(button({ text: texts.make[language] }))}`,
  })}`;
}

export function madeTokenPage(frame: ConsoleFrame, secret: string): string {
  const { language } = frame;
  return consolePage(frame, HERE, {
    title: texts.made[language],
    back: { href: `/${language}/console/tokens` },
    main: html`<h1>${texts.made[language]}</h1>${notification({ language, text: texts.madeText[language] })}${copyableCode({ language, id: 'token', label: texts.made[language], code: secret })}`,
  });
}
