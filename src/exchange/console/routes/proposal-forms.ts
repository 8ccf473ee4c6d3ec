import type { FastifyRequest } from 'fastify';
import { notFound, Problem } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import { documentOf } from '../../agreement/document.ts';
import { documentIn } from '../../agreement/offer-document.ts';
import { draftProposal } from '../../agreement/service/answer-proposal.ts';
import { propose } from '../../agreement/service/propose.ts';
import { findOffer } from '../../agreement/store/offer.ts';
import { parseAgreement } from '../../gateway/operator.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { languageOf, redirect, textOf } from '../../operators/routes/page.ts';
import type { OfferPageDeps } from '../deps.ts';
import { AGREEMENTS } from '../pages/agreements.ts';
import { offerPath } from '../pages/offers.ts';
import { PROPOSALS, proposalPath } from '../pages/proposals.ts';
import { formOfAgreement } from '../rules/agreement-form.ts';
import { agreementTexts } from '../texts/agreements.ts';
import { proposalTexts as texts } from '../texts/proposals.ts';
import { agreementFlow, carried, emptyForm } from './agreement-flow.ts';
import { afterConflict, proposalOf } from './proposal-shown.ts';

/** A draft of what was asked of us, as we would have it. */
export function draftingFlow(deps: OfferPageDeps): readonly OperatorRoute[] {
  const keyOf = (request: FastifyRequest) =>
    ({ side: 'provider', peer: carried(request, 'peer', 500), id: carried(request, 'proposal', 64) }) as const;
  return agreementFlow({
    id: 'console.proposal.draft',
    base: `${PROPOSALS}/draft`,
    audit: 'agreement.put',
    house: deps.house,
    async start(request) {
      const { document } = await proposalOf(deps, keyOf(request));
      if (document === undefined) throw notFound('The text of this proposal cannot be read.');
      return { ...formOfAgreement(document), version: '1' };
    },
    async purpose(request) {
      const { peer, id } = keyOf(request);
      const language = languageOf(request);
      return {
        base: `${PROPOSALS}/draft`,
        here: PROPOSALS,
        title: texts.draft[language],
        back: proposalPath(language, keyOf(request)),
        save: agreementTexts.save[language],
        reviewLead: texts.draftChangedLead[language],
        hasFreeId: true,
        hidden: { peer, proposal: id },
      };
    },
    async known(request) {
      const { client, service } = await proposalOf(deps, keyOf(request));
      return { clients: [client], services: [service] };
    },
    async save(request, agreement, acting) {
      const key = keyOf(request);
      try {
        const { id, version } = await draftProposal(deps, key, documentOf(agreement), parseAgreement, acting);
        return redirect(`/${languageOf(request)}${AGREEMENTS}/${id}?version=${version}`);
      } catch (cause) {
        if (!(cause instanceof Problem) || cause.status !== 409) throw cause;
        const { state } = await proposalOf(deps, key);
        return state === 'open' ? ['taken'] : afterConflict(deps, request, acting.actor, key, cause);
      }
    },
  });
}

/** What we ask of another member; of an open offer, what shall be otherwise in it. */
export function proposingFlow(deps: OfferPageDeps): readonly OperatorRoute[] {
  const { core } = deps;
  const answered = (request: FastifyRequest) => ({
    provider: carried(request, 'provider', 500),
    agreement: carried(request, 'agreement', 80),
    version: Number(/^[1-9]\d{0,5}$/.exec(carried(request, 'answers'))?.[0] ?? 0),
  });
  return agreementFlow({
    id: 'console.proposal',
    base: PROPOSALS,
    audit: 'agreement.proposed',
    house: deps.house,
    async start(request) {
      const key = answered(request);
      if (key.version === 0) return emptyForm();
      const offer = await findOffer(core.context.db.read, key);
      const document = offer === undefined ? undefined : documentIn(offer.providerJws, parseAgreement);
      if (document?.ok !== true) throw notFound('There is no such offer.');
      return formOfAgreement({ ...document.value, status: 'draft' });
    },
    async purpose(request) {
      const language = languageOf(request);
      const { provider, agreement, version } = answered(request);
      const isAnswer = version !== 0;
      return {
        base: PROPOSALS,
        here: PROPOSALS,
        title: (isAnswer ? texts.counter : texts.add)[language],
        back: isAnswer ? offerPath(language, { provider, agreement, version }) : `/${language}${PROPOSALS}?side=client`,
        save: texts.send[language],
        reviewLead: (isAnswer ? texts.counterText : texts.sendLead)[language],
        hasFreeId: !isAnswer,
        hidden: isAnswer ? { provider, agreement, answers: String(version) } : {},
        note: carried(request, 'note'),
      };
    },
    known: async () => ({ clients: [...core.context.subsystems].toSorted(), services: undefined }),
    async save(request, agreement, acting) {
      const note = textOf(formOf(request), 'note', 1_000).trim();
      if (note === '') return ['note'];
      const key = answered(request);
      const answers = key.version === 0 ? undefined : key.version;
      try {
        const { id, provider } = await propose(deps, { document: documentOf(agreement), note, answers }, acting);
        return redirect(`${proposalPath(languageOf(request), { side: 'client', peer: provider, id })}&done=proposed`);
      } catch (cause) {
        if (cause instanceof Problem && cause.status === 503) return ['unreached'];
        if (cause instanceof Problem && cause.status === 409) return ['answered'];
        throw cause;
      }
    },
  });
}
