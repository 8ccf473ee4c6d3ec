import Type from 'typebox';
import type { GatewayCore } from '../gateway/extension.ts';
import { readBody } from '../gateway/operator.ts';
import { trustView } from '../gateway/trust-view.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { explainCall } from './explain.ts';

const line = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const values = Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 4_000 }), { default: {} });

const askedSchema = Type.Object(
  {
    client: line(500),
    service: line(500),
    method: Type.String({ pattern: '^[A-Z]{3,7}$', default: 'GET' }),
    path: Type.String({ maxLength: 4_000, default: '' }),
    purpose: Type.Optional(line(80)),
    agreement: Type.Optional(line(80)),
    query: values,
    headers: values,
    at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
);

/** Why a call is allowed or not, for an operator of the member that provides the service. */
export function explainRoutes({ context, rights }: GatewayCore): readonly OperatorRoute[] {
  return [
    {
      id: 'gateway.agreement.explain',
      method: 'POST',
      url: '/operator/v1/agreements/explain',
      access: 'console.read',
      audit: null,
      rate: 'api',
      async handle(request) {
        const { at, purpose, agreement, ...asked } = readBody(askedSchema, request);
        const now = at === undefined ? context.clock() : new Date(at);
        const lower = Object.fromEntries(
          Object.entries(asked.headers).map(([name, value]) => [name.toLowerCase(), value]),
        );
        const call = { ...asked, headers: lower, purpose, agreement };
        const view = trustView(context.trust, context.clock());
        return { kind: 'json', body: explainCall(rights.current(), view, call, now) };
      },
    },
  ];
}
