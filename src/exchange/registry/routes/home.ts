import type { FastifyRequest } from 'fastify';
import { notFound } from '../../../kernel/index.ts';
import type { Answer, Route } from '../../../platform/index.ts';
import { languageOf, queryOf } from '../../operators/routes/page.ts';
import { catalogueOf, findMembers, findServices, type PublicCatalogue, pageOf } from '../catalogue.ts';
import { homePage, memberPage, membersPage, type PublicFrame, servicePage, servicesPage } from '../pages/public.ts';
import type { Registry } from '../registry.ts';
import { listServiceHeads } from '../store/listing.ts';
import { listedMembers } from '../store/trust-list.ts';

const READ = { method: 'GET', access: 'public', audit: null, rate: 'page' } as const;

/** Who takes part and which services there are, as pages for everybody. */
export function homeRoutes(registry: Registry): readonly Route<'public'>[] {
  const { read } = registry.db;
  const { instance } = registry.keys.anchor;
  const show = (id: string, url: string, render: (frame: PublicFrame, all: PublicCatalogue) => string) => ({
    ...READ,
    id,
    url,
    async handle(request: FastifyRequest): Promise<Answer> {
      const query = { text: queryOf(request, 'q').trim().slice(0, 200), id: queryOf(request, 'id') };
      const frame = { language: languageOf(request), instance, query, page: queryOf(request, 'page') };
      const all = catalogueOf(instance, await listedMembers(read), await listServiceHeads(read));
      return { kind: 'html', body: render(frame, all), headers: { 'cache-control': 'public, max-age=60' } };
    },
  });
  return [
    { ...READ, id: 'registry.home', url: '/', handle: async () => ({ kind: 'redirect', to: '/ar/' }) },
    show('registry.participants.show', '/:language/', homePage),
    show('registry.catalogue.services', '/:language/services', (frame, all) =>
      servicesPage(frame, pageOf(findServices(all, frame.query.text), frame.page)),
    ),
    show('registry.catalogue.service', '/:language/services/one', (frame, all) =>
      servicePage(frame, need(all.services.find(({ service }) => service === frame.query.id))),
    ),
    show('registry.catalogue.members', '/:language/members', (frame, all) =>
      membersPage(frame, pageOf(findMembers(all, frame.query.text), frame.page)),
    ),
    show('registry.catalogue.member', '/:language/members/one', (frame, all) =>
      memberPage(frame, need(all.members.find(({ id }) => id === frame.query.id))),
    ),
  ];
}

function need<T>(found: T | undefined): T {
  if (found === undefined) throw notFound('Nothing of this identifier is in the catalogue.');
  return found;
}
