import { conflict, forbidden, invalid, notFound } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { findVersion, lockLife, saveLife } from '../../gateway/agreement-store.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { gatewayOf, type KnownGateway, trustView } from '../../gateway/trust-view.ts';
import { typeOf } from '../act-document.ts';
import {
  type AgreementDocument,
  documentOf,
  documentText,
  type ParseAgreement,
  providerOf,
  readSignedDocument,
} from '../document.ts';
import type { Life } from '../model.ts';
import { insertAct, type KeptAct } from '../store/act.ts';
import { findOffer, insertOffer, lockOfferLife } from '../store/offer.ts';
import { answerByOffer } from '../store/proposal.ts';
import { insertSignature } from '../store/signature.ts';
import { type AgreementDeps, actingPeer, keysOf, lifeAfter, notAcceptable } from './deps.ts';
import { receiveProposalMessage } from './propose.ts';
import { receiveAct } from './receive-act.ts';

/**
 * What another gateway has signed: an offer of one who provides, the signature of one whom we offered to, or an act on
 * an agreement with us. What was received before is received again without effect. Throws a Problem that the sender's
 * operator is shown: 403, 409 and 422 for good, 404 and 503 where it may be otherwise later.
 */
export async function receiveDocument(deps: AgreementDeps, caller: KnownGateway, jws: string, parse: ParseAgreement) {
  const { core } = deps;
  const type = typeOf(jws);
  if (type === 'wasl-agreement-act') return receiveAct(core, caller, jws);
  if (type === 'wasl-agreement-proposal') return receiveProposalMessage(core, caller, jws, parse);
  const read = readSignedDocument(jws, keysOf(core, caller), parse);
  if (!read.ok) throw notAcceptable(read.error.detail);
  const { party, document } = read.value;
  if (party === 'provider') await receiveOffer(core, caller, document, jws);
  else await receiveSignature(core, caller, document, jws);
}

async function receiveOffer(core: GatewayCore, caller: KnownGateway, document: AgreementDocument, jws: string) {
  const { context } = core;
  const view = trustView(context.trust, context.clock());
  if (gatewayOf(view, providerOf(document) ?? '') !== caller) {
    throw forbidden(`${caller.statement.server} does not provide ${document.service}.`);
  }
  if (!context.subsystems.has(document.client)) throw notFound(`${document.client} is not of this gateway.`);
  const { id: agreement, version, client } = document;
  const key = { provider: caller.statement.server, agreement };
  await context.db.transaction(async (tx) => {
    const life = await lockOfferLife(tx, key);
    const held = await findOffer(tx, { ...key, version });
    if (held !== undefined) return sameOrRefused(held.providerJws, jws);
    const now = context.clock();
    const drafted = lifeAfter(life, { kind: 'draft', version }, agreement, now);
    lifeAfter(drafted, { kind: 'offer', version, isWithGroup: false }, agreement, now);
    await insertOffer(tx, { ...key, version, client, providerJws: jws, receivedAt: now });
    await insertAct(
      tx,
      received({ side: 'client', ...key, version, kind: 'draft', party: 'provider', at: now, jws: null }),
    );
    await insertAct(tx, received({ side: 'client', ...key, version, kind: 'offer', party: 'provider', at: now, jws }));
    await answerByOffer(tx, { ...key, version }, now);
    await recordFrom(core, tx, caller, 'agreement.offer-received', { agreement, version });
  });
}

/** The signature differs each time it is made; what counts is the text below it. */
function sameOrRefused(held: string, given: string): void {
  if (held.split('.')[1] === given.split('.')[1]) return;
  throw conflict('This version was offered with another text; offer the next one.');
}

async function receiveSignature(core: GatewayCore, caller: KnownGateway, document: AgreementDocument, jws: string) {
  const { context, rights } = core;
  const view = trustView(context.trust, context.clock());
  if (gatewayOf(view, document.client) !== caller) {
    throw forbidden(`${caller.statement.server} does not speak for ${document.client}.`);
  }
  const { id, version } = document;
  await context.db.transaction(async (tx) => {
    const life = await lockLife(tx, id, context.settings.requireSignatures);
    const own = await findVersion(tx, id, version);
    if (own === undefined) throw notFound(`There is no version ${version} of the agreement ${id} here.`);
    if (documentText(documentOf(own)) !== documentText(document)) {
      throw invalid('The signature is on another text.', [
        { field: '/', message: 'is not the agreement that was offered' },
      ]);
    }
    const now = context.clock();
    if (!(await insertSignature(tx, own, 'client', jws, now))) return;
    await takeSignature(core, tx, life, { id, version, jws });
    await recordFrom(core, tx, caller, 'agreement.signature-received', { agreement: id, version });
  });
  await rights.reload();
}

async function takeSignature(
  { context }: GatewayCore,
  tx: Tx,
  life: Life,
  { id, version, jws }: { readonly id: string; readonly version: number; readonly jws: string },
): Promise<void> {
  const at = context.clock();
  await saveLife(tx, id, lifeAfter(life, { kind: 'sign', version }, id, at));
  const of = { side: 'provider', provider: context.server, agreement: id, version } as const;
  await insertAct(tx, received({ ...of, kind: 'sign', party: 'client', at, jws }));
}

const received = (act: Omit<KeptAct, 'number' | 'reason' | 'endsAt'>): KeptAct => ({
  number: 0,
  reason: '',
  endsAt: null,
  ...act,
});

function recordFrom(
  core: GatewayCore,
  tx: Tx,
  caller: KnownGateway,
  event: 'agreement.offer-received' | 'agreement.signature-received',
  { agreement, version }: { readonly agreement: string; readonly version: number },
): Promise<void> {
  return actingPeer(core, caller, event).record(tx, `${caller.statement.server} ${agreement}`, { version });
}
