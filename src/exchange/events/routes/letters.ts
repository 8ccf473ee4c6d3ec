import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { notFound } from '../../../kernel/index.ts';
import type { Answer } from '../../../platform/index.ts';
import { readBody } from '../../gateway/operator.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { formatLetter } from '../model.ts';
import { discardLetters, type LetterDeps, type Letters, replayLetters } from '../service/letters.ts';
import * as store from '../store/dead-letter.ts';

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

const side = Type.Union([Type.Literal('subscriber'), Type.Literal('publisher')]);
const pageSchema = Type.Object(
  {
    subscription: Type.Optional(text(500)),
    side: Type.Optional(side),
    offset: Type.String({ pattern: '^\\d{1,9}$', default: '0' }),
  },
  closed,
);
const readSchema = Type.Object({ service: Type.Optional(text(500)) }, closed);
const sequence = Type.Integer({ minimum: 0 });
const which = {
  side: Type.Union([Type.Literal('subscriber'), Type.Literal('publisher')], { default: 'subscriber' }),
  /** The subscription's id; of the publisher's side the client, with the event type in `service`. */
  subscription: text(500),
  service: Type.String({ maxLength: 500, default: '' }),
  /** One of them, or some; all where both are left out. */
  sequence: Type.Optional(sequence),
  sequences: Type.Optional(Type.Array(sequence, { minItems: 1, maxItems: 1_000 })),
};
const lettersSchema = Type.Object(which, closed);
const discardSchema = Type.Object({ ...which, reason: Type.String({ maxLength: 500, default: '' }) }, closed);

export const LETTERS_PAGE = 50;

/** Events that nobody took: looked at, sent again, given up. */
export function letterRoutes(deps: LetterDeps): readonly OperatorRoute[] {
  return [...readRoutes(deps), ...changeRoutes(deps)];
}

const json = (body: unknown): Answer => ({ kind: 'json', body });

function readRoutes({ core: { context } }: LetterDeps): readonly OperatorRoute[] {
  const { db } = context;
  return [
    {
      id: 'gateway.dead-letter.list',
      summary: 'Events that nobody took, without what is in them',
      query: pageSchema,
      method: 'GET',
      url: '/operator/v1/dead-letters',
      access: 'console.read',
      audit: null,
      rate: 'api',
      async handle(request) {
        const { offset, ...of } = readBody(pageSchema, { body: request.query });
        const { total, letters } = await store.listDeadLetters(db.read, of, {
          offset: Number(offset),
          limit: LETTERS_PAGE,
        });
        return json({ total, letters: letters.map((one) => ({ letter: formatLetter(one), ...one })) });
      },
    },
    {
      id: 'gateway.dead-letter.read',
      summary: 'One event that nobody took, whole',
      query: readSchema,
      method: 'GET',
      url: '/operator/v1/dead-letters/:subscription/:sequence',
      access: 'evidence.read',
      audit: 'dead-letter.read',
      rate: 'api',
      async handle(request) {
        const given = request.params as { readonly subscription: string; readonly sequence: string };
        const { service } = readBody(readSchema, { body: request.query });
        const number = /^\d{1,15}$/.test(given.sequence) ? Number(given.sequence) : -1;
        const key = { subscription: given.subscription, sequence: number };
        const body = await store.readDeadLetter(
          db.read,
          service === undefined ? { ...key, side: 'subscriber', service: '' } : { ...key, side: 'publisher', service },
        );
        if (body === undefined) throw notFound('There is no such dead letter.');
        return { kind: 'text', body, contentType: 'application/cloudevents+json; charset=utf-8' };
      },
    },
  ];
}

function changeRoutes(deps: LetterDeps): readonly OperatorRoute[] {
  const change = { method: 'POST', access: 'events.change', rate: 'api' } as const;
  return [
    {
      ...change,
      id: 'gateway.dead-letter.replay',
      summary: 'Hands dead letters on again',
      body: lettersSchema,
      url: '/operator/v1/dead-letters/replay',
      audit: 'dead-letter.replayed',
      async handle(request, acting) {
        const replayed = await replayLetters(deps, lettersOf(readBody(lettersSchema, request)), acting);
        if (replayed === 0) throw notFound('There is no such dead letter.');
        return json({ replayed });
      },
    },
    {
      ...change,
      id: 'gateway.dead-letter.discard',
      summary: 'Gives dead letters up, with a reason',
      body: discardSchema,
      url: '/operator/v1/dead-letters/discard',
      audit: 'dead-letter.discarded',
      async handle(request: FastifyRequest, acting) {
        const { reason, ...asked } = readBody(discardSchema, request);
        const discarded = await discardLetters(deps, lettersOf(asked), reason, acting);
        if (discarded === 0) throw notFound('There is no such dead letter.');
        return json({ discarded });
      },
    },
  ];
}

type Asked = Type.Static<typeof lettersSchema>;

function lettersOf({ sequence: one, sequences, ...of }: Asked): Letters {
  return { ...of, sequences: sequences ?? (one === undefined ? null : [one]) };
}
