import { fieldsOf } from '../../forms/index.ts';
import { type Language, textIn } from '../../kernel/index.ts';
import {
  actions,
  button,
  checkboxes,
  dataTable,
  dateTime,
  details,
  form,
  formatBytes,
  type Html,
  html,
  inset,
  join,
  linkButton,
  localText,
  nothing,
  pagination,
  reference,
  searchBox,
  select,
  sheet,
  split,
  tabs,
  textarea,
  textInput,
} from '../../web/index.ts';
import type { DossierEvent } from '../model/dossier.ts';
import type { Procedure, RequiredDocument } from '../model/procedure.ts';
import { dossierClock } from '../rules/dossier.ts';
import { agentTexts } from '../texts/agent.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { clockReasonText } from '../texts/domain/index.ts';
import { dataList, type RequestView, stateTag } from './filing.ts';
import { clockOf, colon, deadlineText, type Frame, portalPage, statusTag } from './frame.ts';
import { officeName } from './names.ts';
import { answersOf, history } from './request.ts';

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
    return `/${language}/agent?tab=${tab}&sort=${sort}&page=${page}`;
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

export type AgentDossier = {
  readonly documents: readonly RequiredDocument[];
  readonly events: readonly DossierEvent[];
  readonly files: readonly { readonly id: string; readonly name: string; readonly size: number }[];
  readonly agent: string;
  readonly refusal?: string | undefined;
};

export function agentDossierPage(frame: Frame, view: RequestView, more: AgentDossier): string {
  const { language } = frame;
  const { dossier, around } = view;
  const texts = agentTexts.dossier;
  const clock = dossierClock(dossier, around);
  return portalPage(frame, 'inbox', {
    kind: 'agent',
    title: textIn(around.procedure.title, language).text,
    noIndex: true,
    hasErrors: more.refusal !== undefined,
    back: { href: `/${language}/agent` },
    main: html`<div data-dossier="${view.id}">${split({
      head: html`<h1>${localText(around.procedure.title, language)}</h1><p>${statusTag(dossier.status, language)} ${reference(dossier.filing?.number ?? '')} · <bdi>${language === 'ar' ? dossier.person.fullNameAr : dossier.person.fullNameFr}</bdi></p>${more.refusal === undefined ? nothing : inset(html`<p role="alert"><strong>${more.refusal}</strong></p>`)}`,
      main: html`<h2>${texts.answers[language]}</h2>${answersOf(view, language)}<h2>${texts.documents[language]}</h2>${provenance(view, more.documents, language)}${fileList(view, more, language)}${actsPart(frame, view, more)}`,
      aside: html`${sheet(html`<h2>${citizenTexts.dossier.clock[language]}</h2><p>${clockOf(clock, language)}</p><p>${citizenTexts.receipt.deadline[language]}${colon(language)} ${deadlineText(clock, language)}</p>${details({ summary: texts.why[language], body: html`<ul class="list">${clock.reasons.map((reason) => html`<li>${clockReasonText(reason, language)}</li>`)}</ul>` })}`)}<h2>${citizenTexts.dossier.timeline[language]}</h2>${history(more.events, around.procedure, language)}`,
    })}</div>`,
  });
}

function provenance(view: RequestView, documents: readonly RequiredDocument[], language: Language): Html {
  const texts = agentTexts.dossier;
  return dataTable({
    language,
    caption: texts.documents[language],
    captionHidden: true,
    columns: [
      { header: texts.document[language] },
      { header: texts.source[language] },
      { header: texts.data[language] },
      { header: citizenTexts.documents.exchange[language], tight: true },
    ],
    rows: documents.map((document) => {
      const state = Object.hasOwn(view.dossier.documents, document.id)
        ? view.dossier.documents[document.id]
        : undefined;
      const source = document.source.kind === 'exchange' ? localText(document.source.holder, language) : html`—`;
      return {
        cells: [
          html`<span data-document="${document.id}" data-state="${state?.status ?? 'none'}">${localText(document.title, language)} ${state === undefined ? nothing : stateTag(state.status, language)}</span>`,
          source,
          state?.status === 'obtained' ? dataList(state.data, document, language) : html`—`,
          state?.reference === undefined ? html`—` : reference(state.reference),
        ],
      };
    }),
    empty: '—',
  });
}

function fileList(view: RequestView, more: AgentDossier, language: Language): Html {
  if (more.files.length === 0) return nothing;
  const link = (one: AgentDossier['files'][number]) =>
    html`<li><a href="${agentPath(language, view.id, `/files/${one.id}`)}"><bdi>${one.name}</bdi></a> (${formatBytes(one.size, language)})</li>`;
  return html`<h3>${agentTexts.dossier.files[language]}</h3><ul class="list">${more.files.map(link)}</ul>`;
}

function actsPart(frame: Frame, view: RequestView, more: AgentDossier): Html {
  const { language, csrf } = frame;
  const { dossier } = view;
  const texts = agentTexts.dossier;
  if (dossier.decision !== undefined || dossier.status === 'withdrawn')
    return html`<h2>${texts.decided[language]}</h2><p>${statusTag(dossier.status, language)} ${reference(dossier.decision?.number ?? '')}</p>`;
  const assign =
    dossier.assignee === more.agent
      ? nothing
      : form({
          action: agentPath(language, view.id, '/assign'),
          csrf,
          body: button({ text: texts.assign[language], look: 'secondary' }),
        });
  if (dossier.status === 'awaiting-completion') return html`${assign}${inset(texts.completionWaits[language])}`;
  return html`${assign}<h2>${texts.decide[language]}</h2>${acceptForm(frame, view)}${refuseForm(frame, view)}${completionForm(frame, view)}${extendForm(frame, view)}`;
}

function acceptForm(frame: Frame, view: RequestView): Html {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  return form({
    action: agentPath(language, view.id, '/decide'),
    csrf,
    hidden: { kind: 'accept' },
    body: html`${textarea({ language, name: 'remark', label: texts.acceptRemark[language], optional: true, rows: 2, maxLength: 1000 })}${button({ text: texts.accept[language] })}`,
  });
}

function refuseForm(frame: Frame, view: RequestView): Html {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  const grounds = view.around.procedure.refusalGrounds.map((ground) => ({
    value: ground.code,
    label: `${textIn(ground.title, language).text} — ${textIn(ground.legalReference, language).text}`,
  }));
  return details({
    summary: texts.refuse[language],
    body: form({
      action: agentPath(language, view.id, '/decide'),
      csrf,
      hidden: { kind: 'refuse' },
      body: html`${select({ language, name: 'ground', label: texts.ground[language], choices: grounds })}${textarea({ language, name: 'reason', label: texts.reason[language], hint: texts.reasonHint[language], rows: 4, maxLength: 4000 })}${button({ text: texts.refuse[language], look: 'danger' })}`,
    }),
  });
}

function completionForm(frame: Frame, view: RequestView): Html {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  if (view.dossier.completion !== undefined) return nothing;
  return details({
    summary: texts.completion[language],
    body: form({
      action: agentPath(language, view.id, '/completion'),
      csrf,
      body: html`${checkboxes({ language, name: 'items', label: texts.completionItems[language], choices: completionChoices(view.around.procedure, language) })}${textarea({ language, name: 'message', label: texts.completionMessage[language], hint: texts.reasonHint[language], rows: 4, maxLength: 4000 })}${button({ text: texts.completionSend[language], look: 'secondary' })}`,
    }),
  });
}

/** Only what the published procedure requires can be asked for: there is no field for other papers. */
function completionChoices(procedure: Procedure, language: Language) {
  const problem = agentTexts.problem;
  return fieldsOf(procedure.form).flatMap((field) => {
    const label = textIn(field.label, language).text;
    return [
      { value: `field:${field.id}:missing`, label: `${label} — ${problem.missing[language]}` },
      { value: `field:${field.id}:incorrect`, label: `${label} — ${problem.incorrect[language]}` },
    ];
  });
}

function extendForm(frame: Frame, view: RequestView): Html {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  if (view.around.procedure.extension === undefined || view.dossier.extension !== undefined) return nothing;
  return details({
    summary: texts.extend[language],
    body: form({
      action: agentPath(language, view.id, '/extend'),
      csrf,
      body: html`${textInput({ language, name: 'days', kind: 'number', label: texts.extendDays[language], width: 'digits-4' as never })}${textarea({ language, name: 'reason', label: texts.reason[language], hint: texts.reasonHint[language], rows: 4, maxLength: 4000 })}${button({ text: texts.extend[language], look: 'secondary' })}`,
    }),
  });
}

export type PendingDecision = {
  readonly kind: 'accept' | 'refuse';
  readonly remark: string;
  readonly ground: string;
  readonly reason: string;
  readonly revision: number;
};

/** A decision is final: it is shown once more before it is taken. */
export function confirmPage(frame: Frame, view: RequestView, pending: PendingDecision): string {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  const title = (pending.kind === 'accept' ? texts.confirmAccept : texts.confirmRefuse)[language];
  const ground = view.around.procedure.refusalGrounds.find((one) => one.code === pending.ground);
  const shown = pending.kind === 'accept' ? pending.remark : pending.reason;
  return portalPage(frame, 'inbox', {
    kind: 'agent',
    title,
    noIndex: true,
    back: { href: agentPath(language, view.id) },
    main: html`<h1>${title}</h1><p>${reference(view.dossier.filing?.number ?? '')} · ${localText(view.around.procedure.title, language)}</p>${pending.kind === 'refuse' && ground !== undefined ? html`<p>${localText(ground.title, language)} — ${localText(ground.legalReference, language)}</p>` : nothing}${shown === '' ? nothing : inset(html`<bdi>${shown}</bdi>`)}<p class="lead">${texts.confirmText[language]}</p>${form(
      {
        action: agentPath(language, view.id, '/decide/confirm'),
        csrf,
        hidden: {
          kind: pending.kind,
          remark: pending.remark,
          ground: pending.ground,
          reason: pending.reason,
          revision: String(pending.revision),
        },
        body: actions(
          button({ text: texts.confirm[language], look: pending.kind === 'refuse' ? 'danger' : 'primary' }),
          linkButton({ text: texts.cancel[language], href: agentPath(language, view.id), look: 'secondary' }),
        ),
      },
    )}`,
  });
}
