import type { House } from '../operators/pages/frame.ts';
import { may } from '../operators/rules.ts';
import { archiveTexts } from './texts/archive.ts';
import { menuTexts } from './texts/console.ts';
import { evidenceTexts } from './texts/evidence.ts';
import { systemTexts } from './texts/systems.ts';

/** What stands around the pages of a gateway, also those that a part of it brings along. */
export function consoleHouse(server: string): House {
  return {
    name: server,
    title: menuTexts.house,
    menu: (actor) => [
      { path: '/console', text: menuTexts.overview },
      { path: '/console/traffic', text: menuTexts.traffic },
      ...(may('evidence.read', actor) ? [{ path: '/console/evidence', text: evidenceTexts.title }] : []),
      { path: '/console/charts', text: menuTexts.charts },
      { path: '/console/services', text: menuTexts.services },
      { path: '/console/systems', text: systemTexts.title },
      { path: '/console/agreements', text: menuTexts.agreements },
      { path: '/console/events', text: menuTexts.events },
      { path: '/console/contests', text: menuTexts.contests },
      { path: '/console/archive', text: archiveTexts.menu },
      { path: '/console/trust', text: menuTexts.trust },
    ],
  };
}
