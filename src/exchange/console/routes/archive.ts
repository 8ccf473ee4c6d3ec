import type { FastifyRequest } from 'fastify';
import { notFound, Problem } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import type { SummaryError } from '../../../web/index.ts';
import { eraseExchange, eraseSubject } from '../../archive/service.ts';
import { listBodies, listBodiesOf } from '../../archive/store.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, paramOf, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import type { ConsoleDeps } from '../deps.ts';
import { ARCHIVE, archivePage, erasePage, erasePersonPage } from '../pages/archive.ts';
import { archiveTexts as texts } from '../texts/archive.ts';

const EXCHANGE = '/:language/console/traffic/:exchange/erase';
const BASE = '/:language/console/archive';
const PAGE = 50;

export function archivePages(deps: ConsoleDeps): readonly OperatorRoute[] {
  const ask = { method: 'GET', access: 'archive.erase', audit: null, rate: 'page' } as const;
  const erase = { method: 'POST', access: 'archive.erase', audit: 'archive.erased', rate: 'form' } as const;
  return [
    {
      id: 'console.archive.list',
      method: 'GET',
      url: BASE,
      access: 'console.read',
      audit: null,
      rate: 'page',
      async handle(request, { actor }) {
        const before = /^\d{1,15}$/.exec(queryOf(request, 'before'))?.[0] ?? Number.MAX_SAFE_INTEGER;
        const bodies = await listBodies(deps.context.db.read, Number(before), PAGE);
        const older = bodies.length === PAGE ? bodies.at(-1)?.index : undefined;
        const isErased = queryOf(request, 'erased') === 'yes';
        return page(archivePage(frameOf(deps.house, request, actor), { bodies, older, isErased }));
      },
    },
    {
      ...ask,
      id: 'console.archive.person.ask',
      url: `${BASE}/person`,
      handle: async (request, { actor }) =>
        page(erasePersonPage(frameOf(deps.house, request, actor), { reason: '', errors: [] })),
    },
    {
      ...erase,
      id: 'console.archive.person',
      url: `${BASE}/person`,
      handle: (request, acting) => erasePerson(deps, request, acting),
    },
    {
      ...ask,
      id: 'console.archive.erase.ask',
      url: EXCHANGE,
      handle: (request, { actor }) => askErase(deps, request, actor, { reason: '', errors: [] }),
    },
    {
      ...erase,
      id: 'console.archive.erase',
      url: EXCHANGE,
      async handle(request, acting) {
        const exchange = paramOf(request, 'exchange');
        const { reason, errors } = reasonOf(request);
        if (errors.length > 0) return askErase(deps, request, acting.actor, { reason, errors });
        await eraseExchange(deps.context, exchange, reason, acting);
        return redirect(`/${languageOf(request)}/console/traffic/${encodeURIComponent(exchange)}#archive`);
      },
    },
  ];
}

type Given = { readonly reason: string; readonly errors: readonly SummaryError[] };

function reasonOf(request: FastifyRequest): Given {
  const reason = textOf(formOf(request), 'reason').trim().slice(0, 500);
  const message = texts.reasonMissing[languageOf(request)];
  return { reason, errors: reason.length < 3 ? [{ field: 'reason', message }] : [] };
}

async function askErase(deps: ConsoleDeps, request: FastifyRequest, actor: Acting['actor'], given: Given) {
  const exchange = paramOf(request, 'exchange');
  const bodies = (await listBodiesOf(deps.context.db.read, exchange)).filter((one) => one.erasedAt === null);
  if (bodies.length === 0) throw notFound('There is no archived body to erase here.');
  const frame = frameOf(deps.house, request, actor, `/console/traffic/${encodeURIComponent(exchange)}/erase`);
  return page(erasePage(frame, { exchange, bodies, ...given }), given.errors.length > 0 ? 422 : 200);
}

async function erasePerson(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const language = languageOf(request);
  const subject = textOf(formOf(request), 'subject').trim();
  const { reason, errors } = reasonOf(request);
  const again = (wrong: readonly SummaryError[]) =>
    page(
      erasePersonPage(frameOf(deps.house, request, acting.actor, `${ARCHIVE}/person`), { reason, errors: wrong }),
      422,
    );
  const missing = subject === '' ? [{ field: 'subject', message: texts.subjectMissing[language] }] : [];
  if (missing.length + errors.length > 0) return again([...missing, ...errors]);
  try {
    await eraseSubject(deps.context, subject, reason, acting);
  } catch (cause) {
    if (!(cause instanceof Problem && cause.status === 404)) throw cause;
    return again([{ field: 'subject', message: texts.subjectUnknown[language] }]);
  }
  return redirect(`/${language}${ARCHIVE}?erased=yes`);
}
