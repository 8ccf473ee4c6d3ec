import Type from 'typebox';
import { type Json, notFound } from '../../kernel/index.ts';
import { parseAgreement, readAgreement, readBody } from '../gateway/operator.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { documentOf } from './document.ts';
import { documentIn } from './offer-document.ts';
import type { KeptProposal } from './proposal.ts';
import { dismissProposal, draftProposal, proposedDocument, withdrawProposal } from './service/answer-proposal.ts';
import type { AgreementDeps } from './service/deps.ts';
import { propose } from './service/propose.ts';
import { findOffer } from './store/offer.ts';
import { listProposals } from './store/proposal.ts';

const closed = { additionalProperties: false } as const;
const line = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const version = Type.Integer({ minimum: 1, maximum: 100_000 });

const proposeSchema = Type.Object(
  {
    note: line(1_000),
    /** The whole agreement as the client would have it; or, of an open offer, what shall be otherwise in it. */
    document: Type.Record(Type.String(), Type.Unknown()),
    answers: Type.Optional(Type.Object({ provider: line(500), agreement: line(80), version }, closed)),
  },
  closed,
);
const key = { peer: line(500), id: line(64) };
const draftSchema = Type.Object(
  { ...key, document: Type.Optional(Type.Record(Type.String(), Type.Unknown())) },
  closed,
);
const reasonSchema = Type.Object({ ...key, reason: line(1_000) }, closed);

/** An agreement is asked for by the client, and drafted or dismissed by the provider. */
export function proposalRoutes(deps: AgreementDeps): readonly OperatorRoute[] {
  return [...askRoutes(deps), ...answerRoutes(deps)];
}

const CHANGE = { method: 'POST', access: 'agreements.change', rate: 'api' } as const;

function askRoutes(deps: AgreementDeps): readonly OperatorRoute[] {
  const { core } = deps;
  return [
    {
      id: 'gateway.proposal.list',
      summary: 'Proposals of agreements that came, and those that were sent',
      method: 'GET',
      url: '/operator/v1/proposals',
      access: 'console.read',
      audit: null,
      rate: 'api',
      async handle() {
        const all = (await listProposals(core.context.db.read)).map(proposalView);
        const of = (side: KeptProposal['side']) => all.filter((one) => one.side === side);
        return { kind: 'json', body: { received: of('provider'), sent: of('client') } };
      },
    },
    {
      ...CHANGE,
      id: 'gateway.proposal.send',
      summary: 'Proposes an agreement to the member whose service it is about',
      body: proposeSchema,
      url: '/operator/v1/proposals',
      audit: 'agreement.proposed',
      async handle(request, acting) {
        const { note, document: given, answers } = readBody(proposeSchema, request);
        const held = answers === undefined ? {} : await offeredText(deps, answers);
        const whole = { version: 1, ...held, ...given, status: 'draft' };
        const document = documentOf(readAgreement({ body: whole }));
        const proposal = await propose(deps, { document, note, answers: answers?.version }, acting);
        return { kind: 'json', body: proposal };
      },
    },
  ];
}

function answerRoutes(deps: AgreementDeps): readonly OperatorRoute[] {
  return [
    {
      ...CHANGE,
      id: 'gateway.proposal.draft',
      summary: 'Makes a draft of a proposal that came',
      body: draftSchema,
      url: '/operator/v1/proposals/draft',
      audit: 'agreement.put',
      async handle(request, acting) {
        const { document, ...of } = readBody(draftSchema, request);
        const changed =
          document === undefined ? undefined : documentOf(readAgreement({ body: { ...document, status: 'draft' } }));
        return { kind: 'json', body: await draftProposal(deps, of, changed, parseAgreement, acting) };
      },
    },
    {
      ...CHANGE,
      id: 'gateway.proposal.dismiss',
      summary: 'Puts a proposal that came aside',
      body: reasonSchema,
      url: '/operator/v1/proposals/dismiss',
      audit: 'agreement.proposal-dismissed',
      async handle(request, acting) {
        const { reason, ...of } = readBody(reasonSchema, request);
        await dismissProposal(deps, of, reason, acting);
        return { kind: 'json', body: { ...of, state: 'dismissed', reason } };
      },
    },
    {
      ...CHANGE,
      id: 'gateway.proposal.withdraw',
      summary: 'Takes back a proposal that was sent, until it is answered',
      body: reasonSchema,
      url: '/operator/v1/proposals/withdraw',
      audit: 'agreement.proposal-withdrawn',
      async handle(request, acting) {
        const { reason, ...of } = readBody(reasonSchema, request);
        await withdrawProposal(deps, of, reason, acting);
        return { kind: 'json', body: { ...of, state: 'withdrawn', reason } };
      },
    },
  ];
}

/** The text that an offer has, under the number that would follow it. */
async function offeredText(
  { core }: AgreementDeps,
  answers: { readonly provider: string; readonly agreement: string; readonly version: number },
): Promise<object> {
  const offer = await findOffer(core.context.db.read, answers);
  const document = offer === undefined ? undefined : documentIn(offer.providerJws, parseAgreement);
  if (document?.ok !== true) throw notFound('There is no such offer.');
  return { ...document.value, version: answers.version + 1 };
}

function proposalView({ jws, ...one }: KeptProposal): Omit<KeptProposal, 'jws'> & { readonly document: Json } {
  return { ...one, document: proposedDocument({ jws }) as Json };
}
