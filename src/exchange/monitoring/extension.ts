import Type from 'typebox';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { readBody } from '../gateway/operator.ts';
import { formatSubsystem } from '../message/identifiers.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { HEALTH_DATA, monitoringService, OPERATIONAL_DATA, readHealthData, readOperationalData } from './service.ts';

const querySchema = Type.Object(
  {
    recordsFrom: Type.String({ pattern: '^\\d{1,12}$' }),
    recordsTo: Type.String({ pattern: '^\\d{1,12}$' }),
    subsystem: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    after: Type.String({ pattern: '^(-1|\\d{1,15})$', default: '-1' }),
  },
  { additionalProperties: false },
);

/** Operational monitoring by X-Road's field names, out of what is kept of each message anyway: nothing is written for it. */
export function monitoringExtension(core: GatewayCore): GatewayExtension {
  const { context } = core;
  const startedAt = context.clock();
  const service = monitoringService(context, startedAt);
  const codes = new Set([OPERATIONAL_DATA, HEALTH_DATA]);
  return {
    name: 'monitoring',
    mount: (server) => core.operators.mount(server, monitoringRoutes(core, startedAt)),
    answers: ({ service: asked, method }) =>
      method === 'GET' && codes.has(asked.service) && context.subsystems.has(formatSubsystem(asked))
        ? service
        : undefined,
  };
}

export function monitoringRoutes({ context }: GatewayCore, startedAt: Date): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;
  return [
    {
      ...read,
      id: 'gateway.operational-data.read',
      summary: 'Operational data by X-Road’s names',
      query: querySchema,
      url: '/operator/v1/operational-data',
      async handle(request) {
        const { recordsFrom, recordsTo, subsystem, after } = readBody(querySchema, { body: request.query });
        const [from, until] = [new Date(Number(recordsFrom) * 1_000), new Date(Number(recordsTo) * 1_000)];
        return {
          kind: 'json',
          body: await readOperationalData(context, { from, until, subsystem, after: Number(after) }),
        };
      },
    },
    {
      ...read,
      id: 'gateway.health-data.read',
      summary: 'Health of the services by X-Road’s names',
      url: '/operator/v1/health-data',
      handle: async () => ({ kind: 'json', body: await readHealthData(context, startedAt) }),
    },
  ];
}
