import type { FastifyRequest } from 'fastify';
import { notFound, Problem } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import type { SummaryError } from '../../../web/index.ts';
import type { ServiceEntry } from '../../gateway/model.ts';
import { readService } from '../../gateway/operator.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { Actor } from '../../operators/model.ts';
import { frameOf, languageOf, page, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import { readSorting, sortRows } from '../../operators/sorting.ts';
import { fetchDescription } from '../../service/fetch.ts';
import { parseOpenApi } from '../../service/openapi.ts';
import type { ConsoleDeps } from '../deps.ts';
import {
  newServicePage,
  SERVICE_COLUMNS,
  type ServiceForm,
  type ServiceRow,
  servicePage,
  servicePath,
  servicesPage,
  type TestOutcome,
} from '../pages/services.ts';
import { testService } from '../service/test-service.ts';
import { serviceTexts as texts } from '../texts/services.ts';

const BASE = '/:language/console/services';

export function servicePages(deps: ConsoleDeps): readonly OperatorRoute[] {
  return [...shownServices(deps), ...changedServices(deps)];
}

function shownServices(deps: ConsoleDeps): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.service.list',
      url: BASE,
      async handle(request, { actor }) {
        const sorting = readSorting(queryOf(request, 'sort'), SERVICE_COLUMNS, { by: 'service', isDown: false });
        const rows = sortRows(rowsOf(deps), sorting, SERVICE_VALUES);
        return page(servicesPage(frameOf(deps.house, request, actor), rows, sorting));
      },
    },
    {
      ...read,
      id: 'console.service.show',
      url: `${BASE}/one`,
      handle: async (request, { actor }) => show(deps, request, actor, entryOf(deps, queryOf(request, 'service'))),
    },
    {
      ...read,
      id: 'console.service.new',
      url: `${BASE}/new`,
      access: 'services.change',
      async handle(request, { actor }) {
        const empty = { subsystem: '', code: '', url: '', seconds: '60', enabled: 'yes', notice: '', errors: [] };
        return page(newServicePage(frameOf(deps.house, request, actor), [...deps.context.subsystems], empty));
      },
    },
  ];
}

function changedServices(deps: ConsoleDeps): readonly OperatorRoute[] {
  const change = { method: 'POST', access: 'services.change', rate: 'form' } as const;
  return [
    {
      ...change,
      id: 'console.service.add',
      url: BASE,
      audit: 'service.put',
      handle: (request, acting) => add(deps, request, acting),
    },
    {
      ...change,
      id: 'console.service.change',
      url: `${BASE}/change`,
      audit: 'service.put',
      handle: (request, acting) => changeEntry(deps, request, acting),
    },
    {
      ...change,
      id: 'console.service.describe',
      url: `${BASE}/describe`,
      audit: 'service.described',
      handle: (request, acting) => describe(deps, request, acting),
    },
    {
      ...change,
      id: 'console.service.test',
      url: `${BASE}/test`,
      audit: 'service.tested',
      async handle(request, acting) {
        const entry = entryOf(deps, textOf(formOf(request), 'service'));
        const tested = await testService(deps, entry);
        await deps.context.db.transaction((tx) => acting.record(tx, entry.service, { outcome: tested.kind }));
        return show(deps, request, acting.actor, entry, formFrom(entry), tested);
      },
    },
  ];
}

const SERVICE_VALUES = {
  service: ({ entry }: ServiceRow) => entry.service,
  address: ({ entry }: ServiceRow) => entry.url,
  state: ({ entry }: ServiceRow) => Number(entry.enabled),
  timeout: ({ entry }: ServiceRow) => entry.timeoutMs,
  endpoints: ({ entry }: ServiceRow) => entry.description?.endpoints.length ?? null,
  agreements: (row: ServiceRow) => row.agreements,
};

function rowsOf({ rights }: ConsoleDeps) {
  const { services, agreements } = rights.current();
  return [...services.values()].map((entry) => ({
    entry,
    agreements: agreements.filter((one) => one.service === entry.service && one.status === 'active').length,
  }));
}

function entryOf({ rights }: ConsoleDeps, service: string): ServiceEntry {
  const found = rights.current().services.get(service);
  if (found === undefined) throw notFound('There is no service of this identifier here.');
  return found;
}

function formFrom(entry: ServiceEntry, errors: readonly SummaryError[] = []): ServiceForm {
  const { url, timeoutMs, enabled, notice } = entry;
  const seconds = String(timeoutMs / 1000);
  return { subsystem: '', code: '', url, seconds, enabled: enabled ? 'yes' : 'no', notice, errors };
}

function show(
  deps: ConsoleDeps,
  request: FastifyRequest,
  actor: Actor,
  entry: ServiceEntry,
  form = formFrom(entry),
  tested?: TestOutcome,
) {
  const posted = servicePath(languageOf(request), entry.service).slice(3);
  const agreements = deps.rights
    .current()
    .agreements.filter((one) => one.service === entry.service && one.status === 'active');
  const view = { entry, form, agreements, tested };
  return page(servicePage(frameOf(deps.house, request, actor, posted), view), form.errors.length > 0 ? 422 : 200);
}

function typedOf(request: FastifyRequest): Omit<ServiceForm, 'errors'> {
  const form = formOf(request);
  const text = (name: string) => textOf(form, name).trim();
  return {
    subsystem: text('subsystem'),
    code: text('code'),
    url: text('url'),
    seconds: text('seconds'),
    enabled: text('enabled') === 'no' ? 'no' : 'yes',
    notice: text('notice'),
  };
}

/** The rules are those of the API; the words beside the fields are the page's. */
function readTyped(deps: ConsoleDeps, service: string, typed: Omit<ServiceForm, 'errors'>, request: FastifyRequest) {
  const { url, notice } = typed;
  const timeoutMs = /^\d{1,3}([.,]\d{1,3})?$/.test(typed.seconds)
    ? Math.round(Number(typed.seconds.replace(',', '.')) * 1000)
    : -1;
  const body = { service, url, timeoutMs, enabled: typed.enabled === 'yes', notice };
  try {
    return { entry: readService({ body }, deps.context), errors: [] };
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.status !== 422) throw cause;
    return { entry: undefined, errors: cause.errors.map(({ field }) => errorAt(field, request)) };
  }
}

const FIELDS = {
  '/service': { field: 'code', text: texts.badCode },
  '/url': { field: 'url', text: texts.badAddress },
  '/timeoutMs': { field: 'seconds', text: texts.badTimeout },
  '/notice': { field: 'notice', text: texts.badNotice },
} as const;

function errorAt(pointer: string, request: FastifyRequest): SummaryError {
  const { field, text } = FIELDS[pointer as keyof typeof FIELDS] ?? FIELDS['/service'];
  return { field, message: text[languageOf(request)] };
}

async function add(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const typed = typedOf(request);
  const service = `${typed.subsystem}/${typed.code}`;
  const read = readTyped(deps, service, typed, request);
  if (read.entry === undefined) {
    const frame = frameOf(deps.house, request, acting.actor, '/console/services/new');
    return page(newServicePage(frame, [...deps.context.subsystems], { ...typed, errors: read.errors }), 422);
  }
  return keep(deps, request, acting, read.entry);
}

async function changeEntry(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const entry = entryOf(deps, textOf(formOf(request), 'service'));
  const typed = typedOf(request);
  const read = readTyped(deps, entry.service, typed, request);
  if (read.entry === undefined) return show(deps, request, acting.actor, entry, { ...typed, errors: read.errors });
  return keep(deps, request, acting, read.entry);
}

async function keep({ rights }: ConsoleDeps, request: FastifyRequest, acting: Acting, entry: ServiceEntry) {
  const { service, url, timeoutMs, enabled, notice } = entry;
  await rights.addService(entry, (tx) => acting.record(tx, service, { url, timeoutMs, enabled, notice }));
  return redirect(servicePath(languageOf(request), service));
}

async function describe(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const { fields, files } = formOf(request);
  const entry = entryOf(deps, textOf({ fields, files }, 'service'));
  const [file] = files['file'] ?? [];
  const address = textOf({ fields, files }, 'from').trim();
  const refuse = (field: string, detail: string) => {
    const message = `${texts.badDescription[languageOf(request)]} (${detail})`;
    return show(deps, request, acting.actor, entry, formFrom(entry, [{ field, message }]));
  };
  try {
    const text =
      file === undefined ? await fetchDescription(address, deps.context.networks) : file.bytes.toString('utf8');
    const read = parseOpenApi(text);
    if (!read.ok) return refuse(file === undefined ? 'from' : 'file', `${read.error.field} ${read.error.detail}`);
    await deps.rights.describeService(entry.service, read.value, (tx) => acting.record(tx, entry.service));
    return redirect(servicePath(languageOf(request), entry.service));
  } catch (cause) {
    if (cause instanceof Problem && cause.status < 500) return refuse('from', cause.errors[0]?.message ?? cause.detail);
    throw cause;
  }
}
