import type { Language } from '../../../kernel/index.ts';
import {
  dataTable,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  inset,
  split,
  summaryList,
  type Tone,
  tag,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import type { Trio } from '../../operators/texts/trio.ts';
import type { Need } from '../rules/needs.ts';
import { CERTIFICATE_NAMES, menuTexts, overviewTexts as texts } from '../texts/console.ts';
import { faultWords } from '../texts/faults.ts';

export type Overview = {
  readonly server: string;
  readonly address: string;
  readonly member: string;
  readonly trust?: { readonly version: number; readonly issuedAt: Date; readonly expiresAt: Date } | undefined;
  readonly entries: number;
  readonly needs: readonly Need[];
  readonly hour: {
    readonly answered: number;
    readonly failed: number;
    readonly refused: number;
    /** Milliseconds. */
    readonly latencies: readonly (number | undefined)[];
  };
  readonly members: number;
  readonly services: number;
  readonly agreements: number;
};

export function overviewPage(frame: ConsoleFrame, view: Overview): string {
  const { language } = frame;
  return consolePage(frame, '/console', {
    title: menuTexts.overview[language],
    main: html`<h1>${menuTexts.overview[language]}</h1>${split({
      main: html`<h2>${texts.needs[language]}</h2>${needsTable(view.needs, language)}<h2>${texts.lastHour[language]}</h2>${hourList(view, language)}`,
      aside: html`<h2>${texts.health[language]}</h2>${healthList(view, language)}`,
    })}`,
  });
}

function needsTable(needs: readonly Need[], language: Language): Html {
  if (needs.length === 0) return inset(texts.nothing[language]);
  return dataTable({
    language,
    caption: texts.needs[language],
    captionHidden: true,
    columns: [{ header: texts.subject[language] }, { header: texts.state[language], tight: true }],
    rows: needs.map((need) => {
      const { text, href, weight } = wordsOf(need, language);
      return {
        cells: [
          href === undefined
            ? html`${text[language]}`
            : html`<a href="/${language}/console${href}">${text[language]}</a>`,
          tag({ text: texts[weight][language], tone: TONES[weight] }),
        ],
        ...(weight === 'toKnow' ? {} : { tone: weight === 'urgent' ? ('red' as const) : ('amber' as const) }),
        attributes: { 'data-need': need.kind },
      };
    }),
    empty: texts.nothing[language],
  });
}

type Weight = 'urgent' | 'soon' | 'toKnow';
const TONES: Readonly<Record<Weight, Tone>> = { urgent: 'red', soon: 'amber', toKnow: 'neutral' };

function wordsOf(
  need: Need,
  language: Language,
): { readonly text: Trio; readonly href?: string; readonly weight: Weight } {
  const at = (date: Date) => formatDateTime(date, language);
  const count = (value: number) => formatNumber(value, language);
  switch (need.kind) {
    case 'no-trust-list':
      return { text: texts.noTrust, href: '/trust', weight: 'urgent' };
    case 'trust-list-refused':
      return { text: texts.trustRefused(faultWords(need.fault)), href: '/trust', weight: 'urgent' };
    case 'not-listed':
      return { text: texts.notListed, href: '/trust', weight: 'urgent' };
    case 'trust-list-old':
      return { text: texts.trustOld(at(need.expiresAt)), href: '/trust', weight: 'urgent' };
    case 'certificate-expires':
      return {
        text: texts.certificate(CERTIFICATE_NAMES[need.name], at(need.expiresAt)),
        href: '/trust/certificates',
        weight: 'soon',
      };
    case 'agreement-expires':
      return { text: texts.agreementEnds(need.id, at(need.expiresAt)), href: `/agreements/${need.id}`, weight: 'soon' };
    case 'agreement-waits':
      return { text: texts.agreementWaits(need.id), href: '/offers', weight: 'soon' };
    case 'proposals-wait':
      return { text: texts.proposalsWait(count(need.count)), href: '/proposals', weight: 'soon' };
    case 'documents-refused':
      return { text: texts.documentsRefused(count(need.count)), href: '/deliveries', weight: 'soon' };
    case 'timestamps-late':
      return { text: texts.timestampsLate(at(need.since)), href: '/trust/timestamps', weight: 'urgent' };
    case 'contests-wait':
      return { text: texts.contestsWait(count(need.count)), href: '/contests', weight: 'soon' };
    case 'alarms':
      return { text: texts.alarms(count(need.count)), href: '/trust/alarms', weight: 'urgent' };
    case 'dead-letters':
      return { text: texts.deadLetters(count(need.count)), href: '/events/letters', weight: 'soon' };
    case 'subscriber-stuck':
      return {
        text: texts.subscriberStuck(need.client, count(need.waiting)),
        href: '/events/subscribers',
        weight: 'urgent',
      };
    case 'webhook-stuck':
      return {
        text: texts.webhookStuck(need.client, count(need.waiting)),
        href: `/events/subscriptions/${need.subscription}`,
        weight: 'urgent',
      };
    case 'service-disabled':
      return { text: texts.disabled(need.service), href: '/services', weight: 'toKnow' };
    case 'failures':
      return {
        text: texts.failures(count(need.count), count(need.of)),
        href: '/traffic?outcome=failed',
        weight: 'urgent',
      };
  }
}

function hourList({ hour }: Overview, language: Language): Html {
  const count = (value: number) => formatNumber(value, language);
  const ms = (value: number | undefined) => (value === undefined ? '—' : formatNumber(value, language, 0));
  return summaryList({
    language,
    compact: true,
    rows: [
      { key: texts.answered[language], value: count(hour.answered) },
      { key: texts.failed[language], value: count(hour.failed) },
      { key: texts.refused[language], value: count(hour.refused) },
      { key: texts.latency[language], value: html`<bdi dir="ltr">${hour.latencies.map(ms).join(' / ')} ms</bdi>` },
    ],
  });
}

function healthList(view: Overview, language: Language): Html {
  const at = (date: Date) => formatDateTime(date, language, 'short');
  const { trust } = view;
  const number = (value: number) => formatNumber(value, language);
  return summaryList({
    language,
    compact: true,
    rows: [
      { key: texts.gateway[language], value: identifier(view.server) },
      { key: texts.member[language], value: html`<bdi>${view.member}</bdi>` },
      { key: texts.address[language], value: identifier(view.address) },
      {
        key: texts.trustList[language],
        value:
          trust === undefined
            ? '—'
            : texts.version(number(trust.version), at(trust.issuedAt), at(trust.expiresAt))[language],
      },
      { key: texts.ledger[language], value: texts.entries(number(view.entries))[language] },
      { key: texts.members[language], value: number(view.members) },
      { key: texts.services[language], value: number(view.services) },
      { key: texts.agreements[language], value: number(view.agreements) },
    ],
  });
}
