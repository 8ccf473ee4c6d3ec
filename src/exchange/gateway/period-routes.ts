import Type from 'typebox';
import { invalid } from '../../kernel/index.ts';
import type { Answer } from '../../platform/index.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import type { GatewayCore } from './extension.ts';
import { readBody } from './operator.ts';
import { periodEntries, periodHead, sealPeriod } from './period.ts';

const closed = { additionalProperties: false } as const;
const instant = Type.String({ format: 'date-time' });
const place = Type.String({ pattern: '^\\d{1,15}$' });
const MOST = 500;
const spanSchema = Type.Object({ from: instant, until: instant }, closed);
const rangeSchema = Type.Object({ first: place, end: place }, closed);
const sealSchema = Type.Object({ manifest: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, closed);

/** The part of the ledger that a period fills, and the gateway's word for a list of its evidence. */
export function periodRoutes({ context }: GatewayCore): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'evidence.read', audit: null, rate: 'api' } as const;
  return [
    {
      ...read,
      id: 'gateway.evidence.ledger',
      summary: 'Which part of the ledger a period is in',
      query: spanSchema,
      url: '/operator/v1/evidence/ledger',
      async handle(request) {
        const { from, until } = readBody(spanSchema, { body: request.query });
        return json(await periodHead(context, new Date(from), new Date(until)));
      },
    },
    {
      ...read,
      id: 'gateway.evidence.entries',
      summary: 'Entries of the ledger in a range',
      query: rangeSchema,
      url: '/operator/v1/evidence/ledger/entries',
      async handle(request) {
        const given = readBody(rangeSchema, { body: request.query });
        const [first, end] = [Number(given.first), Number(given.end)];
        if (end <= first || end - first > MOST)
          throw invalid('The range is not acceptable.', [{ field: '/end', message: `1 to ${MOST} after first` }]);
        return json({ entries: await periodEntries(context, first, end) });
      },
    },
    {
      id: 'gateway.evidence.seal',
      summary: 'Seals the list of a period’s evidence with the gateway’s signature',
      body: sealSchema,
      method: 'POST',
      url: '/operator/v1/evidence/seal',
      access: 'evidence.read',
      audit: 'evidence.period-sealed',
      rate: 'api',
      async handle(request) {
        return json(await sealPeriod(context, readBody(sealSchema, request).manifest));
      },
    },
  ];
}

const json = (body: unknown): Answer => ({ kind: 'json', body });
