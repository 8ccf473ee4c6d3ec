import type { FastifyRequest } from 'fastify';
import { type Answer, formOf } from '../../../platform/index.ts';
import type { ProposalKey } from '../../agreement/proposal.ts';
import { dismissProposal, draftProposal, withdrawProposal } from '../../agreement/service/answer-proposal.ts';
import { listProposals } from '../../agreement/store/proposal.ts';
import { parseAgreement } from '../../gateway/operator.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import type { OfferPageDeps } from '../deps.ts';
import { AGREEMENTS } from '../pages/agreements.ts';
import { DONE, PROPOSALS, proposalPage, proposalPath, proposalsPage, SIDES } from '../pages/proposals.ts';
import { draftingFlow, proposingFlow } from './proposal-forms.ts';
import { afterConflict, proposalOf, proposalRowOf, showProposal } from './proposal-shown.ts';

const BASE = `/:language${PROPOSALS}`;

/** Agreements that other members ask of us, and those that we ask of them. */
export function proposalPages(deps: OfferPageDeps): readonly OperatorRoute[] {
  return [...shownProposals(deps), ...answeredProposals(deps), ...draftingFlow(deps), ...proposingFlow(deps)];
}

function shownProposals(deps: OfferPageDeps): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.proposal.list',
      url: BASE,
      async handle(request, { actor }) {
        const side = SIDES.find((one) => one === queryOf(request, 'side')) ?? 'provider';
        const proposals = (await listProposals(deps.core.context.db.read)).map(proposalRowOf);
        return page(proposalsPage(frameOf(deps.house, request, actor), side, proposals));
      },
    },
    {
      ...read,
      id: 'console.proposal.show',
      url: `${BASE}/one`,
      async handle(request, { actor }) {
        const side = queryOf(request, 'side') === 'client' ? 'client' : 'provider';
        const key = { side, peer: queryOf(request, 'peer', 500), id: queryOf(request, 'id') } as const;
        const done = DONE.find((one) => one === queryOf(request, 'done'));
        return page(proposalPage(frameOf(deps.house, request, actor), { proposal: await proposalOf(deps, key), done }));
      },
    },
  ];
}

function answeredProposals(deps: OfferPageDeps): readonly OperatorRoute[] {
  const change = { method: 'POST', access: 'agreements.change', rate: 'form' } as const;
  return [
    {
      ...change,
      id: 'console.proposal.dismiss',
      url: `${BASE}/dismiss`,
      audit: 'agreement.proposal-dismissed',
      handle: (request, acting) => close(deps, request, acting, 'dismissed'),
    },
    {
      ...change,
      id: 'console.proposal.withdraw',
      url: `${BASE}/withdraw`,
      audit: 'agreement.proposal-withdrawn',
      handle: (request, acting) => close(deps, request, acting, 'withdrawn'),
    },
    {
      ...change,
      id: 'console.proposal.draft-whole',
      url: `${BASE}/draft/whole`,
      audit: 'agreement.put',
      async handle(request, acting) {
        const key = keyOf(request, 'provider');
        try {
          const { id, version } = await draftProposal(deps, key, undefined, parseAgreement, acting);
          return redirect(`/${languageOf(request)}${AGREEMENTS}/${id}?version=${version}`);
        } catch (cause) {
          return afterConflict(deps, request, acting.actor, key, cause);
        }
      },
    },
  ];
}

async function close(
  deps: OfferPageDeps,
  request: FastifyRequest,
  acting: Acting,
  state: 'dismissed' | 'withdrawn',
): Promise<Answer> {
  const key = keyOf(request, state === 'dismissed' ? 'provider' : 'client');
  const reason = textOf(formOf(request), 'reason', 1_000).trim();
  if (reason === '') return showProposal(deps, request, acting.actor, key, { refusal: 'badReason' }, 422);
  const act = { dismissed: dismissProposal, withdrawn: withdrawProposal }[state];
  try {
    await act(deps, key, reason, acting);
  } catch (cause) {
    return afterConflict(deps, request, acting.actor, key, cause, reason);
  }
  return redirect(`${proposalPath(languageOf(request), key)}&done=${state}`);
}

function keyOf(request: FastifyRequest, side: ProposalKey['side']): ProposalKey {
  const form = formOf(request);
  return { side, peer: textOf(form, 'peer', 500), id: textOf(form, 'id', 64) };
}
