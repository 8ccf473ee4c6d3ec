import { Fault, type FaultSlug } from '../message/fault.ts';
import { lastOf } from '../message/headers.ts';
import {
  formatService,
  formatSubsystem,
  parseRestTarget,
  parseSubsystem,
  type RestTarget,
} from '../message/identifiers.ts';
import { type SignatureRefusal, type SignedParts, verifyRequest, verifyRequestHead } from '../message/signature.ts';
import type { GatewayContext } from './model.ts';
import {
  gatewayOf,
  isInForce,
  type KnownGateway,
  showsOwnTls,
  signKeyOf,
  type TrustView,
  trustView,
} from './trust-view.ts';
import { type Incoming, METHODS } from './wire.ts';

/** A message whose sender is known: from here on each refusal is an entry of the ledger. */
export type Inbound = {
  readonly incoming: Incoming;
  readonly sender: KnownGateway;
  readonly target: RestTarget;
  /** INST/CLASS/MEMBER/SUBSYSTEM of the one who asks. */
  readonly client: string;
  /** INST/CLASS/MEMBER/SUBSYSTEM/SERVICE */
  readonly service: string;
  readonly exchange: string;
  readonly xRoadId: string;
  readonly signed: SignedParts;
};

/**
 * Whose message this is: the certificate says which gateway, the trust list which clients it speaks for, the
 * signature that every word is its own. `thumbprint` is of the client certificate that TLS verified, undefined
 * where it did not. Throws Fault.
 */
export function identify(context: GatewayContext, thumbprint: string | undefined, incoming: Incoming): Inbound {
  const now = context.clock();
  const view = trustView(context.trust, now);
  const sender = senderOf(view, thumbprint, now);
  const { client, target } = readAddresses(incoming);
  if (gatewayOf(view, client) !== sender) {
    throw new Fault(
      'sender-mismatch',
      `The certificate is of ${sender.statement.server}, which does not serve ${client}.`,
    );
  }
  const { exchange, xRoadId } = readIds(incoming);
  const targetUri = `${context.address}${incoming.target}`;
  const keyOf = (keyid: string) => signKeyOf(sender, keyid, now);
  const facts = { method: incoming.method, targetUri, headers: incoming.headers };
  const signed =
    incoming.large === undefined
      ? verifyRequest(facts, incoming.body, keyOf, now)
      : verifyRequestHead(facts, keyOf, now);
  if (!signed.ok) throw signatureFault(signed.error);
  const service = formatService(target.service);
  return { incoming, sender, target, client, service, exchange, xRoadId, signed: signed.value };
}

function senderOf(view: TrustView, thumbprint: string | undefined, now: Date): KnownGateway {
  const sender = thumbprint === undefined ? undefined : view.byTls.get(thumbprint);
  if (
    thumbprint === undefined ||
    sender === undefined ||
    !isInForce(sender, now) ||
    !showsOwnTls(sender, thumbprint, now)
  ) {
    throw new Fault('sender-unknown', 'The client certificate is of no gateway in the trust list in force.');
  }
  return sender;
}

function readAddresses(incoming: Incoming): { readonly client: string; readonly target: RestTarget } {
  if (!METHODS.has(incoming.method)) throw new Fault('request-malformed', 'The method is not one of REST.');
  const target = parseRestTarget(incoming.target);
  if (!target.ok) throw new Fault('request-malformed', `The request URI cannot be read: it ${target.error.detail}.`);
  const client = parseSubsystem(lastOf(incoming.headers, 'x-road-client') ?? '');
  if (!client.ok) throw new Fault('request-malformed', `X-Road-Client cannot be read: it ${client.error.detail}.`);
  return { client: formatSubsystem(client.value), target: target.value };
}

function readIds(incoming: Incoming): { readonly exchange: string; readonly xRoadId: string } {
  const exchange = lastOf(incoming.headers, 'x-road-request-id') ?? '';
  const xRoadId = lastOf(incoming.headers, 'x-road-id') ?? '';
  if (!/^[\w-]{16,64}$/.test(exchange) || xRoadId === '' || xRoadId.length > 200) {
    throw new Fault('request-malformed', 'X-Road-Request-Id and X-Road-Id must identify the message.');
  }
  return { exchange, xRoadId };
}

const SIGNATURE_FAULTS: Readonly<Record<SignatureRefusal['kind'], FaultSlug>> = {
  missing: 'signature-missing',
  malformed: 'signature-malformed',
  coverage: 'signature-coverage',
  'not-yet': 'message-from-the-future',
  expired: 'message-expired',
  'unknown-key': 'signature-key-unknown',
  digest: 'body-altered',
  wrong: 'signature-wrong',
};

function signatureFault(refusal: SignatureRefusal): Fault {
  return new Fault(SIGNATURE_FAULTS[refusal.kind], `The message was refused: ${refusal.detail}.`);
}
