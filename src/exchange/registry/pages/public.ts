import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  cardList,
  dataTable,
  factList,
  formatDate,
  formatNumber,
  type Html,
  hero,
  html,
  identifier,
  join,
  linkButton,
  localText,
  nothing,
  page,
  pagination,
  searchBox,
  sheet,
  split,
  summaryList,
  tag,
} from '../../../web/index.ts';
import { VERIFY_PATH } from '../../verifier/form.ts';
import { verifierTexts } from '../../verifier/texts.ts';
import { type CatalogueMember, type CatalogueService, PAGE_SIZE, type PublicCatalogue } from '../catalogue.ts';
import { descriptionPath } from '../dcat.ts';
import { publicTexts as texts } from '../texts/public.ts';
import { memberTexts, menuTexts } from '../texts/registry.ts';

export type PublicFrame = {
  readonly language: Language;
  readonly instance: string;
  readonly query: { readonly text: string; readonly id: string };
  /** As it stands in the address. */
  readonly page: string;
};

type Found<T> = { readonly page: number; readonly total: number; readonly shown: readonly T[] };
type Place = '/' | '/services' | '/members';

const serviceHref = (language: Language, id: string) => `/${language}/services/one?id=${encodeURIComponent(id)}`;
const memberHref = (language: Language, id: string) => `/${language}/members/one?id=${encodeURIComponent(id)}`;

/** Everybody's pages: no script, nothing of whoever reads them. */
function publicPage(
  { language, instance }: PublicFrame,
  place: Place,
  view: { readonly title: string; readonly main: Html; readonly path: string; readonly hero?: Html },
): string {
  const item = (path: Place, text: string) => ({ href: `/${language}${path}`, text, current: path === place });
  return page({
    language,
    kind: 'agent',
    brandLine: `${menuTexts.house[language]} · ${instance}`,
    description: texts.lead[language],
    nav: [
      item('/', texts.home[language]),
      item('/services', texts.services[language]),
      item('/members', menuTexts.members[language]),
    ],
    homeHref: `/${language}/`,
    head: html`<link rel="alternate" type="application/ld+json" href="/services.jsonld">`,
    footer: [
      { href: `/${language}${VERIFY_PATH}`, text: verifierTexts.title[language] },
      { href: '/services.jsonld', text: texts.dcat[language] },
      { href: '/trust-list', text: texts.list[language] },
      { href: '/registry/v1/openapi.json', text: texts.api[language] },
      { href: `/${language}/console`, text: texts.console[language] },
    ],
    ...view,
  });
}

export function homePage(frame: PublicFrame, { members, services }: PublicCatalogue): string {
  const { language } = frame;
  const number = (value: number) => formatNumber(value, language);
  const subsystems = members.reduce((sum, member) => sum + member.subsystems.length, 0);
  const newest = services.toSorted((a, b) => b.listedAt.localeCompare(a.listedAt)).slice(0, 6);
  return publicPage(frame, '/', {
    title: texts.title[language],
    path: '/',
    hero: hero({
      title: texts.title[language],
      lead: texts.lead[language],
      body: search(frame, '/services', true),
    }),
    main: html`${split({
      main: html`<h2>${texts.services[language]}</h2>${serviceCards(newest, language, 3)}${actions(
        linkButton({ text: texts.allServices[language], href: `/${language}/services`, look: 'secondary' }),
        linkButton({ text: texts.allMembers[language], href: `/${language}/members`, look: 'secondary' }),
      )}`,
      aside: sheet(
        factList([
          { term: menuTexts.members[language], value: number(members.length), icon: 'building' },
          { term: memberTexts.subsystems[language], value: number(subsystems), icon: 'folder' },
          { term: texts.services[language], value: number(services.length), icon: 'exchange' },
        ]),
      ),
    })}<h2>${texts.how[language]}</h2><p>${texts.howText[language]}</p>`,
  });
}

function search({ language, query }: PublicFrame, place: Place, large = false): Html {
  const label = place === '/members' ? texts.searchMembers[language] : texts.searchServices[language];
  return searchBox({ language, action: `/${language}${place}`, label, value: query.text, large });
}

export function servicesPage(frame: PublicFrame, found: Found<CatalogueService>): string {
  const { language } = frame;
  return publicPage(frame, '/services', {
    title: texts.services[language],
    path: pathOf(frame, '/services', found.page),
    main: html`<h1>${texts.services[language]}</h1>${search(frame, '/services')}${serviceCards(found.shown, language, 2)}${pages(frame, '/services', found)}`,
  });
}

function serviceCards(services: readonly CatalogueService[], language: Language, headingLevel: 2 | 3): Html {
  if (services.length === 0) return html`<div class="empty">${texts.noServices[language]}</div>`;
  return cardList({
    look: 'rows',
    headingLevel,
    cards: services.map((one) => ({
      title: html`<bdi>${one.title === '' ? (one.service.split('/').at(-1) ?? '') : one.title}</bdi>`,
      href: serviceHref(language, one.service),
      text: one.member === undefined ? undefined : localText(one.member.name, language),
      meta: html`${identifier(one.service)} ${one.isDescribed ? tag({ text: texts.described[language], tone: 'green' }) : nothing}`,
    })),
  });
}

function pages<T>(frame: PublicFrame, place: Place, { page: nth, total }: Found<T>): Html {
  const { language } = frame;
  const hrefOf = (number: number) => `/${language}${pathOf(frame, place, number)}`;
  return pagination({ language, page: nth, pageSize: PAGE_SIZE, total, hrefOf });
}

function pathOf({ query }: PublicFrame, place: Place, nth: number): string {
  const asked = new URLSearchParams({
    ...(query.text === '' ? {} : { q: query.text }),
    ...(nth === 1 ? {} : { page: String(nth) }),
  }).toString();
  return asked === '' ? place : `${place}?${asked}`;
}

export function servicePage(frame: PublicFrame, one: CatalogueService): string {
  const { language } = frame;
  const title = one.title === '' ? one.service : one.title;
  const { member, subsystem } = one;
  const facts = [
    { key: texts.service[language], value: identifier(one.service) },
    ...(member === undefined
      ? []
      : [
          {
            key: texts.provider[language],
            value: html`<a href="${memberHref(language, member.id)}">${localText(member.name, language)}</a>`,
          },
        ]),
    ...(subsystem === undefined
      ? []
      : [{ key: texts.subsystem[language], value: localText(subsystem.name, language) }]),
    { key: texts.listed[language], value: formatDate(new Date(one.listedAt), language) },
  ];
  return publicPage(frame, '/services', {
    title,
    path: serviceHref(language, one.service).slice(3),
    main: html`<h1><bdi>${title}</bdi></h1>${summaryList({ language, rows: facts })}${
      one.isDescribed
        ? actions(
            linkButton({
              text: texts.openapi[language],
              href: descriptionPath(one.service),
              icon: 'download',
              download: true,
            }),
          )
        : nothing
    }<h2>${texts.operations[language]}</h2>${dataTable({
      language,
      caption: texts.operations[language],
      captionHidden: true,
      columns: [{ header: texts.method[language], tight: true }, { header: texts.path[language] }],
      rowHeader: 1,
      rows: one.endpoints.map(({ method, path }) => ({ cells: [identifier(method), identifier(path)] })),
      empty: texts.noDescription[language],
    })}<h2>${texts.how[language]}</h2><p>${texts.howText[language]}</p><p>${texts.callPath[language]} ${identifier(`/r1/${one.service}`)}</p>`,
  });
}

export function membersPage(frame: PublicFrame, found: Found<CatalogueMember>): string {
  const { language } = frame;
  return publicPage(frame, '/members', {
    title: menuTexts.members[language],
    path: pathOf(frame, '/members', found.page),
    main: html`<h1>${menuTexts.members[language]}</h1>${search(frame, '/members')}${dataTable({
      language,
      caption: menuTexts.members[language],
      captionHidden: true,
      columns: [
        { header: memberTexts.member[language] },
        { header: memberTexts.id[language] },
        { header: memberTexts.subsystems[language], tight: true, align: 'end' },
        { header: texts.services[language], tight: true, align: 'end' },
      ],
      rows: found.shown.map((member) => ({
        cells: [
          html`<a href="${memberHref(language, member.id)}">${localText(member.name, language)}</a>`,
          identifier(member.id),
          formatNumber(member.subsystems.length, language),
          formatNumber(member.services.length, language),
        ],
      })),
      empty: frame.query.text === '' ? memberTexts.none[language] : texts.noMatch[language],
    })}${pages(frame, '/members', found)}`,
  });
}

export function memberPage(frame: PublicFrame, member: CatalogueMember): string {
  const { language } = frame;
  const title = member.name[language] ?? member.name.fr;
  const names = (['ar', 'fr', 'en'] as const).flatMap((other) => {
    const name = member.name[other];
    return name === undefined || other === language ? [] : [html`<bdi lang="${other}">${name}</bdi>`];
  });
  return publicPage(frame, '/members', {
    title,
    path: memberHref(language, member.id).slice(3),
    main: html`<h1>${localText(member.name, language)}</h1><p class="lead">${join(names, html` · `)}</p><p>${identifier(member.id)}</p><h2>${memberTexts.subsystems[language]}</h2>${dataTable(
      {
        language,
        caption: memberTexts.subsystems[language],
        captionHidden: true,
        columns: [
          { header: memberTexts.subsystem[language], tight: true },
          { header: texts.name[language] },
          { header: texts.services[language] },
        ],
        rows: member.subsystems.map((one) => ({
          cells: [identifier(one.code), localText(one.name, language), offered(member, one.code, language)],
        })),
        empty: texts.noSubsystems[language],
      },
    )}`,
  });
}

function offered(member: CatalogueMember, code: string, language: Language): Html {
  const own = member.services.filter(({ service }) => service.startsWith(`${member.id}/${code}/`));
  // One box: on a phone the parts of a cell would each take a place of their own.
  return html`<div>${join(
    own.map(
      ({ service, title }) =>
        html`<a href="${serviceHref(language, service)}"><bdi>${title === '' ? (service.split('/').at(-1) ?? '') : title}</bdi></a>`,
    ),
    html`<br>`,
  )}${own.length === 0 ? '—' : nothing}</div>`;
}
