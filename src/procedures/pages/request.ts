import { answerSummary } from '../../forms/index.ts';
import { type Language, textIn } from '../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  dateTime,
  errorSummary,
  form,
  type Html,
  html,
  inset,
  linkButton,
  localText,
  nothing,
  notification,
  reference,
  sheet,
  split,
  summaryList,
  textarea,
} from '../../web/index.ts';
import type { CompletionItem, DossierEvent } from '../model/dossier.ts';
import type { Procedure, RequiredDocument } from '../model/procedure.ts';
import { mayAppeal } from '../rules/decision.ts';
import { dossierClock, formContext } from '../rules/dossier.ts';
import { citizenTexts } from '../texts/citizen.ts';
import { clockReasonText, domainTexts } from '../texts/domain/index.ts';
import { type Attempt, again } from './attempt.ts';
import { documentTable, type RequestView, requestPath } from './filing.ts';
import { clockOf, colon, deadlineText, type Frame, portalPage, statusTag } from './frame.ts';
import { history } from './history.ts';

export function requestsPage(frame: Frame, requests: readonly (RequestView & { readonly changedAt: Date })[]): string {
  const { language } = frame;
  const texts = citizenTexts.mine;
  return portalPage(frame, 'mine', {
    title: texts.title[language],
    noIndex: true,
    main: html`<h1>${texts.title[language]}</h1>${dataTable({
      language,
      caption: texts.title[language],
      captionHidden: true,
      columns: [
        { header: texts.procedure[language] },
        { header: texts.state[language] },
        { header: texts.deadline[language] },
        { header: texts.number[language] },
        { header: texts.changed[language] },
      ],
      rows: requests.map((request) => ({ cells: requestCells(request, language) })),
      empty: html`<p>${texts.none[language]}</p>${linkButton({ text: texts.find[language], href: `/${language}/procedures` })}`,
    })}`,
  });
}

function requestCells(request: RequestView & { readonly changedAt: Date }, language: Language): readonly Html[] {
  const { dossier, around } = request;
  const clock = dossier.filing === undefined ? html`—` : clockOf(dossierClock(dossier, around), language);
  return [
    html`<a href="${requestPath(language, request.id)}">${localText(around.procedure.title, language)}</a>`,
    statusTag(dossier.status, language),
    clock,
    dossier.filing === undefined ? html`—` : reference(dossier.filing.number),
    html`${dateTime(request.changedAt, language)}`,
  ];
}

export type RequestPage = {
  readonly documents: readonly RequiredDocument[];
  readonly events: readonly DossierEvent[];
  readonly certificate: { readonly page: string; readonly number: string } | undefined;
  readonly attempt?: Attempt | undefined;
};

export function requestPage(frame: Frame, view: RequestView, more: RequestPage): string {
  const { language } = frame;
  const { dossier, around } = view;
  const title = textIn(around.procedure.title, language).text;
  const errors = more.attempt?.errors ?? [];
  return portalPage(frame, 'mine', {
    title,
    noIndex: true,
    hasErrors: errors.length > 0,
    back: { href: `/${language}/requests` },
    main: html`${errors.length > 0 ? errorSummary({ language, errors }) : nothing}<div data-dossier="${view.id}" data-filed-at="${dossier.filing?.at ?? ''}">${split(
      {
        head: html`<h1>${title}</h1><p>${statusTag(dossier.status, language)}</p>`,
        main: html`${callToAct(frame, view)}${arrivals(more.events, around.procedure, language)}${decisionPart(frame, view, more)}<h2>${citizenTexts.dossier.documents[language]}</h2>${documentTable(view, more.documents, language)}<h2>${citizenTexts.dossier.answers[language]}</h2>${answersOf(view, language)}<h2>${citizenTexts.dossier.timeline[language]}</h2>${history(more.events, around.procedure, language)}${withdrawLink(frame, view)}`,
        aside: sheet(clockPart(view, language)),
      },
    )}</div>`,
  });
}

function callToAct(frame: Frame, view: RequestView): Html {
  const { language } = frame;
  const texts = citizenTexts.dossier;
  if (view.dossier.status === 'draft')
    return actions(linkButton({ text: texts.continue[language], href: requestPath(language, view.id, '/documents') }));
  if (view.dossier.status !== 'awaiting-completion' || view.dossier.completion === undefined) return nothing;
  return html`${askedFor(view, language)}${actions(
    linkButton({ text: texts.complete[language], href: requestPath(language, view.id, '/complete') }),
  )}`;
}

/** What the one completion request names, and the agent's words. */
export function askedFor(view: RequestView, language: Language): Html {
  const { completion } = view.dossier;
  if (completion === undefined) return nothing;
  const items = completion.items.map((item) => html`<li>${itemText(item, view.around.procedure, language)}</li>`);
  return inset(
    html`<p><strong>${citizenTexts.dossier.completeText[language]}</strong></p><ul>${items}</ul><p><bdi>${completion.message}</bdi></p>`,
  );
}

function itemText(item: CompletionItem, procedure: Procedure, language: Language): Html {
  const problem = domainTexts[language].completionProblem[item.problem];
  const document = procedure.documents.find((one) => item.kind === 'document' && one.id === item.id);
  const field = procedure.form.steps
    .flatMap((step) => step.fields)
    .find((one) => item.kind === 'field' && one.id === item.id);
  const label = document?.title ?? field?.label;
  return html`${label === undefined ? item.id : localText(label, language)}${colon(language)} ${problem}`;
}

/** Tells the citizen that something that was awaited has come since. */
function arrivals(events: readonly DossierEvent[], procedure: Procedure, language: Language): Html {
  const filed = events.findIndex((event) => event.kind === 'filed');
  const late = events.flatMap((event, nth) =>
    event.kind === 'document-obtained' && filed !== -1 && nth > filed ? [event] : [],
  );
  if (late.length === 0) return nothing;
  const names = late.map((event) => procedure.documents.find((one) => one.id === event.document)?.title);
  return notification({
    language,
    text: citizenTexts.mine.arrived[language],
    body: html`<ul>${names.map((name) => (name === undefined ? nothing : html`<li>${localText(name, language)}</li>`))}</ul>`,
  });
}

function decisionPart(frame: Frame, view: RequestView, more: RequestPage): Html {
  const { language } = frame;
  const texts = citizenTexts.dossier;
  const { decision } = view.dossier;
  if (decision === undefined) return appealPart(frame, view, more.attempt);
  if (decision.kind === 'refused') {
    const ground = view.around.procedure.refusalGrounds.find((one) => one.code === decision.ground);
    return html`<h2>${texts.decision[language]}</h2>${summaryList({
      language,
      rows: [
        {
          key: texts.refusedFor[language],
          value: ground === undefined ? decision.ground : localText(ground.title, language),
        },
        { key: texts.legal[language], value: localText(decision.legalReference, language) },
        { key: texts.reasons[language], value: html`<bdi>${decision.reason}</bdi>` },
      ],
    })}${appealPart(frame, view, more.attempt)}`;
  }
  if (more.certificate === undefined) return nothing;
  const at = (rest: string) => requestPath(language, view.id, rest);
  return html`<h2>${texts.certificate[language]}</h2><p>${reference(more.certificate.number)}</p>${actions(
    html`<a class="button button-primary" href="${at('/certificate-ar.pdf')}" data-download="attestation-ar">${texts.certificateAr[language]}</a>`,
    html`<a class="button button-secondary" href="${at('/certificate-fr.pdf')}" data-download="attestation-fr">${texts.certificateFr[language]}</a>`,
  )}<p><a href="/v/${more.certificate.page}?lang=${language}" data-verify>${texts.verify[language]}</a> · <a href="/v/${more.certificate.page}.jws" data-download="attestation-jws">${texts.jws[language]}</a></p>`;
}

/** Against a refusal, or against a silence that the law does not take for a yes; nothing where neither stands. */
function appealPart(frame: Frame, view: RequestView, attempt: Attempt | undefined): Html {
  const { language, csrf } = frame;
  const { dossier, around, id } = view;
  const texts = citizenTexts.dossier;
  if (dossier.appeal !== undefined)
    return inset(html`<p>${texts.appealed[language]}</p><p><bdi>${dossier.appeal.reason}</bdi></p>`);
  if (!mayAppeal(dossier, around)) return nothing;
  const reason = again(attempt, 'appeal', 'reason');
  const question = { name: 'reason', label: texts.appealReason[language], hint: texts.appealHint[language] };
  return html`<p>${(dossier.decision === undefined ? texts.appealSilence : texts.appeal)[language]}</p>${form({
    action: requestPath(language, id, '/appeal'),
    csrf,
    body: html`${textarea({ language, ...question, value: reason.value, error: reason.error, rows: 4, maxLength: 4000 })}${button({ text: texts.appealSend[language], look: 'secondary' })}`,
  })}`;
}

export function answersOf(view: RequestView, language: Language): Html {
  const summary = answerSummary({
    form: view.around.procedure.form,
    answers: view.dossier.answers,
    context: formContext(view.dossier, view.around),
    language,
  });
  return summaryList({ language, rows: summary.flatMap(({ rows }) => rows), compact: true });
}

function clockPart(view: RequestView, language: Language): Html {
  const texts = citizenTexts;
  const { dossier, around } = view;
  if (dossier.filing === undefined) return html`<h2>${texts.dossier.clock[language]}</h2><p>—</p>`;
  const clock = dossierClock(dossier, around);
  const download = (key: 'ar' | 'fr') =>
    html`<li><a href="${requestPath(language, view.id, `/receipt-${key}.pdf`)}" data-download="receipt-${key}">${(key === 'ar' ? texts.receipt.downloadAr : texts.receipt.downloadFr)[language]}</a></li>`;
  return html`<h2>${texts.dossier.clock[language]}</h2><p>${clockOf(clock, language)}</p><p>${texts.receipt.deadline[language]}${colon(language)} ${deadlineText(clock, language)}</p><ul class="list">${clock.reasons.map((reason) => html`<li>${clockReasonText(reason, language)}</li>`)}</ul><p>${texts.receipt.number[language]}${colon(language)} ${reference(dossier.filing.number)}</p><ul class="list">${download('ar')}${download('fr')}</ul>`;
}

function withdrawLink(frame: Frame, view: RequestView): Html {
  const { language } = frame;
  const { status } = view.dossier;
  if (status !== 'draft' && status !== 'filed' && status !== 'awaiting-completion') return nothing;
  return html`<p><a class="danger-link" href="${requestPath(language, view.id, '/withdraw')}">${citizenTexts.dossier.withdraw[language]}</a></p>`;
}

export function withdrawPage(frame: Frame, view: RequestView): string {
  const { language, csrf } = frame;
  const texts = citizenTexts.dossier;
  return portalPage(frame, 'mine', {
    title: texts.withdrawTitle[language],
    back: { href: requestPath(language, view.id) },
    main: html`<h1>${texts.withdrawTitle[language]}</h1><p class="lead">${texts.withdrawText[language]}</p>${form({
      action: requestPath(language, view.id, '/withdraw'),
      csrf,
      body: html`${textarea({ language, name: 'reason', label: texts.reasons[language], optional: true, rows: 3, maxLength: 1000 })}${actions(button({ text: texts.withdraw[language], look: 'danger' }), linkButton({ text: texts.keep[language], href: requestPath(language, view.id), look: 'secondary' }))}`,
    })}`,
  });
}

/** A move that the law or the state of the request does not allow, with its reason and the way back. */
export function refusedPage(frame: Frame, reason: string, back: string): string {
  const { language } = frame;
  return portalPage(frame, 'mine', {
    title: citizenTexts.refusedTitle[language],
    main: html`<h1>${citizenTexts.refusedTitle[language]}</h1><p class="lead">${reason}</p>${actions(linkButton({ text: citizenTexts.backToRequest[language], href: back }))}`,
  });
}
