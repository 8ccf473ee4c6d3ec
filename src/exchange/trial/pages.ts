import type { Language } from '../../kernel/index.ts';
import {
  actions,
  button,
  copyableCode,
  dataTable,
  details,
  errorSummary,
  form,
  formatNumber,
  type Html,
  html,
  identifier,
  linkButton,
  localText,
  nothing,
  type Page,
  page,
  select,
  summaryList,
  tag,
  textarea,
  textInput,
} from '../../web/index.ts';
import type { EvidenceEntry } from '../evidence/model.ts';
import { describeReport } from '../evidence/words.ts';
import { FAULTS, type FaultSlug } from '../message/fault.ts';
import { TRIAL_METHODS, type Trial, type TrialDeps, type TrialEntry, type TrialFault } from './model.ts';
import { trialTexts as texts } from './texts.ts';

type Frame = { readonly language: Language; readonly path: string };

function trialFrame(frame: Frame, view: Pick<Page, 'title' | 'main'> & Partial<Page>): string {
  const { language, path } = frame;
  return page({
    ...{ language, path, kind: 'agent', brandLine: texts.brand[language], footer: [], noIndex: true },
    homeHref: `/${language}`,
    ...view,
  });
}

export type TrialForm = {
  readonly values: Readonly<Record<'method' | 'path' | 'body' | 'purpose', string>>;
  readonly faults: readonly TrialFault[];
};

export function formPage(frame: Frame, deps: TrialDeps, view: TrialForm): string {
  const { language } = frame;
  const { values } = view;
  const errors = view.faults.map(({ field }) => ({ field, message: texts.wrong[field][language] }));
  const errorOf = (field: string) => errors.find((one) => one.field === field)?.message;
  const body = html`${select({
    ...{ language, name: 'method', label: texts.method[language], value: values.method, placeholder: false },
    choices: TRIAL_METHODS.map((value) => ({ value, label: value })),
    error: errorOf('method'),
  })}${textInput({ language, name: 'path', label: texts.path[language], hint: texts.pathHint[language], value: values.path, kind: 'identifier', maxLength: 500, error: errorOf('path') })}${textInput({ language, name: 'purpose', label: texts.purpose[language], value: values.purpose, kind: 'identifier', optional: true, width: 'half', maxLength: 80, error: errorOf('purpose') })}${textarea({ language, name: 'body', label: texts.body[language], value: values.body, optional: true, rows: 4, maxLength: 4000, error: errorOf('body') })}${actions(button({ text: texts.send[language], icon: 'exchange' }))}`;
  return trialFrame(frame, {
    title: texts.title[language],
    hasErrors: errors.length > 0,
    main: html`${errorSummary({ language, errors })}<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${summaryList(
      {
        language,
        compact: true,
        rows: [
          { key: texts.client[language], value: identifier(deps.client) },
          { key: texts.service[language], value: identifier(deps.service) },
        ],
      },
    )}${samples(language, deps)}${form({ action: `/${language}/messages`, body })}`,
  });
}

function samples(language: Language, { samples: all }: TrialDeps): Html {
  if (all.length < 2) return nothing;
  return html`<h2>${texts.samples[language]}</h2><ul>${all.map((one) => {
    const query = new URLSearchParams({ method: one.method, path: one.path, body: one.body ?? '' });
    return html`<li><a href="/${language}?${query.toString()}">${identifier(`${one.method} ${one.path}`)}</a></li>`;
  })}</ul>`;
}

export function trialPage(frame: Frame, trial: Trial): string {
  const { language } = frame;
  const isRefused = trial.refusal !== undefined;
  const state = isRefused
    ? tag({ text: texts.refused[language], tone: 'red' })
    : tag({ text: texts.answered[language], tone: 'green' });
  const section = (title: string, body: Html) => html`<section><h2>${title}</h2>${body}</section>`;
  return trialFrame(frame, {
    title: texts.result[language],
    back: { href: `/${language}` },
    main: html`<h1>${texts.result[language]}</h1><p>${state} ${identifier(trial.id)}</p>${section(texts.sent[language], sentPart(trial, language))}${section(texts.signedRequest[language], signedPart(trial, 'request', language))}${section(texts.decision[language], decisionPart(trial, language))}${section(texts.signedAnswer[language], signedPart(trial, 'response', language))}${section(texts.ledgers[language], ledgerPart(trial, language))}${section(texts.answer[language], answerPart(trial, language))}${section(texts.evidence[language], evidencePart(trial, language))}${actions(linkButton({ text: texts.again[language], href: `/${language}` }))}`,
  });
}

const code = (language: Language, id: string, label: string, text: string) =>
  copyableCode({ language, id, label, code: text });

function sentPart({ request, sent }: Trial, language: Language): Html {
  const { pathname, search } = new URL(sent.url);
  const lines = [`${request.method} ${pathname}${search}`, ...sent.headers.map(([name, value]) => `${name}: ${value}`)];
  const body = request.method === 'GET' || request.body === '' ? [] : ['', request.body];
  return code(language, 'sent', texts.request[language], [...lines, ...body].join('\n'));
}

function signedPart({ proof }: Trial, kind: 'request' | 'response', language: Language): Html {
  if (proof === undefined) return html`<p>${texts.notAnswered[language]}</p>`;
  const { base, signatureInput, signature } = proof.file[kind];
  return html`${code(language, `${kind}-base`, texts.signatureBase[language], base)}${details({
    summary: texts.signature[language],
    body: code(
      language,
      `${kind}-signature`,
      texts.signature[language],
      `Signature-Input: ${signatureInput}\nSignature: ${signature}`,
    ),
  })}`;
}

function decisionPart({ refusal, agreement, entries }: Trial, language: Language): Html {
  if (refusal !== undefined) {
    const slug = [...entries.provider, ...entries.consumer].find((one) => one.fault !== null)?.fault ?? '';
    const fault = Object.hasOwn(FAULTS, slug) ? FAULTS[slug as FaultSlug] : undefined;
    // The protocol's own words are English; the page says so to who reads it aloud.
    const english = (text: string) => html`<span lang="en" dir="ltr">${text}</span>`;
    const rows = [
      { key: texts.rule[language], value: html`${english(fault?.title ?? refusal.message)} ${identifier(slug)}` },
      { key: texts.code[language], value: html`${identifier(refusal.type)}: ${english(refusal.message)}` },
      ...(fault === undefined ? [] : [{ key: texts.remedy[language], value: english(fault.remedy) }]),
    ];
    return html`<p>${texts.refused[language]}</p>${summaryList({ language, rows })}`;
  }
  if (agreement === undefined) return html`<p>—</p>`;
  const used = entries.provider.find((one) => one.purpose !== null)?.purpose;
  const purpose = agreement.purposes.find((one) => one.code === used);
  const list = (all: readonly string[]) => html`<ul>${all.map((one) => html`<li>${identifier(one)}</li>`)}</ul>`;
  const isWhole = agreement.fields.includes('/');
  return html`<p>${texts.allowed[language]}</p>${summaryList({
    language,
    rows: [
      { key: texts.agreement[language], value: identifier(`${agreement.id}, v${agreement.version}`) },
      { key: texts.purposeName[language], value: purpose === undefined ? '—' : localText(purpose.text, language) },
      { key: texts.legalBasis[language], value: localText(agreement.legalBasis.text, language) },
      {
        key: texts.endpoints[language],
        value: list(agreement.endpoints.map(({ method, path }) => `${method} ${path}`)),
      },
      { key: texts.fields[language], value: isWhole ? texts.allFields[language] : list(agreement.fields) },
    ],
  })}`;
}

function ledgerPart({ entries, proof }: Trial, language: Language): Html {
  return html`${(['consumer', 'provider'] as const).map((side) => {
    const caption = side === 'consumer' ? texts.consumerLog[language] : texts.providerLog[language];
    const party = proof?.report[side];
    return html`${entryTable(entries[side], caption, language)}${
      proof === undefined || party === undefined
        ? nothing
        : details({
            summary: `${texts.proof[language]}: ${caption}`,
            body: code(
              language,
              `${side}-proof`,
              party.ledger.name,
              [
                proof.file[side].checkpoint.trimEnd(),
                ...(['request', 'response'] as const).map((kind) => proofText(proof.file[side][kind])),
              ].join('\n\n'),
            ),
          })
    }`;
  })}`;
}

function proofText(entry: EvidenceEntry): string {
  return [`${entry.leaf}`, ...entry.proof.map((hash) => `  + ${hash}`)].join('\n');
}

function entryTable(entries: readonly TrialEntry[], caption: string, language: Language): Html {
  return dataTable({
    language,
    caption,
    columns: [
      { header: texts.entry[language], tight: true, align: 'end' },
      { header: texts.kind[language] },
      { header: texts.at[language] },
      { header: texts.code[language] },
    ],
    rows: entries.map((one) => ({
      cells: [
        formatNumber(one.index, language),
        texts.kinds[one.kind][language],
        identifier(one.at),
        identifier(one.fault ?? (one.status === null ? '—' : String(one.status))),
      ],
    })),
    empty: texts.noEntry[language],
  });
}

function answerPart({ answer }: Trial, language: Language): Html {
  const head = [`HTTP/1.1 ${answer.status}`, ...answer.headers.map(([name, value]) => `${name}: ${value}`)];
  return html`<p>${texts.duration[language]}: ${formatNumber(answer.ms, language, 0)} ${texts.milliseconds[language]}</p>${code(language, 'answer', texts.response[language], answer.body)}${details({ summary: texts.headers[language], body: code(language, 'answer-head', texts.headers[language], head.join('\n')) })}`;
}

function evidencePart({ proof, id }: Trial, language: Language): Html {
  if (proof === undefined) return html`<p>${texts.noEvidence[language]}</p>`;
  const words = describeReport(proof.report, language);
  return html`<p>${words.headline}</p><ul>${words.steps.map((step) => html`<li><strong>${step.name}</strong>: ${step.text}</li>`)}</ul>${actions(
    linkButton({
      text: texts.download[language],
      href: `/${language}/messages/${id}/evidence`,
      icon: 'download',
      look: 'secondary',
      download: true,
    }),
  )}`;
}
