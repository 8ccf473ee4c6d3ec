import { conflict, forbidden, invalid, notFound } from '../../../kernel/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import type { KnownGateway } from '../../gateway/trust-view.ts';
import type { Agreement } from '../../message/agreement.ts';
import type { Acting } from '../../operators/audit.ts';
import type { AgreementDocument, ParseAgreement } from '../document.ts';
import { documentIn, payloadOf } from '../offer-document.ts';
import type { KeptProposal, ProposalKey } from '../proposal.ts';
import { signDismissal, signWithdrawal, type Withdrawal } from '../proposal.ts';
import { answerProposal, lockProposal } from '../store/proposal.ts';
import { type AgreementDeps, actingPeer, notAcceptable, putIntoOutbox } from './deps.ts';

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
export function dismissProposal(
  deps: AgreementDeps,
  { peer, id }: Omit<ProposalKey, 'side'>,
  reason: string,
  acting: Acting,
): Promise<void> {
  const { signing, server } = deps.core.context;
  const jws = signDismissal(signing, { id, provider: server, reason });
  return closeProposal(deps, { side: 'provider', peer, id }, { state: 'dismissed', reason, jws }, acting);
}

/** Takes a proposal of ours back, and says why. Throws a Problem: 404, 409 where it is answered. */
export function withdrawProposal(
  deps: AgreementDeps,
  { peer, id }: Omit<ProposalKey, 'side'>,
  reason: string,
  acting: Acting,
): Promise<void> {
  const jws = signWithdrawal(deps.core.context.signing, { id, provider: peer, withdrawn: reason });
  return closeProposal(deps, { side: 'client', peer, id }, { state: 'withdrawn', reason, jws }, acting);
}

async function closeProposal(
  { core, wake }: AgreementDeps,
  key: ProposalKey,
  { jws, ...answer }: { readonly state: 'dismissed' | 'withdrawn'; readonly reason: string; readonly jws: string },
  acting: Acting,
): Promise<void> {
  const { context } = core;
  const { peer, id } = key;
  await context.db.transaction(async (tx) => {
    const held = await lockProposal(tx, key);
    if (held === undefined) throw notFound('There is no such proposal.');
    if (held.state !== 'open') throw conflict('This proposal is answered already.');
    await answerProposal(tx, key, answer, context.clock());
    await putIntoOutbox(tx, core, { peer, agreement: held.agreement, version: null, kind: 'proposal', jws });
    await acting.record(tx, `${peer} ${held.agreement}`, { proposal: id });
  });
  wake();
}

/** A withdrawal that comes after the answer changes nothing: the draft or the dismissal stands. */
export async function receiveWithdrawal(
  core: GatewayCore,
  caller: KnownGateway,
  { id, provider, withdrawn: reason }: Withdrawal,
): Promise<void> {
  const { context } = core;
  const peer = caller.statement.server;
  if (provider !== context.server) throw forbidden(`${provider} is not this gateway.`);
  const key: ProposalKey = { side: 'provider', peer, id };
  await context.db.transaction(async (tx) => {
    const held = await lockProposal(tx, key);
    if (held === undefined) throw notFound('There is no proposal of this number here.');
    if (held.state !== 'open') return;
    await answerProposal(tx, key, { state: 'withdrawn', reason }, context.clock());
    await actingPeer(core, caller, 'agreement.proposal-withdrawn').record(tx, `${peer} ${held.agreement}`);
  });
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
