import type { FastifyRequest } from 'fastify';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { Actor } from '../../operators/model.ts';
import { frameOf, languageOf, page, queryOf, redirect } from '../../operators/routes/page.ts';
import { readSorting, sortRows } from '../../operators/sorting.ts';
import { timestampState } from '../../timestamp/state.ts';
import type { ConsoleDeps } from '../deps.ts';
import { certificatesPage, EXPIRY_COLUMNS } from '../pages/certificates.ts';
import { timestampsPage } from '../pages/timestamps.ts';
import { trustPage } from '../pages/trust.ts';
import { certificatesOf, othersExpiries } from '../service/certificates.ts';

/** The rest are in the API and under `./wasl ledger timestamps`. */
const MOST_STAMPS = 20;

export function trustRoutes(deps: ConsoleDeps): readonly OperatorRoute[] {
  const { context } = deps;
  return [
    {
      id: 'console.trust.show',
      method: 'GET',
      url: '/:language/console/trust',
      access: 'console.read',
      audit: null,
      rate: 'page',
      async handle(request, { actor }) {
        const current = context.trust.current(context.clock());
        return page(
          trustPage(frameOf(deps.house, request, actor), {
            list: current.ok ? current.value : undefined,
            refusal: current.ok ? undefined : current.error.detail,
            wasRefreshed: queryOf(request, 'refreshed') !== '',
          }),
        );
      },
    },
    {
      id: 'console.trust.certificates',
      method: 'GET',
      url: '/:language/console/trust/certificates',
      access: 'console.read',
      audit: null,
      rate: 'page',
      handle: async (request, { actor }) => page(showCertificates(deps, request, actor)),
    },
    {
      id: 'console.trust.timestamps',
      method: 'GET',
      url: '/:language/console/trust/timestamps',
      access: 'console.read',
      audit: null,
      rate: 'page',
      async handle(request, { actor }) {
        const now = context.clock();
        const current = context.trust.current(now);
        const state = await timestampState(context, MOST_STAMPS);
        const refusal = current.ok ? undefined : current.error.detail;
        return page(timestampsPage(frameOf(deps.house, request, actor), { state, refusal, now }));
      },
    },
    {
      id: 'console.trust.refresh',
      method: 'POST',
      url: '/:language/console/trust/refresh',
      access: 'keys.change',
      audit: 'trust.refreshed',
      rate: 'form',
      async handle(request) {
        await context.renewTrust();
        return redirect(`/${languageOf(request)}/console/trust?refreshed=yes`);
      },
    },
  ];
}

function showCertificates({ context, house }: ConsoleDeps, request: FastifyRequest, actor: Actor): string {
  const now = context.clock();
  const current = context.trust.current(now);
  const list = current.ok ? current.value : undefined;
  const own = list?.gateways.find((one) => one.statement.server === context.server)?.statement;
  const ders = { tls: own?.tlsCertificate, sign: own?.signCertificate, statement: undefined };
  const sorting = readSorting(queryOf(request, 'sort'), EXPIRY_COLUMNS, { by: 'expires', isDown: false });
  const others = list === undefined ? [] : othersExpiries(list, context.server);
  return certificatesPage(frameOf(house, request, actor), {
    own: own === undefined ? [] : certificatesOf(own).map((one) => ({ ...one, der: ders[one.name] })),
    formerUntil: own?.former === undefined ? undefined : new Date(own.former.until),
    others: sortRows(others, sorting, { of: (one) => one.of, expires: (one) => one.expiresAt }),
    sorting,
    refusal: current.ok ? undefined : current.error.detail,
    now,
  });
}
