import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { formOf } from '../../../platform/index.ts';
import type { SummaryError } from '../../../web/index.ts';
import { subjectHash } from '../../gateway/entry.ts';
import { readBody } from '../../gateway/operator.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, queryOf, textOf } from '../../operators/routes/page.ts';
import type { ConsoleDeps } from '../deps.ts';
import { EVIDENCE, type EvidenceView, evidencePage, SEARCH_FIELDS, type SearchValues } from '../pages/evidence.ts';
import { listTraffic, type TrafficFilter } from '../store/traffic.ts';
import { evidenceTexts as texts } from '../texts/evidence.ts';

const PAGE_SIZE = 50;
const MOST_OF_SUBJECT = 200;
const DAY_MS = 86_400_000;
const EVER = new Date(0);

const line = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }));
const searchSchema = Type.Object(
  {
    id: line(300),
    subject: line(200),
    service: line(500),
    client: line(500),
    fault: line(80),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    until: Type.Optional(Type.String({ format: 'date-time' })),
    before: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);

/** Exchanges by what somebody knows of one who has to prove it. */
export function evidenceRoutes(deps: ConsoleDeps): readonly OperatorRoute[] {
  return [
    {
      id: 'console.evidence.list',
      method: 'GET',
      url: '/:language/console/evidence',
      access: 'evidence.read',
      audit: null,
      rate: 'page',
      handle: (request, acting) => search(deps, request, acting),
    },
    {
      id: 'console.evidence.of-subject',
      method: 'POST',
      url: '/:language/console/evidence/subject',
      access: 'evidence.read',
      audit: 'evidence.searched',
      rate: 'form',
      handle: (request, acting) => searchSubject(deps, request, acting),
    },
    {
      // A body, not an address: a subject is a person's number.
      id: 'gateway.exchange.search',
      summary: 'Messages by what their headers say; a person is looked for by the hash of their number',
      body: searchSchema,
      method: 'POST',
      url: '/operator/v1/exchanges/search',
      access: 'evidence.read',
      audit: 'evidence.searched',
      rate: 'api',
      async handle(request, acting) {
        const { subject, id, from, until, ...rest } = readBody(searchSchema, request);
        const { db, subjectKey } = deps.context;
        const filter: TrafficFilter = {
          ...rest,
          id,
          subject: subjectHash(subject, subjectKey) ?? undefined,
          from: from === undefined ? EVER : new Date(from),
          until: until === undefined ? undefined : new Date(until),
        };
        const exchanges = await listTraffic(db.read, filter, MOST_OF_SUBJECT);
        await db.transaction((tx) => acting.record(tx, '', { by: Object.keys(request.body ?? {}).toSorted() }));
        return { kind: 'json', body: { exchanges } };
      },
    },
  ];
}

const NO_VALUES: SearchValues = { id: '', service: '', client: '', fault: '', from: '', until: '' };

async function search(deps: ConsoleDeps, request: FastifyRequest, { actor }: Acting) {
  const frame = frameOf(deps.house, request, actor);
  const values = Object.fromEntries(SEARCH_FIELDS.map((name) => [name, queryOf(request, name).trim()])) as SearchValues;
  const errors = dateErrors(values, request);
  if (errors.length > 0) return page(evidencePage(frame, { values, errors }), 422);
  if (SEARCH_FIELDS.every((name) => values[name] === '')) return page(evidencePage(frame, { values, errors }));
  const before = queryOf(request, 'before');
  const found = await listTraffic(
    deps.context.db.read,
    { ...filterOf(values), before: /^\d{1,15}$/.test(before) ? Number(before) : undefined },
    PAGE_SIZE + 1,
  );
  const rows = found.slice(0, PAGE_SIZE);
  const last = rows.at(-1);
  const kept = Object.entries(values).filter(([, value]) => value !== '');
  const older = `/${languageOf(request)}${EVIDENCE}?${new URLSearchParams([...kept, ['before', String(last?.index)]])}`;
  const view: EvidenceView = { values, errors, rows, older: found.length > PAGE_SIZE ? older : undefined };
  return page(evidencePage(frame, view));
}

function dateErrors(values: SearchValues, request: FastifyRequest): readonly SummaryError[] {
  const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  return (['from', 'until'] as const)
    .filter((field) => values[field] !== '' && !isDate(values[field]))
    .map((field) => ({ field, message: texts.badDate[languageOf(request)] }));
}

/** The last day is within. */
function filterOf({ id, service, client, fault, from, until }: SearchValues): TrafficFilter {
  const orNone = (value: string) => (value === '' ? undefined : value);
  if (id !== '') return { id, from: EVER };
  return {
    service: orNone(service),
    client: orNone(client),
    fault: orNone(fault),
    from: from === '' ? EVER : new Date(from),
    until: until === '' ? undefined : new Date(Date.parse(until) + DAY_MS),
  };
}

async function searchSubject(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const { db, subjectKey } = deps.context;
  const frame = frameOf(deps.house, request, acting.actor, EVIDENCE);
  const hash = subjectHash(textOf(formOf(request), 'subject', 200).trim() || undefined, subjectKey);
  if (hash === null) {
    const errors = [{ field: 'subject', message: texts.badSubject[frame.language] }];
    return page(evidencePage(frame, { values: NO_VALUES, errors }), 422);
  }
  const rows = await listTraffic(db.read, { subject: hash, from: EVER }, MOST_OF_SUBJECT);
  // Who looked, and for how many; never for whom.
  await db.transaction((tx) => acting.record(tx, '', { by: ['subject'] }));
  return page(evidencePage(frame, { values: NO_VALUES, errors: [], rows, isOfSubject: true }));
}
