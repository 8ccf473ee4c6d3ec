import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
  fileUpload,
  form,
  formatNumber,
  type Html,
  html,
  identifier,
  linkButton,
  nothing,
  notification,
  radios,
  type SummaryError,
  select,
  summaryList,
  tag,
  textInput,
} from '../../../web/index.ts';
import type { ServiceEntry } from '../../gateway/model.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { listPage } from '../../operators/pages/list.ts';
import { sortable } from '../../operators/pages/sortable.ts';
import { may } from '../../operators/rules.ts';
import type { Sorting } from '../../operators/sorting.ts';
import { menuTexts } from '../texts/console.ts';
import { serviceTexts as texts } from '../texts/services.ts';

const HERE = '/console/services';

export type ServiceRow = { readonly entry: ServiceEntry; readonly agreements: number };

export const SERVICE_COLUMNS = ['service', 'address', 'state', 'timeout', 'endpoints', 'agreements'] as const;

export function servicesPage(
  frame: ConsoleFrame,
  rows: readonly ServiceRow[],
  sorting: Sorting<(typeof SERVICE_COLUMNS)[number]>,
): string {
  const { language } = frame;
  const column = sortable(frame, sorting);
  return listPage(frame, HERE, {
    title: menuTexts.services,
    lead: texts.lead,
    before: may('services.change', frame.actor)
      ? actions(linkButton({ text: texts.add[language], href: `/${language}/console/services/new` }))
      : undefined,
    columns: [
      column('service', { header: texts.service[language] }),
      column('address', { header: texts.address[language] }),
      column('state', { header: texts.state[language], tight: true }),
      column('timeout', { header: texts.timeout[language], tight: true, align: 'end' }),
      column('endpoints', { header: texts.endpoints[language], tight: true, align: 'end' }),
      column('agreements', { header: texts.agreements[language], tight: true, align: 'end' }),
    ],
    rows: rows.map(({ entry, agreements }) => ({
      cells: [
        html`<a href="${servicePath(language, entry.service)}">${identifier(entry.service)}</a>`,
        identifier(entry.url),
        stateTag(entry, language),
        formatNumber(entry.timeoutMs / 1000, language),
        entry.description === undefined ? '—' : formatNumber(entry.description.endpoints.length, language),
        formatNumber(agreements, language),
      ],
      ...(entry.enabled ? {} : { tone: 'amber' as const }),
    })),
    empty: texts.none,
  });
}

export function servicePath(language: Language, service: string): string {
  return `/${language}/console/services/one?service=${encodeURIComponent(service)}`;
}

function stateTag(entry: ServiceEntry, language: Language): Html {
  return entry.enabled
    ? tag({ text: texts.on[language], tone: 'green' })
    : tag({ text: texts.off[language], tone: 'amber' });
}

export type ServiceForm = {
  readonly subsystem: string;
  readonly code: string;
  readonly url: string;
  readonly seconds: string;
  readonly enabled: string;
  readonly notice: string;
  readonly errors: readonly SummaryError[];
};

export type TestOutcome =
  | { readonly kind: 'reached'; readonly status: number; readonly ms: number }
  | { readonly kind: 'unreachable' | 'timedOut' | 'refusedAddress' | 'refusedCertificate' | 'garbled' };

export function newServicePage(frame: ConsoleFrame, subsystems: readonly string[], view: ServiceForm): string {
  const { language } = frame;
  const errorOf = (field: string) => view.errors.find((one) => one.field === field)?.message;
  const body = html`${select({
    language,
    name: 'subsystem',
    label: texts.subsystem[language],
    value: view.subsystem,
    placeholder: false,
    choices: subsystems.map((value) => ({ value, label: value })),
  })}${textInput({ language, name: 'code', label: texts.code[language], hint: texts.codeHint[language], value: view.code, kind: 'identifier', width: 'half', maxLength: 64, error: errorOf('code') })}${entryFields(language, view)}${actions(button({ text: texts.save[language] }))}`;
  return consolePage(frame, HERE, {
    title: texts.add[language],
    back: { href: `/${language}/console/services` },
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${texts.add[language]}</h1>${form({ action: `/${language}/console/services`, csrf: frame.actor.csrf, body })}`,
  });
}

function entryFields(language: Language, view: ServiceForm): Html {
  const errorOf = (field: string) => view.errors.find((one) => one.field === field)?.message;
  return html`${textInput({ language, name: 'url', label: texts.address[language], hint: texts.addressHint[language], value: view.url, kind: 'identifier', maxLength: 500, error: errorOf('url') })}${textInput({ language, name: 'seconds', label: texts.timeout[language], value: view.seconds, kind: 'number', width: 'digits-4', maxLength: 5, error: errorOf('seconds') })}${radios(
    {
      language,
      name: 'enabled',
      label: texts.state[language],
      value: view.enabled,
      inRow: true,
      choices: [
        { value: 'yes', label: texts.on[language] },
        { value: 'no', label: texts.off[language] },
      ],
    },
  )}${textInput({ language, name: 'notice', label: texts.notice[language], value: view.notice, maxLength: 500, optional: true, error: errorOf('notice') })}`;
}

export type ServiceView = {
  readonly entry: ServiceEntry;
  readonly form: ServiceForm;
  readonly agreements: readonly { readonly id: string; readonly client: string }[];
  readonly tested?: TestOutcome | undefined;
};

export function servicePage(frame: ConsoleFrame, view: ServiceView): string {
  const { language, actor } = frame;
  const { entry } = view;
  const mayChange = may('services.change', actor);
  return consolePage(frame, HERE, {
    title: entry.service,
    back: { href: `/${language}/console/services` },
    hasErrors: view.form.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.form.errors })}<h1>${identifier(entry.service)}</h1>${testNotice(view.tested, language)}${summaryList(
      {
        language,
        compact: true,
        rows: [
          { key: texts.state[language], value: stateTag(entry, language) },
          { key: texts.address[language], value: identifier(entry.url) },
          { key: texts.timeout[language], value: formatNumber(entry.timeoutMs / 1000, language) },
          {
            key: texts.agreements[language],
            value: html`${view.agreements.map((one) => html`<p><a href="/${language}/console/agreements/${one.id}">${identifier(one.id)}</a> ${identifier(one.client)}</p>`)}${view.agreements.length === 0 ? '—' : nothing}`,
          },
        ],
      },
    )}<h2>${texts.endpoints[language]}</h2>${endpointTable(entry, language)}${mayChange ? changeForms(frame, view) : nothing}`,
  });
}

function endpointTable({ description }: ServiceEntry, language: Language): Html {
  return dataTable({
    language,
    caption: description?.title ?? texts.endpoints[language],
    columns: [{ header: texts.method[language], tight: true }, { header: texts.path[language] }],
    rowHeader: 1,
    rows: (description?.endpoints ?? []).map(({ method, path }) => ({ cells: [identifier(method), identifier(path)] })),
    empty: texts.noDescription[language],
  });
}

function changeForms({ language, actor }: ConsoleFrame, { entry, form: values }: ServiceView): Html {
  const { csrf } = actor;
  const base = `/${language}/console/services`;
  const hidden = { service: entry.service };
  const errorOf = (field: string) => values.errors.find((one) => one.field === field)?.message;
  return html`<h2>${texts.test[language]}</h2><p>${texts.testLead[language]}</p>${form({
    action: `${base}/test`,
    csrf,
    hidden,
    body: actions(button({ text: texts.test[language], look: 'secondary', icon: 'exchange' })),
  })}<h2>${texts.edit[language]}</h2>${form({
    action: `${base}/change`,
    csrf,
    hidden,
    body: html`${entryFields(language, values)}${actions(button({ text: texts.save[language] }))}`,
  })}<h2>${texts.description[language]}</h2><p>${texts.descriptionLead[language]}</p>${form({
    action: `${base}/describe`,
    csrf,
    hidden,
    hasFiles: true,
    body: html`${fileUpload({ language, name: 'file', label: texts.file[language], types: 'JSON, YAML', accept: '.json,.yaml,.yml,application/json,application/yaml', maxBytes: 2_000_000, error: errorOf('file') })}${textInput({ language, name: 'from', label: texts.url[language], value: '', kind: 'identifier', maxLength: 2000, optional: true, error: errorOf('from') })}${actions(button({ text: texts.describe[language], look: 'secondary' }))}`,
  })}`;
}

function testNotice(tested: TestOutcome | undefined, language: Language): Html {
  if (tested === undefined) return nothing;
  if (tested.kind !== 'reached') return notification({ language, text: texts[tested.kind][language], id: 'tested' });
  const { status, ms } = tested;
  const text = texts.reached(formatNumber(status, language), formatNumber(ms, language, 0))[language];
  return notification({ language, kind: 'success', text, id: 'tested' });
}
