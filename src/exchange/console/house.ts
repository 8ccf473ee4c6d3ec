import type { House, MenuPage } from '../operators/pages/frame.ts';
import { may } from '../operators/rules.ts';
import { archiveTexts } from './texts/archive.ts';
import { menuTexts as texts } from './texts/console.ts';
import { deliveryTexts } from './texts/deliveries.ts';
import { evidenceTexts } from './texts/evidence.ts';
import { offerTexts } from './texts/offers.ts';
import { proposalTexts } from './texts/proposals.ts';
import { systemTexts } from './texts/systems.ts';

const evidence: MenuPage = { path: '/console/evidence', text: evidenceTexts.title };
const contests: MenuPage = { path: '/console/contests', text: texts.contests };

/** What stands around the pages of a gateway, also those that a part of it brings along. */
export function consoleHouse(server: string): House {
  return {
    name: server,
    title: texts.house,
    menu: (actor) => [
      {
        text: texts.today,
        pages: [
          { path: '/console', text: texts.overview },
          { path: '/console/charts', text: texts.charts },
        ],
      },
      {
        text: texts.traffic,
        pages: [
          { path: '/console/traffic', text: texts.allMessages },
          ...(may('evidence.read', actor) ? [evidence] : []),
          ...(may('contests.answer', actor) ? [contests] : []),
          { path: '/console/archive', text: archiveTexts.menu },
        ],
      },
      {
        text: texts.agreements,
        pages: [
          { path: '/console/agreements', text: texts.ours },
          { path: '/console/offers', text: offerTexts.menu },
          { path: '/console/proposals', text: proposalTexts.menu },
          { path: '/console/deliveries', text: deliveryTexts.menu },
        ],
      },
      {
        text: texts.servicesAndSystems,
        pages: [
          { path: '/console/services', text: texts.services },
          { path: '/console/systems', text: systemTexts.title },
        ],
      },
      { text: texts.events, pages: [{ path: '/console/events', text: texts.events }] },
      { text: texts.trustPart, pages: [{ path: '/console/trust', text: texts.trust }] },
    ],
  };
}
