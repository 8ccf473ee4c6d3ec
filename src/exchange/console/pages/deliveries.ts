import {
  actions,
  button,
  form,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  notification,
  type Row,
  tag,
} from '../../../web/index.ts';
import type { Delivery } from '../../agreement/model.ts';
import type { ConsoleFrame } from '../../operators/pages/frame.ts';
import { listPage } from '../../operators/pages/list.ts';
import { sortable, sortingOf } from '../../operators/pages/sortable.ts';
import { may } from '../../operators/rules.ts';
import { sortRows } from '../../operators/sorting.ts';
import { DELIVERY_KINDS, deliveryTexts as texts } from '../texts/deliveries.ts';

export const DELIVERIES = '/console/deliveries';

export type DeliveryRow = Omit<Delivery, 'jws'>;

const VALUES = {
  // Refused ones first: the others go on by themselves.
  state: (row: DeliveryRow) => (row.refusedAt === null ? 1 : 0),
  kind: (row: DeliveryRow) => row.kind,
  agreement: (row: DeliveryRow) => row.agreement,
  peer: (row: DeliveryRow) => row.peer,
  tries: (row: DeliveryRow) => row.tries,
  next: (row: DeliveryRow) => (row.refusedAt === null ? row.dueAt : null),
};
const COLUMNS = Object.keys(VALUES) as (keyof typeof VALUES)[];

/** What has not reached another member, why, and the way to send again what it refused. */
export function deliveriesPage(
  frame: ConsoleFrame,
  deliveries: readonly DeliveryRow[],
  done: 'sent' | 'gone' | undefined,
): string {
  const { language } = frame;
  const sorting = sortingOf(frame, COLUMNS, { by: 'state', isDown: false });
  const column = sortable(frame, sorting);
  const isRefused = deliveries.some((one) => one.refusedAt !== null);
  const maySend = isRefused && may('agreements.change', frame.actor);
  return listPage(frame, DELIVERIES, {
    title: texts.title,
    lead: texts.lead,
    before: html`${
      done !== undefined &&
      notification({ language, kind: done === 'sent' ? 'success' : 'information', text: texts[done][language] })
    }${maySend && html`<p>${texts.sendAgainText[language]}</p>`}`,
    columns: [
      column('kind', { header: texts.kind[language], tight: true }),
      column('agreement', { header: texts.agreement[language] }),
      column('peer', { header: texts.peer[language] }),
      column('state', { header: texts.state[language], tight: true }),
      column('tries', { header: texts.tries[language], tight: true, align: 'end' }),
      column('next', { header: texts.next[language], tight: true }),
      { header: texts.why[language] },
      ...(maySend ? [{ header: texts.act[language], headerHidden: true, tight: true }] : []),
    ],
    rows: sortRows(deliveries, sorting, VALUES).map((one) => deliveryRow(frame, one, maySend)),
    empty: texts.none,
  });
}

function deliveryRow(frame: ConsoleFrame, one: DeliveryRow, maySend: boolean): Row {
  const { language } = frame;
  const isRefused = one.refusedAt !== null;
  return {
    cells: [
      DELIVERY_KINDS[one.kind][language],
      html`<span>${identifier(one.agreement)}${one.version !== null && html` <span class="muted">${texts.version(formatNumber(one.version, language))[language]}</span>`}</span>`,
      identifier(one.peer),
      isRefused
        ? tag({ text: texts.refused[language], tone: 'red' })
        : tag({ text: texts.waits[language], tone: 'blue' }),
      formatNumber(one.tries, language),
      isRefused ? '—' : formatDateTime(one.dueAt, language, 'short'),
      refusalOf(one),
      ...(maySend ? [isRefused ? sendForm(frame, one) : ''] : []),
    ],
    ...(isRefused ? { tone: 'red' as const } : {}),
    attributes: { 'data-delivery': one.id, 'data-state': isRefused ? 'refused' : 'waits' },
  };
}

/** Gateways speak English to each other. */
function refusalOf({ refusal, status }: DeliveryRow): Html {
  if (refusal === '' && status === null) return html`—`;
  return html`<span lang="en" dir="ltr">${status === null ? '' : `${status} `}${refusal}</span>`;
}

function sendForm({ language, actor }: ConsoleFrame, { id, agreement }: DeliveryRow): Html {
  const label = html`${texts.sendAgain[language]}<span class="visually-hidden"> ${agreement} (${id})</span>`;
  return form({
    action: `/${language}${DELIVERIES}/${id}/send`,
    csrf: actor.csrf,
    body: actions(button({ text: label, look: 'secondary' })),
  });
}
