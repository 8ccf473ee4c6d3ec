import { X509Certificate } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type LocalText, notFound, Problem, parseJson } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import type { SummaryError } from '../../../web/index.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import { may } from '../../operators/rules.ts';
import type { ListedGroup, ListedTsa, ListedWitness } from '../../trust/list-parts.ts';
import { pageOf } from '../catalogue.ts';
import { registryHouse } from '../pages/frame.ts';
import {
  PART_FIELDS,
  type PartFields,
  type PartForm,
  type PartPage,
  type PartRow,
  partFormPage,
  partPath,
  partsPage,
  removePartPage,
} from '../pages/parts.ts';
import { putFederation, removeFederation } from '../service/federate.ts';
import { putAuthority, putPart, removeAuthority, removePart } from '../service/part.ts';
import { listFederations } from '../store/federation.ts';
import { listAuthorities, listParts } from '../store/part.ts';
import { partTexts as texts } from '../texts/parts.ts';
import type { ApiDeps } from './api.ts';

/** One kind: what it holds now, as rows and as a form's fields, and how it is changed; the services are the API's. */
type Kind = {
  readonly page: PartPage;
  readonly access: 'registration.decide' | 'trust.change';
  readonly put: 'registry.part-put' | 'registry.authority-put' | 'registry.federation-put';
  readonly removed: 'registry.part-removed' | 'registry.authority-removed' | 'registry.federation-removed';
  list(): Promise<readonly { readonly row: PartRow; readonly fields: PartFields }[]>;
  save(acting: Acting, fields: PartFields): Promise<unknown>;
  remove(acting: Acting, key: string): Promise<void>;
};

const SEE = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;

export function partPages(deps: ApiDeps): readonly OperatorRoute[] {
  const begin: OperatorRoute = {
    ...SEE,
    id: 'console.parts',
    url: '/:language/console/parts',
    handle: async (request) => redirect(partPath(languageOf(request), 'groups')),
  };
  return [begin, ...kindsOf(deps).flatMap((kind) => [...shown(deps, kind), ...acted(deps, kind)])];
}

const lines = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

function kindsOf({ registry, clock }: ApiDeps): readonly Kind[] {
  const { read } = registry.db;
  const parts = { access: 'trust.change', put: 'registry.part-put', removed: 'registry.part-removed' } as const;
  return [
    {
      ...parts,
      page: 'groups',
      access: 'registration.decide',
      list: async () => (await listParts<ListedGroup>(read, 'group')).map(groupRow),
      save(acting, { code = '', nameAr, nameFr, subsystems }) {
        const body = { name: { ar: nameAr, fr: nameFr }, subsystems: lines(subsystems) };
        return putPart(registry, acting, { kind: 'group', code, body }, clock());
      },
      remove: (acting, key) => removePart(registry, acting, 'group', key, clock()),
    },
    {
      ...parts,
      page: 'witnesses',
      list: async () => (await listParts<ListedWitness>(read, 'witness')).map(witnessRow),
      save: (acting, { name = '', vkey, url }) =>
        putPart(registry, acting, { kind: 'witness', code: name, body: { vkey, url } }, clock()),
      remove: (acting, key) => removePart(registry, acting, 'witness', key, clock()),
    },
    {
      ...parts,
      page: 'timestamp-authorities',
      list: async () => (await listParts<ListedTsa>(read, 'timestamp-authority')).map(tsaRow),
      save(acting, { name = '', url, certificate = '' }) {
        const body = { url, certificate: derOf(certificate) };
        return putPart(registry, acting, { kind: 'timestamp-authority', code: name, body }, clock());
      },
      remove: (acting, key) => removePart(registry, acting, 'timestamp-authority', key, clock()),
    },
    {
      page: 'authorities',
      access: 'trust.change',
      put: 'registry.authority-put',
      removed: 'registry.authority-removed',
      list: async () =>
        (await listAuthorities(read)).map(({ id, name }) => ({
          row: { key: id, name, fact: id, problem: null },
          fields: { name },
        })),
      save: (acting, { name = '', certificate = '' }) => putAuthority(registry, acting, name, certificate, clock()),
      remove: (acting, key) => removeAuthority(registry, acting, key, clock()),
    },
    federationKind({ registry, clock }),
  ];
}

function federationKind({ registry, clock }: ApiDeps): Kind {
  return {
    page: 'federation',
    access: 'trust.change',
    put: 'registry.federation-put',
    removed: 'registry.federation-removed',
    list: async () =>
      (await listFederations(registry.db.read)).map(({ instance, url, problem, anchor, filter }) => ({
        row: { key: instance, name: instance, fact: url, problem },
        fields: {
          ...{ instance, url, anchor: JSON.stringify(anchor, null, 2), classes: filter.classes.join('\n') },
          ...{ members: filter.members.join('\n'), subsystems: filter.subsystems.join('\n') },
        },
      })),
    save(acting, { instance = '', url, anchor = '', classes, members, subsystems }) {
      const read = parseJson(anchor, { maxChars: 20_000, maxDepth: 4 });
      const filter = { classes: lines(classes), members: lines(members), subsystems: lines(subsystems) };
      return putFederation(registry, acting, instance, { url, anchor: read.ok ? read.value : null, filter }, clock());
    },
    remove: (acting, key) => removeFederation(registry, acting, key, clock()),
  };
}

const nameText = ({ ar, fr }: LocalText) => `${ar} · ${fr}`;
const groupRow = ({ code, name, subsystems }: ListedGroup) => ({
  row: { key: code, name: `${code} · ${nameText(name)}`, fact: subsystems.join(' '), problem: null },
  fields: { code, nameAr: name.ar, nameFr: name.fr, subsystems: subsystems.join('\n') },
});
const witnessRow = ({ name, vkey, url }: ListedWitness) => ({
  row: { key: name, name, fact: url, problem: null },
  fields: { name, vkey, url },
});
const tsaRow = ({ name, url, certificate }: ListedTsa) => ({
  row: { key: name, name, fact: url, problem: null },
  fields: { name, url, certificate: pemOf(certificate) },
});

const pemOf = (base64: string) => new X509Certificate(Buffer.from(base64, 'base64')).toString();

/** What is no certificate is left to the service to refuse. */
function derOf(pem: string): string {
  try {
    return new X509Certificate(pem).raw.toString('base64');
  } catch {
    return '-';
  }
}

function shown(deps: ApiDeps, kind: Kind): readonly OperatorRoute[] {
  const url = `/:language/console/parts/${kind.page}`;
  return [
    {
      ...SEE,
      id: `console.${kind.page}.list`,
      url,
      async handle(request, { actor }) {
        const isDescending = queryOf(request, 'sort') === '-name';
        const all = (await kind.list()).map(({ row }) => row);
        const order = new Intl.Collator(languageOf(request), { numeric: true }).compare;
        const sorted = all.toSorted((a, b) => (isDescending ? order(b.name, a.name) : order(a.name, b.name)));
        const { page: nth, total, shown: rows } = pageOf(sorted, queryOf(request, 'page'));
        const saved = queryOf(request, 'saved') !== '';
        const view = {
          kind: kind.page,
          rows,
          page: nth,
          total,
          isDescending,
          mayChange: may(kind.access, actor),
          saved,
        };
        return page(partsPage(frameOf(houseOf(deps), request, actor), view));
      },
    },
    {
      ...SEE,
      id: `console.${kind.page}.edit`,
      url: `${url}/edit`,
      access: kind.access,
      async handle(request, { actor }) {
        const key = queryOf(request, 'key');
        const found = key === '' ? undefined : await need(kind, key);
        const form = { kind: kind.page, key: found?.row.key, fields: found?.fields ?? {}, reason: '', errors: [] };
        return page(partFormPage(frameOf(houseOf(deps), request, actor), form));
      },
    },
    {
      ...SEE,
      id: `console.${kind.page}.remove.ask`,
      url: `${url}/remove`,
      access: kind.access,
      async handle(request, { actor }) {
        const { row } = await need(kind, queryOf(request, 'key'));
        return page(
          removePartPage(frameOf(houseOf(deps), request, actor), { kind: kind.page, row, reason: '', errors: [] }),
        );
      },
    },
  ];
}

const houseOf = ({ registry }: ApiDeps) => registryHouse(registry.keys.anchor.instance);

async function need(kind: Kind, key: string) {
  const found = (await kind.list()).find(({ row }) => row.key === key);
  if (found === undefined) throw notFound('There is none of this name.');
  return found;
}

function acted(deps: ApiDeps, kind: Kind): readonly OperatorRoute[] {
  const act = { method: 'POST', access: kind.access, rate: 'form' } as const;
  const url = `/:language/console/parts/${kind.page}`;
  return [
    {
      ...act,
      id: `console.${kind.page}.save`,
      url,
      audit: kind.put,
      handle: (request, acting) => save(deps, kind, request, acting),
    },
    {
      ...act,
      id: `console.${kind.page}.remove`,
      url: `${url}/remove`,
      audit: kind.removed,
      handle: (request, acting) => remove(deps, kind, request, acting),
    },
  ];
}

/** The reason stands in the act's entry, beside what was done. */
function withReason(acting: Acting, reason: string): Acting {
  return { ...acting, record: (tx, target, detail) => acting.record(tx, target, { ...detail, reason }) };
}

async function save(deps: ApiDeps, kind: Kind, request: FastifyRequest, acting: Acting) {
  const language = languageOf(request);
  const posted = formOf(request);
  const raw = (name: string) => String([posted.fields[name] ?? ''].flat()[0] ?? '').slice(0, 40_000);
  const fields = Object.fromEntries(Object.keys(PART_FIELDS[kind.page]).map((name) => [name, raw(name).trim()]));
  const reason = textOf(posted, 'reason').trim().slice(0, 500);
  const key = textOf(posted, 'key') === '' ? undefined : textOf(posted, 'key');
  const again = (errors: readonly SummaryError[]) => {
    const form: PartForm = { kind: kind.page, key, fields, reason, errors };
    const path = partPath(language, kind.page, '/edit').slice(3);
    return page(partFormPage(frameOf(houseOf(deps), request, acting.actor, path), form), 422);
  };
  if (reason === '') return again([{ field: 'reason', message: texts.reasonNeeded[language] }]);
  try {
    await kind.save(withReason(acting, reason), fields);
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.status >= 500) throw cause;
    const field = fieldOf(kind.page, cause.detail);
    return again([{ field, message: texts.bad[field][language] }]);
  }
  return redirect(partPath(language, kind.page, '?saved=yes'));
}

/** The form's field that a refusal of the service is about: it begins with the pointer, or the key is wrong. */
function fieldOf(kind: PartPage, detail: string): keyof typeof texts.bad {
  const pointer = /^\/([A-Za-z]+)(?:\/([A-Za-z]+))?/.exec(detail);
  const named = pointer?.[1] === 'name' && pointer[2] === 'ar' ? 'nameAr' : (pointer?.[1] ?? '');
  const inFilter = named === 'filter' ? (pointer?.[2] ?? 'classes') : named;
  const fields = Object.keys(PART_FIELDS[kind]);
  const found = inFilter === 'name' && kind === 'groups' ? 'nameFr' : inFilter;
  if (fields.includes(found)) return found as keyof typeof texts.bad;
  // Another registry that does not answer, or answers under other keys.
  return kind === 'federation' ? 'anchor' : (fields[0] as keyof typeof texts.bad);
}

async function remove(deps: ApiDeps, kind: Kind, request: FastifyRequest, acting: Acting) {
  const language = languageOf(request);
  const posted = formOf(request);
  const reason = textOf(posted, 'reason').trim().slice(0, 500);
  const { row } = await need(kind, textOf(posted, 'key'));
  const again = (message: string, field = 'reason') => {
    const path = partPath(language, kind.page, `/remove?key=${encodeURIComponent(row.key)}`).slice(3);
    const frame = frameOf(houseOf(deps), request, acting.actor, path);
    return page(removePartPage(frame, { kind: kind.page, row, reason, errors: [{ field, message }] }), 422);
  };
  if (reason === '') return again(texts.reasonNeeded[language]);
  try {
    await kind.remove(withReason(acting, reason), row.key);
  } catch (cause) {
    if (cause instanceof Problem && cause.status === 409) return again(texts.inUse[language]);
    throw cause;
  }
  return redirect(partPath(language, kind.page, '?saved=yes'));
}
