import { notFound } from '../../kernel/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { listedAuthorities } from './service.ts';
import { findTimestamp, listTimestamps, readRound, type Timestamp, timestampFacts } from './store.ts';

const MOST = 200;

/** The tokens on our log's checkpoints, and how taking them goes. */
export function timestampRoutes({ context }: GatewayCore): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;
  return [
    {
      ...read,
      id: 'gateway.timestamp.list',
      summary: 'Timestamps on this ledger’s checkpoints',
      url: '/operator/v1/timestamps',
      async handle(request) {
        const { below } = request.query as { readonly below?: string };
        const from = below !== undefined && /^\d{1,15}$/.test(below) ? Number(below) : Number.MAX_SAFE_INTEGER;
        const timestamps = await listTimestamps(context.db.read, from, MOST);
        const round = await readRound(context.db.read);
        const body = {
          authorities: listedAuthorities(context).map(({ name, url }) => ({ name, url })),
          lastFailure: round?.failure ?? null,
          timestamps: timestamps.map(summaryOf),
        };
        return { kind: 'json', body };
      },
    },
    {
      ...read,
      id: 'gateway.timestamp.read',
      summary: 'One timestamp with its checkpoint',
      url: '/operator/v1/timestamps/:size',
      async handle(request) {
        const { size } = request.params as { readonly size: string };
        const found = /^[1-9]\d{0,14}$/.test(size) ? await findTimestamp(context.db.read, Number(size)) : undefined;
        if (found === undefined) throw notFound('There is no timestamp on a tree of this size.');
        return { kind: 'json', body: timestampFacts(found) };
      },
    },
  ];
}

function summaryOf({ size, authority, witnesses, serial, stampedAt, beforeAt }: Timestamp) {
  return { size, authority, witnesses, serial, stampedAt, beforeAt };
}
