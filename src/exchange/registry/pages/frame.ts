import type { House } from '../../operators/pages/frame.ts';
import { partTexts } from '../texts/parts.ts';
import { menuTexts } from '../texts/registry.ts';

/** What stands around the operator's pages of a registry. */
export function registryHouse(instance: string): House {
  return {
    name: instance,
    title: menuTexts.house,
    menu: () => [
      {
        text: menuTexts.requests,
        pages: [{ path: '/console', text: menuTexts.requests }],
      },
      {
        text: menuTexts.members,
        pages: [
          { path: '/console/members', text: menuTexts.members },
          { path: '/console/certificates', text: menuTexts.certificates },
          { path: '/console/parts', text: partTexts.title },
        ],
      },
      { text: menuTexts.trust, pages: [{ path: '/console/trust', text: menuTexts.trust }] },
    ],
  };
}
