import { Problem } from '../../../kernel/index.ts';
import { sendAgainNow } from '../../agreement/service/deps.ts';
import { listUndelivered } from '../../agreement/store/delivery.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, paramOf, queryOf, redirect } from '../../operators/routes/page.ts';
import type { OfferPageDeps } from '../deps.ts';
import { DELIVERIES, deliveriesPage } from '../pages/deliveries.ts';

/** Signed documents on their way to other members. */
export function deliveryPages(deps: OfferPageDeps): readonly OperatorRoute[] {
  const { core, house } = deps;
  return [
    {
      id: 'console.delivery.list',
      method: 'GET',
      url: `/:language${DELIVERIES}`,
      access: 'console.read',
      audit: null,
      rate: 'page',
      async handle(request, { actor }) {
        const done = (['sent', 'gone'] as const).find((one) => one === queryOf(request, 'done'));
        const deliveries = await listUndelivered(core.context.db.read);
        return page(deliveriesPage(frameOf(house, request, actor), deliveries, done));
      },
    },
    {
      id: 'console.delivery.send',
      method: 'POST',
      url: `/:language${DELIVERIES}/:delivery/send`,
      access: 'agreements.change',
      audit: 'agreement.sent-again',
      rate: 'form',
      async handle(request, acting) {
        const text = paramOf(request, 'delivery');
        const list = `/${languageOf(request)}${DELIVERIES}`;
        try {
          await sendAgainNow(deps, /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0, acting);
        } catch (cause) {
          if (!(cause instanceof Problem) || cause.status !== 404) throw cause;
          const deliveries = await listUndelivered(core.context.db.read);
          const frame = frameOf(house, request, acting.actor, DELIVERIES);
          return page(deliveriesPage(frame, deliveries, 'gone'), 409);
        }
        return redirect(`${list}?done=sent`);
      },
    },
  ];
}
