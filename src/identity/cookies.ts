import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { decodeBase64url, type Json, parseJson } from '../kernel/index.ts';
import { cookieOf, setCookie } from '../platform/index.ts';
import type { IdentityKeys } from './keys.ts';
import { type Attempt, parseAttempt, parseToken } from './model.ts';

/** The cookies of this module, for requests that came over TLS or not. */
export type Cookies = {
  sessionToken(request: FastifyRequest): Buffer | undefined;
  session(token: Buffer, maxAgeSeconds: number): string;
  noSession(): string;
  /** The attempt that an answer with this `state` belongs to, if this browser began it. */
  attempt(request: FastifyRequest, state: string): Attempt | undefined;
  newAttempt(attempt: Attempt, nonce: Buffer): string;
  noAttempt(state: string): string;
  /** Cookies that end the oldest attempts, so that abandoned ones do not fill the request's headers. */
  oldAttempts(request: FastifyRequest): readonly string[];
};

export const ATTEMPT_SECONDS = 600;

/** One attempt for each of so many tabs; a sealed attempt takes up to 2 KiB, and a request's headers 16. */
const MAX_ATTEMPTS = 4;

/** The prefixes make the browser keep them from other hosts and from plain HTTP (RFC 6265bis, 4.1.3). */
export function identityCookies(secure: boolean, keys: IdentityKeys): Cookies {
  const sessionName = secure ? '__Host-wasl_session' : 'wasl_session';
  const attemptPrefix = secure ? '__Secure-wasl_attempt_' : 'wasl_attempt_';
  const nameOf = (state: string) => attemptPrefix + createHash('sha256').update(state).digest('hex').slice(0, 16);
  const attemptCookie = (name: string, value: string, maxAgeSeconds: number) =>
    setCookie(name, value, { maxAgeSeconds, path: '/auth', secure });
  return {
    sessionToken: (request) => parseToken(cookieOf(request, sessionName)),
    session: (token, maxAgeSeconds) => setCookie(sessionName, token.toString('base64url'), { maxAgeSeconds, secure }),
    noSession: () => setCookie(sessionName, '', { maxAgeSeconds: 0, secure }),
    attempt: (request, state) => openAttempt(keys, cookieOf(request, nameOf(state)), nameOf(state)),
    newAttempt(attempt, nonce) {
      const name = nameOf(attempt.state);
      const sealed = keys.seal(JSON.stringify(attempt), name, nonce);
      return attemptCookie(name, sealed.toString('base64url'), ATTEMPT_SECONDS);
    },
    noAttempt: (state) => attemptCookie(nameOf(state), '', 0),
    oldAttempts: (request) =>
      namesBeginning(request, attemptPrefix)
        .slice(0, 1 - MAX_ATTEMPTS)
        .map((name) => attemptCookie(name, '', 0)),
  };
}

/** Browsers send cookies of one path in the order in which they were made (RFC 6265, 5.4). */
function namesBeginning(request: FastifyRequest, prefix: string): readonly string[] {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.split('=', 1)[0]?.trim() ?? '');
  return pairs.filter((name) => name.startsWith(prefix) && /^[\w-]{1,60}$/.test(name));
}

function openAttempt(keys: IdentityKeys, value: string | undefined, name: string): Attempt | undefined {
  const sealed = value === undefined ? undefined : decodeBase64url(value);
  const text = sealed && keys.open(sealed, name);
  const json = text === undefined ? undefined : parseJson(text, { maxChars: 4000, maxDepth: 1 });
  return json?.ok ? parseAttempt(json.value satisfies Json) : undefined;
}
