import { decodeBase64url, notFound, parseJson, unavailable } from '../../kernel/index.ts';
import { inclusionProof, openCheckpoint, readCheckpoint } from '../../ledger/index.ts';
import { buildEvidence, type Sealer } from '../evidence/build.ts';
import { type EvidenceEntry, type EvidenceSide, type EvidenceTimestamp, parseEvidenceSide } from '../evidence/model.ts';
import { bareToken } from '../timestamp/bare-token.ts';
import { findCovering, type Timestamp } from '../timestamp/store.ts';
import { certificateId } from '../trust/certificate.ts';
import { witnessedCheckpoint } from '../witness/store.ts';
import { ledgerEntry } from './entry.ts';
import type { GatewayContext, MessageRecord } from './model.ts';
import type { PeerAnswer, Peers } from './peers.ts';
import { findMessages } from './store.ts';
import { type KnownGateway, type TrustView, trustView } from './trust-view.ts';

type Both = { readonly request: Found; readonly response: Found };
export type Found = { readonly index: number; readonly record: MessageRecord };
/** An exchange that has no answer here: what was entered of it, one or both. */
type Failed = { readonly request: Found | undefined; readonly refusal: Found | undefined };
type Kept = { readonly id: string; readonly peer: string; readonly both?: Both; readonly failed: Failed };

/**
 * The messages of an exchange as this side kept them. `exchange` is the X-Road-Request-Id, or the X-Road-Id where that
 * names one exchange only. `party`: with whom, since two members may have chosen one number.
 */
export async function findKept(context: GatewayContext, exchange: string, party?: string): Promise<Kept> {
  const all = await findMessages(context.db.read, exchange);
  const [first] = party === undefined ? all : all.filter(({ record }) => record.peer === party);
  if (first === undefined) {
    const whom = party === undefined ? '' : ` with ${party}`;
    throw notFound(`This gateway has no exchange "${exchange}"${whom}.`);
  }
  const { exchange: id, peer } = first.record;
  const own = all.filter(({ record }) => record.exchange === id && record.peer === peer);
  const request = own.find(({ record }) => record.kind === 'request');
  const response = own.find(({ record }) => record.kind === 'response');
  const refusal = own.find(({ record }) => record.kind === 'refusal');
  const both = request === undefined || response === undefined ? {} : { both: { request, response } };
  return { id, peer, ...both, failed: { request, refusal } };
}

async function findBoth(context: GatewayContext, exchange: string, party?: string): Promise<Both> {
  const { both } = await findKept(context, exchange, party);
  if (both === undefined) throw notFound(`This gateway has no answer in the exchange "${exchange}".`);
  return both;
}

/** This side's half of the proof: its entries, their place in its log, and who vouches for its keys. */
export async function ownSide(context: GatewayContext, exchange: string, party?: string): Promise<EvidenceSide> {
  // A message may hold a person's number: only the gateway at the other end may have it.
  const both = await findBoth(context, exchange, party);
  const { size, ...head } = await headOver(context, [both.request, both.response]);
  return {
    ...(await vouchingForOwn(context, signedWith(both))),
    ...head,
    request: await entryOf(context, both.request, size),
    response: await entryOf(context, both.response, size),
  };
}

type Head = { readonly checkpoint: string; readonly size: number; readonly timestamp?: EvidenceTimestamp };

/** A signed head of our log that holds these entries. */
export async function headOver(context: GatewayContext, entries: readonly Found[]): Promise<Head> {
  const least = Math.max(...entries.map(({ index }) => index)) + 1;
  // One that an authority has stamped says most: when it was is not our own word.
  const stamped = await findCovering(context.db.read, least);
  if (stamped !== undefined) {
    const { checkpoint, size } = stamped;
    return { checkpoint, size, timestamp: timestampOf(stamped) };
  }
  // One that others have signed says more; where none is that young, our own word.
  const checkpoint =
    (await witnessedCheckpoint(context.db.read, least)) ?? (await readCheckpoint(context.db.read, context.ledger.name));
  const opened = openCheckpoint(checkpoint, context.ledger.signer.vkey);
  if (!opened.ok) throw new Error(`our own checkpoint does not open: ${opened.error.detail}`);
  return { checkpoint, size: opened.value.size };
}

function timestampOf({ token, statement, path }: Timestamp): EvidenceTimestamp {
  return { token: Buffer.from(bareToken(token)).toString('base64'), authority: statement, chain: path };
}

export async function entryOf(context: GatewayContext, found: Found, size: number): Promise<EvidenceEntry> {
  const proof = await inclusionProof(context.db.read, context.ledger.name, found.index, size);
  return {
    leaf: ledgerEntry(found.record).toString('utf8'),
    salt: found.record.salt.toString('base64url'),
    index: found.index,
    proof: proof.map((hash) => Buffer.from(hash).toString('base64')),
  };
}

/** The id of the key that this side signed its half of the exchange with. */
function signedWith({ request, response }: { readonly request: Found; readonly response: Found }): string {
  return (request.record.side === 'consumer' ? request : response).record.keyid;
}

export async function vouchingForOwn(context: GatewayContext, keyid: string): Promise<Vouching> {
  const view = trustView(context.trust, context.clock());
  const own = view.list.gateways.find((one) => one.statement.server === context.server);
  if (own === undefined) throw unavailable('This gateway is not in the trust list in force.');
  return vouchingFor(context, view, own, keyid);
}

type Vouching = Pick<EvidenceSide, 'statement' | 'ca'>;
type Stated = { readonly jws: string; readonly statement: { readonly signCertificate: string } };

/** The statement of that time: after a renewal the present one names another key than the one that has signed. */
export async function vouchingFor(
  context: GatewayContext,
  view: TrustView,
  gateway: Stated,
  keyid: string,
): Promise<Vouching> {
  const isPresent = certificateId(Buffer.from(gateway.statement.signCertificate, 'base64')) === keyid;
  const former = isPresent ? undefined : await context.trust.archived?.(keyid);
  return former ?? { statement: gateway.jws, ca: authorityOf(view, gateway.jws) };
}

/** The authority that the statement names in its header. */
function authorityOf(view: TrustView, jws: string): string {
  const header = parseJson(decodeBase64url(jws.split('.')[0] ?? '')?.toString('utf8') ?? '');
  const id = header.ok ? (header.value as { readonly ca?: unknown } | null)?.ca : undefined;
  const ca = view.caCertificates.find((der) => certificateId(Buffer.from(der, 'base64')) === id);
  if (ca === undefined) throw unavailable('The authority of our statement is not in the trust list.');
  return ca;
}

/** The whole proof as a file: our side, and the other side's asked over mutual TLS. */
export async function exportEvidence(context: GatewayContext, peers: Peers, exchange: string): Promise<Buffer> {
  const both = await findBoth(context, exchange);
  const id = both.request.record.exchange;
  const view = trustView(context.trust, context.clock());
  const known = view.byServer.get(both.request.record.peer);
  if (known === undefined)
    throw unavailable(`The gateway ${both.request.record.peer} is not in the trust list in force.`);
  const own = await ownSide(context, id);
  const other = await askPeer(context, peers, view, known, id);
  const isConsumer = both.request.record.side === 'consumer';
  const message = ({ record }: Found) => ({
    base: record.base,
    signatureInput: record.signatureInput,
    signature: record.signature,
  });
  const sealer = await sealerOf(context, own);
  return buildEvidence(
    {
      instance: context.instance,
      exchange: id,
      request: message(both.request),
      response: message(both.response),
      consumer: isConsumer ? own : other,
      provider: isConsumer ? other : own,
    },
    sealer,
    context.clock(),
  );
}

/** We seal with our present key: who vouches for it is said where our half is from before a renewal. */
export async function sealerOf(context: GatewayContext, half: Vouching): Promise<Sealer> {
  const { keyid, key } = context.signing;
  const { statement, ca } = await vouchingForOwn(context, keyid);
  const vouching = statement === half.statement ? undefined : { statement, ...(ca === half.ca ? {} : { ca }) };
  return { server: context.server, keyid, key, vouching };
}

export const EVIDENCE_PATH = '/wasl/evidence/v1/';

async function askPeer(
  context: GatewayContext,
  peers: Peers,
  view: TrustView,
  peer: KnownGateway,
  exchange: string,
): Promise<EvidenceSide> {
  const answer = await askGateway(context, peers, view, peer, `${EVIDENCE_PATH}${exchange}`).catch((cause: unknown) => {
    throw unavailable(
      `The gateway ${peer.statement.server} holds the other half of the proof and cannot be reached; try again later.`,
      cause,
    );
  });
  const body = parseJson(answer.body.toString('utf8'));
  const side = answer.status === 200 && body.ok ? parseEvidenceSide(body.value) : undefined;
  if (side?.ok !== true)
    throw unavailable(`The gateway ${peer.statement.server} did not give its half of the proof (${answer.status}).`);
  return side.value;
}

/** With which key the asker saw the refusal signed. */
export const SIGNED_WITH = 'wasl-signed-with';

export function askGateway(
  context: GatewayContext,
  peers: Peers,
  view: TrustView,
  peer: KnownGateway,
  target: string,
  signedWith?: string,
): Promise<PeerAnswer> {
  return peers.toGateway(view, peer, {
    method: 'GET',
    target,
    headers: [
      ['accept', 'application/json'],
      ...(signedWith === undefined ? [] : [[SIGNED_WITH, signedWith] as const]),
    ],
    body: Buffer.alloc(0),
    timeoutMs: context.settings.peerTimeoutMs,
    maxBodyBytes: 200_000,
  });
}
