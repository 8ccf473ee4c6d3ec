import type { LocalText } from '../../kernel/index.ts';
import type { ListedMember } from '../trust/list-parts.ts';
import type { ServiceHead } from './views.ts';

export const descriptionPath = (service: string): string =>
  `/services/description?service=${encodeURIComponent(service)}`;

const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const;

const TITLE = {
  ar: 'فهرس خدمات منصة التبادل',
  fr: 'Catalogue des services de la plateforme d’échange',
  en: 'Catalogue of the services of the exchange',
};
const DESCRIPTION = {
  ar: 'الخدمات التي يقدمها أعضاء منصة التبادل بعضهم لبعض، بموجب اتفاقيات.',
  fr: 'Les services que les membres de la plateforme d’échange s’offrent entre eux, en vertu de conventions.',
  en: 'The services that members of the exchange offer to each other, under agreements.',
};

/**
 * DCAT 3 as DCAT-AP 3 asks for it: a catalogue with title, description and publisher, and data services with title,
 * publisher and endpoint. Addresses of the registry's own pages are relative: a reader resolves them against the document's.
 */
export function dcatOf(
  instance: string,
  services: readonly ServiceHead[],
  members: readonly ListedMember[],
): Record<string, unknown> {
  const names = new Map(members.map(({ id, name }) => [id, name]));
  const newest = services
    .map(({ listedAt }) => listedAt)
    .toSorted()
    .at(-1);
  return {
    '@context': CONTEXT,
    '@id': '/services.jsonld',
    '@type': 'dcat:Catalog',
    'dct:title': languagesOf(TITLE),
    'dct:description': languagesOf(DESCRIPTION),
    'dct:publisher': agent(instance, undefined),
    ...(newest === undefined ? {} : { 'dct:modified': instant(newest) }),
    'dcat:service': services.map((one) => serviceOf(one, names)),
  };
}

function serviceOf(one: ServiceHead, names: ReadonlyMap<string, LocalText>): object {
  const member = one.service.split('/', 3).join('/');
  return {
    '@id': servicePage(one.service),
    '@type': 'dcat:DataService',
    'dct:identifier': one.service,
    'dct:title': one.title === '' ? one.service : one.title,
    'dct:modified': instant(one.listedAt),
    'dct:publisher': agent(member, names.get(member)),
    // Restricted: by agreement (EU vocabulary of access rights).
    'dct:accessRights': { '@id': 'http://publications.europa.eu/resource/authority/access-right/RESTRICTED' },
    // Reached through one's own gateway and no other way, so it is a name and not an address.
    'dcat:endpointURL': { '@id': `urn:x-road:${one.service.split('/').map(encodeURIComponent).join(':')}` },
    'dcat:landingPage': { '@id': servicePage(one.service) },
    ...(one.isDescribed ? { 'dcat:endpointDescription': { '@id': descriptionPath(one.service) } } : {}),
  };
}

const servicePage = (service: string) => `/ar/services/one?id=${encodeURIComponent(service)}`;
const instant = (at: string) => ({ '@type': 'xsd:dateTime', '@value': at });

function agent(id: string, name: LocalText | undefined): object {
  return { '@type': 'foaf:Agent', 'dct:identifier': id, 'foaf:name': name === undefined ? id : languagesOf(name) };
}

function languagesOf(text: LocalText): readonly object[] {
  return (['ar', 'fr', 'en'] as const).flatMap((language) => {
    const value = text[language];
    return value === undefined ? [] : [{ '@language': language, '@value': value }];
  });
}
