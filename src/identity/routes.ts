import type { FastifyRequest } from 'fastify';
import { unauthenticated } from '../kernel/index.ts';
import type { Answer, Log, Route } from '../platform/index.ts';
import type { Page } from '../web/index.ts';
import { ATTEMPT_SECONDS, type Cookies } from './cookies.ts';
import { languageOf } from './guard.ts';
import type { Issuer, SignInRefusal } from './issuer.ts';
import { type Access, type Attempt, parseReturnPath, type Session } from './model.ts';
import { signedOutPage } from './pages/signed-out.ts';
import { signInFailed } from './problems.ts';
import { closeSession, type IdentityDeps, openSession } from './service/session.ts';

export type RouteDeps = IdentityDeps & {
  readonly log: Log;
  readonly issuer: Issuer;
  readonly cookies: () => Cookies;
  readonly redirectUri: () => string;
  readonly sessionOf: (request: FastifyRequest) => Session | undefined;
  readonly render: (request: FastifyRequest, view: Pick<Page, 'title' | 'main' | 'hrefIn' | 'language'>) => string;
};

export function identityRoutes(deps: RouteDeps): readonly Route<Access>[] {
  return [
    {
      id: 'identity.sign-in.begin',
      method: 'GET',
      url: '/auth/login',
      access: 'public',
      audit: null,
      rate: 'sign-in',
      handle: (request) => beginSignIn(deps, request),
    },
    {
      id: 'identity.sign-in.finish',
      method: 'GET',
      url: '/auth/callback',
      access: 'public',
      audit: 'identity.session.opened',
      rate: 'sign-in',
      handle: (request) => finishSignIn(deps, request),
    },
    {
      id: 'identity.session.close',
      method: 'POST',
      url: '/auth/logout',
      // Public, so that who comes too late is signed out too; with a session the guard asks for the form's token.
      access: 'public',
      audit: 'identity.session.closed',
      rate: 'form',
      handle: (request) => signOut(deps, request),
    },
    {
      id: 'identity.session.closed',
      method: 'GET',
      url: '/auth/signed-out',
      access: 'public',
      audit: null,
      rate: 'page',
      handle: async (request) => signedOut(deps, request),
    },
    {
      id: 'identity.session.read',
      method: 'GET',
      url: '/auth/session',
      access: 'signed-in',
      audit: null,
      rate: 'api',
      handle: async (request) => describeSession(deps, request),
    },
    {
      id: 'identity.client.read',
      method: 'GET',
      url: '/auth/jwks.json',
      access: 'public',
      audit: null,
      rate: 'api',
      handle: async () => ({ kind: 'json', body: deps.issuer.clientJwks }),
    },
  ];
}

async function beginSignIn(deps: RouteDeps, request: FastifyRequest): Promise<Answer> {
  const asked = parseReturnPath((request.query as Record<string, unknown>)['return']);
  const language = languageOf(request);
  const attempt: Attempt = {
    state: deps.random(32).toString('base64url'),
    nonce: deps.random(32).toString('base64url'),
    verifier: deps.random(32).toString('base64url'),
    returnTo: asked ?? `/${language}/`,
    language,
    expiresAt: deps.clock().getTime() + ATTEMPT_SECONDS * 1000,
  };
  const begun = await deps.issuer.begin(attempt, deps.redirectUri());
  if (!begun.ok) throw failed(deps, begun.error, attempt);
  const cookies = deps.cookies();
  const made = cookies.newAttempt(attempt, deps.random(12));
  return redirect(begun.value.href, [...cookies.oldAttempts(request), made]);
}

async function finishSignIn(deps: RouteDeps, request: FastifyRequest): Promise<Answer> {
  const { state } = request.query as Record<string, unknown>;
  const cookies = deps.cookies();
  const attempt = typeof state === 'string' ? cookies.attempt(request, state) : undefined;
  if (attempt === undefined || attempt.expiresAt <= deps.clock().getTime()) {
    const home = `/${attempt?.language ?? languageOf(request)}/`;
    // "Back" after a sign-in that worked: nothing is wrong, so nothing is said.
    if (attempt === undefined && deps.sessionOf(request) !== undefined) return redirect(home, []);
    throw signInFailed('unknownAttempt', attempt?.returnTo ?? home);
  }
  const { search } = new URL(request.url, deps.redirectUri());
  const finished = await deps.issuer.finish(new URL(search, deps.redirectUri()), attempt);
  if (!finished.ok) throw failed(deps, finished.error, attempt);
  const opened = await openSession(deps, finished.value, cookies.sessionToken(request));
  if (!opened.ok) {
    deps.log.warn('identity.sign-in.conflict', { conflict: opened.error.kind, person: opened.error.personId });
    throw signInFailed('placement', attempt.returnTo, cookies.noAttempt(attempt.state));
  }
  deps.log.info('identity.session.opened', { session: opened.value.id, person: opened.value.personId });
  const session = cookies.session(opened.value.token, deps.lifetime.absoluteHours * 3600);
  return redirect(attempt.returnTo, [session, cookies.noAttempt(attempt.state)]);
}

function failed(deps: RouteDeps, refusal: SignInRefusal, attempt: Attempt): Error {
  const over = deps.cookies().noAttempt(attempt.state);
  if (refusal.kind === 'denied') return signInFailed('denied', attempt.returnTo, over);
  deps.log.warn(`identity.sign-in.${refusal.kind}`, { reason: refusal.reason });
  return signInFailed(refusal.kind === 'issuer-down' ? 'issuerDown' : 'refused', attempt.returnTo, over);
}

async function signOut(deps: RouteDeps, request: FastifyRequest): Promise<Answer> {
  const cookies = deps.cookies();
  const token = cookies.sessionToken(request);
  // The guard has checked the form's token where the session lives; a dead one needs no closing.
  if (token !== undefined && deps.sessionOf(request) !== undefined) await closeSession(deps, token);
  return redirect(`/auth/signed-out?language=${languageOf(request)}`, [cookies.noSession()]);
}

function signedOut(deps: RouteDeps, request: FastifyRequest): Answer {
  const language = languageOf(request);
  const hrefIn = (other: string) => `/auth/signed-out?language=${other}`;
  return { kind: 'html', body: deps.render(request, { ...signedOutPage(language), language, hrefIn }) };
}

/** For programs and scripts of our own pages; another site cannot read it, since we allow no cross-origin reading. */
function describeSession(deps: RouteDeps, request: FastifyRequest): Answer {
  const session = deps.sessionOf(request);
  if (session === undefined) throw unauthenticated('There is no session.');
  const { person, roles, acr, authenticatedAt, csrf } = session;
  return {
    kind: 'json',
    headers: { 'cache-control': 'no-store' },
    body: {
      person: person.id,
      name: person.name,
      roles: roles.map(({ role, office }) => ({ role, office })),
      acr,
      authenticatedAt: authenticatedAt.toISOString(),
      csrf,
    },
  };
}

function redirect(to: string, cookies: readonly string[]): Answer {
  return { kind: 'redirect', to, headers: { 'cache-control': 'no-store', 'set-cookie': [...cookies] } };
}
