import type { FastifyRequest } from 'fastify';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, page, queryOf } from '../../operators/routes/page.ts';
import { readSorting, sortRows } from '../../operators/sorting.ts';
import type { ConsoleDeps } from '../deps.ts';
import { chartsPage, RANK_COLUMNS } from '../pages/charts.ts';
import {
  bucketsOf,
  CHART_PERIODS,
  type ChartPeriod,
  chosen,
  failureShare,
  firstInstant,
  type Ranked,
  rankingOf,
} from '../rules/charts.ts';
import { countMessages, listMinutes } from '../store/minute.ts';

const RANKED = 50;
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
        const sorting = { service: sortingOf(request, 'service'), member: sortingOf(request, 'member') };
        const ranked = (by: 'service' | 'member') => sortRows(rankingOf(minutes, by, RANKED), sorting[by], RANK_VALUES);
        return page(
          chartsPage(frameOf(deps.house, request, actor), {
            buckets: bucketsOf(minutes, period, now),
            byService: ranked('service'),
            byMember: ranked('member'),
            sorting,
            filter: { ...filter, period },
            services: names('service'),
            members: names('member'),
          }),
        );
      },
    },
  ];
}

const RANK_VALUES = {
  name: (one: Ranked) => one.name,
  answered: (one: Ranked) => one.answered,
  failed: (one: Ranked) => one.failed,
  refused: (one: Ranked) => one.refused,
  share: failureShare,
  p50: (one: Ranked) => one.p50 ?? null,
  p95: (one: Ranked) => one.p95 ?? null,
  p99: (one: Ranked) => one.p99 ?? null,
};

const sortingOf = (request: FastifyRequest, by: 'service' | 'member') =>
  readSorting(queryOf(request, `by-${by}`), RANK_COLUMNS, { by: 'answered', isDown: true });
