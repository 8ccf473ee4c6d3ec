import type { FastifyRequest } from 'fastify';
import { notFound, Problem } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import { documentIn } from '../../agreement/offer-document.ts';
import { declineOffer } from '../../agreement/service/answer.ts';
import { signAsClient, signAsProvider } from '../../agreement/service/sign.ts';
import { findOffer, listOffers, type Offer, type OfferKey } from '../../agreement/store/offer.ts';
import { parseAgreement } from '../../gateway/operator.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, paramOf, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import type { OfferPageDeps } from '../deps.ts';
import { AGREEMENTS } from '../pages/agreements.ts';
import { type OfferRow, offerPage, offerPath, offersPage } from '../pages/offers.ts';
import { deliveryPages } from './deliveries.ts';
import { proposalPages } from './proposals.ts';

const BASE = '/:language/console/offers';

/** What travels between members: offers, the signature on our own agreements, proposals, and what has not arrived. */
export function offerPages(deps: OfferPageDeps): readonly OperatorRoute[] {
  return [
    ...shownOffers(deps),
    ...answeredOffers(deps),
    signedDrafts(deps),
    ...proposalPages(deps),
    ...deliveryPages(deps),
  ];
}

function shownOffers({ core, house }: OfferPageDeps): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.offer.list',
      url: BASE,
      async handle(request, { actor }) {
        const offers = (await listOffers(core.context.db.read)).map(rowOf);
        return page(offersPage(frameOf(house, request, actor), offers));
      },
    },
    {
      ...read,
      id: 'console.offer.show',
      url: `${BASE}/one`,
      async handle(request, { actor }) {
        const key = keyFrom((name) => queryOf(request, name, 500));
        const done = (['signed', 'declined'] as const).find((one) => one === queryOf(request, 'done'));
        return page(offerPage(frameOf(house, request, actor), { ...(await viewOf({ core, house }, key)), done }));
      },
    },
  ];
}

function keyFrom(read: (name: string) => string): OfferKey {
  const version = read('version');
  return {
    provider: read('provider'),
    agreement: read('agreement'),
    version: /^[1-9]\d{0,5}$/.test(version) ? Number(version) : 0,
  };
}

function rowOf({ providerJws, clientJws: _jws, client: _client, endsAt: _ends, ...offer }: Offer): OfferRow {
  const document = documentIn(providerJws, parseAgreement);
  return { ...offer, document: document.ok ? { ...document.value, status: offer.state } : undefined };
}

async function viewOf({ core }: Pick<OfferPageDeps, 'core' | 'house'>, key: OfferKey) {
  const { read } = core.context.db;
  const found = await findOffer(read, key);
  if (found === undefined) throw notFound('There is no such offer.');
  const others = (await listOffers(read)).filter(
    (one) => one.provider === key.provider && one.agreement === key.agreement && one.state === 'active',
  );
  const newest = others.toSorted((a, b) => b.version - a.version)[0];
  return { offer: rowOf(found), inForce: newest === undefined ? undefined : rowOf(newest).document };
}

function answeredOffers(deps: OfferPageDeps): readonly OperatorRoute[] {
  const answer = { method: 'POST', access: 'agreements.sign', rate: 'form' } as const;
  return [
    {
      ...answer,
      id: 'console.offer.sign',
      url: `${BASE}/sign`,
      audit: 'agreement.signed',
      async handle(request, acting) {
        const key = keyOf(request);
        await onlyOnce(() => signAsClient(deps, key, parseAgreement, acting));
        return redirect(`${offerPath(languageOf(request), key)}&done=signed`);
      },
    },
    {
      ...answer,
      id: 'console.offer.decline',
      url: `${BASE}/decline`,
      audit: 'agreement.declined',
      async handle(request, acting) {
        const key = keyOf(request);
        const reason = textOf(formOf(request), 'reason', 1_000).trim();
        if (reason === '') return declineAgain(deps, request, acting, key);
        await declineOffer(deps, key, reason, acting);
        return redirect(`${offerPath(languageOf(request), key)}&done=declined`);
      },
    },
  ];
}

const keyOf = (request: FastifyRequest): OfferKey => keyFrom((name) => textOf(formOf(request), name, 500));

/** The second click of two, or somebody faster: the page then shows how it stands. */
async function onlyOnce(act: () => Promise<unknown>): Promise<void> {
  await act().catch((cause: unknown) => {
    if (!(cause instanceof Problem) || cause.status !== 409) throw cause;
  });
}

async function declineAgain(deps: OfferPageDeps, request: FastifyRequest, { actor }: Acting, key: OfferKey) {
  const frame = frameOf(deps.house, request, actor, offerPath(languageOf(request), key).slice(3));
  return page(offerPage(frame, { ...(await viewOf(deps, key)), isReasonMissing: true }), 422);
}

function signedDrafts(deps: OfferPageDeps): OperatorRoute {
  return {
    id: 'console.agreement.sign',
    method: 'POST',
    url: '/:language/console/agreements/:id/sign',
    access: 'agreements.sign',
    audit: 'agreement.signed',
    rate: 'form',
    async handle(request, acting) {
      const id = paramOf(request, 'id');
      const { version } = keyOf(request);
      await onlyOnce(() => signAsProvider(deps, id, version, acting));
      return redirect(`/${languageOf(request)}${AGREEMENTS}/${id}?version=${version}`);
    },
  };
}
