import type { FastifyRequest } from 'fastify';
import type { Language } from '../kernel/index.ts';
import { formOf, type Route, wantsHtml } from '../platform/index.ts';
import type { Cookies } from './cookies.ts';
import { isSameText } from './keys.ts';
import { type Access, languageOfPath, parseReturnPath, preferredLanguage, type Session } from './model.ts';
import { signInPath } from './pages/refusal.ts';
import { formExpired, goToSignIn, notIdentified, roleMissing, signInFirst } from './problems.ts';
import { type AccessRefusal, mayEnter, needsCsrf } from './rules.ts';
import { findSession, type IdentityDeps } from './service/session.ts';

export type Guard = {
  /** Lets the request pass, or throws the problem that says what is missing. Runs before every handler. */
  readonly guard: (route: Route<Access>, request: FastifyRequest) => Promise<void>;
  /** The session that the guard found for this request. */
  readonly sessionOf: (request: FastifyRequest) => Session | undefined;
};

export function openGuard(deps: IdentityDeps, cookies: () => Cookies): Guard {
  const sessions = new WeakMap<FastifyRequest, Session>();
  return {
    sessionOf: (request) => sessions.get(request),
    async guard(route, request) {
      const token = cookies().sessionToken(request);
      const session = token === undefined ? undefined : await findSession(deps, token);
      if (session !== undefined) sessions.set(request, session);
      const entry = mayEnter(route.access, session);
      if (!entry.ok) throw refusalOf(entry.error, request);
      // Also where the route is public: with a session, another site could act in the person's name (CWE-352).
      if (session !== undefined && needsCsrf(request.method)) requireCsrf(request, session);
    },
  };
}

function refusalOf(refusal: AccessRefusal, request: FastifyRequest): Error {
  switch (refusal.kind) {
    case 'not-signed-in': {
      const isPage = request.method === 'GET' && wantsHtml(request);
      return isPage ? goToSignIn(signInPath(returnPathOf(request))) : signInFirst(returnPathOf(request));
    }
    case 'not-identified':
      return notIdentified();
    case 'role-missing':
      return roleMissing(refusal.role);
  }
}

function requireCsrf(request: FastifyRequest, session: Session): void {
  const header = request.headers['x-csrf-token'];
  const given = typeof header === 'string' ? header : csrfFieldOf(request);
  if (given === undefined || !isSameText(given, session.csrf)) throw formExpired();
}

function csrfFieldOf(request: FastifyRequest): string | undefined {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body) || Buffer.isBuffer(body)) return undefined;
  const field = formOf(request).fields['_csrf'];
  return typeof field === 'string' ? field : undefined;
}

/** Where to come back to after sign-in: the page asked for, or the one on which a form stood. */
export function returnPathOf(request: FastifyRequest): string {
  const asked = request.method === 'GET' ? request.url : pathOfReferer(request);
  return parseReturnPath(asked) ?? `/${languageOf(request)}/`;
}

function pathOfReferer(request: FastifyRequest): string | undefined {
  const { referer, host } = request.headers;
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const url = new URL(referer);
  return url.host === host ? `${url.pathname}${url.search}` : undefined;
}

/** The language of the address, else of the one to return to, else the browser's. */
export function languageOf(request: FastifyRequest): Language {
  const { return: wanted, language } = (request.query ?? {}) as Record<string, unknown>;
  const returnPath = parseReturnPath(wanted);
  return (
    languageOfPath(request.url) ??
    (typeof language === 'string' ? languageOfPath(`/${language}/`) : undefined) ??
    (returnPath === undefined ? undefined : languageOfPath(returnPath)) ??
    preferredLanguage(request.headers['accept-language'])
  );
}
