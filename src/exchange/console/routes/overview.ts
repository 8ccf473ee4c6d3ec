import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page } from '../../operators/routes/page.ts';
import type { ConsoleDeps } from '../deps.ts';
import { overviewPage } from '../pages/overview.ts';
import { readOverview } from '../service/overview.ts';

export function overviewRoutes(deps: ConsoleDeps): readonly OperatorRoute[] {
  return [
    {
      id: 'console.overview.show',
      method: 'GET',
      url: '/:language/console',
      access: 'console.read',
      audit: null,
      rate: 'page',
      handle: async (request, { actor }) =>
        page(overviewPage(frameOf(deps.house, request, actor), await readOverview(deps, languageOf(request)))),
    },
  ];
}
