import type { FastifyRequest } from 'fastify';
import { type Clock, invalid, notFound } from '../../../kernel/index.ts';
import type { Route } from '../../../platform/index.ts';
import { LISTING_MAX_CHARS } from '../../trust/listing.ts';
import type { Registry } from '../registry.ts';
import { type CataloguedService, listCatalogue, receiveListing } from '../service/listing.ts';
import { listedMembers } from '../store/trust-list.ts';

const READ = { method: 'GET', access: 'public', audit: null, rate: 'api' } as const;
const headers = { 'cache-control': 'public, max-age=60' };

/** The catalogue of services for everybody, and where gateways say what they serve. */
export function catalogueRoutes(registry: Registry, clock: Clock): readonly Route<'public'>[] {
  const { db } = registry;
  return [
    {
      id: 'exchange.services.publish',
      method: 'POST',
      url: '/services',
      access: 'public',
      audit: null,
      rate: 'api',
      bodyLimit: LISTING_MAX_CHARS + 100,
      handle: async (request) => ({ kind: 'json', body: await receiveListing(registry, listingOf(request), clock()) }),
    },
    {
      ...READ,
      id: 'exchange.services.list',
      url: '/services',
      async handle() {
        const services = (await listCatalogue(db.read)).map(({ text, contentType, ...told }) => ({
          ...told,
          description: text === undefined ? null : descriptionPath(told.service),
        }));
        return { kind: 'json', body: { services }, headers };
      },
    },
    {
      ...READ,
      id: 'exchange.services.describe',
      url: '/services/description',
      async handle(request) {
        const { service } = request.query as { readonly service?: unknown };
        const found = (await listCatalogue(db.read)).find((one) => one.service === service);
        if (found?.text === undefined) throw notFound('There is no described service of this identifier.');
        return { kind: 'text', body: found.text, contentType: found.contentType ?? 'application/json', headers };
      },
    },
    {
      ...READ,
      id: 'exchange.services.dcat',
      url: '/services.jsonld',
      async handle() {
        const names = new Map((await listedMembers(db.read)).map(({ id, name }) => [id, name]));
        const services = await listCatalogue(db.read);
        const body = dcatOf(registry.keys.anchor.instance, services, (id) => names.get(id));
        return { kind: 'json', body, contentType: 'application/ld+json', headers };
      },
    },
  ];
}

function listingOf(request: FastifyRequest): string {
  const { listing } = (request.body ?? {}) as { readonly listing?: unknown };
  if (typeof listing !== 'string')
    throw invalid('The body is not acceptable.', [{ field: '/listing', message: 'must be the signed listing' }]);
  return listing;
}

export const descriptionPath = (service: string): string =>
  `/services/description?service=${encodeURIComponent(service)}`;

type Name = { readonly ar: string; readonly fr: string };

/** DCAT 3 with the terms of DCAT-AP: a catalogue of data services, each with its publisher and its description. */
function dcatOf(
  instance: string,
  services: readonly CataloguedService[],
  nameOf: (member: string) => Name | undefined,
): object {
  return {
    '@context': {
      dcat: 'http://www.w3.org/ns/dcat#',
      dct: 'http://purl.org/dc/terms/',
      foaf: 'http://xmlns.com/foaf/0.1/',
      xsd: 'http://www.w3.org/2001/XMLSchema#',
    },
    '@type': 'dcat:Catalog',
    'dct:title': { '@language': 'en', '@value': `Services of the instance ${instance}` },
    'dcat:service': services.map((one) => {
      const member = one.service.split('/').slice(0, 3).join('/');
      const name = nameOf(member);
      return {
        '@type': 'dcat:DataService',
        'dct:identifier': one.service,
        'dct:title': one.title === '' ? one.service : one.title,
        'dct:modified': { '@type': 'xsd:dateTime', '@value': one.listedAt },
        'dct:publisher': {
          '@type': 'foaf:Agent',
          'dct:identifier': member,
          'foaf:name': name === undefined ? member : languagesOf(name),
        },
        // Reached through one's own gateway and no other way, so it is a path and not an address.
        'dcat:endpointURL': `/r1/${one.service}`,
        ...(one.text === undefined ? {} : { 'dcat:endpointDescription': { '@id': descriptionPath(one.service) } }),
      };
    }),
  };
}

function languagesOf(name: Name): readonly object[] {
  return [
    { '@language': 'ar', '@value': name.ar },
    { '@language': 'fr', '@value': name.fr },
  ];
}
