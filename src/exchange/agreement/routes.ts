import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { decodeBase64url, notFound, parseJson } from '../../kernel/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import { parseAgreement, readBody } from '../gateway/operator.ts';
import { trustView } from '../gateway/trust-view.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { explainCall } from './explain.ts';
import { signAsClient, signAsProvider } from './service.ts';
import { listOffers, listSignatures, type Offer } from './store.ts';

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

const keySchema = Type.Object(
  { provider: line(500), agreement: line(80), version: Type.Integer({ minimum: 1, maximum: 100_000 }) },
  { additionalProperties: false },
);

export function agreementRoutes(core: GatewayCore): readonly OperatorRoute[] {
  return [...explainRoutes(core), ...signatureRoutes(core)];
}

/** Both sides' signatures: of the member that provides, and of the one that was offered an agreement. */
function signatureRoutes(core: GatewayCore): readonly OperatorRoute[] {
  const { context, rights } = core;
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;
  const sign = { method: 'POST', access: 'agreements.sign', audit: 'agreement.signed', rate: 'api' } as const;
  return [
    {
      ...read,
      id: 'gateway.agreement.signatures',
      url: '/operator/v1/agreements/:id/versions/:version',
      async handle(request) {
        const { id, version } = versionOf(request);
        const agreement = rights.current().agreements.find((one) => one.id === id && one.version === version);
        if (agreement === undefined) throw notFound(`There is no version ${version} of the agreement ${id}.`);
        return { kind: 'json', body: { agreement, signatures: await listSignatures(context.db.read, id, version) } };
      },
    },
    {
      ...sign,
      id: 'gateway.agreement.sign',
      url: '/operator/v1/agreements/:id/versions/:version/sign',
      async handle(request, acting) {
        const { id, version } = versionOf(request);
        return { kind: 'json', body: { id, version, jws: await signAsProvider(core, id, version, acting) } };
      },
    },
    {
      ...read,
      id: 'gateway.offer.list',
      url: '/operator/v1/offers',
      handle: async () => ({ kind: 'json', body: { offers: (await listOffers(context.db.read)).map(offerView) } }),
    },
    {
      ...sign,
      id: 'gateway.offer.sign',
      url: '/operator/v1/offers/sign',
      async handle(request, acting) {
        const key = readBody(keySchema, request);
        return { kind: 'json', body: { ...key, jws: await signAsClient(core, key, parseAgreement, acting) } };
      },
    },
  ];
}

function versionOf(request: FastifyRequest): { readonly id: string; readonly version: number } {
  const { id, version } = request.params as { readonly id: string; readonly version: string };
  return { id, version: /^[1-9]\d{0,5}$/.test(version) ? Number(version) : 0 };
}

/** With the text that would be signed, read out of the provider's signature. */
function offerView(offer: Offer): object {
  const text = decodeBase64url(offer.providerJws.split('.')[1] ?? '')?.toString('utf8') ?? '';
  const document = parseJson(text);
  return { ...offer, document: document.ok ? document.value : null };
}

/** Why a call is allowed or not, for an operator of the member that provides the service. */
function explainRoutes({ context, rights }: GatewayCore): readonly OperatorRoute[] {
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
