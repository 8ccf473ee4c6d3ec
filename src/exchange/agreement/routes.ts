import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { notFound } from '../../kernel/index.ts';
import { parseAgreement, readBody } from '../gateway/operator.ts';
import { trustView } from '../gateway/trust-view.ts';
import type { Agreement } from '../message/agreement.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { providerOf } from './document.ts';
import { type Explanation, explainCall, explainHeld } from './explain.ts';
import { type LegalText, textOf } from './legal.ts';
import { documentIn, payloadOf } from './offer-document.ts';
import { proposalRoutes } from './proposal-routes.ts';
import { declineOffer, endAsClient } from './service/answer.ts';
import { type AgreementDeps, sendAgainNow } from './service/deps.ts';
import { signAsClient, signAsProvider } from './service/sign.ts';
import { listActs } from './store/act.ts';
import { listUndelivered } from './store/delivery.ts';
import { listOffers, type Offer } from './store/offer.ts';
import { listSignatures } from './store/signature.ts';
import { OUTCOMES } from './texts/explain.ts';

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

const ofAgreement = { provider: line(500), agreement: line(80) };
const declineSchema = Type.Object({ ...keySchema.properties, reason: line(1_000) }, { additionalProperties: false });
const endSchema = Type.Object(
  { ...ofAgreement, reason: line(1_000), endsAt: Type.Optional(Type.String({ format: 'date-time' })) },
  { additionalProperties: false },
);

const READ = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;

export function agreementRoutes(deps: AgreementDeps): readonly OperatorRoute[] {
  return [explainRoutes, signatureRoutes, offerRoutes, proposalRoutes, deliveryRoutes].flatMap((routes) =>
    routes(deps),
  );
}

/** Of the member that provides. */
function signatureRoutes(deps: AgreementDeps): readonly OperatorRoute[] {
  const { context, rights } = deps.core;
  return [
    {
      ...READ,
      id: 'gateway.agreement.signatures',
      summary: 'One version of an agreement with its signatures',
      url: '/operator/v1/agreements/:id/versions/:version',
      async handle(request) {
        const { id, version } = versionOf(request);
        const agreement = rights.current().agreements.find((one) => one.id === id && one.version === version);
        if (agreement === undefined) throw notFound(`There is no version ${version} of the agreement ${id}.`);
        return { kind: 'json', body: { agreement, signatures: await listSignatures(context.db.read, id, version) } };
      },
    },
    {
      ...READ,
      id: 'gateway.agreement.acts',
      summary: 'What became of an agreement: offered, signed, suspended, ended, by whom',
      url: '/operator/v1/agreements/:id/acts',
      async handle(request) {
        const { id } = request.params as { readonly id: string };
        const book = { side: 'provider', provider: context.server, agreement: id } as const;
        return { kind: 'json', body: { acts: await listActs(context.db.read, book) } };
      },
    },
    {
      id: 'gateway.agreement.sign',
      summary: 'Signs a version of an agreement as the member that provides',
      method: 'POST',
      url: '/operator/v1/agreements/:id/versions/:version/sign',
      access: 'agreements.sign',
      audit: 'agreement.signed',
      rate: 'api',
      async handle(request, acting) {
        const { id, version } = versionOf(request);
        return { kind: 'json', body: { id, version, jws: await signAsProvider(deps, id, version, acting) } };
      },
    },
  ];
}

/** Of the member that was offered an agreement. */
function offerRoutes(deps: AgreementDeps): readonly OperatorRoute[] {
  const { db } = deps.core.context;
  const decide = { method: 'POST', access: 'agreements.sign', rate: 'api' } as const;
  return [
    {
      ...READ,
      id: 'gateway.offer.list',
      summary: 'Agreements that other members offered to this one',
      url: '/operator/v1/offers',
      handle: async () => ({ kind: 'json', body: { offers: (await listOffers(db.read)).map(offerView) } }),
    },
    {
      ...decide,
      id: 'gateway.offer.sign',
      summary: 'Signs an offered agreement as the member that is the client',
      body: keySchema,
      url: '/operator/v1/offers/sign',
      audit: 'agreement.signed',
      async handle(request, acting) {
        const key = readBody(keySchema, request);
        return { kind: 'json', body: { ...key, jws: await signAsClient(deps, key, parseAgreement, acting) } };
      },
    },
    {
      ...decide,
      id: 'gateway.offer.decline',
      summary: 'Declines an offered agreement with a reason',
      body: declineSchema,
      url: '/operator/v1/offers/decline',
      audit: 'agreement.declined',
      async handle(request, acting) {
        const { reason, ...key } = readBody(declineSchema, request);
        await declineOffer(deps, key, reason, acting);
        return { kind: 'json', body: { ...key, state: 'declined', reason } };
      },
    },
    {
      id: 'gateway.offer.end',
      summary: 'Ends an agreement as its client, with a reason and notice',
      body: endSchema,
      method: 'POST',
      url: '/operator/v1/offers/end',
      access: 'agreements.change',
      audit: 'agreement.status-changed',
      rate: 'api',
      async handle(request, acting) {
        const { reason, endsAt, ...key } = readBody(endSchema, request);
        const at = endsAt === undefined ? undefined : new Date(endsAt);
        await endAsClient(deps, key, { reason, endsAt: at }, acting);
        return { kind: 'json', body: { ...key, reason, ...(endsAt === undefined ? {} : { endsAt }) } };
      },
    },
  ];
}

/** What has not reached the other member, why, and the way to send again what it refused. */
function deliveryRoutes(deps: AgreementDeps): readonly OperatorRoute[] {
  const { context } = deps.core;
  return [
    {
      ...READ,
      id: 'gateway.delivery.list',
      summary: 'Acts that are on their way to other gateways',
      url: '/operator/v1/agreements/deliveries',
      async handle() {
        const waiting = await listUndelivered(context.db.read);
        return { kind: 'json', body: { deliveries: waiting.map(({ jws: _jws, ...one }) => one) } };
      },
    },
    {
      id: 'gateway.delivery.send',
      summary: 'Sends an act to the other gateway again now',
      method: 'POST',
      url: '/operator/v1/agreements/deliveries/:delivery/send',
      access: 'agreements.change',
      audit: 'agreement.sent-again',
      rate: 'api',
      async handle(request, acting) {
        const { delivery } = request.params as { readonly delivery: string };
        const id = /^[1-9]\d{0,8}$/.test(delivery) ? Number(delivery) : 0;
        await sendAgainNow(deps, id, acting);
        return { kind: 'json', body: { id } };
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
  return { ...offer, document: payloadOf(offer.providerJws) ?? null };
}

/** Why a call is allowed or not: at the provider's gateway by its own decision, at the client's by what it was told. */
function explainRoutes(deps: AgreementDeps): readonly OperatorRoute[] {
  const { context, rights } = deps.core;
  return [
    {
      id: 'gateway.agreement.explain',
      summary: 'How a request would be decided, rule by rule; nothing is sent',
      body: askedSchema,
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
        if (isOurs(deps, call.service)) {
          const told = await withLimits(deps, explainCall(rights.current(), view, call, now), at === undefined);
          return { kind: 'json', body: { side: 'provider', ...told, legalText: legalTextOf(deps, told) } };
        }
        const held = heldAgreements(await listOffers(context.db.read));
        return { kind: 'json', body: { side: 'client', ...explainHeld(held, view, call, now) } };
      },
    },
  ];
}

/** The text behind a yes, as the register has it. */
function legalTextOf({ core }: AgreementDeps, { legalBasis }: Explanation): LegalText | null {
  const { legalRegister } = core.context.settings;
  if (legalRegister === undefined || legalBasis === null) return null;
  return textOf(legalRegister, legalBasis.ref) ?? null;
}

function isOurs({ core }: AgreementDeps, service: string): boolean {
  return core.context.subsystems.has(providerOf({ service }) ?? '');
}

/** Rate and quota are of now, so only a call of now is asked about them. */
async function withLimits({ core }: AgreementDeps, told: Explanation, isNow: boolean): Promise<Explanation> {
  if (!told.allowed || !isNow) return told;
  const { context, rights } = core;
  const agreement = rights
    .current()
    .agreements.find((one) => one.id === told.agreement && one.version === told.version);
  const missing = agreement === undefined ? undefined : await context.limits.missing(agreement, context.clock());
  return missing === undefined ? told : { ...told, allowed: false, text: OUTCOMES[missing] };
}

/** What other members offer, as agreements with the state that they have told. */
function heldAgreements(offers: readonly Offer[]): readonly Agreement[] {
  return offers.flatMap(({ providerJws, state, endsAt, reason }) => {
    const document = documentIn(providerJws, parseAgreement);
    if (!document.ok) return [];
    return [{ ...document.value, status: state, reason, ...(endsAt === null ? {} : { endsAt: endsAt.toISOString() }) }];
  });
}
