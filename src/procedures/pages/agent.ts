import type { Language } from '../../kernel/index.ts';
import {
  dataTable,
  dateTime,
  html,
  join,
  localText,
  nothing,
  pagination,
  reference,
  searchBox,
  tabs,
} from '../../web/index.ts';
import type { Procedure } from '../model/procedure.ts';
import { dossierClock } from '../rules/dossier.ts';
import { agentTexts } from '../texts/agent.ts';
import type { RequestView } from './filing.ts';
import { clockOf, colon, type Frame, portalPage, statusTag } from './frame.ts';
import { officeName } from './names.ts';

export type InboxView = {
  readonly rows: readonly RequestView[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
  readonly tab: 'open' | 'mine' | 'ended';
  readonly sort: 'deadline' | 'filed';
  readonly number: string;
  readonly offices: readonly string[];
  readonly procedures: readonly Procedure[];
  readonly agent: string;
};

export function inboxPage(frame: Frame, view: InboxView): string {
  const { language } = frame;
  const texts = agentTexts.inbox;
  const href = (change: Partial<Pick<InboxView, 'tab' | 'sort' | 'page'>>) => {
    const { tab, sort, page } = { tab: view.tab, sort: view.sort, page: 1, ...change };
    const number = view.number === '' ? '' : `&number=${encodeURIComponent(view.number)}`;
    return `/${language}/agent?tab=${tab}&sort=${sort}&page=${page}${number}`;
  };
  const tab = (key: InboxView['tab']) => ({
    text: texts[key][language],
    href: href({ tab: key }),
    current: view.tab === key,
  });
  return portalPage(frame, 'inbox', {
    kind: 'agent',
    title: texts.title[language],
    noIndex: true,
    main: html`<h1>${texts.title[language]}</h1><p class="muted">${texts.offices[language]}${colon(language)} ${join(
      view.offices.map((office) => officeName(view.procedures, office, language)),
      html`${language === 'ar' ? '، ' : ', '}`,
    )}</p>${tabs({ label: texts.filter[language], tabs: [tab('open'), tab('mine'), tab('ended')] })}${searchBox({ language, action: `/${language}/agent`, label: texts.search[language], value: view.number, name: 'number' })}${dataTable(
      {
        language,
        caption: texts[view.tab][language],
        captionHidden: true,
        columns: [
          { header: texts.number[language], tight: true },
          { header: texts.applicant[language] },
          { header: texts.procedure[language] },
          {
            header: texts.filed[language],
            tight: true,
            sort: { href: href({ sort: 'filed' }), ...(view.sort === 'filed' ? { now: 'descending' as const } : {}) },
          },
          {
            header: texts.clock[language],
            tight: true,
            sort: {
              href: href({ sort: 'deadline' }),
              ...(view.sort === 'deadline' ? { now: 'ascending' as const } : {}),
            },
          },
          { header: texts.state[language], tight: true },
          { header: texts.assignee[language], tight: true },
        ],
        rows: view.rows.map((row) => inboxRow(row, language, view.agent)),
        empty: texts.none[language],
      },
    )}${view.total > view.pageSize ? pagination({ language, page: view.page, pageSize: view.pageSize, total: view.total, hrefOf: (page) => href({ page }) }) : nothing}`,
  });
}

function inboxRow(view: RequestView, language: Language, agent: string) {
  const { dossier, around } = view;
  const clock = dossierClock(dossier, around);
  const texts = agentTexts.inbox;
  const name = language === 'ar' ? dossier.person.fullNameAr : dossier.person.fullNameFr;
  const assignee = dossier.assignee === undefined ? texts.nobody : dossier.assignee === agent ? texts.me : texts.other;
  const tone = clock.colour === 'red' ? ('red' as const) : clock.colour === 'amber' ? ('amber' as const) : undefined;
  return {
    ...(tone === undefined ? {} : { tone }),
    attributes: { 'data-dossier': view.id },
    cells: [
      html`<a href="${agentPath(language, view.id)}" data-dossier="${view.id}">${reference(dossier.filing?.number ?? '—')}</a>`,
      html`<bdi>${name}</bdi>`,
      localText(around.procedure.title, language),
      html`${dossier.filing === undefined ? '—' : dateTime(new Date(dossier.filing.at), language, 'short')}`,
      clockOf(clock, language),
      statusTag(dossier.status, language),
      html`${assignee[language]}`,
    ],
  };
}

export function agentPath(language: Language, id: string, rest = ''): string {
  return `/${language}/agent/${id}${rest}`;
}
