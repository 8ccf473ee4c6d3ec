import type { Language } from '../../../kernel/index.ts';
import { type Html, html, tabs } from '../../../web/index.ts';
import { alarmTexts } from '../texts/alarms.ts';
import { menuTexts } from '../texts/console.ts';
import { timestampTexts } from '../texts/timestamps.ts';
import { trustTexts as texts } from '../texts/trust.ts';

export const TRUST = '/console/trust';

export type TrustPlace = 'list' | 'certificates' | 'timestamps' | 'alarms';

/** The head of the pages of trust: whom to trust, with which certificates, and who has lied. */
export function trustTabs(language: Language, here: TrustPlace): Html {
  const places = {
    list: { text: texts.list, path: '' },
    certificates: { text: texts.certificates, path: '/certificates' },
    timestamps: { text: timestampTexts.title, path: '/timestamps' },
    alarms: { text: alarmTexts.title, path: '/alarms' },
  };
  return html`<h1>${menuTexts.trust[language]}</h1>${tabs({
    label: menuTexts.trust[language],
    tabs: (Object.keys(places) as TrustPlace[]).map((place) => ({
      text: places[place].text[language],
      href: `/${language}${TRUST}${places[place].path}`,
      current: place === here,
    })),
  })}`;
}
