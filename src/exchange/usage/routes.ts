import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { conflict, notFound } from '../../kernel/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import { readBody } from '../gateway/operator.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { contestNumber } from './model.ts';
import * as store from './store.ts';

const closed = { additionalProperties: false } as const;
const answerSchema = Type.Object(
  {
    state: Type.Union([Type.Literal('upheld'), Type.Literal('rejected')]),
    /** What the person reads. */
    answer: Type.String({ minLength: 1, maxLength: 2_000 }),
  },
  closed,
);
const pageSchema = Type.Object({ offset: Type.String({ pattern: '^\\d{1,9}$', default: '0' }) }, closed);
export const CONTESTS_PAGE = 50;

/** What persons contest, for the operators who may read what messages say. */
export function contestRoutes({ context }: GatewayCore): readonly OperatorRoute[] {
  return [
    {
      id: 'gateway.contest.list',
      summary: 'Uses of their data that persons contest',
      query: pageSchema,
      method: 'GET',
      url: '/operator/v1/contests',
      access: 'contests.answer',
      audit: null,
      rate: 'api',
      async handle(request) {
        const { offset } = readBody(pageSchema, { body: request.query });
        const page = { offset: Number(offset), limit: CONTESTS_PAGE };
        const { total, contests } = await store.listContests(context.db.read, page);
        const views = contests.map((one) => ({ ...one, number: contestNumber(one) }));
        return { kind: 'json', body: { total, contests: views } };
      },
    },
    {
      id: 'gateway.contest.answer',
      summary: 'Answers a person who contests a use of their data',
      body: answerSchema,
      method: 'POST',
      url: '/operator/v1/contests/:id/answer',
      access: 'contests.answer',
      audit: 'contest.answered',
      rate: 'api',
      async handle(request, acting) {
        const id = contestIdOf(request);
        const { state, answer } = readBody(answerSchema, request);
        await context.db.transaction(async (tx) => {
          const given = { state, answer, now: context.clock() };
          if (!(await store.answerContest(tx, id, given))) throw await refusal(tx, id);
          await acting.record(tx, String(id), { state });
        });
        return { kind: 'json', body: { id, state } };
      },
    },
  ];
}

export function contestIdOf(request: FastifyRequest): number {
  const { id } = request.params as { readonly id: string };
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0;
}

async function refusal(tx: Parameters<typeof store.findContest>[0], id: number) {
  const found = await store.findContest(tx, id);
  if (found === undefined) return notFound('There is no such contest.');
  return conflict('This contest is answered already; an answer that the person has read does not change.');
}
