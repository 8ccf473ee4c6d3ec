import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
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
import { agreementTexts as texts } from '../texts/agreements.ts';
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

export type AgreementFormView = {
  readonly values: AgreementValues;
  readonly errors: readonly SummaryError[];
  /** Of the trust list and of this gateway. */
  readonly clients: readonly string[];
  readonly services: readonly string[];
};

export function agreementFormPage(frame: ConsoleFrame, view: AgreementFormView): string {
  const { language } = frame;
  const isNew = view.values.version === '1';
  const title = (isNew ? texts.add : texts.newVersion)[language];
  return consolePage(frame, AGREEMENTS, {
    title,
    back: { href: `/${language}${AGREEMENTS}` },
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${title}</h1>${form({
      action: `/${language}${AGREEMENTS}/review`,
      csrf: frame.actor.csrf,
      hidden: { version: view.values.version },
      body: html`${fieldsOf(language, view, isNew)}${actions(button({ text: texts.review[language] }))}`,
    })}`,
  });
}

function fieldsOf(language: Language, { values, errors, clients, services }: AgreementFormView, isNew: boolean): Html {
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
    textarea({ ...common(name, texts[name][language], hint), rows: 4, maxLength: 4000 });
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
  return html`${textInput({ ...common('id', texts.id[language], texts.idHint[language]), kind: 'identifier', width: 'half', maxLength: 80, readOnly: !isNew })}${choice('client', clients)}${choice('service', services)}${lines('endpoints', texts.endpointsHint[language])}${lines('purposes', texts.purposesHint[language])}${line('basisAr')}${line('basisFr')}${line('basisRef')}${lines('fields', texts.fieldsHint[language])}${date('from')}${date('until')}${textInput({ ...common('condition', texts.condition[language], texts.conditionHint[language]), kind: 'identifier', maxLength: 1000, optional: true })}${limit('ratePerMinute')}${limit('perDay')}${limit('perMonth')}${radios(
    {
      language,
      name: 'otherBodies',
      label: texts.otherBodies[language],
      value: values.otherBodies === 'whole' ? 'whole' : 'refuse',
      choices: (['refuse', 'whole'] as const).map((value) => ({ value, label: texts[value][language] })),
    },
  )}${archiveChoice('archive', ['none', ...ARCHIVE_KEEPS], texts.archiveHint[language])}${limit('archiveDays')}${archiveChoice('archiveBy', ARCHIVERS)}`;
}

/** What will hold, as text, before it does. The form's values travel with it, so that "change" loses nothing. */
export function reviewPage(frame: ConsoleFrame, values: AgreementValues, agreement: Agreement): string {
  const { language, actor } = frame;
  return consolePage(frame, AGREEMENTS, {
    title: texts.review[language],
    main: html`<h1>${texts.review[language]}</h1><p class="lead">${texts.reviewLead[language]}</p>${agreementText(agreement, language)}${form(
      {
        action: `/${language}${AGREEMENTS}`,
        csrf: actor.csrf,
        hidden: values,
        body: actions(
          button({ text: texts.save[language] }),
          button({ text: texts.change[language], look: 'secondary', formAction: `/${language}${AGREEMENTS}/edit` }),
        ),
      },
    )}`,
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
