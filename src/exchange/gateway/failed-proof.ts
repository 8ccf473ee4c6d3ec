import { notFound, parseJson } from '../../kernel/index.ts';
import { buildFailure } from '../evidence/build.ts';
import { type FailureHalf, type GivenHalf, parseGivenHalf } from '../evidence/failure-model.ts';
import type { EvidenceMessage } from '../evidence/model.ts';
import { lastOf } from '../message/headers.ts';
import type { GatewayCore, GatewayExtension } from './extension.ts';
import type { GatewayContext, MessageRecord } from './model.ts';
import type { Peers } from './peers.ts';
import {
  askGateway,
  EVIDENCE_PATH,
  entryOf,
  exportEvidence,
  type Found,
  findKept,
  headOver,
  ownSide,
  SIGNED_WITH,
  sealerOf,
  vouchingFor,
  vouchingForOwn,
} from './proof.ts';
import { trustView } from './trust-view.ts';

/** The proof of what became of an exchange, by what this side kept of it: an answer, a refusal, or neither. */
export async function exportProof(context: GatewayContext, peers: Peers, exchange: string): Promise<Buffer> {
  const kept = await findKept(context, exchange);
  if (kept.both !== undefined) return exportEvidence(context, peers, exchange);
  return exportFailure(context, peers, kept);
}

type Kept = Awaited<ReturnType<typeof findKept>>;

/**
 * What is known of an exchange without answer. The other side is asked for what it entered; where it is away, or knows
 * nothing, the file says what one side can prove, and the verifier what that leaves open.
 */
async function exportFailure(context: GatewayContext, peers: Peers, kept: Kept): Promise<Buffer> {
  const first = await ownHalf(context, kept);
  const other = await askHalf(context, peers, kept, keyidOf(first.refusal));
  // What we refused at the door we do not keep; by the other side's copy we know which key had signed it.
  const own =
    first.refusal === undefined && isProvider(kept) ? await ownHalf(context, kept, keyidOf(other?.refusal)) : first;
  const request = requestOf(kept);
  if (request === undefined) throw notFound(`The request of the exchange "${kept.id}" is not kept here.`);
  const isConsumer = request.record.side === 'consumer';
  const refusal = own.refusal ?? other?.refusal;
  const otherHalf = other?.half ?? (await namedHalf(context, kept, isConsumer ? refusal : messageOf(request.record)));
  const [consumer, provider] = isConsumer ? [own.half, otherHalf] : [otherHalf, own.half];
  if (consumer === undefined) throw notFound(`The registry does not vouch for who asked in "${kept.id}".`);
  // A signature of somebody that nobody vouches for would prove nothing.
  const isSigned = refusal !== undefined && provider !== undefined;
  return buildFailure(
    {
      instance: context.instance,
      exchange: kept.id,
      request: messageOf(request.record),
      ...(isSigned ? { refusal } : {}),
      consumer,
      ...(provider === undefined ? {} : { provider }),
    },
    await sealerOf(context, own.half),
    context.clock(),
  );
}

const isRequest = (record: MessageRecord): boolean => record.signatureInput.endsWith('tag="wasl-request"');

/** What was refused at the door stands in the refusal's entry only. */
function requestOf({ failed: { request, refusal } }: Kept): Found | undefined {
  return request ?? (refusal !== undefined && isRequest(refusal.record) ? refusal : undefined);
}

const isProvider = ({ failed: { request, refusal } }: Kept): boolean =>
  (request ?? refusal)?.record.side === 'provider';

/** The key that a message says it is signed with. */
const keyidOf = (signed: EvidenceMessage | undefined): string | undefined =>
  /;keyid="([\w-]{43})"/.exec(signed?.signatureInput ?? '')?.[1];

const messageOf = ({ base, signatureInput, signature }: MessageRecord): EvidenceMessage => ({
  base,
  signatureInput,
  signature,
});

/**
 * Our entries, and the signed refusal where we keep it: the consumer as received, the provider as sent. `signedWith`: the
 * key of a refusal that the consumer holds; it may be a former one of ours.
 */
async function ownHalf(context: GatewayContext, { failed }: Kept, signedWith?: string): Promise<GivenHalf> {
  const { request, refusal } = failed;
  const entries = [request, refusal].filter((found) => found !== undefined);
  const { size, ...head } = await headOver(context, entries);
  const signedRefusal = refusal !== undefined && !isRequest(refusal.record) ? refusal.record : undefined;
  const isConsumer = entries[0]?.record.side === 'consumer';
  // Who signed nothing here is named by the present key: its ledger's is the same.
  const kept = isConsumer ? request?.record.keyid : (signedRefusal?.keyid ?? signedWith);
  const keyid = kept ?? context.signing.keyid;
  return {
    half: {
      ...(await vouchingForOwn(context, keyid)),
      ...head,
      ...(request === undefined ? {} : { request: await entryOf(context, request, size) }),
      ...(refusal === undefined ? {} : { refusal: await entryOf(context, refusal, size) }),
    },
    ...(signedRefusal === undefined ? {} : { refusal: messageOf(signedRefusal) }),
  };
}

/** The other side by name, where it signed something that the file holds. */
async function namedHalf(
  context: GatewayContext,
  { peer }: Kept,
  signed: EvidenceMessage | undefined,
): Promise<FailureHalf | undefined> {
  const keyid = keyidOf(signed);
  const view = trustView(context.trust, context.clock());
  const known = view.byServer.get(peer);
  return keyid === undefined || known === undefined ? undefined : vouchingFor(context, view, known, keyid);
}

const FAILED_PATH = '/wasl/evidence/v2/';

/** Undefined where the other gateway is away, is of before, or has nothing of this exchange. */
async function askHalf(
  context: GatewayContext,
  peers: Peers,
  { id, peer }: Kept,
  signedWith: string | undefined,
): Promise<GivenHalf | undefined> {
  const view = trustView(context.trust, context.clock());
  const known = view.byServer.get(peer);
  if (known === undefined) return undefined;
  const answer = await askGateway(context, peers, view, known, `${FAILED_PATH}${id}`, signedWith).catch(
    () => undefined,
  );
  const body = answer?.status === 200 ? parseJson(answer.body.toString('utf8')) : undefined;
  const given = body?.ok === true ? parseGivenHalf(body.value) : undefined;
  return given?.ok === true ? given.value : undefined;
}

/** Gives the other party of an exchange our half of its proof. */
export const evidenceExtension = ({ context }: GatewayCore): GatewayExtension => ({
  name: 'evidence',
  async answerPeer(caller, { target, headers }) {
    const { server } = caller.statement;
    const side = target.startsWith(FAILED_PATH)
      ? await ownHalf(
          context,
          await findKept(context, target.slice(FAILED_PATH.length), server),
          lastOf(headers, SIGNED_WITH),
        )
      : await ownSide(context, target.slice(EVIDENCE_PATH.length), server);
    return {
      status: 200,
      headers: [['content-type', 'application/json']],
      body: Buffer.from(JSON.stringify(side)),
    };
  },
});
