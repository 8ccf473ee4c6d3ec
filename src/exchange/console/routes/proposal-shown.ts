import type { FastifyRequest } from 'fastify';
import { notFound, Problem } from '../../../kernel/index.ts';
import type { Answer } from '../../../platform/index.ts';
import { documentIn } from '../../agreement/offer-document.ts';
import type { KeptProposal, ProposalKey } from '../../agreement/proposal.ts';
import { parseInside } from '../../agreement/service/answer-proposal.ts';
import { findProposal } from '../../agreement/store/proposal.ts';
import { parseAgreement } from '../../gateway/operator.ts';
import type { Actor } from '../../operators/model.ts';
import { frameOf, languageOf, page } from '../../operators/routes/page.ts';
import type { OfferPageDeps } from '../deps.ts';
import { type ProposalRow, type ProposalView, proposalPage, proposalPath } from '../pages/proposals.ts';

/** Somebody was faster, or the reference is taken: the page as it stands now, with that in words. */
export async function afterConflict(
  deps: OfferPageDeps,
  request: FastifyRequest,
  actor: Actor,
  key: ProposalKey,
  cause: unknown,
  reason?: string,
): Promise<Answer> {
  if (!(cause instanceof Problem) || cause.status !== 409) throw cause;
  const { state } = await proposalOf(deps, key);
  const refusal = state === 'open' ? 'idTaken' : 'answeredMeanwhile';
  return showProposal(deps, request, actor, key, { refusal, reason }, 409);
}

export async function showProposal(
  deps: OfferPageDeps,
  request: FastifyRequest,
  actor: Actor,
  key: ProposalKey,
  view: Omit<ProposalView, 'proposal'>,
  status: number,
): Promise<Answer> {
  const frame = frameOf(deps.house, request, actor, proposalPath(languageOf(request), key).slice(3));
  return page(proposalPage(frame, { proposal: await proposalOf(deps, key), ...view }), status);
}

export async function proposalOf({ core }: OfferPageDeps, key: ProposalKey): Promise<ProposalRow> {
  const found = await findProposal(core.context.db.read, key);
  if (found === undefined) throw notFound('There is no such proposal.');
  return proposalRowOf(found);
}

export function proposalRowOf({ jws, ...one }: KeptProposal): ProposalRow {
  const document = documentIn(jws, parseInside(parseAgreement));
  return { ...one, document: document.ok ? { ...document.value, status: 'draft' } : undefined };
}
