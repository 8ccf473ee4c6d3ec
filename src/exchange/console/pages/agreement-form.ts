import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
  type Field,
  form,
  type Html,
  html,
  identifier,
  nothing,
  notification,
  radios,
  type SummaryError,
  select,
  textarea,
  textInput,
} from '../../../web/index.ts';
import type { Explanation } from '../../agreement/explain.ts';
import { type Agreement, ARCHIVE_KEEPS, ARCHIVERS } from '../../message/agreement.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import type { KnownParties } from '../rules/agreement-form.ts';
import { agreementTexts as texts } from '../texts/agreements.ts';
import { proposalTexts } from '../texts/proposals.ts';
import { AGREEMENTS, agreementText } from './agreements.ts';

export const AGREEMENT_FIELDS = [
  'id',
  'version',
  'client',
  'service',
  'endpoints',
  'purposes',
  'basisAr',
  'basisFr',
  'basisRef',
  'fields',
  'from',
  'until',
  'condition',
  'ratePerMinute',
  'perDay',
  'perMonth',
  'otherBodies',
  'archive',
  'archiveDays',
  'archiveBy',
] as const;
export type AgreementValues = Readonly<Record<(typeof AGREEMENT_FIELDS)[number], string>>;

/** Which form it is: a draft of ours, of a proposal, or a proposal of ours. */
export type AgreementPurpose = {
  /** The address of its save; the form itself and its review stand below it. Without the language. */
  readonly base: string;
  readonly here: string;
  readonly title: string;
  readonly back: string;
  readonly save: string;
  readonly reviewLead: string;
  readonly hasFreeId: boolean;
  /** What travels with the form besides its fields. */
  readonly hidden: Readonly<Record<string, string>>;
  /** What the other member reads with it; where it is asked for. */
  readonly note?: string | undefined;
};

export type AgreementFormView = KnownParties & {
  readonly purpose: AgreementPurpose;
  readonly values: AgreementValues;
  readonly errors: readonly SummaryError[];
};

export function agreementFormPage(frame: ConsoleFrame, view: AgreementFormView): string {
  const { language } = frame;
  const { purpose, errors } = view;
  const note =
    purpose.note === undefined
      ? nothing
      : textarea({
          language,
          name: 'note',
          label: proposalTexts.note[language],
          hint: proposalTexts.noteHint[language],
          value: purpose.note,
          rows: 3,
          maxLength: 1000,
          error: errors.find((one) => one.field === 'note')?.message,
        });
  return consolePage(frame, purpose.here, {
    title: purpose.title,
    back: { href: purpose.back },
    hasErrors: errors.length > 0,
    main: html`${errorSummary({ language, errors })}<h1>${purpose.title}</h1>${form({
      action: `/${language}${purpose.base}/review`,
      csrf: frame.actor.csrf,
      hidden: { version: view.values.version, ...purpose.hidden },
      body: html`${fieldsOf(language, view)}${note}${actions(button({ text: texts.review[language] }))}`,
    })}`,
  });
}

function fieldsOf(language: Language, { values, errors, clients, services, purpose }: AgreementFormView): Html {
  const errorOf = (field: string) => errors.find((one) => one.field === field)?.message;
  const common = (name: keyof typeof texts.bad, label: string, hint?: string) => ({
    language,
    name,
    label,
    hint,
    value: values[name],
    error: errorOf(name),
  });
  const choice = (name: 'client' | 'service', among: readonly string[]) =>
    select({ ...common(name, texts[name][language]), choices: among.map((value) => ({ value, label: value })) });
  const service =
    services === undefined ? typedService(common('service', texts.service[language])) : choice('service', services);
  const line = (name: 'basisAr' | 'basisFr' | 'basisRef') =>
    textInput({ ...common(name, texts[name][language]), maxLength: 500 });
  const date = (name: 'from' | 'until') =>
    textInput({
      ...common(name, texts[name][language], texts.dateHint[language]),
      kind: 'identifier',
      width: 'digits-10',
      maxLength: 10,
    });
  const lines = (name: 'endpoints' | 'purposes' | 'fields', hint: string) =>
    textarea({ ...common(name, texts[name][language], hint), rows: 4, maxLength: 4000, isCode: name !== 'purposes' });
  const limit = (name: 'ratePerMinute' | 'perDay' | 'perMonth' | 'archiveDays') =>
    textInput({
      ...common(name, texts[name][language]),
      kind: 'number',
      width: 'digits-10',
      maxLength: 9,
      optional: true,
    });
  const archiveChoice = (
    name: 'archive' | 'archiveBy',
    among: readonly (keyof typeof texts.archiveWords)[],
    hint?: string,
  ) =>
    radios({
      language,
      name,
      label: texts[name][language],
      hint,
      value: among.find((value) => value === values[name]) ?? among[0],
      error: errorOf(name),
      choices: among.map((value) => ({ value, label: texts.archiveWords[value][language] })),
    });
  return html`${textInput({ ...common('id', texts.id[language], texts.idHint[language]), kind: 'identifier', width: 'half', maxLength: 80, readOnly: !purpose.hasFreeId })}${choice('client', clients)}${service}${lines('endpoints', texts.endpointsHint[language])}${lines('purposes', texts.purposesHint[language])}${line('basisAr')}${line('basisFr')}${line('basisRef')}${lines('fields', texts.fieldsHint[language])}${date('from')}${date('until')}${textInput({ ...common('condition', texts.condition[language], texts.conditionHint[language]), kind: 'identifier', maxLength: 1000, optional: true })}${limit('ratePerMinute')}${limit('perDay')}${limit('perMonth')}${radios(
    {
      language,
      name: 'otherBodies',
      label: texts.otherBodies[language],
      value: values.otherBodies === 'whole' ? 'whole' : 'refuse',
      choices: (['refuse', 'whole'] as const).map((value) => ({ value, label: texts[value][language] })),
    },
  )}${archiveChoice('archive', ['none', ...ARCHIVE_KEEPS], texts.archiveHint[language])}${limit('archiveDays')}${archiveChoice('archiveBy', ARCHIVERS)}`;
}

/** Of another member: what it offers is in no list of ours. */
function typedService(field: Field & { readonly value: string }): Html {
  return textInput({ ...field, hint: proposalTexts.serviceHint[field.language], kind: 'identifier', maxLength: 300 });
}

/** What will hold, as text, before it does. The form's values travel with it, so that "change" loses nothing. */
export function reviewPage(
  frame: ConsoleFrame,
  purpose: AgreementPurpose,
  values: AgreementValues,
  agreement: Agreement,
): string {
  const { language, actor } = frame;
  const { base, note } = purpose;
  return consolePage(frame, purpose.here, {
    title: texts.review[language],
    main: html`<h1>${texts.review[language]}</h1><p class="lead">${purpose.reviewLead}</p>${agreementText(agreement, language)}${
      note === undefined ? nothing : html`<h2>${proposalTexts.note[language]}</h2><p dir="auto">${note}</p>`
    }${form({
      action: `/${language}${base}`,
      csrf: actor.csrf,
      hidden: { ...values, ...purpose.hidden, ...(note === undefined ? {} : { note }) },
      body: actions(
        button({ text: purpose.save }),
        button({ text: texts.change[language], look: 'secondary', formAction: `/${language}${base}/edit` }),
      ),
    })}`,
  });
}

export type ExplainView = {
  readonly values: {
    readonly client: string;
    readonly service: string;
    readonly method: string;
    readonly path: string;
    readonly purpose: string;
  };
  readonly clients: readonly string[];
  readonly services: readonly string[];
  readonly outcome?: Explanation | undefined;
};

export function explainPage(frame: ConsoleFrame, view: ExplainView): string {
  const { language } = frame;
  const { values, outcome } = view;
  const choices = (among: readonly string[]) => among.map((value) => ({ value, label: value }));
  const field = (name: 'client' | 'service' | 'method' | 'path' | 'purpose') => ({
    language,
    name,
    label: texts[name][language],
    value: values[name],
  });
  return consolePage(frame, AGREEMENTS, {
    title: texts.explain[language],
    back: { href: `/${language}${AGREEMENTS}` },
    main: html`<h1>${texts.explain[language]}</h1><p class="lead">${texts.explainLead[language]}</p>${
      outcome === undefined ? nothing : explanation(outcome, language)
    }${form({
      action: `/${language}${AGREEMENTS}/explain`,
      method: 'get',
      body: html`${select({ ...field('client'), choices: choices(view.clients) })}${select({ ...field('service'), choices: choices(view.services) })}${select({ ...field('method'), placeholder: false, choices: choices(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']) })}${textInput({ ...field('path'), kind: 'identifier', maxLength: 500 })}${textInput({ ...field('purpose'), kind: 'identifier', width: 'half', maxLength: 80, optional: true })}${actions(button({ text: texts.ask[language] }))}`,
    })}`,
  });
}

/** The answer, and each question that led to it, in the order in which the gateway asks. */
function explanation(outcome: Explanation, language: Language): Html {
  const { allowed, agreement, steps } = outcome;
  const link = (id: string) => html`<a href="/${language}${AGREEMENTS}/${id}">${identifier(id)}</a>`;
  return html`${notification({
    language,
    kind: allowed ? 'success' : 'information',
    title: (allowed ? texts.yes : texts.no)[language],
    text: html`${outcome.text[language]} ${agreement === null ? nothing : link(agreement)}`,
  })}${
    steps.length === 0
      ? nothing
      : dataTable({
          language,
          caption: texts.explain[language],
          captionHidden: true,
          columns: [
            { header: texts.id[language] },
            { header: texts.rule[language] },
            { header: texts.finding[language] },
          ],
          rowHeader: 1,
          rows: steps.map((step) => ({
            cells: [link(step.agreement), texts.rules[step.rule][language], step.text[language]],
            ...(step.holds ? {} : { tone: 'amber' as const }),
          })),
          empty: texts.none[language],
        })
  }`;
}
