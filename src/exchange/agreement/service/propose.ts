import { conflict, forbidden, invalid, notFound, unavailable } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { gatewayOf, type KnownGateway, trustView } from '../../gateway/trust-view.ts';
import type { Agreement } from '../../message/agreement.ts';
import type { Acting } from '../../operators/audit.ts';
import { type AgreementDocument, type ParseAgreement, providerOf } from '../document.ts';
import { documentIn, payloadOf } from '../offer-document.ts';
import { type Proposal, readProposalMessage, signDismissal, signProposal } from '../proposal.ts';
import { findOffer } from '../store/offer.ts';
import {
  answerProposal,
  countOpenProposals,
  insertProposal,
  type KeptProposal,
  lockProposal,
  type ProposalKey,
} from '../store/proposal.ts';
import { declineIn } from './answer.ts';
import { type AgreementDeps, actingPeer, keysOf, lookForPeer, needPeer, notAcceptable, putIntoOutbox } from './deps.ts';

/** What one member may have waiting at another: more would bury the rest. */
const MOST_OPEN = 50;

/**
 * Puts an agreement to the member that provides the service, as the client would have it. Where it answers an open
 * offer, that version is declined with it. Throws a Problem: 422 where the client is not ours, 503 where the provider
 * is not in the trust list, 404 and 409 where there is no such offer that is open.
 */
export async function propose(
  { core, wake }: AgreementDeps,
  given: { readonly document: AgreementDocument; readonly note: string; readonly answers: number | undefined },
  acting: Acting,
): Promise<Proposal> {
  const { context } = core;
  const { document, note, answers } = given;
  if (!context.subsystems.has(document.client)) {
    throw invalid('The proposal is not acceptable.', [{ field: '/client', message: 'is not of this gateway' }]);
  }
  const wanted = providerOf(document) ?? document.service;
  await lookForPeer(core, wanted);
  const provider = needPeer(core, wanted).statement.server;
  const proposal: Proposal = { id: context.newId(), provider, note, document };
  await context.db.transaction(async (tx) => {
    if (answers !== undefined) await declineAnswered(core, tx, proposal, answers);
    const jws = signProposal(context.signing, proposal);
    await insertProposal(tx, rowOf(proposal, { side: 'client', peer: provider, jws, madeAt: context.clock() }));
    const { id: agreement, version } = document;
    await putIntoOutbox(tx, core, { peer: provider, agreement, version, kind: 'proposal', jws });
    await acting.record(tx, `${provider} ${agreement}`, { proposal: proposal.id });
  });
  wake();
  return proposal;
}

async function declineAnswered(core: GatewayCore, tx: Tx, { provider, note, document }: Proposal, version: number) {
  const key = { provider, agreement: document.id, version };
  if ((await findOffer(tx, key)) === undefined) throw notFound('There is no such offer.');
  await declineIn(core, tx, key, note);
}

function rowOf(
  { id, note, document }: Proposal,
  more: Pick<KeptProposal, 'side' | 'peer' | 'jws' | 'madeAt'>,
): Parameters<typeof insertProposal>[1] {
  const { client, service } = document;
  return { id, note, agreement: document.id, client, service, ...more };
}

/** A proposal of a client, or a provider's no to ours. Throws a Problem. */
export async function receiveProposalMessage(
  core: GatewayCore,
  caller: KnownGateway,
  jws: string,
  parse: ParseAgreement,
): Promise<void> {
  const read = readProposalMessage(jws, keysOf(core, caller), parse);
  if (!read.ok) throw notAcceptable(read.error.detail);
  if (read.value.kind === 'proposal') return receiveProposal(core, caller, read.value.proposal, jws);
  const { id, provider, reason } = read.value.dismissal;
  if (provider !== caller.statement.server)
    throw forbidden(`${caller.statement.server} does not speak for ${provider}.`);
  const key: ProposalKey = { side: 'client', peer: provider, id };
  await core.context.db.transaction(async (tx) => {
    const held = await lockProposal(tx, key);
    if (held === undefined) throw notFound('There is no proposal of this number here.');
    if (held.state !== 'open') return;
    await answerProposal(tx, key, { state: 'dismissed', reason }, core.context.clock());
    await actingPeer(core, caller, 'agreement.proposal-answered').record(tx, `${provider} ${held.agreement}`);
  });
}

async function receiveProposal(core: GatewayCore, caller: KnownGateway, proposal: Proposal, jws: string) {
  const { context } = core;
  const { server: peer } = caller.statement;
  const { client, service, id: agreement } = proposal.document;
  if (gatewayOf(trustView(context.trust, context.clock()), client) !== caller) {
    throw forbidden(`${peer} does not speak for ${client}.`);
  }
  if (proposal.provider !== context.server || !context.subsystems.has(providerOf(proposal.document) ?? '')) {
    throw forbidden(`${service} is not of this gateway.`);
  }
  await context.db.transaction(async (tx) => {
    if ((await countOpenProposals(tx, peer)) >= MOST_OPEN) {
      throw unavailable(`${MOST_OPEN} proposals of ${peer} wait here already.`);
    }
    const row = rowOf(proposal, { side: 'provider', peer, jws, madeAt: context.clock() });
    if (!(await insertProposal(tx, row))) return;
    await actingPeer(core, caller, 'agreement.proposal-received').record(tx, `${peer} ${agreement}`);
  });
}

/**
 * Makes a draft of a proposal, as it stands or as the provider would have it: client and service stay. Its number is
 * the next of that reference. Throws a Problem: 404, 409 where it is answered or the reference is another client's.
 */
export async function draftProposal(
  { core }: AgreementDeps,
  key: Omit<ProposalKey, 'side'>,
  changed: AgreementDocument | undefined,
  parse: ParseAgreement,
  acting: Acting,
): Promise<Agreement> {
  const { context, rights } = core;
  const held = await openProposal(core, key);
  const proposed = documentIn(held.jws, parseInside(parse));
  if (!proposed.ok) throw notAcceptable(proposed.error);
  const document = changed ?? proposed.value;
  if (document.client !== held.client || document.service !== held.service) {
    throw invalid('The draft is not acceptable.', [{ field: '/client', message: 'and /service stay as proposed' }]);
  }
  const versions = rights.current().agreements.filter((one) => one.id === document.id);
  if (versions.some((one) => one.client !== document.client)) {
    throw conflict(`The reference ${document.id} is of an agreement with somebody else; choose another one.`);
  }
  const version = 1 + Math.max(0, ...versions.map((one) => one.version));
  const draft: Agreement = { ...document, version, status: 'draft' };
  const done = await rights.addAgreement(draft, async (tx) => {
    const still = await lockProposal(tx, { side: 'provider', ...key });
    if (still?.state !== 'open') throw conflict('This proposal is answered already.');
    const answer = { state: 'drafted', agreement: draft.id, version } as const;
    await answerProposal(tx, { side: 'provider', ...key }, answer, context.clock());
    await acting.record(tx, draft.id, { version, proposal: key.id });
  });
  if (!done) throw conflict(`Version ${version} of ${draft.id} stands already.`);
  return draft;
}

/** Says no to a proposal, and why. Throws a Problem: 404, 409 where it is answered. */
export async function dismissProposal(
  { core, wake }: AgreementDeps,
  { peer, id }: Omit<ProposalKey, 'side'>,
  reason: string,
  acting: Acting,
): Promise<void> {
  const { context } = core;
  await context.db.transaction(async (tx) => {
    const key: ProposalKey = { side: 'provider', peer, id };
    const held = await lockProposal(tx, key);
    if (held === undefined) throw notFound('There is no such proposal.');
    if (held.state !== 'open') throw conflict('This proposal is answered already.');
    await answerProposal(tx, key, { state: 'dismissed', reason }, context.clock());
    const jws = signDismissal(context.signing, { id, provider: context.server, reason });
    await putIntoOutbox(tx, core, { peer, agreement: held.agreement, version: null, kind: 'proposal', jws });
    await acting.record(tx, `${peer} ${held.agreement}`, { proposal: id });
  });
  wake();
}

async function openProposal({ context }: GatewayCore, key: Omit<ProposalKey, 'side'>): Promise<KeptProposal> {
  const held = await context.db.transaction((tx) => lockProposal(tx, { side: 'provider', ...key }));
  if (held === undefined) throw notFound('There is no such proposal.');
  if (held.state !== 'open') throw conflict('This proposal is answered already.');
  return held;
}

/** The agreement inside a proposal. */
export function parseInside(parse: ParseAgreement): ParseAgreement {
  return (payload) => parse((payload as { readonly document?: never } | null)?.document ?? null);
}

export function proposedDocument({ jws }: Pick<KeptProposal, 'jws'>): unknown {
  return (payloadOf(jws) as { readonly document?: unknown } | undefined)?.document ?? null;
}
