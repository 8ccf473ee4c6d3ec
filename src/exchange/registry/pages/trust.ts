import type { Language } from '../../../kernel/index.ts';
import {
  button,
  dataTable,
  form,
  formatDateTime,
  type Html,
  html,
  identifier,
  nothing,
  summaryList,
  tag,
  warning,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import type { TrustAnchor } from '../../trust/anchor.ts';
import type { ListedTsa, ListedWitness } from '../../trust/list-parts.ts';
import { menuTexts, requestTexts, trustTexts as texts } from '../texts/registry.ts';
import type { FederationRow } from '../views.ts';

export type TrustPageView = {
  readonly list: { readonly version: number; readonly issuedAt: Date; readonly expiresAt: Date };
  readonly anchor: TrustAnchor;
  readonly witnesses: readonly ListedWitness[];
  readonly tsas: readonly ListedTsa[];
  readonly federations: readonly FederationRow[];
};

export function trustPage(frame: ConsoleFrame, view: TrustPageView): string {
  const { language, actor } = frame;
  const { list } = view;
  const facts = [
    { key: texts.version[language], value: String(list.version) },
    { key: texts.issued[language], value: formatDateTime(list.issuedAt, language) },
    { key: texts.expires[language], value: formatDateTime(list.expiresAt, language) },
  ];
  const named = (rows: readonly { readonly name: string; readonly url: string }[], caption: string, empty: string) =>
    dataTable({
      language,
      caption,
      captionHidden: true,
      columns: [{ header: texts.name[language] }, { header: texts.url[language] }],
      rows: rows.map((one) => ({ cells: [identifier(one.name), identifier(one.url)] })),
      empty,
    });
  return consolePage(frame, '/console/trust', {
    title: menuTexts.trust[language],
    main: html`<h1>${menuTexts.trust[language]}</h1>${summaryList({ language, rows: facts })}<h2>${texts.keys[language]}</h2>${keyTable(view.anchor, language)}${may('trust.change', actor) ? rotateForm(frame) : nothing}<h2>${texts.witnesses[language]}</h2>${named(view.witnesses, texts.witnesses[language], texts.noWitnesses[language])}<h2>${texts.tsas[language]}</h2>${named(view.tsas, texts.tsas[language], texts.noTsas[language])}<h2>${texts.federation[language]}</h2>${federationTable(view.federations, language)}`,
  });
}

function keyTable(anchor: TrustAnchor, language: Language): Html {
  return dataTable({
    language,
    caption: texts.keys[language],
    captionHidden: true,
    columns: [{ header: texts.key[language] }, { header: requestTexts.state[language], tight: true }],
    rows: anchor.keys.map((key) => ({
      cells: [
        identifier(key.kid),
        key.retiredAt === undefined
          ? tag({ text: texts.present[language], tone: 'green' })
          : html`${texts.retired[language]} ${formatDateTime(new Date(key.retiredAt), language, 'short')}`,
      ],
    })),
    empty: nothing,
  });
}

function rotateForm({ language, actor }: ConsoleFrame): Html {
  return html`${warning({ language, text: texts.rotateWarning[language] })}${form({
    action: `/${language}/console/trust/rotate`,
    csrf: actor.csrf,
    body: button({ text: texts.rotate[language], look: 'danger' }),
  })}`;
}

function federationTable(rows: readonly FederationRow[], language: Language): Html {
  return dataTable({
    language,
    caption: texts.federation[language],
    captionHidden: true,
    columns: [
      { header: texts.instance[language] },
      { header: texts.url[language] },
      { header: texts.fetched[language], tight: true },
      { header: texts.problem[language] },
    ],
    rows: rows.map((one) => ({
      cells: [
        identifier(one.instance),
        identifier(one.url),
        one.fetchedAt === null ? texts.never[language] : formatDateTime(one.fetchedAt, language, 'short'),
        one.problem === null ? nothing : html`<span lang="en" dir="ltr">${one.problem}</span>`,
      ],
    })),
    empty: texts.noFederation[language],
  });
}
