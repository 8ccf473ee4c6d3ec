import { visibleFields } from '../../forms/index.ts';
import { type Language, type LocalText, textIn } from '../../kernel/index.ts';
import {
  actions,
  button,
  checkboxes,
  details,
  form,
  type Html,
  html,
  inset,
  linkButton,
  localText,
  nothing,
  reference,
  select,
  textarea,
  textInput,
} from '../../web/index.ts';
import type { CompletionItem } from '../model/dossier.ts';
import { formContext } from '../rules/dossier.ts';
import { agentTexts } from '../texts/agent.ts';
import { domainTexts } from '../texts/domain/index.ts';
import { agentPath } from './agent.ts';
import { type Attempt, again } from './attempt.ts';
import type { RequestView } from './filing.ts';
import { type Frame, portalPage, statusTag } from './frame.ts';

/** The forms by which an agent acts on a dossier; one that comes back stands open with what was typed. */
export function actsPart(
  frame: Frame,
  view: RequestView,
  more: { readonly agent: string; readonly attempt?: Attempt | undefined },
): Html {
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
  return html`${assign}<h2>${texts.decide[language]}</h2>${acceptForm(frame, view, more.attempt)}${refuseForm(frame, view, more.attempt)}${completionForm(frame, view, more.attempt)}${extendForm(frame, view, more.attempt)}`;
}

function acceptForm(frame: Frame, view: RequestView, attempt: Attempt | undefined): Html {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  return form({
    action: agentPath(language, view.id, '/decide'),
    csrf,
    hidden: { kind: 'accept', revision: String(view.dossier.revision) },
    body: html`${textarea({ language, name: 'remark', label: texts.acceptRemark[language], value: again(attempt, 'accept', 'remark').value, optional: true, rows: 2, maxLength: 1000 })}${button({ text: texts.accept[language] })}`,
  });
}

function refuseForm(frame: Frame, view: RequestView, attempt: Attempt | undefined): Html {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  const grounds = view.around.procedure.refusalGrounds.map((ground) => ({
    value: ground.code,
    label: `${textIn(ground.title, language).text} — ${textIn(ground.legalReference, language).text}`,
  }));
  const ground = again(attempt, 'refuse', 'ground');
  const reason = again(attempt, 'refuse', 'reason');
  return details({
    summary: texts.refuse[language],
    open: attempt?.form === 'refuse',
    body: form({
      action: agentPath(language, view.id, '/decide'),
      csrf,
      hidden: { kind: 'refuse', revision: String(view.dossier.revision) },
      body: html`${select({ language, name: 'ground', label: texts.ground[language], choices: grounds, value: ground.value, error: ground.error })}${textarea({ language, name: 'reason', label: texts.reason[language], hint: texts.reasonHint[language], value: reason.value, error: reason.error, rows: 4, maxLength: 4000 })}${button({ text: texts.refuse[language], look: 'danger' })}`,
    }),
  });
}

function completionForm(frame: Frame, view: RequestView, attempt: Attempt | undefined): Html {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  if (view.dossier.completion !== undefined) return nothing;
  const items = again(attempt, 'completion', 'items');
  const message = again(attempt, 'completion', 'message');
  return details({
    summary: texts.completion[language],
    open: attempt?.form === 'completion',
    body: form({
      action: agentPath(language, view.id, '/completion'),
      csrf,
      body: html`${checkboxes({ language, name: 'items', label: texts.completionItems[language], choices: completionChoices(view, language), values: items.values, error: items.error })}${textarea({ language, name: 'message', label: texts.completionMessage[language], hint: texts.reasonHint[language], value: message.value, error: message.error, rows: 4, maxLength: 4000 })}${button({ text: texts.completionSend[language], look: 'secondary' })}`,
    }),
  });
}

/** Only what the published procedure requires can be asked for: there is no field for other papers. */
function completionChoices(view: RequestView, language: Language) {
  const { procedure } = view.around;
  const problems = domainTexts[language].completionProblem;
  const choice = (kind: CompletionItem['kind'], id: string, label: LocalText, problem: CompletionItem['problem']) => ({
    value: `${kind}:${id}:${problem}`,
    label: `${textIn(label, language).text} — ${problems[problem]}`,
  });
  const papers = procedure.documents.filter(({ source }) => source.kind === 'upload' || source.kind === 'declaration');
  return [
    ...papers.flatMap(({ id, title }) => [
      choice('document', id, title, 'missing'),
      choice('document', id, title, 'unreadable'),
    ]),
    ...visibleFields(procedure.form, view.dossier.answers, formContext(view.dossier, view.around))
      .filter(({ kind }) => kind !== 'file' && kind !== 'declaration')
      .flatMap(({ id, label }) => [choice('field', id, label, 'missing'), choice('field', id, label, 'incorrect')]),
  ];
}

function extendForm(frame: Frame, view: RequestView, attempt: Attempt | undefined): Html {
  const { language, csrf } = frame;
  const texts = agentTexts.dossier;
  if (view.around.procedure.extension === undefined || view.dossier.extension !== undefined) return nothing;
  const days = again(attempt, 'extend', 'days');
  const reason = again(attempt, 'extend', 'extensionReason');
  return details({
    summary: texts.extend[language],
    open: attempt?.form === 'extend',
    body: form({
      action: agentPath(language, view.id, '/extend'),
      csrf,
      body: html`${textInput({ language, name: 'days', kind: 'number', label: texts.extendDays[language], width: 'digits-4', value: days.value, error: days.error })}${textarea({ language, name: 'extensionReason', label: texts.reason[language], hint: texts.reasonHint[language], value: reason.value, error: reason.error, rows: 4, maxLength: 4000 })}${button({ text: texts.extend[language], look: 'secondary' })}`,
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
