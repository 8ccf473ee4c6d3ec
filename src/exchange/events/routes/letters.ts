import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { conflict, notFound } from '../../../kernel/index.ts';
import type { Answer, Tx } from '../../../platform/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { readBody } from '../../gateway/operator.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { type DeliverDeps, replayRefused } from '../service/deliver.ts';
import { requestProblem } from '../service/problems.ts';
import * as store from '../store/dead-letter.ts';
import { findSubscriber } from '../store/subscriber.ts';

export type LetterDeps = {
  readonly core: GatewayCore;
  readonly deliver: DeliverDeps;
  /** Of what is handed on here. */
  readonly wake: () => void;
};

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

const pageSchema = Type.Object(
  {
    subscription: Type.Optional(text(200)),
    offset: Type.String({ pattern: '^\\d{1,9}$', default: '0' }),
  },
  closed,
);
const lettersSchema = Type.Object(
  {
    side: Type.Union([Type.Literal('subscriber'), Type.Literal('publisher')], { default: 'subscriber' }),
    /** The subscription's id; of the publisher's side the client, with the event type in `service`. */
    subscription: text(500),
    service: Type.Optional(text(500)),
    /** One of them; all where it is left out. */
    sequence: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);

type Asked = Static<typeof lettersSchema>;

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
      method: 'GET',
      url: '/operator/v1/dead-letters',
      access: 'console.read',
      audit: null,
      rate: 'api',
      async handle(request) {
        const { subscription, offset } = readBody(pageSchema, { body: request.query });
        const page = { offset: Number(offset), limit: LETTERS_PAGE };
        return json(await store.listDeadLetters(db.read, { subscription }, page));
      },
    },
    {
      id: 'gateway.dead-letter.read',
      method: 'GET',
      url: '/operator/v1/dead-letters/:subscription/:sequence',
      access: 'evidence.read',
      audit: 'dead-letter.read',
      rate: 'api',
      async handle(request) {
        const given = request.params as { readonly subscription: string; readonly sequence: string };
        const sequence = /^\d{1,15}$/.test(given.sequence) ? Number(given.sequence) : -1;
        const body = await store.readDeadLetter(db.read, { subscription: given.subscription, sequence });
        if (body === undefined) throw notFound('There is no such dead letter.');
        return { kind: 'text', body, contentType: 'application/cloudevents+json; charset=utf-8' };
      },
    },
  ];
}

function changeRoutes(deps: LetterDeps): readonly OperatorRoute[] {
  const { context } = deps.core;
  const change = { method: 'POST', access: 'events.change', rate: 'api' } as const;
  return [
    {
      ...change,
      id: 'gateway.dead-letter.replay',
      url: '/operator/v1/dead-letters/replay',
      audit: 'dead-letter.replayed',
      async handle(request, acting) {
        const asked = readLetters(request);
        if (asked.side === 'publisher') return json({ replayed: await sendAgain(deps, asked) });
        const replayed = await context.db.transaction(async (tx) => {
          const now = context.clock();
          const count = await store.replayDeadLetters(tx, asked.subscription, asked.sequence ?? null, now);
          if (count === 0) throw notFound('There is no such dead letter.');
          await acting.record(tx, asked.subscription, { events: count });
          return count;
        });
        deps.wake();
        return json({ replayed });
      },
    },
    {
      ...change,
      id: 'gateway.dead-letter.discard',
      url: '/operator/v1/dead-letters/discard',
      audit: 'dead-letter.discarded',
      async handle(request, acting) {
        const asked = readLetters(request);
        const discarded = await context.db.transaction(async (tx) => {
          const count = await discard(tx, asked, context.clock());
          if (count === 0) throw notFound('There is no such dead letter.');
          await acting.record(tx, asked.subscription, { events: count });
          return count;
        });
        return json({ discarded });
      },
    },
  ];
}

const readLetters = (request: FastifyRequest): Asked => readBody(lettersSchema, request);

const keyOf = ({ service = '', subscription }: Asked) => ({ service, client: subscription });

/** To the other gateway, and out of the list only when that has taken them: nothing of it is one transaction. */
async function sendAgain({ core, deliver }: LetterDeps, asked: Asked): Promise<number> {
  const subscriber = await findSubscriber(core.context.db.read, keyOf(asked));
  if (subscriber?.state !== 'active') throw conflict('The subscriber has ended: nothing can be sent to it.');
  return replayRefused(deliver, subscriber, asked.sequence ?? null).catch((cause: unknown) => {
    throw requestProblem(cause);
  });
}

async function discard(tx: Tx, asked: Asked, now: Date): Promise<number> {
  if (asked.side === 'subscriber') {
    return store.discardDeadLetters(tx, asked.subscription, asked.sequence ?? null, now);
  }
  const refused = await store.listRefused(tx, keyOf(asked), asked.sequence ?? null);
  await store.removeRefused(tx, keyOf(asked), refused);
  return refused.length;
}
