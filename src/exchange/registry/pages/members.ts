import type { Language } from '../../../kernel/index.ts';
import {
  button,
  checkbox,
  copyableCode,
  dataTable,
  dateTime,
  errorSummary,
  form,
  formatDateTime,
  type Html,
  html,
  identifier,
  join,
  localText,
  nothing,
  type SummaryError,
  textInput,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import type { ListedGroup, ListedMember } from '../../trust/list-parts.ts';
import { menuTexts, memberTexts as texts } from '../texts/registry.ts';
import type { GatewayView, TokenView } from '../views.ts';

export type MembersView = {
  readonly members: readonly ListedMember[];
  readonly gateways: readonly GatewayView[];
  readonly groups: readonly ListedGroup[];
  readonly tokens: readonly TokenView[];
};

export const ADMISSION_FIELDS = ['class', 'code', 'nameAr', 'nameFr', 'subsystem', 'server'] as const;
export type AdmissionForm = {
  readonly fields: Readonly<Record<string, string>>;
  readonly wait: boolean;
  readonly errors: readonly SummaryError[];
};

export function membersPage(frame: ConsoleFrame, view: MembersView, again: AdmissionForm, token?: string): string {
  const { language, actor } = frame;
  const made =
    token === undefined ? nothing : copyableCode({ language, label: texts.token[language], code: token, id: 'token' });
  return consolePage(frame, '/console/members', {
    title: menuTexts.members[language],
    hasErrors: again.errors.length > 0,
    main: html`${errorSummary({ language, errors: again.errors })}<h1>${menuTexts.members[language]}</h1>${made}${memberTable(view.members, language)}<h2>${texts.gateways[language]}</h2>${gatewayTable(view.gateways, language)}<h2>${texts.groups[language]}</h2>${groupTable(view.groups, language)}<h2>${texts.tokens[language]}</h2>${tokenTable(view.tokens, language)}${may('registration.decide', actor) ? admissionForm(frame, again) : nothing}`,
  });
}

export function memberTable(members: readonly ListedMember[], language: Language): Html {
  return dataTable({
    language,
    caption: menuTexts.members[language],
    captionHidden: true,
    columns: [
      { header: texts.member[language] },
      { header: texts.id[language] },
      { header: texts.subsystems[language] },
    ],
    rows: members.map((member) => ({
      cells: [
        localText(member.name, language),
        identifier(member.id),
        // One box: on a phone the parts of a cell would each take a place of their own.
        html`<div>${join(
          member.subsystems.map((one) => html`${localText(one.name, language)} (${identifier(one.code)})`),
          html`<br>`,
        )}</div>`,
      ],
    })),
    empty: texts.none[language],
  });
}

function gatewayTable(gateways: readonly GatewayView[], language: Language): Html {
  return dataTable({
    language,
    caption: texts.gateways[language],
    captionHidden: true,
    columns: [
      { header: texts.id[language] },
      { header: texts.address[language] },
      { header: texts.until[language], tight: true },
    ],
    rows: gateways.map((one) => ({
      cells: [identifier(one.server), identifier(one.address), dateTime(one.expiresAt, language, 'short')],
    })),
    empty: texts.noGateways[language],
  });
}

function groupTable(groups: readonly ListedGroup[], language: Language): Html {
  return dataTable({
    language,
    caption: texts.groups[language],
    captionHidden: true,
    columns: [{ header: texts.groups[language] }, { header: texts.subsystems[language] }],
    rows: groups.map((group) => ({
      cells: [
        html`<div>${localText(group.name, language)} (${identifier(group.code)})</div>`,
        join(group.subsystems.map(identifier), html`<br>`),
      ],
    })),
    empty: texts.noGroups[language],
  });
}

function tokenTable(tokens: readonly TokenView[], language: Language): Html {
  return dataTable({
    language,
    caption: texts.tokens[language],
    captionHidden: true,
    columns: [
      { header: texts.id[language] },
      { header: texts.issued[language], tight: true },
      { header: texts.until[language], tight: true },
      { header: texts.used[language], tight: true },
    ],
    rows: tokens.map((token) => ({
      cells: [
        identifier(token.server),
        formatDateTime(token.issuedAt, language, 'short'),
        formatDateTime(token.expiresAt, language, 'short'),
        token.usedAt === null ? texts.unused[language] : formatDateTime(token.usedAt, language, 'short'),
      ],
    })),
    empty: texts.noTokens[language],
  });
}

function admissionForm({ language, actor }: ConsoleFrame, again: AdmissionForm): Html {
  const labels = {
    class: texts.memberClass,
    code: texts.memberCode,
    nameAr: texts.nameAr,
    nameFr: texts.nameFr,
    subsystem: texts.subsystem,
    server: texts.server,
  };
  const inputs = ADMISSION_FIELDS.map((name) =>
    textInput({
      language,
      name,
      label: labels[name][language],
      value: again.fields[name] ?? '',
      maxLength: 200,
      width: 'half',
      error: again.errors.find(({ field }) => field === name)?.message,
      ...(name === 'nameAr' ? { inputLanguage: 'ar' as const } : {}),
      ...(name === 'nameFr' ? { inputLanguage: 'fr' as const } : {}),
      ...(name.startsWith('name') ? {} : { kind: 'identifier' as const }),
    }),
  );
  const wait = checkbox({ language, name: 'wait', label: texts.wait[language], checked: again.wait });
  return html`<h2>${texts.admit[language]}</h2>${form({
    action: `/${language}/console/members`,
    csrf: actor.csrf,
    body: html`${inputs}${wait}${button({ text: texts.make[language] })}`,
  })}`;
}
