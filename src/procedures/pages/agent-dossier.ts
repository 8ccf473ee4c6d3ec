import { type Language, textIn } from '../../kernel/index.ts';
import {
  dataTable,
  details,
  errorSummary,
  formatBytes,
  formatDateTime,
  type Html,
  html,
  localText,
  nothing,
  notification,
  reference,
  sheet,
  split,
} from '../../web/index.ts';
import type { DossierEvent } from '../model/dossier.ts';
import type { RequiredDocument } from '../model/procedure.ts';
import { dossierClock } from '../rules/dossier.ts';
import { agentTexts } from '../texts/agent.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { clockReasonText } from '../texts/domain/index.ts';
import { agentPath } from './agent.ts';
import { actsPart } from './agent-acts.ts';
import type { Attempt } from './attempt.ts';
import { dataList, type RequestView, stateTag } from './filing.ts';
import { clockOf, colon, deadlineText, type Frame, portalPage, statusTag } from './frame.ts';
import { eventText, history } from './history.ts';
import { answersOf } from './request.ts';

export type AgentDossier = {
  readonly documents: readonly RequiredDocument[];
  readonly events: readonly DossierEvent[];
  readonly files: readonly { readonly id: string; readonly name: string; readonly size: number }[];
  readonly agent: string;
  readonly attempt?: Attempt | undefined;
  /** What happened since the agent read the dossier that the decision was made on. */
  readonly changed?: readonly DossierEvent[] | undefined;
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
    hasErrors: (more.attempt?.errors.length ?? 0) > 0,
    back: { href: `/${language}/agent` },
    main: html`<div data-dossier="${view.id}">${split({
      head: html`<h1>${localText(around.procedure.title, language)}</h1><p>${statusTag(dossier.status, language)} ${reference(dossier.filing?.number ?? '')} · <bdi>${language === 'ar' ? dossier.person.fullNameAr : dossier.person.fullNameFr}</bdi></p>${interruption(view, more, language)}`,
      main: html`<h2>${texts.answers[language]}</h2>${answersOf(view, language)}<h2>${texts.documents[language]}</h2>${provenance(view, more.documents, language)}${fileList(view, more, language)}${actsPart(frame, view, more)}`,
      aside: html`${sheet(html`<h2>${citizenTexts.dossier.clock[language]}</h2><p>${clockOf(clock, language)}</p><p>${citizenTexts.receipt.deadline[language]}${colon(language)} ${deadlineText(clock, language)}</p>${details({ summary: texts.why[language], body: html`<ul class="list">${clock.reasons.map((reason) => html`<li>${clockReasonText(reason, language)}</li>`)}</ul>` })}`)}<h2>${citizenTexts.dossier.timeline[language]}</h2>${history(more.events, around.procedure, language)}`,
    })}</div>`,
  });
}

/** What the agent reads before anything else: what is wrong with the form, or what is new. */
function interruption(view: RequestView, more: AgentDossier, language: Language): Html {
  const errors = more.attempt?.errors ?? [];
  if (errors.length > 0) return errorSummary({ language, errors });
  if (more.changed === undefined) return nothing;
  return notification({
    language,
    text: agentTexts.dossier.changed[language],
    body: html`<ul class="list">${more.changed.map((event) => html`<li>${eventText(event, view.around.procedure, language)} <span class="muted">${formatDateTime(new Date(event.at), language)}</span></li>`)}</ul>`,
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
