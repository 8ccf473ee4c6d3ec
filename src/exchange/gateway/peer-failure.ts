/** What went wrong with a call of another gateway or of a service. */
export type CallFailure = 'timeout' | 'unreachable' | 'cut' | 'garbage' | 'certificate' | 'tls' | 'other';

/** An answer that comes by drops: undici's own limit begins anew with each of them. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

export class WrongCertificate extends Error {
  override readonly name = 'WrongCertificate';
}

/** The head of the answer came and its body did not, or not whole. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

export function brokenOff(cause: unknown): never {
  const failure = failureOf(cause);
  const isCut = failure === 'cut' || failure === 'unreachable';
  throw isCut ? new BrokenOff('the connection was closed in the middle', { cause }) : cause;
}

/** As undici, Node's TLS and the socket name it. */
export function failureOf(cause: unknown): CallFailure {
  if (cause instanceof TooSlow) return 'timeout';
  if (cause instanceof WrongCertificate) return 'certificate';
  if (cause instanceof BrokenOff) return 'cut';
  // undici's words for an answer that switches the protocol, or begins with a 100 that nobody asked for.
  if (cause instanceof Error && /^bad (upgrade|response)$/.test(cause.message)) return 'garbage';
  // Its code is undefined for some of what no parser reads.
  if (cause instanceof Error && cause.name === 'HTTPParserError') return 'garbage';
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return KINDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
}

const KINDS: readonly (readonly [RegExp, CallFailure])[] = [
  [/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/, 'timeout'],
  [/^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/, 'unreachable'],
  // The request had been sent: whether it was acted on is not known.
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'cut'],
  [/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT)/, 'certificate'],
  [/^(ERR_SSL_|EPROTO)/, 'tls'],
];
