import { Problem } from '../../kernel/index.ts';

/**
 * Every way in which a gateway refuses or fails. `status` is the honest one, answered to whoever asks for
 * `application/problem+json`; X-Road's clients get X-Road's own status and code (500 for `Server.…`, else 400).
 * Slugs are never used again for something else.
 */
type FaultFacts = {
  readonly status: number;
  readonly title: string;
  readonly legacy: string;
  readonly v78: string;
};

const fault = (status: number, title: string, legacy: string, v78: string): FaultFacts => ({
  status,
  title,
  legacy,
  v78,
});
const CLIENT = 'Server.ClientProxy';
const SERVER = 'Server.ServerProxy';
const client = 'server.clientproxy';
const server = 'server.serverproxy';

export const FAULTS = {
  'client-header-missing': fault(
    400,
    'X-Road-Client is missing',
    `${CLIENT}.InvalidClientIdentifier`,
    `${client}.invalid_client_identifier`,
  ),
  'client-header-malformed': fault(
    400,
    'X-Road-Client cannot be read',
    `${CLIENT}.InternalError`,
    `${client}.internal_error`,
  ),
  'target-malformed': fault(
    400,
    'The request URI cannot be read',
    `${CLIENT}.InternalError`,
    `${client}.internal_error`,
  ),
  'method-unknown': fault(405, 'The method is not one of REST', `${CLIENT}.InternalError`, `${client}.internal_error`),
  'client-not-here': fault(
    403,
    'The client is not of this gateway',
    `${CLIENT}.UnknownMember`,
    `${client}.unknown_member`,
  ),
  'provider-unknown': fault(
    404,
    'No gateway serves this provider',
    `${CLIENT}.UnknownMember`,
    `${client}.unknown_member`,
  ),
  'trust-list-expired': fault(
    503,
    'The trust list has expired',
    `${CLIENT}.OutdatedGlobalConf`,
    `${client}.global_conf_outdated`,
  ),
  'peer-unreachable': fault(
    502,
    'The provider’s gateway cannot be reached',
    `${CLIENT}.NetworkError`,
    `${client}.network_error`,
  ),
  'peer-answer-invalid': fault(
    502,
    'The provider’s gateway gave an answer that proves nothing',
    `${CLIENT}.InconsistentResponse`,
    `${client}.inconsistent_response`,
  ),
  'evidence-unavailable': fault(
    503,
    'The evidence could not be kept',
    `${CLIENT}.LoggingFailed`,
    `${client}.logging_failed`,
  ),
  'body-too-large': fault(
    413,
    'The body is larger than this gateway accepts',
    `${CLIENT}.IOError`,
    `${client}.io_error`,
  ),
  'body-unreadable': fault(400, 'The body could not be read', `${CLIENT}.IOError`, `${client}.io_error`),
  'sender-unknown': fault(
    401,
    'The sender is not in the trust list',
    `${SERVER}.SslAuthenticationFailed`,
    `${server}.ssl_authentication_failed`,
  ),
  'sender-mismatch': fault(
    403,
    'The certificate is of another member than the client',
    `${SERVER}.SslAuthenticationFailed`,
    `${server}.ssl_authentication_failed`,
  ),
  'signature-missing': fault(
    401,
    'The message is not signed',
    `${SERVER}.MissingSignature`,
    `${server}.missing_signature`,
  ),
  'signature-malformed': fault(
    401,
    'The signature cannot be read',
    `${SERVER}.MalformedSignature`,
    `${server}.malformed_signature`,
  ),
  'signature-coverage': fault(
    401,
    'The signature does not cover the message',
    `${SERVER}.InvalidSignatureValue`,
    `${server}.invalid_signature_value`,
  ),
  'signature-wrong': fault(
    401,
    'The signature is not of this message',
    `${SERVER}.InvalidSignatureValue`,
    `${server}.invalid_signature_value`,
  ),
  'signature-key-unknown': fault(
    401,
    'The signing key is not known',
    `${SERVER}.KeyNotFound`,
    `${server}.key_not_found`,
  ),
  'message-expired': fault(
    401,
    'The message has expired',
    `${SERVER}.InvalidSignatureValue`,
    `${server}.invalid_signature_value`,
  ),
  'message-from-the-future': fault(
    401,
    'The message was signed in the future',
    `${SERVER}.InvalidSignatureValue`,
    `${server}.invalid_signature_value`,
  ),
  'body-altered': fault(
    401,
    'The body is not the one that was signed',
    `${SERVER}.InvalidSignatureValue`,
    `${server}.invalid_signature_value`,
  ),
  'message-replayed': fault(
    409,
    'The message was received before',
    `${SERVER}.InvalidRequest`,
    `${server}.invalid_request`,
  ),
  'request-malformed': fault(
    400,
    'The message cannot be read',
    `${SERVER}.InvalidRequest`,
    `${server}.invalid_request`,
  ),
  'service-unknown': fault(
    404,
    'The service is not known here',
    `${SERVER}.UnknownService`,
    `${server}.unknown_service`,
  ),
  'path-traversal': fault(403, 'The path leaves the service', `${SERVER}.AccessDenied`, `${server}.access_denied`),
  'no-agreement': fault(403, 'There is no agreement', `${SERVER}.AccessDenied`, `${server}.access_denied`),
  'agreement-not-valid': fault(
    403,
    'The agreement is not in force',
    `${SERVER}.AccessDenied`,
    `${server}.access_denied`,
  ),
  'endpoint-not-agreed': fault(
    403,
    'The agreement does not cover this',
    `${SERVER}.AccessDenied`,
    `${server}.access_denied`,
  ),
  'purpose-not-agreed': fault(
    403,
    'The agreement does not know this purpose',
    `${SERVER}.AccessDenied`,
    `${server}.access_denied`,
  ),
  'subject-missing': fault(
    400,
    'Wasl-Subject is missing',
    `${SERVER}.MissingHeaderField`,
    `${server}.missing_header_field`,
  ),
  'service-unreachable': fault(
    502,
    'The service cannot be reached',
    `${SERVER}.NetworkError`,
    `${server}.network_error`,
  ),
  'service-timeout': fault(504, 'The service did not answer in time', `${SERVER}.IOError`, `${server}.io_error`),
  'service-answer-invalid': fault(
    502,
    'The service’s answer cannot be passed on',
    `${SERVER}.ServiceFailed`,
    `${server}.service_failed`,
  ),
  'service-answer-not-json': fault(
    502,
    'The answer cannot be reduced to the agreed fields',
    `${SERVER}.ServiceFailed`,
    `${server}.service_failed`,
  ),
  internal: fault(500, 'A fault of this gateway', `${SERVER}.InternalError`, `${server}.internal_error`),
} as const satisfies Record<string, FaultFacts>;

export type FaultSlug = keyof typeof FAULTS;
export type Dialect = 'legacy' | 'v78';

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly slug: FaultSlug;
  readonly detail: string;
  /** Set where the other gateway refused and this one passes its word on: X-Road does not rename it. */
  readonly code: string | undefined;

  constructor(slug: FaultSlug, detail: string, options: { cause?: unknown; code?: string } = {}) {
    super(`${slug}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.slug = slug;
    this.detail = detail;
    this.code = options.code;
  }
}

export function isFaultSlug(text: string): text is FaultSlug {
  return Object.hasOwn(FAULTS, text);
}

export function faultCode(slug: FaultSlug, dialect: Dialect): string {
  return dialect === 'legacy' ? FAULTS[slug].legacy : FAULTS[slug].v78;
}

export type FaultAnswer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly code: string;
};

/** `id` is the fault's UUID, in the log too. `accept` chooses X-Road's JSON (default), its XML, or RFC 9457. */
export function faultAnswer(
  given: Fault,
  options: { accept: string | undefined; dialect: Dialect; id: string; base: string },
): FaultAnswer {
  const code = given.code ?? faultCode(given.slug, options.dialect);
  const facts = FAULTS[given.slug];
  const kind = answerKind(options.accept);
  if (kind === 'problem') {
    const problem = new Problem(facts.status, given.slug, facts.title, { detail: given.detail });
    const body = { ...problem.toJson(options.base), instance: `urn:uuid:${options.id}`, xRoadError: code };
    return { status: facts.status, contentType: 'application/problem+json', body: JSON.stringify(body), code };
  }
  const status = /^server\./i.test(code) ? 500 : 400;
  if (kind === 'json') {
    const body = JSON.stringify({ type: code, message: given.detail, detail: options.id });
    return { status, contentType: 'application/json;charset=utf-8', body, code };
  }
  const [type, message] = [escapeXml(code), escapeXml(given.detail)];
  const body = `<?xml version="1.0" encoding="UTF-8"?><error><type>${type}</type><message>${message}</message><detail>${options.id}</detail></error>`;
  return { status, contentType: `${kind};charset=utf-8`, body, code };
}

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
