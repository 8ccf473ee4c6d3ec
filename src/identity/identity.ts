import type { KeyObject } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Clock, type Language, type Problem, unauthenticated } from '../kernel/index.ts';
import type { Database, Log, Route } from '../platform/index.ts';
import { type Account, type Page, page } from '../web/index.ts';
import { identityCookies } from './cookies.ts';
import { languageOf, openGuard, returnPathOf } from './guard.ts';
import { openIssuer } from './issuer.ts';
import type { IdentityKeys } from './keys.ts';
import {
  type Access,
  type ClaimNames,
  DEFAULT_CLAIMS,
  languageOfPath,
  parseReturnPath,
  type Session,
} from './model.ts';
import { refusalPage, signInPath } from './pages/refusal.ts';
import { identityRoutes } from './routes.ts';
import { DEFAULT_LIFETIME, type Lifetime } from './rules.ts';
import { grantRole, type NewGrant, revokeRole } from './service/role.ts';
import { closeSessionsOf, forgetEndedSessions, type IdentityDeps, nationalIdOf } from './service/session.ts';

export type IdentityOptions = {
  readonly db: Database;
  readonly log: Log;
  readonly keys: IdentityKeys;
  readonly clock: Clock;
  /** Unpredictable bytes: `randomBytes` of node:crypto. */
  readonly random: (size: number) => Buffer;
  /** The OpenID Connect issuer; it may start after us and may be down. */
  readonly issuerUrl: () => string;
  readonly clientId: string;
  /** P-256 private key, for `private_key_jwt`. */
  readonly clientKey: KeyObject;
  /** Where the portal is reached from outside, `https://host[:port]`; cookies are `Secure` when it is https. */
  readonly redirectBase: () => string;
  /** Lets the issuer be `http://127.0.0.1:…`, as the simulator is. */
  readonly insecureLoopbackIssuer: boolean;
  readonly claims?: ClaimNames;
  readonly scope?: string;
  readonly acrValues?: readonly string[];
  readonly idTokenAlgorithm?: string;
  readonly lifetime?: Lifetime;
  /** The portal's own frame around the pages of this module: menu, banners. */
  readonly decorate?: (view: Page, request: FastifyRequest) => Page;
};

export type Identity = {
  readonly routes: readonly Route<Access>[];
  readonly guard: (route: Route<Access>, request: FastifyRequest) => Promise<void>;
  readonly sessionOf: (request: FastifyRequest) => Session | undefined;
  /** For handlers behind the guard of a route that is not public; throws a Problem (401) elsewhere. */
  readonly signedIn: (request: FastifyRequest) => Session;
  /** For the layout: who is signed in, and the way in or out. */
  readonly accountOf: (request: FastifyRequest, language: Language) => Account;
  /** The page for a problem of this module; undefined for others. */
  readonly problemPage: (problem: Problem, request: FastifyRequest) => string | undefined;
  readonly nationalIdOf: (personId: string) => Promise<string | undefined>;
  readonly grantRole: (grant: NewGrant) => Promise<string>;
  readonly revokeRole: (grantId: string) => Promise<void>;
  readonly closeSessionsOf: (personId: string) => Promise<number>;
  readonly forgetEndedSessions: (days: number) => Promise<number>;
};

/** Needs the migrations `identity`. Asks nothing of the issuer before the first sign-in. */
export function openIdentity(options: IdentityOptions): Identity {
  const { db, keys, clock, random } = options;
  const deps: IdentityDeps = { db, keys, clock, random, lifetime: options.lifetime ?? DEFAULT_LIFETIME };
  const cookies = () => identityCookies(options.redirectBase().startsWith('https:'), keys);
  const { guard, sessionOf } = openGuard(deps, cookies);
  const routes = identityRoutes({
    ...deps,
    log: options.log,
    issuer: issuerOf(options),
    cookies,
    redirectUri: () => new URL('/auth/callback', options.redirectBase()).href,
    sessionOf,
    render: (request, view) => render(options, request, view),
  });
  return {
    routes,
    guard,
    sessionOf,
    signedIn: (request) => requireSession(sessionOf(request)),
    accountOf: (request, language) => accountOf(sessionOf(request), request, language),
    problemPage: (problem, request) => problemPage(options, problem, request),
    nationalIdOf: (personId) => nationalIdOf(deps, personId),
    grantRole: (grant) => grantRole(deps, grant),
    revokeRole: (grantId) => revokeRole(deps, grantId),
    closeSessionsOf: (personId) => closeSessionsOf(deps, personId),
    forgetEndedSessions: (days) => forgetEndedSessions(deps, days),
  };
}

function issuerOf(options: IdentityOptions) {
  return openIssuer({
    url: options.issuerUrl,
    clientId: options.clientId,
    clientKey: options.clientKey,
    claims: options.claims ?? DEFAULT_CLAIMS,
    scope: options.scope ?? 'openid profile national_id',
    acrValues: options.acrValues ?? [],
    idTokenAlgorithm: options.idTokenAlgorithm ?? 'ES256',
    isLoopbackAllowed: options.insecureLoopbackIssuer,
    clock: options.clock,
  });
}

function requireSession(session: Session | undefined): Session {
  if (session === undefined) throw unauthenticated('There is no session.');
  return session;
}

function accountOf(session: Session | undefined, request: FastifyRequest, language: Language): Account {
  if (session === undefined) return { kind: 'signed-out', signInPath: signInPath(returnPathOf(request)) };
  return {
    kind: 'signed-in',
    name: session.person.name[language === 'ar' ? 'ar' : 'fr'],
    signOutPath: `/auth/logout?language=${language}`,
    csrf: session.csrf,
  };
}

function problemPage(options: IdentityOptions, problem: Problem, request: FastifyRequest): string | undefined {
  const returnTo = parseReturnPath(problem.extensions['returnTo']) ?? returnPathOf(request);
  const language = languageOfPath(request.url) ?? languageOfPath(returnTo) ?? languageOf(request);
  const view = refusalPage(problem, language, returnTo);
  return view && render(options, request, { ...view, language });
}

function render(
  options: IdentityOptions,
  request: FastifyRequest,
  view: Pick<Page, 'title' | 'main' | 'language' | 'hrefIn'>,
): string {
  const { url, method } = request;
  const isPage = method === 'GET' && languageOfPath(url) !== undefined;
  const whole: Page = {
    ...view,
    path: isPage ? url.slice(3) : '/',
    // An answer of the issuer and a posted form have no other address in another language.
    hrefIn: view.hrefIn ?? (isPage ? undefined : (language) => `/${language}/`),
    noIndex: true,
  };
  return page(options.decorate?.(whole, request) ?? whole);
}
