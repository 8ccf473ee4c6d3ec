import type { FastifyRequest } from 'fastify';
import { conflict, notFound } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import type { SummaryError } from '../../../web/index.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, pageNumberOf, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import type { Contest } from '../../usage/model.ts';
import { contestIdOf } from '../../usage/routes.ts';
import { answerContest, findContest, isContestOrder, listContests } from '../../usage/store.ts';
import type { ConsoleDeps } from '../deps.ts';
import { contestPage, contestPath, contestsPage } from '../pages/contests.ts';
import { contestTexts as texts } from '../texts/contests.ts';

const BASE = '/:language/console/contests';
const PAGE = 50;

export function contestPages(deps: ConsoleDeps): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'contests.answer', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.contest.list',
      url: BASE,
      async handle(request, { actor }) {
        const nth = pageNumberOf(request);
        const sort = queryOf(request, 'sort');
        const order = isContestOrder(sort) ? sort : 'waiting';
        const listed = await listContests(deps.context.db.read, { offset: (nth - 1) * PAGE, limit: PAGE, order });
        return page(contestsPage(frameOf(deps.house, request, actor), { ...listed, page: nth, pageSize: PAGE }));
      },
    },
    {
      ...read,
      id: 'console.contest.show',
      url: `${BASE}/:id`,
      handle: async (request, { actor }) =>
        page(contestPage(frameOf(deps.house, request, actor), await contestOf(deps, request))),
    },
    {
      id: 'console.contest.answer',
      method: 'POST',
      url: `${BASE}/:id`,
      access: 'contests.answer',
      audit: 'contest.answered',
      rate: 'form',
      handle: (request, acting) => answer(deps, request, acting),
    },
  ];
}

async function contestOf({ context }: ConsoleDeps, request: FastifyRequest): Promise<Contest> {
  const found = await findContest(context.db.read, contestIdOf(request));
  if (found === undefined) throw notFound('There is no such contest.');
  return found;
}

async function answer(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const { context } = deps;
  const contest = await contestOf(deps, request);
  const language = languageOf(request);
  const form = formOf(request);
  const given = { state: textOf(form, 'state'), answer: textOf(form, 'answer').trim().slice(0, 2_000) };
  const state = given.state === 'upheld' || given.state === 'rejected' ? given.state : undefined;
  const errors: SummaryError[] = [
    ...(state === undefined ? [{ field: 'state', message: texts.decisionMissing[language] }] : []),
    ...(given.answer === '' ? [{ field: 'answer', message: texts.answerMissing[language] }] : []),
  ];
  if (state === undefined || errors.length > 0) {
    const frame = frameOf(deps.house, request, acting.actor, `/console/contests/${contest.id}`);
    return page(contestPage(frame, contest, { ...given, errors }), 422);
  }
  await context.db.transaction(async (tx) => {
    const done = await answerContest(tx, contest.id, { state, answer: given.answer, now: context.clock() });
    // Two operators, or a double click: the first answer stands, and is what the person reads.
    if (!done) throw conflict('This contest is answered already; an answer that the person has read does not change.');
    await acting.record(tx, String(contest.id), { state });
  });
  return redirect(contestPath(language, contest.id));
}
