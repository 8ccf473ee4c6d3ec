import { Problem } from '../../kernel/index.ts';
import { ASK_PROVIDER, DOOR_FAULTS, type FaultFacts, fault } from './door-faults.ts';

const NEW_MESSAGE = 'Send a new message; the gateway signs it anew.';
const ASK_AGREEMENT = 'Ask the member that provides the service for an agreement that covers this call.';
const USE_TLS = 'Call the gateway’s address over TLS; its operator gives you the address and its certificate.';
const FAULT_OF_GATEWAY = 'Ask the operator of the sending gateway: a gateway that follows the profile signs rightly.';

/**
 * Every way in which a gateway refuses or fails. `status` is the honest one, answered to whoever asks for
 * `application/problem+json`; X-Road's clients get X-Road's own code and its status (500 for each of them).
 * `remedy` says what the one who asked can do. Slugs are never used again for something else.
 */
export const FAULTS = {
  ...DOOR_FAULTS,
  'client-header-missing': fault(
    400,
    'InvalidClientIdentifier',
    'X-Road-Client is missing',
    'Send X-Road-Client with the four parts INSTANCE/CLASS/MEMBER/SUBSYSTEM.',
  ),
  'client-header-malformed': fault(
    400,
    'InternalError',
    'X-Road-Client cannot be read',
    'Send X-Road-Client with the four parts INSTANCE/CLASS/MEMBER/SUBSYSTEM, each percent-encoded.',
  ),
  'target-malformed': fault(
    400,
    'InternalError',
    'The request URI cannot be read',
    'Call /r1/INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE, each part percent-encoded.',
  ),
  'message-id-too-long': fault(
    400,
    'InternalError',
    'X-Road-Id is too long',
    'Send an X-Road-Id of at most 200 characters.',
  ),
  'method-unknown': fault(405, 'InternalError', 'The method is not one of REST', 'Use one of the methods of PR-REST.'),
  'header-repeated': fault(
    400,
    'DuplicateHeaderField',
    'A header that is signed stands twice',
    'Send each of the named headers once.',
  ),
  'client-not-here': fault(
    403,
    'UnknownMember',
    'The client is not of this gateway',
    'Call the gateway of your own member, with one of its subsystems in X-Road-Client.',
  ),
  'client-plaintext': fault(403, 'SslAuthenticationFailed', 'The client must call over TLS', USE_TLS),
  'client-certificate-missing': fault(
    401,
    'SslAuthenticationFailed',
    'The client must show its certificate',
    'Call with the certificate that the operator of your gateway registered for your subsystem.',
  ),
  'client-certificate-unknown': fault(
    401,
    'SslAuthenticationFailed',
    'The client’s certificate is not registered',
    'Give your certificate to the operator of your gateway, who registers it for your subsystem.',
  ),
  'provider-unknown': fault(
    404,
    'UnknownMember',
    'No gateway serves this provider',
    'Check the identifier against /listClients; a member that has just joined is known within a minute.',
  ),
  'security-server-invalid': fault(
    400,
    'InvalidSecurityServer',
    'X-Road-Security-Server does not serve the provider',
    'Leave the header out, or name the gateway that serves the provider: INSTANCE/CLASS/MEMBER/SERVERCODE.',
  ),
  'trust-list-expired': fault(
    503,
    'OutdatedGlobalConf',
    'The trust list has expired',
    'Ask the operator to restore the connection to the registry.',
  ),
  'peer-unreachable': fault(502, 'NetworkError', 'The provider’s gateway cannot be reached', 'Try again later.'),
  'peer-answer-invalid': fault(
    502,
    'InconsistentResponse',
    'The provider’s gateway gave an answer that proves nothing',
    ASK_PROVIDER,
  ),
  'evidence-unavailable': fault(
    503,
    'LoggingFailed',
    'The evidence could not be kept',
    'Try again later; nothing was passed on.',
  ),
  'archive-unavailable': fault(
    503,
    'LoggingFailed',
    'The body could not be kept as the agreement asks',
    'Try again later; nothing was passed on. The operator of the gateway that is to keep it knows more.',
  ),
  'body-too-large': fault(
    413,
    'IOError',
    'The body is larger than a gateway on the way accepts',
    'Send less at a time, or ask the operators to raise the limit.',
  ),
  'body-unreadable': fault(400, 'IOError', 'The body could not be read', 'Send the whole body that was announced.'),
  'sender-unknown': fault(
    401,
    'SslAuthenticationFailed',
    'The sender is not in the trust list',
    'The sending gateway must join the registry, or renew its certificates there.',
  ),
  'sender-mismatch': fault(
    403,
    'SslAuthenticationFailed',
    'The certificate is of another member than the client',
    'Send through the gateway of the client’s own member.',
  ),
  'signature-missing': fault(401, 'MissingSignature', 'The message is not signed', FAULT_OF_GATEWAY),
  'signature-malformed': fault(401, 'MalformedSignature', 'The signature cannot be read', FAULT_OF_GATEWAY),
  'signature-coverage': fault(
    401,
    'InvalidSignatureValue',
    'The signature does not cover the message',
    FAULT_OF_GATEWAY,
  ),
  'signature-wrong': fault(401, 'InvalidSignatureValue', 'The signature is not of this message', FAULT_OF_GATEWAY),
  'signature-key-unknown': fault(
    401,
    'KeyNotFound',
    'The signing key is not known',
    'The sending gateway must sign with the key that the registry vouches for.',
  ),
  'message-expired': fault(401, 'InvalidSignatureValue', 'The message has expired', NEW_MESSAGE),
  'message-from-the-future': fault(
    401,
    'InvalidSignatureValue',
    'The message was signed in the future',
    'Set the clocks of both gateways by a time server.',
  ),
  'body-altered': fault(401, 'InvalidSignatureValue', 'The body is not the one that was signed', NEW_MESSAGE),
  'message-replayed': fault(409, 'InvalidRequest', 'The message was received before', NEW_MESSAGE),
  'request-malformed': fault(400, 'InvalidRequest', 'The message cannot be read', FAULT_OF_GATEWAY),
  'service-unknown': fault(
    404,
    'UnknownService',
    'The service is not known here',
    'Ask the provider’s listMethods for the services it has.',
  ),
  'service-disabled': fault(403, 'ServiceDisabled', 'The service is switched off', ASK_PROVIDER),
  'path-traversal': fault(
    403,
    'AccessDenied',
    'The path leaves the service',
    'Send a path without dot segments, encoded slashes or double encoding.',
  ),
  'no-agreement': fault(403, 'AccessDenied', 'There is no agreement', ASK_AGREEMENT),
  'agreement-not-valid': fault(403, 'AccessDenied', 'The agreement is not in force', ASK_AGREEMENT),
  'endpoint-not-agreed': fault(403, 'AccessDenied', 'The agreement does not cover this', ASK_AGREEMENT),
  'purpose-not-agreed': fault(
    403,
    'AccessDenied',
    'The agreement does not know this purpose',
    'Name one of the agreement’s purposes in Wasl-Purpose.',
  ),
  'subject-missing': fault(
    400,
    'MissingHeaderField',
    'Wasl-Subject is missing',
    'Name the person in the header Wasl-Subject.',
  ),
  'service-unreachable': fault(502, 'NetworkError', 'The service cannot be reached', 'Try again later.'),
  'service-address-refused': fault(
    502,
    'NetworkError',
    'The service is at an address that is not allowed',
    'Ask the operator of the provider’s gateway to allow the service’s network.',
  ),
  'service-certificate-refused': fault(
    502,
    'ServiceFailed.SslAuthenticationFailed',
    'The service shows a certificate that is not known',
    'Ask the operator of the provider’s gateway to register the service’s certificate.',
  ),
  'transfer-cut': fault(502, 'IOError', 'The transfer of a large body was cut', 'Send the message again.'),
  'condition-not-met': fault(
    403,
    'AccessDenied',
    'The condition of the agreement does not hold',
    'Read the condition in the agreement; ask the provider’s operator to explain the refusal.',
  ),
  'rate-exceeded': fault(
    429,
    'AccessDenied',
    'Too many messages in this minute',
    'Wait as Retry-After says, then send again.',
  ),
  'quota-exceeded': fault(
    429,
    'AccessDenied',
    'The quota of the agreement is used up',
    'Wait for the next period, or agree on more.',
  ),
  'usage-unknown': fault(
    404,
    'InvalidRequest',
    'There is no such use of this person’s data',
    'Ask findUsage for the list; only what is about the person in Wasl-Subject is found.',
  ),
  'usage-query-malformed': fault(
    400,
    'InvalidRequest',
    'What is asked of findUsage cannot be read',
    'Send the parameters as the detail says, each once.',
  ),
  'contest-malformed': fault(
    422,
    'InvalidRequest',
    'The contest cannot be taken',
    'Send the reason and the words as the detail says.',
  ),
  'event-not-subscribed': fault(
    404,
    'UnknownService',
    'There is no subscription to these events',
    'Subscribe again; the publisher’s gateway has ended its side of the subscription.',
  ),
  'event-refused': fault(
    422,
    'InvalidRequest',
    'The subscriber’s gateway cannot take the event',
    'Look at the event among the dead letters; what is wrong with it stands in the detail.',
  ),
  'openapi-code-missing': fault(400, 'InvalidRequest', 'serviceCode is missing', 'Call getOpenAPI?serviceCode=CODE.'),
  'openapi-not-there': fault(
    404,
    'InternalError',
    'The service has no OpenAPI description here',
    'Ask listMethods which services there are; those of type OPENAPI have one.',
  ),
  'service-timeout': fault(504, 'IOError', 'The service did not answer in time', 'Try again later.'),
  'service-answer-invalid': fault(502, 'ServiceFailed', 'The service’s answer cannot be passed on', ASK_PROVIDER),
  'service-answer-not-json': fault(
    502,
    'ServiceFailed',
    'The answer cannot be reduced to the agreed fields',
    ASK_PROVIDER,
  ),
  internal: fault(500, 'InternalError', 'A fault of the gateway', 'Its operator finds the cause in the log.'),
} as const satisfies Record<string, FaultFacts>;

export type FaultSlug = keyof typeof FAULTS;
/** Which spelling of its codes X-Road's clients are answered with: that up to 7.7, or that of 7.8. */
export type Dialect = 'legacy' | 'v78';
/** The gateway that raised a fault: the client's or the provider's. */
export type Side = 'consumer' | 'provider';

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly slug: FaultSlug;
  readonly detail: string;
  /** Set where the other gateway refused and this one passes its word on: X-Road keeps the name of who refused. */
  readonly side: Side | undefined;
  /** The sentence that X-Road's clients know, where it says less than `detail`. */
  readonly xRoadMessage: string;
  /** For the header Retry-After, where waiting helps. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    slug: FaultSlug,
    detail: string,
    options: { cause?: unknown; side?: Side; xRoadMessage?: string; retryAfterSeconds?: number } = {},
  ) {
    super(`${slug}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.slug = slug;
    this.detail = detail;
    this.side = options.side;
    this.xRoadMessage = options.xRoadMessage ?? detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** What was thrown, as a fault; what nobody foresaw says no more than that to the caller. */
export function toFault(cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  return new Fault('internal', 'The gateway failed; its operator finds the cause in the log.', { cause });
}

/** A fault for who is answered in RFC 9457 whatever it accepts; a problem stays one. */
export function faultProblem(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  const fault = toFault(cause);
  const { status, title, remedy } = FAULTS[fault.slug];
  const retry = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  return new Problem(status, fault.slug, title, {
    detail: fault.detail,
    headers: retry,
    extensions: { remedy },
    cause: fault.cause,
  });
}

export function isFaultSlug(text: string): text is FaultSlug {
  return Object.hasOwn(FAULTS, text);
}

/** 7.8 writes most names in snake case; these it also changed. */
const RENAMED: Readonly<Record<string, string>> = { OutdatedGlobalConf: 'global_conf_outdated', IOError: 'io_error' };

/** X-Road's code, such as `Server.ServerProxy.AccessDenied` or `server.serverproxy.access_denied`. */
export function faultCode(slug: FaultSlug, dialect: Dialect, side: Side): string {
  const proxy = side === 'consumer' ? 'ClientProxy' : 'ServerProxy';
  const { code } = FAULTS[slug];
  if (dialect === 'legacy') return `Server.${proxy}.${code}`;
  const snake = RENAMED[code] ?? code.replace(/(?<!^|\.)[A-Z]/g, '_$&').toLowerCase();
  return `server.${proxy.toLowerCase()}.${snake}`;
}

export type FaultAnswer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly code: string;
};

export type FaultAnswerOptions = {
  /** The Accept header: chooses X-Road's JSON (default), its XML, or RFC 9457. */
  readonly accept: string | undefined;
  readonly dialect: Dialect;
  readonly side: Side;
  /** The fault's UUID, in the log too. */
  readonly id: string;
  /** Where problem pages are served. */
  readonly base: string;
};

export function faultAnswer(given: Fault, options: FaultAnswerOptions): FaultAnswer {
  const code = faultCode(given.slug, options.dialect, given.side ?? options.side);
  const { status, title, remedy } = FAULTS[given.slug];
  const kind = answerKind(options.accept);
  if (kind === 'problem') {
    const sentence = given.xRoadMessage === given.detail ? {} : { xRoadMessage: given.xRoadMessage };
    const extensions = { remedy, instance: `urn:uuid:${options.id}`, xRoadError: code, ...sentence };
    const problem = new Problem(status, given.slug, title, { detail: given.detail, extensions });
    return {
      status,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem.toJson(options.base)),
      code,
    };
  }
  if (kind === 'json') {
    const body = JSON.stringify({ type: code, message: given.xRoadMessage, detail: options.id });
    return { status: X_ROAD_STATUS, contentType: 'application/json;charset=utf-8', body, code };
  }
  const [type, message] = [escapeXml(code), escapeXml(given.xRoadMessage)];
  const body = `<?xml version="1.0" encoding="UTF-8"?><error><type>${type}</type><message>${message}</message><detail>${options.id}</detail></error>`;
  return { status: X_ROAD_STATUS, contentType: `${kind};charset=utf-8`, body, code };
}

/** X-Road answers 500 to every code that begins with `Server.`, and on REST it knows no others. */
const X_ROAD_STATUS = 500;

/** The first of X-Road's XML types in Accept's order wins; quality values are not read, as in X-Road. */
function answerKind(accept: string | undefined): 'json' | 'problem' | 'application/xml' | 'text/xml' {
  for (const item of (accept ?? '').split(',')) {
    const type = item.split(';')[0]?.trim().toLowerCase() ?? '';
    if (type === 'application/problem+json') return 'problem';
    if (type === 'application/xml' || type === 'text/xml') return type;
    if (type === 'text/*') return 'text/xml';
  }
  return 'json';
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
