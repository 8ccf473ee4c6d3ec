import type { Language } from '../../kernel/index.ts';
import {
  type Account,
  type ClockTone,
  clockBadge,
  formatDate,
  formatDays,
  type Html,
  html,
  type LinkItem,
  type Page,
  page,
  tag,
} from '../../web/index.ts';
import type { Dossier } from '../model/dossier.ts';
import type { ClockState } from '../rules/clock.ts';
import { citizenTexts, type Trio } from '../texts/citizen.ts';
import { domainTexts } from '../texts/domain/index.ts';

/** What every page of the portal has around it. */
export type Frame = {
  readonly language: Language;
  /** Without the language prefix. */
  readonly path: string;
  readonly account: Account;
  readonly csrf: string;
  readonly isAgent: boolean;
  readonly demonstration: boolean;
};

export type Here = 'procedures' | 'mine' | 'usage' | 'inbox';

export function portalPage(
  frame: Frame,
  here: Here | undefined,
  view: Pick<Page, 'title' | 'main'> & Partial<Page>,
): string {
  return page({
    language: frame.language,
    path: frame.path,
    account: frame.account,
    nav: navigation(frame, here),
    homeHref: `/${frame.language}`,
    ...(frame.demonstration ? { banners: ['demonstration'] } : {}),
    ...view,
  });
}

function navigation(frame: Frame, here: Here | undefined): readonly LinkItem[] {
  const { language } = frame;
  const nav = citizenTexts.nav;
  const link = (key: Here, href: string, text: Trio): LinkItem => ({
    href: `/${language}${href}`,
    text: text[language],
    current: here === key,
  });
  return [
    link('procedures', '/procedures', nav.procedures),
    link('mine', '/requests', nav.mine),
    link('usage', '/data-use', nav.usage),
    ...(frame.isAgent ? [link('inbox', '/agent', nav.inbox)] : []),
  ];
}

/** French sets a space before its colon, one that no line breaks at. */
export function colon(language: Language): string {
  return language === 'fr' ? '\u00a0:' : ':';
}

const TONES: Readonly<Record<ClockState['colour'], ClockTone>> = {
  green: 'on-time',
  amber: 'soon',
  red: 'late',
  grey: 'done',
};

/** The clock in a few words, with its shape and colour. */
export function clockOf(clock: ClockState, language: Language): Html {
  const tone = clock.phase === 'suspended' ? 'paused' : TONES[clock.colour];
  return clockBadge({ tone, text: clockText(clock, language) });
}

function clockText(clock: ClockState, language: Language): string {
  const say = ({ ar, fr, en }: Trio) => ({ ar, fr, en })[language];
  if (clock.phase === 'suspended') return say({ ar: 'الأجل متوقف', fr: 'Délai suspendu', en: 'Clock stands still' });
  if (clock.phase === 'ended' || clock.remainingDays === undefined)
    return say({ ar: 'انتهى', fr: 'Terminé', en: 'Ended' });
  const days = formatDays(Math.abs(clock.remainingDays), language);
  if (clock.overdue) return say({ ar: `تجاوز الأجل: ${days}`, fr: `En retard : ${days}`, en: `Late: ${days}` });
  if (clock.remainingDays === 0) return say({ ar: 'آخر يوم', fr: 'Dernier jour', en: 'Last day' });
  return say({ ar: `بقي ${days}`, fr: `Reste ${days}`, en: `${days} left` });
}

const STATUS_TONES = {
  draft: 'neutral',
  filed: 'blue',
  'awaiting-completion': 'amber',
  accepted: 'green',
  refused: 'red',
  withdrawn: 'neutral',
} as const;

export function statusTag(status: Dossier['status'], language: Language): Html {
  return tag({ text: domainTexts[language].dossierStatus[status], tone: STATUS_TONES[status] });
}

export function deadlineText(clock: ClockState, language: Language): Html {
  return clock.deadlineOn === undefined ? html`—` : html`<bdi>${formatDate(clock.deadlineOn, language, 'full')}</bdi>`;
}
