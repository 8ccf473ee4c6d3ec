import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  dataTable,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  linkButton,
  localText,
  nothing,
  type Row,
  summaryList,
  type Tone,
  tabs,
  tag,
} from '../../../web/index.ts';
import type { EventType, SubscriberState, SubscriptionState } from '../../events/model.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { sortable } from '../../operators/pages/sortable.ts';
import { may } from '../../operators/rules.ts';
import type { Sorting } from '../../operators/sorting.ts';
import { isStuck, isWebhookStuck } from '../rules/needs.ts';
import { eventFault, SUBSCRIBER_STATES, eventTexts as texts } from '../texts/events.ts';

export const EVENTS = '/console/events';

export type EventView = 'types' | 'subscribers' | 'subscriptions' | 'letters';
export type EventCounts = Readonly<Record<EventView, number>>;

/** A page of one of the four views, with the way to the others. */
export function eventsPage(frame: ConsoleFrame, here: EventView, counts: EventCounts, main: Html): string {
  const { language } = frame;
  const views = { types: '', subscribers: '/subscribers', subscriptions: '/subscriptions', letters: '/letters' };
  return consolePage(frame, EVENTS, {
    title: here === 'types' ? texts.title[language] : texts[here][language],
    main: html`<h1>${texts.title[language]}</h1>${tabs({
      label: texts.views[language],
      tabs: (Object.keys(views) as EventView[]).map((view) => ({
        text: texts[view][language],
        href: `/${language}${EVENTS}${views[view]}`,
        current: view === here,
        count: formatNumber(counts[view], language),
      })),
    })}${main}`,
  });
}

export const TYPE_COLUMNS = ['type', 'title', 'about', 'subscribers'] as const;
export type TypeRow = { readonly type: EventType; readonly subscribers: number };

export function typePath(language: Language, service: string, act = 'one'): string {
  return `/${language}${EVENTS}/types/${act}?service=${encodeURIComponent(service)}`;
}

export function typesView(
  frame: ConsoleFrame,
  view: {
    readonly rows: readonly TypeRow[];
    readonly sorting: Sorting<(typeof TYPE_COLUMNS)[number]>;
    readonly subsystems: readonly string[];
  },
): Html {
  const { language } = frame;
  const column = sortable(frame, view.sorting);
  return html`<p class="lead">${texts.typesLead[language]}</p>${
    may('events.change', frame.actor)
      ? actions(linkButton({ text: texts.add[language], href: `/${language}${EVENTS}/types/new` }))
      : nothing
  }${dataTable({
    language,
    caption: texts.types[language],
    captionHidden: true,
    columns: [
      column('type', { header: texts.type[language] }),
      column('title', { header: texts.name[language] }),
      column('about', { header: texts.about[language], tight: true }),
      { header: texts.schema[language], tight: true },
      column('subscribers', { header: texts.subscribers[language], tight: true, align: 'end' }),
    ],
    rows: view.rows.map(({ type, subscribers }) => ({
      cells: [
        html`<a href="${typePath(language, type.service)}">${identifier(type.service)}</a>`,
        localText(type.title, language),
        (type.aboutPerson ? texts.yes : texts.no)[language],
        type.dataSchema === undefined ? '—' : texts.has[language],
        formatNumber(subscribers, language),
      ],
      attributes: { 'data-type': type.service },
    })),
    empty: texts.noTypes[language],
  })}${view.rows.length === 0 ? nothing : html`<p>${describedAt(view.subsystems, language)}</p>`}`;
}

function describedAt(subsystems: readonly string[], language: Language): Html {
  return html`${subsystems.map(
    (one) =>
      html`<a href="/operator/v1/event-types/asyncapi?subsystem=${encodeURIComponent(one)}">${texts.describe(one)[language]}</a><br>`,
  )}`;
}

export const SUBSCRIBER_COLUMNS = ['type', 'client', 'behind', 'delivered'] as const;

export function subscribersView(
  frame: ConsoleFrame,
  view: {
    readonly rows: readonly SubscriberState[];
    readonly sorting: Sorting<(typeof SUBSCRIBER_COLUMNS)[number]>;
    readonly now: Date;
  },
): Html {
  const { language } = frame;
  const column = sortable(frame, view.sorting);
  const mayChange = may('events.change', frame.actor);
  return html`<p class="lead">${texts.subscribersLead[language]}</p>${dataTable({
    language,
    caption: texts.subscribers[language],
    captionHidden: true,
    columns: [
      column('client', { header: texts.client[language] }),
      column('type', { header: texts.type[language] }),
      { header: texts.state[language], tight: true },
      column('behind', { header: texts.behind[language], tight: true, align: 'end' }),
      column('delivered', { header: texts.delivered[language], tight: true }),
      { header: texts.next[language], tight: true },
      { header: texts.fault[language] },
      ...(mayChange ? [{ header: texts.endDelivery[language], headerHidden: true, tight: true }] : []),
    ],
    rows: view.rows.map((one) => subscriberRow(one, language, view.now, mayChange)),
    empty: texts.noSubscribers[language],
  })}`;
}

const TONES: Readonly<Record<keyof typeof SUBSCRIBER_STATES, Tone>> = {
  flowing: 'green',
  delivering: 'blue',
  stuck: 'red',
  ended: 'neutral',
  unconfirmed: 'amber',
};

const stateTag = (state: keyof typeof SUBSCRIBER_STATES, language: Language) =>
  tag({ text: SUBSCRIBER_STATES[state][language], tone: TONES[state] });

function subscriberRow(one: SubscriberState, language: Language, now: Date, mayChange: boolean): Row {
  const at = (date: Date) => formatDateTime(date, language, 'short');
  const isEnded = one.state === 'ended';
  const stuck = isStuck(one, now);
  const state = isEnded ? 'ended' : stuck ? 'stuck' : one.waiting > 0 ? 'delivering' : 'flowing';
  const key = String(new URLSearchParams({ service: one.service, client: one.client }));
  const end = html`<a href="/${language}${EVENTS}/subscribers/end?${key}">${texts.endDelivery[language]}</a>`;
  return {
    cells: [
      identifier(one.client),
      identifier(one.service),
      stateTag(state, language),
      formatNumber(one.waiting, language),
      one.deliveredAt === null ? texts.never[language] : at(one.deliveredAt),
      one.fault === null || isEnded ? '—' : at(one.dueAt),
      one.fault === null ? '—' : eventFault(one.fault, language),
      ...(mayChange ? [isEnded ? '' : end] : []),
    ],
    ...(stuck ? { tone: 'red' as const } : {}),
    attributes: { 'data-subscriber': one.client, 'data-state': state },
  };
}

export const SUBSCRIPTION_COLUMNS = ['type', 'system', 'behind', 'dead'] as const;

export function subscriptionsView(
  frame: ConsoleFrame,
  view: {
    readonly rows: readonly SubscriptionState[];
    readonly sorting: Sorting<(typeof SUBSCRIPTION_COLUMNS)[number]>;
    readonly now: Date;
  },
): Html {
  const { language } = frame;
  const column = sortable(frame, view.sorting);
  const number = (value: number) => formatNumber(value, language);
  return html`<p class="lead">${texts.subscriptionsLead[language]}</p>${dataTable({
    language,
    caption: texts.subscriptions[language],
    captionHidden: true,
    columns: [
      column('type', { header: texts.type[language] }),
      column('system', { header: texts.system[language] }),
      { header: texts.delivery[language], tight: true },
      { header: texts.state[language], tight: true },
      column('behind', { header: texts.behind[language], tight: true, align: 'end' }),
      { header: texts.oldest[language], tight: true },
      column('dead', { header: texts.dead[language], tight: true, align: 'end' }),
    ],
    rows: view.rows.map((one) => ({
      cells: [
        html`<a href="/${language}${EVENTS}/subscriptions/${one.id}">${identifier(one.service)}</a>`,
        identifier(one.client),
        texts[one.delivery][language],
        subscriptionTag(one, language, view.now),
        number(one.waiting),
        one.oldest === null ? '—' : formatDateTime(one.oldest, language, 'short'),
        one.dead === 0 ? number(0) : lettersLink(one, language),
      ],
      ...(isWebhookStuck(one, view.now) ? { tone: 'red' as const } : {}),
      attributes: { 'data-subscription': one.id },
    })),
    empty: texts.noSubscriptions[language],
  })}`;
}

function lettersLink(one: SubscriptionState, language: Language): Html {
  return html`<a href="/${language}${EVENTS}/letters?of=${one.id}.0">${formatNumber(one.dead, language)}<span class="visually-hidden"> ${texts.letters[language]}</span></a>`;
}

function subscriptionTag(one: SubscriptionState, language: Language, now: Date): Html {
  if (one.state === 'ended') return stateTag('ended', language);
  if (one.fault === 'unconfirmed') return stateTag('unconfirmed', language);
  if (isWebhookStuck(one, now)) return stateTag('stuck', language);
  return stateTag(one.waiting > 0 ? 'delivering' : 'flowing', language);
}

export type WaitingRow = {
  readonly sequence: number;
  readonly exchange: string;
  readonly receivedAt: Date;
  readonly tries: number;
  readonly dueAt: Date;
  readonly fault: string | null;
};

/** One subscription of ours, and what waits for its receiver. */
export function subscriptionPage(
  frame: ConsoleFrame,
  view: {
    readonly subscription: SubscriptionState;
    readonly waiting: readonly WaitingRow[];
    readonly most: number;
    readonly now: Date;
  },
): string {
  const { language } = frame;
  const { subscription: one } = view;
  return consolePage(frame, EVENTS, {
    title: one.service,
    back: { href: `/${language}${EVENTS}/subscriptions` },
    main: html`<h1>${identifier(one.service)}</h1>${summaryList({ language, compact: true, rows: subscriptionFacts(one, language, view.now) })}<h2>${texts.inbox[language]}</h2><p>${texts.inboxText(formatNumber(view.most, language))[language]}</p>${waitingTable(view.waiting, language)}`,
  });
}

function subscriptionFacts(one: SubscriptionState, language: Language, now: Date) {
  const row = (key: string, value: Html | string) => ({ key, value });
  return [
    row(texts.state[language], subscriptionTag(one, language, now)),
    ...(one.fault === null ? [] : [row(texts.fault[language], eventFault(one.fault, language))]),
    row(texts.system[language], identifier(one.client)),
    row(texts.delivery[language], texts[one.delivery][language]),
    ...(one.url === null ? [] : [row(texts.webhook[language], identifier(one.url))]),
    ...(one.url === null ? [] : [row(texts.mode[language], identifier(one.contentMode))]),
    row(texts.maxTries[language], formatNumber(one.maxTries, language)),
    ...(one.agreement === null ? [] : [row(texts.agreement[language], identifier(one.agreement))]),
    row(texts.created[language], formatDateTime(one.createdAt, language)),
    row(texts.behind[language], formatNumber(one.waiting, language)),
    row(texts.letters[language], one.dead === 0 ? formatNumber(0, language) : lettersLink(one, language)),
  ];
}

function waitingTable(rows: readonly WaitingRow[], language: Language): Html {
  const at = (date: Date) => formatDateTime(date, language, 'short');
  return dataTable({
    language,
    caption: texts.inbox[language],
    captionHidden: true,
    columns: [
      { header: texts.sequence[language], tight: true },
      { header: texts.received[language], tight: true },
      { header: texts.tries[language], tight: true, align: 'end' },
      { header: texts.next[language], tight: true },
      { header: texts.fault[language] },
    ],
    rows: rows.map((one) => ({
      cells: [
        html`<a href="/${language}/console/traffic/${encodeURIComponent(one.exchange)}"><bdi dir="ltr">${one.sequence}</bdi></a>`,
        at(one.receivedAt),
        formatNumber(one.tries, language),
        at(one.dueAt),
        one.fault === null ? '—' : eventFault(one.fault, language),
      ],
    })),
    empty: texts.nothingWaits[language],
  });
}
