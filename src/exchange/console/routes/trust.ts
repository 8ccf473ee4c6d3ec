import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, queryOf, redirect } from '../../operators/routes/page.ts';
import type { ConsoleDeps } from '../deps.ts';
import { trustPage } from '../pages/trust.ts';
import { certificatesOf } from '../service/overview.ts';

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
        const now = context.clock();
        const current = context.trust.current(now);
        const list = current.ok ? current.value : undefined;
        const own = list?.gateways.find((one) => one.statement.server === context.server)?.statement;
        const ders = { tls: own?.tlsCertificate, sign: own?.signCertificate, statement: undefined };
        return page(
          trustPage(frameOf(deps.house, request, actor), {
            list,
            refusal: current.ok ? undefined : current.error.detail,
            own: own === undefined ? [] : certificatesOf(own).map((one) => ({ ...one, der: ders[one.name] })),
            now,
            wasRefreshed: queryOf(request, 'refreshed') !== '',
          }),
        );
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
