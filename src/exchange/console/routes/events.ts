import type { FastifyRequest } from 'fastify';
import { notFound } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import { comparing, html, identifier } from '../../../web/index.ts';
import { endDelivery, subscriberStates, subscriptionStates } from '../../events/service/operate.ts';
import { listWaiting } from '../../events/store/inbox.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { Actor } from '../../operators/model.ts';
import { confirmPage } from '../../operators/pages/accounts.ts';
import { frameOf, languageOf, page, paramOf, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import { readSorting, sortRows } from '../../operators/sorting.ts';
import type { EventPageDeps } from '../deps.ts';
import {
  EVENTS,
  eventsPage,
  SUBSCRIBER_COLUMNS,
  SUBSCRIPTION_COLUMNS,
  subscribersView,
  subscriptionPage,
  subscriptionsView,
  TYPE_COLUMNS,
  typesView,
} from '../pages/events.ts';
import { countsOf } from '../service/events.ts';
import { eventTexts as texts } from '../texts/events.ts';
import { eventTypePages } from './event-types.ts';
import { letterPages } from './letters.ts';

const BASE = '/:language/console/events';
const MOST_WAITING = 100;
const READ = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;

/** What is published here and who gets it, what is subscribed to, and what nobody took. */
export function eventPages(deps: EventPageDeps): readonly OperatorRoute[] {
  return [
    {
      ...READ,
      id: 'console.event-type.list',
      url: BASE,
      handle: async (request, { actor }) => page(await showTypes(deps, request, actor)),
    },
    ...eventTypePages(deps),
    ...subscriberPages(deps),
    ...subscriptionPages(deps),
    ...letterPages(deps),
  ];
}

async function showTypes(deps: EventPageDeps, request: FastifyRequest, actor: Actor): Promise<string> {
  const frame = frameOf(deps.house, request, actor);
  const active = (await subscriberStates(deps.core.context.db.read)).filter((one) => one.state === 'active');
  const sorting = readSorting(queryOf(request, 'sort'), TYPE_COLUMNS, { by: 'type', isDown: false });
  const rows = deps.types.all().map((type) => ({
    type,
    subscribers: active.filter((one) => one.service === type.service).length,
  }));
  const sorted = sortRows(
    rows,
    sorting,
    {
      type: (row) => row.type.service,
      title: (row) => row.type.title[frame.language] ?? row.type.title.fr,
      about: (row) => Number(row.type.aboutPerson),
      subscribers: (row) => row.subscribers,
    },
    comparing(frame.language),
  );
  const subsystems = [...deps.core.context.subsystems].filter((one) =>
    rows.some((row) => row.type.service.startsWith(`${one}/`)),
  );
  return eventsPage(frame, 'types', await countsOf(deps), typesView(frame, { rows: sorted, sorting, subsystems }));
}

function subscriberPages(deps: EventPageDeps): readonly OperatorRoute[] {
  const { context } = deps.core;
  const url = `${BASE}/subscribers/end`;
  return [
    {
      ...READ,
      id: 'console.event-subscriber.list',
      url: `${BASE}/subscribers`,
      async handle(request, { actor }) {
        const frame = frameOf(deps.house, request, actor);
        const sorting = readSorting(queryOf(request, 'sort'), SUBSCRIBER_COLUMNS, { by: 'behind', isDown: true });
        const rows = sortRows(await subscriberStates(context.db.read), sorting, {
          type: (row) => row.service,
          client: (row) => row.client,
          behind: (row) => row.waiting,
          delivered: (row) => row.deliveredAt,
        });
        const view = subscribersView(frame, { rows, sorting, now: context.clock() });
        return page(eventsPage(frame, 'subscribers', await countsOf(deps), view));
      },
    },
    {
      ...READ,
      id: 'console.event-subscriber.end.ask',
      access: 'events.change',
      url,
      async handle(request, { actor }) {
        const key = { service: queryOf(request, 'service', 500), client: queryOf(request, 'client', 500) };
        return page(
          confirmPage(frameOf(deps.house, request, actor), EVENTS, {
            title: texts.endDelivery[languageOf(request)],
            what: texts.endText[languageOf(request)],
            action: `/${languageOf(request)}${EVENTS}/subscribers/end`,
            back: `/${languageOf(request)}${EVENTS}/subscribers`,
            about: html`<p>${identifier(key.client)} · ${identifier(key.service)}</p>`,
            hidden: key,
          }),
        );
      },
    },
    {
      id: 'console.event-subscriber.end',
      method: 'POST',
      url,
      access: 'events.change',
      audit: 'event-subscriber.ended',
      rate: 'form',
      async handle(request, acting) {
        const form = formOf(request);
        await endDelivery(deps, { service: textOf(form, 'service'), client: textOf(form, 'client') }, acting);
        return redirect(`/${languageOf(request)}${EVENTS}/subscribers`);
      },
    },
  ];
}

function subscriptionPages(deps: EventPageDeps): readonly OperatorRoute[] {
  const { context } = deps.core;
  return [
    {
      ...READ,
      id: 'console.event-subscription.list',
      url: `${BASE}/subscriptions`,
      async handle(request, { actor }) {
        const frame = frameOf(deps.house, request, actor);
        const sorting = readSorting(queryOf(request, 'sort'), SUBSCRIPTION_COLUMNS, { by: 'behind', isDown: true });
        const rows = sortRows(await subscriptionStates(context.db.read), sorting, {
          type: (row) => row.service,
          system: (row) => row.client,
          behind: (row) => row.waiting,
          dead: (row) => row.dead,
        });
        const view = subscriptionsView(frame, { rows, sorting, now: context.clock() });
        return page(eventsPage(frame, 'subscriptions', await countsOf(deps), view));
      },
    },
    {
      ...READ,
      id: 'console.event-subscription.show',
      url: `${BASE}/subscriptions/:id`,
      async handle(request, { actor }) {
        const id = paramOf(request, 'id');
        const subscription = (await subscriptionStates(context.db.read)).find((one) => one.id === id);
        if (subscription === undefined) throw notFound('There is no such subscription.');
        const waiting = await listWaiting(context.db.read, id, MOST_WAITING);
        const view = { subscription, waiting, most: MOST_WAITING, now: context.clock() };
        return page(subscriptionPage(frameOf(deps.house, request, actor), view));
      },
    },
  ];
}
