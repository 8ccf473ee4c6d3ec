import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, page, queryOf } from '../../operators/routes/page.ts';
import type { ConsoleDeps } from '../deps.ts';
import { chartsPage } from '../pages/charts.ts';
import { bucketsOf, CHART_PERIODS, type ChartPeriod, chosen, firstInstant, rankingOf } from '../rules/charts.ts';
import { countMessages, listMinutes } from '../store/minute.ts';

const RANKED = 10;
const CHOICES = 200;

export function chartRoutes(deps: ConsoleDeps): readonly OperatorRoute[] {
  return [
    {
      id: 'console.chart.show',
      method: 'GET',
      url: '/:language/console/charts',
      access: 'console.read',
      audit: null,
      rate: 'page',
      async handle(request, { actor }) {
        const { db, clock } = deps.context;
        const now = clock();
        const asked = queryOf(request, 'period');
        const period = (Object.keys(CHART_PERIODS) as ChartPeriod[]).find((one) => one === asked) ?? 'hour';
        await countMessages(db);
        const all = await listMinutes(db.read, CHART_PERIODS[period].counted, firstInstant(period, now));
        const [service, member, side] = ['service', 'member', 'side'].map((name) => queryOf(request, name));
        const filter = { service: service ?? '', member: member ?? '', side: side ?? '' };
        const minutes = chosen(all, filter);
        const names = (by: 'service' | 'member') =>
          rankingOf(all, by, CHOICES)
            .map((one) => one.name)
            .toSorted();
        return page(
          chartsPage(frameOf(deps.house, request, actor), {
            buckets: bucketsOf(minutes, period, now),
            byService: rankingOf(minutes, 'service', RANKED),
            byMember: rankingOf(minutes, 'member', RANKED),
            filter: { ...filter, period },
            services: names('service'),
            members: names('member'),
          }),
        );
      },
    },
  ];
}
