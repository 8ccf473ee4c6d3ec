import { conflict, forbidden, invalid, type Json, notFound, type Result, unavailable } from '../../kernel/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import { endReplaced } from '../gateway/store.ts';
import { gatewayOf, type KnownGateway, trustView } from '../gateway/trust-view.ts';
import { type Agreement, GROUP } from '../message/agreement.ts';
import type { Acting } from '../operators/audit.ts';
import {
  type AgreementDocument,
  documentOf,
  documentText,
  providerOf,
  readSignedDocument,
  type SignedDocument,
  signDocument,
} from './document.ts';
import * as store from './store.ts';

export type ParseAgreement = (payload: Json) => Result<Agreement, string>;

/**
 * The provider's signature on a version of its agreement, and its way to the client's gateway. Throws a Problem: 404
 * where there is no such version, 503 where the client's gateway is not in the trust list.
 */
export async function signAsProvider(core: GatewayCore, id: string, version: number, acting: Acting): Promise<string> {
  const { context, rights } = core;
  const agreement = rights.current().agreements.find((one) => one.id === id && one.version === version);
  if (agreement === undefined) throw notFound(`There is no version ${version} of the agreement ${id}.`);
  const jws = signDocument(context.signing, 'provider', documentOf(agreement));
  const peer = agreement.client.startsWith(GROUP) ? undefined : peerOf(core, agreement.client);
  await context.db.transaction(async (tx) => {
    if (!(await store.insertSignature(tx, agreement, 'provider', jws, context.clock()))) {
      throw conflict(`Version ${version} of the agreement ${id} is signed by this member already.`);
    }
    await endReplaced(tx, id);
    // In the same transaction: a crash leaves both, or the operator signs again.
    if (peer !== undefined) await store.insertDelivery(tx, peer.statement.server, jws, context.clock());
    await acting.record(tx, id, { version });
  });
  await rights.reload();
  return jws;
}

/** Our signature on what another member offers, and its way back. Throws a Problem: 404, or 409 where it is signed. */
export async function signAsClient(
  core: GatewayCore,
  key: Pick<store.Offer, 'provider' | 'agreement' | 'version'>,
  parse: ParseAgreement,
  acting: Acting,
): Promise<string> {
  const { context } = core;
  return context.db.transaction(async (tx) => {
    const offer = await store.lockOffer(tx, key);
    if (offer === undefined) throw notFound('There is no such offer.');
    if (offer.clientJws !== null) throw conflict('This offer is signed by this member already.');
    const provider = gatewayByServer(core, key.provider);
    const signed = readBy(provider, offer.providerJws, parse);
    const jws = signDocument(context.signing, 'client', signed.document);
    await store.signOffer(tx, key, jws, context.clock());
    await store.insertDelivery(tx, key.provider, jws, context.clock());
    await acting.record(tx, `${key.provider} ${key.agreement}`, { version: key.version });
    return jws;
  });
}

/**
 * A signed document of another gateway: an offer of one who provides, or the signature of one whom we offered to. What
 * was received before is received again without effect. Throws a Problem (403, 404, 422) that the sender's log keeps.
 */
export async function receiveDocument(core: GatewayCore, caller: KnownGateway, jws: string, parse: ParseAgreement) {
  const { party, document } = readBy(caller, jws, parse);
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
  await store.insertOffer(context.db.read, {
    provider: caller.statement.server,
    agreement: document.id,
    version: document.version,
    client: document.client,
    providerJws: jws,
    receivedAt: context.clock(),
  });
}

async function receiveSignature(core: GatewayCore, caller: KnownGateway, document: AgreementDocument, jws: string) {
  const { context, rights } = core;
  const view = trustView(context.trust, context.clock());
  if (gatewayOf(view, document.client) !== caller) {
    throw forbidden(`${caller.statement.server} does not speak for ${document.client}.`);
  }
  const { id, version } = document;
  const own = rights.current().agreements.find((one) => one.id === id && one.version === version);
  if (own === undefined) throw notFound(`There is no version ${version} of the agreement ${id} here.`);
  if (documentText(documentOf(own)) !== documentText(document)) {
    throw invalid('The signature is on another text.', [
      { field: '/', message: 'is not the agreement that was offered' },
    ]);
  }
  await context.db.transaction(async (tx) => {
    await store.insertSignature(tx, own, 'client', jws, context.clock());
    await endReplaced(tx, id);
  });
  await rights.reload();
}

function readBy(gateway: KnownGateway, jws: string, parse: ParseAgreement): SignedDocument {
  const read = readSignedDocument(jws, { keyid: gateway.keyid, key: gateway.signKey }, parse);
  if (read.ok) return read.value;
  throw invalid('The signed document is not acceptable.', [{ field: '/', message: read.error.detail }]);
}

function peerOf({ context }: GatewayCore, client: string): KnownGateway {
  const peer = gatewayOf(trustView(context.trust, context.clock()), client);
  if (peer !== undefined) return peer;
  throw unavailable(`No gateway of the trust list serves ${client}; it cannot sign.`);
}

function gatewayByServer({ context }: GatewayCore, server: string): KnownGateway {
  const view = trustView(context.trust, context.clock());
  for (const one of view.byTls.values()) if (one.statement.server === server) return one;
  throw unavailable(`The gateway ${server} is not in the trust list in force.`);
}
