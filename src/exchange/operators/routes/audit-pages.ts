import type { FastifyRequest } from 'fastify';
import type { OperatorsDeps } from '../deps.ts';
import type { OperatorRoute } from '../guard.ts';
import { BOOTSTRAP, COMMAND } from '../model.ts';
import { auditPage } from '../pages/audit.ts';
import type { ConsoleFrame, House } from '../pages/frame.ts';
import { readSorting } from '../sorting.ts';
import { listAccounts } from '../store/account.ts';
import { EVENT_COLUMNS, listEvents, NEWEST_FIRST } from '../store/event.ts';
import { auditTexts } from '../texts/operators.ts';
import { eventFilterOf } from './api.ts';
import { frameOf, page, queryOf } from './page.ts';

const PAGE_SIZE = 50;

export function auditRoutes(deps: OperatorsDeps, house: House): readonly OperatorRoute[] {
  return [
    {
      id: 'console.audit.list',
      method: 'GET',
      url: '/:language/console/audit',
      access: 'audit.read',
      audit: null,
      rate: 'page',
      async handle(request, { actor }) {
        const frame = frameOf(house, request, actor);
        const errors = dateErrors(request, frame);
        return page(await show(deps, frame, request, errors), errors.length > 0 ? 422 : 200);
      },
    },
  ];
}

const FIELDS = ['operator', 'event', 'outcome', 'from', 'until'] as const;

function dateErrors(request: FastifyRequest, { language }: ConsoleFrame) {
  return (['from', 'until'] as const)
    .filter((field) => {
      const value = queryOf(request, field);
      return value !== '' && (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value)));
    })
    .map((field) => ({ field, message: auditTexts.badDate[language] }));
}

async function show(
  deps: OperatorsDeps,
  frame: ConsoleFrame,
  request: FastifyRequest,
  errors: ReturnType<typeof dateErrors>,
): Promise<string> {
  const wrong = new Set<string>(errors.map((one) => one.field));
  const given = Object.fromEntries(FIELDS.map((name) => [name, queryOf(request, name)]));
  const good = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
  const before = queryOf(request, 'before');
  const sort = queryOf(request, 'sort');
  const sorting = readSorting(sort, EVENT_COLUMNS, NEWEST_FIRST);
  const found = await listEvents(deps.db.read, eventFilterOf({ ...good, before }), PAGE_SIZE + 1, sorting);
  const events = found.slice(0, PAGE_SIZE);
  const last = events.at(-1);
  const href = (more: Readonly<Record<string, string>>) => {
    const kept = Object.entries({ ...good, sort, ...more }).filter(([, value]) => value !== '');
    return `/${frame.language}/console/audit?${new URLSearchParams(kept)}`;
  };
  const accounts = await listAccounts(deps.db.read);
  return auditPage(frame, {
    events,
    names: new Map([...accounts, BOOTSTRAP, COMMAND].map(({ id, name }) => [id, name])),
    filter: { operator: '', event: '', outcome: '', from: '', until: '', ...given },
    errors,
    sorting,
    next: found.length > PAGE_SIZE && last !== undefined ? href({ before: String(last.index) }) : undefined,
    first: before === '' ? undefined : href({}),
  });
}
