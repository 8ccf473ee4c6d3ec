import type { FastifyRequest } from 'fastify';
import { type Clock, invalid, notFound } from '../../../kernel/index.ts';
import type { Route } from '../../../platform/index.ts';
import { LISTING_MAX_CHARS } from '../../trust/listing.ts';
import { dcatOf, descriptionPath } from '../dcat.ts';
import type { Registry } from '../registry.ts';
import { receiveListing } from '../service/listing.ts';
import { findDescription, listServiceHeads } from '../store/listing.ts';
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
        const services = (await listServiceHeads(db.read)).map(({ isDescribed, ...told }) => ({
          ...told,
          description: isDescribed ? descriptionPath(told.service) : null,
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
        const found = typeof service === 'string' ? await findDescription(db.read, service) : undefined;
        if (found === undefined) throw notFound('There is no described service of this identifier.');
        const { text, contentType } = found;
        const end = contentType === 'application/json' ? 'json' : 'yaml';
        const fileName = `${String(service).split('/').at(-1)}.openapi.${end}`;
        return { kind: 'bytes', body: Buffer.from(text), contentType, fileName, headers };
      },
    },
    {
      ...READ,
      id: 'exchange.services.dcat',
      url: '/services.jsonld',
      async handle() {
        const { instance } = registry.keys.anchor;
        const body = dcatOf(instance, await listServiceHeads(db.read), await listedMembers(db.read));
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
