import { conflict, notFound } from '../../../kernel/index.ts';
import { findVersion, lockLife, saveLife } from '../../gateway/agreement-store.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { GROUP } from '../../message/agreement.ts';
import type { Acting } from '../../operators/audit.ts';
import { documentOf, type ParseAgreement, signDocument } from '../document.ts';
import { documentIn } from '../offer-document.ts';
import { insertAct } from '../store/act.ts';
import { findOffer, lockOfferLife, type OfferKey, saveOfferLife, signOffer } from '../store/offer.ts';
import { insertSignature } from '../store/signature.ts';
import { type AgreementDeps, lifeAfter, lookForPeer, needPeer, notAcceptable, putIntoOutbox } from './deps.ts';
import { requireOtherHand } from './drafters.ts';

/**
 * The provider's signature on a version of its agreement, and its way to the client's gateway. Throws a Problem: 404
 * where there is no such version, 403 where the one who drafted it would sign, 409 where it is no draft, 503 where the client's gateway is not in the trust list.
 */
export async function signAsProvider(
  { core, wake }: AgreementDeps,
  id: string,
  version: number,
  acting: Acting,
): Promise<string> {
  const { context, rights } = core;
  const drafted = await findVersion(context.db.read, id, version);
  if (drafted !== undefined) await lookForPeer(core, drafted.client);
  const jws = await context.db.transaction(async (tx) => {
    const life = await lockLife(tx, id, context.settings.requireSignatures);
    const agreement = await findVersion(tx, id, version);
    if (agreement === undefined) throw notFound(`There is no version ${version} of the agreement ${id}.`);
    await requireOtherHand(tx, acting.actor, id, version);
    const signed = signDocument(context.signing, 'provider', documentOf(agreement));
    const now = context.clock();
    const isWithGroup = agreement.client.startsWith(GROUP);
    if (!(await insertSignature(tx, agreement, 'provider', signed, now))) {
      throw conflict(`Version ${version} of the agreement ${id} is signed by this member already.`);
    }
    await saveLife(tx, id, lifeAfter(life, { kind: 'offer', version, isWithGroup }, id, now));
    await keepAct(core, tx, { side: 'provider', provider: context.server, agreement: id, version }, 'offer', signed);
    if (!isWithGroup) {
      const peer = needPeer(core, agreement.client).statement.server;
      await putIntoOutbox(tx, core, { peer, agreement: id, version, kind: 'offer', jws: signed });
    }
    await acting.record(tx, id, { version });
    return signed;
  });
  wake();
  await rights.reload();
  return jws;
}

/** Our signature on what another member offers, and its way back. Throws a Problem: 404, or 409 where it is not open. */
export async function signAsClient(
  { core, wake }: AgreementDeps,
  key: OfferKey,
  parse: ParseAgreement,
  acting: Acting,
): Promise<string> {
  const { context } = core;
  const { provider, agreement, version } = key;
  const jws = await context.db.transaction(async (tx) => {
    const life = await lockOfferLife(tx, key);
    const offer = await findOffer(tx, key);
    if (offer === undefined) throw notFound('There is no such offer.');
    if (offer.clientJws !== null) throw conflict('This offer is signed by this member already.');
    // It was verified when it came; the key that signed it may have been renewed since.
    const document = documentIn(offer.providerJws, parse);
    if (!document.ok) throw notAcceptable(document.error);
    const now = context.clock();
    const signed = signDocument(context.signing, 'client', document.value);
    await saveOfferLife(tx, key, lifeAfter(life, { kind: 'sign', version }, agreement, now));
    await signOffer(tx, key, signed, now);
    await context.signedTerms.note(tx, provider, document.value);
    await keepAct(core, tx, { side: 'client', provider, agreement, version }, 'sign', signed);
    await putIntoOutbox(tx, core, { peer: provider, agreement, version, kind: 'sign', jws: signed });
    await acting.record(tx, `${provider} ${agreement}`, { version });
    return signed;
  });
  wake();
  await context.signedTerms.reload();
  return jws;
}

/** Signatures are acts like others; they carry no number, since a version is signed once. */
async function keepAct(
  { context }: GatewayCore,
  tx: Parameters<typeof insertAct>[0],
  of: { side: 'provider' | 'client'; provider: string; agreement: string; version: number },
  kind: 'offer' | 'sign',
  jws: string,
): Promise<void> {
  await insertAct(tx, { ...of, kind, party: of.side, number: 0, reason: '', endsAt: null, at: context.clock(), jws });
}
