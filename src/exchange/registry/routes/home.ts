import { isLanguage, notFound } from '../../../kernel/index.ts';
import type { Route } from '../../../platform/index.ts';
import { publicPage } from '../pages/public.ts';
import type { Registry } from '../registry.ts';
import { listCatalogue } from '../service/listing.ts';
import { listedMembers } from '../store/trust-list.ts';
import { descriptionPath } from './catalogue.ts';

const READ = { method: 'GET', access: 'public', audit: null, rate: 'page' } as const;

/** Who takes part and which services there are, as a page for everybody. */
export function homeRoutes(registry: Registry): readonly Route<'public'>[] {
  const { read } = registry.db;
  return [
    { ...READ, id: 'registry.home', url: '/', handle: async () => ({ kind: 'redirect', to: '/ar/' }) },
    {
      ...READ,
      id: 'registry.participants.show',
      url: '/:language/',
      async handle(request) {
        const { language } = request.params as { readonly language?: unknown };
        if (!isLanguage(language)) throw notFound('There is no page at this address.');
        const services = (await listCatalogue(read)).map(({ service, title, text }) => ({
          service,
          title,
          href: text === undefined ? undefined : descriptionPath(service),
        }));
        const view = { instance: registry.keys.anchor.instance, members: await listedMembers(read), services };
        const headers = { 'cache-control': 'public, max-age=60' };
        return { kind: 'html', body: publicPage(language, view), headers };
      },
    },
  ];
}
