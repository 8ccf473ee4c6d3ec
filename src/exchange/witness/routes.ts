import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { notFound } from '../../kernel/index.ts';
import type { Answer } from '../../platform/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import { readBody } from '../gateway/operator.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { acknowledgeAlarm, listAlarms, listCosignatures, witnessedCheckpoint } from './store.ts';

const json = (body: unknown): Answer => ({ kind: 'json', body });
const MOST_ALARMS = 200;
const acknowledgeSchema = Type.Object(
  { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
  { additionalProperties: false },
);

/** Who has witnessed our log, and what others' logs or our own have done that an operator must look at. */
export function witnessRoutes({ context }: GatewayCore): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;
  return [
    {
      ...read,
      id: 'gateway.witness.list',
      summary: 'This gateway’s name and key as a witness, and who signed its own checkpoints',
      url: '/operator/v1/witnesses',
      async handle() {
        const own = { name: context.witness.name, vkey: context.witness.vkey };
        const seen = await listCosignatures(context.db.read);
        const witnesses = seen.map(({ witness, vkey, size, signedAt }) => ({ witness, vkey, size, signedAt }));
        return json({ own, witnesses });
      },
    },
    {
      ...read,
      id: 'gateway.alarm.list',
      summary: 'Alarms, acknowledged or not',
      url: '/operator/v1/alarms',
      handle: async () => json({ alarms: await listAlarms(context.db.read, MOST_ALARMS) }),
    },
    {
      id: 'gateway.alarm.acknowledge',
      summary: 'Acknowledges an alarm, with a reason',
      body: acknowledgeSchema,
      method: 'POST',
      url: '/operator/v1/alarms/:id/acknowledge',
      access: 'trust.change',
      audit: 'alarm.acknowledged',
      rate: 'api',
      async handle(request, acting) {
        const { id } = request.params as { readonly id: string };
        const number = /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0;
        const { reason } = readBody(acknowledgeSchema, request);
        await context.db.transaction(async (tx) => {
          if (!(await acknowledgeAlarm(tx, number, context.clock())))
            throw notFound('There is no open alarm of this number.');
          await acting.record(tx, id, reason === undefined ? {} : { reason });
        });
        return json({ id: number });
      },
    },
  ];
}

/** The newest checkpoint that was witnessed, with all signatures of that size; public like the log itself. */
export function witnessedCheckpointRoute({ context }: GatewayCore, server: FastifyInstance): void {
  server.get(`/ledger/${context.ledger.name}/witnessed-checkpoint`, { compress: false }, async (_request, reply) => {
    const checkpoint = await witnessedCheckpoint(context.db.read, 0);
    if (checkpoint === undefined) throw notFound('No witness has signed a checkpoint of this log yet.');
    return reply.header('cache-control', 'public, max-age=2').type('text/plain; charset=utf-8').send(checkpoint);
  });
}
