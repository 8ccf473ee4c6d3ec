import type { Language } from '../../../kernel/index.ts';
import { dataTable, type Html, html, identifier, localText, page } from '../../../web/index.ts';
import type { ListedMember } from '../../trust/list-parts.ts';
import { VERIFY_PATH } from '../../verifier/form.ts';
import { verifierTexts } from '../../verifier/texts.ts';
import { menuTexts, publicTexts as texts } from '../texts/registry.ts';
import { memberTable } from './members.ts';

export type Catalogue = {
  readonly instance: string;
  readonly members: readonly ListedMember[];
  /** `href` leads to the OpenAPI description. */
  readonly services: readonly {
    readonly service: string;
    readonly title: string;
    readonly href: string | undefined;
  }[];
};

/** Who takes part, and which services there are: for everybody, without signing in. */
export function publicPage(language: Language, view: Catalogue): string {
  const links = [
    { href: '/services.jsonld', text: texts.dcat[language] },
    { href: '/trust-list', text: texts.list[language] },
    { href: '/registry/v1/openapi.json', text: texts.api[language] },
  ];
  return page({
    language,
    path: '/',
    kind: 'agent',
    title: texts.title[language],
    brandLine: `${menuTexts.house[language]} · ${view.instance}`,
    description: texts.lead[language],
    head: html`<link rel="alternate" type="application/ld+json" href="/services.jsonld">`,
    footer: [
      { href: `/${language}${VERIFY_PATH}`, text: verifierTexts.title[language] },
      { href: `/${language}/console`, text: texts.console[language] },
    ],
    main: html`<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p><h2>${menuTexts.members[language]}</h2>${memberTable(view.members, language)}<h2>${texts.services[language]}</h2>${serviceTable(view, language)}<h2>${texts.machine[language]}</h2><ul>${links.map((link) => html`<li><a href="${link.href}">${link.text}</a></li>`)}</ul>`,
  });
}

function serviceTable({ services, members }: Catalogue, language: Language): Html {
  const byId = new Map(members.map((member) => [member.id, member]));
  return dataTable({
    language,
    caption: texts.services[language],
    captionHidden: true,
    columns: [
      { header: texts.service[language] },
      { header: texts.provider[language] },
      { header: texts.description[language] },
    ],
    rows: services.map((service) => {
      const member = byId.get(service.service.split('/', 3).join('/'));
      const title = service.title === '' ? texts.noDescription[language] : html`<bdi>${service.title}</bdi>`;
      return {
        cells: [
          identifier(service.service),
          member === undefined ? identifier(service.service.split('/', 3).join('/')) : localText(member.name, language),
          service.href === undefined ? title : html`<a href="${service.href}">${title}</a>`,
        ],
      };
    }),
    empty: texts.noServices[language],
  });
}
