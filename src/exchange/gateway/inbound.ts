import { Fault, type FaultSlug } from '../message/fault.ts';
import { lastOf } from '../message/headers.ts';
import {
  formatService,
  formatSubsystem,
  type IdentifierRefusal,
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
import { type Incoming, METHODS, type Shown } from './wire.ts';

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
 * signature that every word is its own. Throws Fault.
 */
export function identify(context: GatewayContext, shown: Shown, incoming: Incoming): Inbound {
  const now = context.clock();
  const view = trustView(context.trust, now);
  const sender = senderOf(view, shown, now);
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
  if (!signed.ok) throw signatureFault(signed.error, view);
  const service = formatService(target.service);
  return { incoming, sender, target, client, service, exchange, xRoadId, signed: signed.value };
}

/** The gateway that showed this certificate, if it may still show it. Throws Fault. */
export function senderOf(view: TrustView, shown: Shown, now: Date): KnownGateway {
  const refusal = shown.refusal ?? certificateRefusal(view, shown, now);
  if (refusal !== undefined)
    throw new Fault(refusal, CERTIFICATE_DETAILS[refusal] ?? CERTIFICATE_DETAILS['sender-unknown']);
  return view.byTls.get(shown.print ?? '') as KnownGateway;
}

const CERTIFICATE_DETAILS = {
  'sender-unknown': 'The client certificate is of no gateway in the trust list in force.',
  'certificate-missing': 'The connection showed no client certificate.',
  'certificate-revoked': 'The trust list names the client certificate among those that were revoked.',
  'certificate-expired': 'The time of the client certificate is over.',
  'certificate-not-yet-valid': 'The time of the client certificate has not begun.',
} satisfies Partial<Record<FaultSlug, string>> as Partial<Record<FaultSlug, string>> & { 'sender-unknown': string };

function certificateRefusal(
  view: TrustView,
  { print, validTo }: Extract<Shown, { print: string }>,
  now: Date,
): FaultSlug | undefined {
  // The list names a revoked certificate by the same hash in base64url.
  if (view.revoked.has(Buffer.from(print, 'hex').toString('base64url'))) return 'certificate-revoked';
  const sender = view.byTls.get(print);
  if (sender === undefined) return validTo <= now.getTime() ? 'certificate-expired' : 'sender-unknown';
  if (now.getTime() < sender.validFrom) return 'certificate-not-yet-valid';
  return isInForce(sender, now) && showsOwnTls(sender, print, now) ? undefined : 'certificate-expired';
}

function readAddresses(incoming: Incoming): { readonly client: string; readonly target: RestTarget } {
  if (!METHODS.has(incoming.method)) throw new Fault('request-malformed', 'The method is not one of REST.');
  const target = parseRestTarget(incoming.target);
  if (!target.ok) {
    const slug = IDENTIFIER_FAULTS[target.error.kind] ?? 'request-malformed';
    throw new Fault(slug, `The request URI cannot be read: it ${target.error.detail}.`);
  }
  const client = parseSubsystem(lastOf(incoming.headers, 'x-road-client') ?? '');
  if (!client.ok) {
    const slug = IDENTIFIER_FAULTS[client.error.kind] ?? 'request-malformed';
    throw new Fault(slug, `X-Road-Client cannot be read: it ${client.error.detail}.`);
  }
  return { client: formatSubsystem(client.value), target: target.value };
}

/** A trick in an identifier has a name of its own; what is only cut wrongly is malformed. */
export const IDENTIFIER_FAULTS: Readonly<Record<IdentifierRefusal['kind'], FaultSlug | undefined>> = {
  identifier: undefined,
  encoding: 'identifier-encoding',
  traversal: 'identifier-traversal',
};

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

function signatureFault(refusal: SignatureRefusal, view: TrustView): Fault {
  const slug = isRevokedKey(refusal, view) ? 'certificate-revoked' : SIGNATURE_FAULTS[refusal.kind];
  return new Fault(slug, `The message was refused: ${refusal.detail}.`);
}

function isRevokedKey({ kind, keyid }: SignatureRefusal, view: TrustView): boolean {
  return kind === 'unknown-key' && keyid !== undefined && view.revoked.has(keyid);
}
