import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  copyableCode,
  dataTable,
  details,
  errorSummary,
  form,
  type Html,
  html,
  identifier,
  linkButton,
  nothing,
  type SummaryError,
  select,
  textInput,
} from '../../../web/index.ts';
import { FAULTS, type FaultSlug } from '../../message/fault.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { outcomeOf, type TrafficRow } from '../rules/traffic.ts';
import { trafficTexts } from '../texts/console.ts';
import { evidenceTexts as texts } from '../texts/evidence.ts';
import { FAULT_WORDS } from '../texts/faults.ts';
import { momentOf, outcomeTag } from './traffic.ts';

export const EVIDENCE = '/console/evidence';
export const SEARCH_FIELDS = ['id', 'service', 'client', 'fault', 'from', 'until'] as const;
export type SearchValues = Readonly<Record<(typeof SEARCH_FIELDS)[number], string>>;

export type EvidenceView = {
  readonly values: SearchValues;
  readonly errors: readonly SummaryError[];
  /** Undefined until something was asked for. */
  readonly rows?: readonly TrafficRow[] | undefined;
  readonly older?: string | undefined;
  /** The rows are those of a person, who is named nowhere on the page. */
  readonly isOfSubject?: boolean;
};

export function evidencePage(frame: ConsoleFrame, view: EvidenceView): string {
  const { language } = frame;
  const { errors, rows, older } = view;
  return consolePage(frame, EVIDENCE, {
    title: texts.title[language],
    hasErrors: errors.length > 0,
    main: html`${errorSummary({ language, errors })}<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${searchForm(language, view)}${details(
      {
        summary: texts.ofSubject[language],
        open: errors.some((one) => one.field === 'subject'),
        body: subjectForm(frame, view),
      },
    )}${rows === undefined ? nothing : results(rows, view, language)}${
      older === undefined
        ? nothing
        : actions(linkButton({ text: trafficTexts.older[language], href: older, look: 'secondary' }))
    }`,
  });
}

function searchForm(language: Language, { values, errors }: EvidenceView): Html {
  const errorOf = (field: string) => errors.find((one) => one.field === field)?.message;
  const part = (name: 'id' | 'service' | 'client', hint?: string) =>
    textInput({
      language,
      name,
      label: texts[name][language],
      hint,
      value: values[name],
      kind: 'identifier',
      maxLength: 300,
      width: 'half',
    });
  const date = (name: 'from' | 'until') =>
    textInput({
      language,
      name,
      label: texts[name][language],
      hint: texts.dateHint[language],
      value: values[name],
      kind: 'identifier',
      width: 'digits-10',
      maxLength: 10,
      error: errorOf(name),
    });
  return html`<search class="filter">${form({
    action: `/${language}${EVIDENCE}`,
    method: 'get',
    label: texts.search[language],
    body: html`${part('id', texts.idHint[language])}${part('service')}${part('client')}${select({
      language,
      name: 'fault',
      label: texts.fault[language],
      value: values.fault,
      placeholder: texts.all[language],
      choices: faultChoices(language),
    })}${date('from')}${date('until')}${actions(button({ text: texts.search[language], icon: 'search' }))}`,
  })}</search>`;
}

function faultChoices(language: Language) {
  const name = (slug: FaultSlug) => (language === 'en' ? FAULTS[slug].title : FAULT_WORDS[slug][language]);
  return (Object.keys(FAULTS) as FaultSlug[])
    .map((slug) => ({ value: slug as string, label: name(slug) }))
    .toSorted((a, b) => (a.label < b.label ? -1 : 1));
}

/** Sent, never in an address; what was typed does not come back either. */
function subjectForm({ language, actor }: ConsoleFrame, { errors }: EvidenceView): Html {
  return html`<p>${texts.ofSubjectText[language]}</p>${form({
    action: `/${language}${EVIDENCE}/subject`,
    csrf: actor.csrf,
    body: html`${textInput({ language, name: 'subject', label: texts.subject[language], kind: 'identifier', width: 'half', maxLength: 200, error: errors.find((one) => one.field === 'subject')?.message })}${actions(button({ text: texts.ofSubject[language], look: 'secondary', icon: 'search' }))}`,
  })}`;
}

function results(rows: readonly TrafficRow[], view: EvidenceView, language: Language): Html {
  const { isOfSubject = false } = view;
  const title = (isOfSubject ? texts.subjectResults : texts.results)[language];
  return html`<h2>${title}</h2>${dataTable({
    language,
    caption: title,
    captionHidden: true,
    columns: [
      { header: texts.at[language], tight: true },
      { header: 'X-Road-Id' },
      { header: trafficTexts.client[language] },
      { header: trafficTexts.service[language] },
      { header: trafficTexts.outcome[language], tight: true },
      { header: texts.file[language], tight: true },
    ],
    rows: rows.map((row) => resultRow(row, language)),
    empty: (isOfSubject ? texts.noneOfSubject : texts.none)[language],
  })}${rows.length === 0 || isOfSubject ? nothing : bulk(view.values, language)}`;
}

function resultRow(row: TrafficRow, language: Language) {
  const id = encodeURIComponent(row.exchange);
  const outcome = outcomeOf(row);
  return {
    cells: [
      html`<a href="/${language}/console/traffic/${id}"><bdi dir="ltr">${momentOf(row.at, language)}</bdi></a>`,
      identifier(row.xRoadId),
      identifier(row.client),
      identifier(row.service),
      html`${outcomeTag(outcome, language)} <bdi dir="ltr" class="muted">${row.fault ?? row.status}</bdi>`,
      row.kind === 'response'
        ? html`<a href="/operator/v1/exchanges/${id}/evidence" download>${texts.download[language]}<span class="visually-hidden"> ${row.exchange}</span></a>`
        : '—',
    ],
    attributes: { 'data-exchange': row.exchange, 'data-outcome': outcome },
  };
}

/** What the API gives for a period, by the command that asks it. */
function bulk({ from, until, service }: SearchValues, language: Language): Html {
  if (from === '' || until === '') return nothing;
  const of = service.split('/').length === 5 ? ` --service ${service}` : '';
  return html`<h2>${texts.bulk[language]}</h2><p>${texts.bulkText[language]}</p>${copyableCode({
    language,
    id: 'bulk',
    label: texts.command[language],
    code: `./wasl evidence export --from ${from} --until ${until}${of} --out FOLDER`,
  })}`;
}
