import { forbidden, invalid, notFound, unavailable } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { gatewayOf, type KnownGateway, trustView } from '../../gateway/trust-view.ts';
import type { Acting } from '../../operators/audit.ts';
import { type AgreementDocument, type ParseAgreement, providerOf } from '../document.ts';
import type { KeptProposal, ProposalKey } from '../proposal.ts';
import { type Proposal, readProposalMessage, signProposal } from '../proposal.ts';
import { findOffer } from '../store/offer.ts';
import { answerProposal, countOpenProposals, insertProposal, lockProposal } from '../store/proposal.ts';
import { declineIn } from './answer.ts';
import { receiveWithdrawal } from './answer-proposal.ts';
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
  if (read.value.kind === 'withdrawal') return receiveWithdrawal(core, caller, read.value.withdrawal);
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
