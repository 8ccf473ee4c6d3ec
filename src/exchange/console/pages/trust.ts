import { createHash } from 'node:crypto';
import type { Language } from '../../../kernel/index.ts';
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
import { may } from '../../operators/rules.ts';
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
    }${list === undefined ? nothing : known(list, language)}`,
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

function known(list: TrustList, language: Language): Html {
  const section = (title: string, headers: readonly string[], rows: readonly (readonly (Html | string)[])[]) =>
    rows.length > 0 &&
    html`<h2>${title}</h2>${dataTable({
      language,
      caption: title,
      captionHidden: true,
      columns: headers.map((header): Column => ({ header })),
      rows: rows.map((cells) => ({ cells })),
      empty: texts.nobody[language],
    })}`;
  const at = (instant: string) => formatDateTime(new Date(instant), language, 'short');
  const ids = (values: readonly string[]) => html`${values.map((value) => html`<p>${identifier(value)}</p>`)}`;
  return html`${section(
    texts.members[language],
    [texts.member[language], texts.name[language], texts.gateways[language], texts.subsystems[language]],
    list.members.map((member) => [
      identifier(member.id),
      localText(member.name, language),
      ids(list.gateways.filter((one) => one.statement.member.id === member.id).map((one) => one.statement.server)),
      ids(member.subsystems.map((one) => one.code)),
    ]),
  )}${section(
    texts.groups[language],
    [texts.group[language], texts.name[language], texts.subsystems[language]],
    list.groups.map((group) => [identifier(group.code), localText(group.name, language), ids(group.subsystems)]),
  )}${section(
    texts.witnesses[language],
    [texts.witness[language], texts.address[language], texts.key[language]],
    list.witnesses.map((one) => [identifier(one.name), identifier(one.url), identifier(one.vkey)]),
  )}${section(
    texts.timestamps[language],
    [texts.name[language], texts.address[language], texts.fingerprint[language]],
    list.timestampAuthorities.map((one) => [
      html`<bdi>${one.name}</bdi>`,
      identifier(one.url),
      identifier(fingerprint(one.certificate)),
    ]),
  )}${section(
    texts.revocations[language],
    [texts.certificate[language], texts.at[language], texts.reason[language]],
    list.revocations.map((one) => [
      identifier(one.certificate),
      at(one.at),
      html`<span lang="en" dir="ltr">${one.reason}</span>`,
    ]),
  )}${section(
    texts.instances[language],
    [texts.instance[language], texts.subsystems[language], texts.until[language]],
    list.federated.map((one) => [identifier(one.instance), ids(one.subsystems), at(one.expiresAt)]),
  )}`;
}
