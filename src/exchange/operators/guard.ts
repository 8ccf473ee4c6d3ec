import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { invalid, isLanguage, Problem } from '../../kernel/index.ts';
import { type Answer, cookieOf, formOf, mountRoutes, type Route, setCookie, wantsHtml } from '../../platform/index.ts';
import { type Acting, recordAct } from './audit.ts';
import { hashOf, type OperatorsDeps } from './deps.ts';
import type { OperatorEventName } from './events.ts';
import { noteSender } from './kept-form.ts';
import { type Actor, BOOTSTRAP, NOBODY, type OperatorAccess } from './model.ts';
import type { DescribedRoute } from './openapi.ts';
import { formExpired, goToSignIn, notSignedIn, roleMissing } from './problems.ts';
import { mayEnter } from './rules.ts';
import { actorOfSession } from './service/session.ts';
import { actorOfToken } from './service/token.ts';

/** As a platform route, with the operators' accesses and the event that an act leaves in the ledger. */
export type OperatorRoute = Omit<Route<OperatorAccess>, 'audit' | 'handle'> & {
  readonly audit: OperatorEventName | null;
  /** What the description of the API says: a sentence, and the schemas of the body and of the query. Pages have none. */
  readonly summary?: string;
  readonly body?: TSchema;
  readonly query?: TSchema;
  /**
   * Records through `acting` in the transaction of the change. A route whose act changes nothing here (an export, a
   * call elsewhere) may leave that out: it is then recorded after.
   */
  handle(request: FastifyRequest, acting: Acting): Promise<Answer>;
};

export type Guard = {
  /** Mounts routes behind the guard; each act is recorded, done or refused. */
  mount(server: FastifyInstance, routes: readonly OperatorRoute[]): void;
  /** Routes of the API that are mounted, by their addresses. */
  described(): readonly DescribedRoute[];
  /** For routes that are mounted otherwise: lets the request pass, or throws what is missing. Needs the body read. */
  enter(access: OperatorAccess, request: FastifyRequest): Promise<Actor>;
  /** The cookie's token, and the cookies that set and end it. */
  readonly cookies: {
    sessionToken(request: FastifyRequest): string | undefined;
    session(token: string, maxAgeSeconds: number): string;
    noSession(): string;
  };
};

export function openGuard(deps: OperatorsDeps): Guard {
  const cookies = operatorCookies(deps);
  const actors = new WeakMap<FastifyRequest, Actor>();
  const enter = async (access: OperatorAccess, request: FastifyRequest): Promise<Actor> => {
    const actor = await actorOf(deps, cookies, request);
    if (actor !== undefined) actors.set(request, actor);
    const entry = mayEnter(access, actor);
    if (!entry.ok) throw entry.error.kind === 'role-missing' ? roleMissing(entry.error.roles) : signInRefusal(request);
    // Another site could act in the operator's name (CWE-352). A public route acts in nobody's: sign-in and enrolment
    // rest on the answer to a challenge, in JSON, which no form of another site can send.
    if (access !== 'public' && actor?.csrf !== undefined && changes(request.method)) {
      if (!hasCsrf(request, actor.csrf)) {
        noteSender(request, actor);
        throw formExpired();
      }
    }
    return actor ?? NOBODY;
  };
  const described: DescribedRoute[] = [];
  const mount: Guard['mount'] = (server, routes) => {
    described.push(...routes.filter(({ url }) => url.startsWith(API)).map(requireSummary));
    const byId = new Map(routes.map((route) => [route.id, route]));
    const plain = routes.map((route) => ({
      ...route,
      handle: (request: FastifyRequest) => act(deps, route, request, actors.get(request) ?? NOBODY),
    }));
    mountRoutes(server, plain, async (route, request) => {
      await enter(route.access, request).catch(async (cause: unknown) => {
        const audit = byId.get(route.id)?.audit ?? null;
        await recordRefusal(deps, audit, request, actors.get(request) ?? NOBODY, cause);
        throw cause;
      });
    });
  };
  const byAddress = () => described.toSorted((one, other) => (one.url < other.url ? -1 : 1));
  return { mount, enter, described: byAddress, cookies };
}

const API = '/operator/v1/';

/** A program learns of the API by its description: what is not in it is not served. */
function requireSummary(route: OperatorRoute): DescribedRoute {
  const { summary } = route;
  if (summary === undefined) throw new Error(`the route ${route.id} of the API has no summary`);
  return { ...route, summary };
}

async function act(deps: OperatorsDeps, route: OperatorRoute, request: FastifyRequest, actor: Actor): Promise<Answer> {
  const { audit } = route;
  let recorded = audit === null;
  try {
    const answer = await route.handle(request, {
      actor,
      async record(tx, target = targetOf(request), detail = {}) {
        if (audit === null) throw new Error(`the route ${route.id} names no audit event`);
        await recordAct(deps, tx, actor, { event: audit, target, detail });
        recorded = true;
      },
    });
    // A form that comes back with what is wrong in it is an answer, but nothing was done.
    if ('status' in answer && (answer.status ?? 200) >= 400) {
      await recordRefusal(deps, audit, request, actor, invalid('The form was shown again.'));
    } else if (!recorded && audit !== null && actor !== NOBODY) {
      const done = { event: audit, target: targetOf(request) };
      await deps.db.transaction((tx) => recordAct(deps, tx, actor, done));
    }
    return answer;
  } catch (cause) {
    await recordRefusal(deps, audit, request, actor, cause);
    throw cause;
  }
}

/** Strangers leave no entries: they could fill the ledger. What the log has of them is the refusal's status. */
async function recordRefusal(
  deps: OperatorsDeps,
  event: OperatorEventName | null,
  request: FastifyRequest,
  actor: Actor,
  cause: unknown,
): Promise<void> {
  if (event === null || actor === NOBODY) return;
  const problem = cause instanceof Problem ? cause : undefined;
  const outcome = problem !== undefined && problem.status < 500 ? 'refused' : 'failed';
  const refused = { event, target: targetOf(request), detail: { problem: problem?.slug ?? 'internal' } };
  await deps.db
    .transaction((tx) => recordAct(deps, tx, actor, refused, outcome))
    // The ledger is away: the refusal stands all the same, and nothing was done that would need an entry.
    .catch((fault: unknown) => deps.log.error('operator.unrecorded', { event, operator: actor.id }, fault));
}

function targetOf(request: FastifyRequest): string {
  const { language: _language, ...named } = (request.params ?? {}) as Record<string, unknown>;
  return Object.values(named)
    .filter((value) => typeof value === 'string')
    .join(' ');
}

async function actorOf(
  deps: OperatorsDeps,
  cookies: Guard['cookies'],
  request: FastifyRequest,
): Promise<Actor | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const secret = /^Bearer (\S{1,200})$/.exec(authorization)?.[1] ?? '';
    if (timingSafeEqual(hashOf(secret), deps.bootstrapHash)) return BOOTSTRAP;
    return actorOfToken(deps, secret);
  }
  const token = cookies.sessionToken(request);
  return token === undefined ? undefined : actorOfSession(deps, token);
}

/** A browser is sent to sign-in and comes back to the page; a program is told what to send. */
function signInRefusal(request: FastifyRequest): Problem {
  if (request.method !== 'GET' || !wantsHtml(request)) return notSignedIn();
  const { language } = (request.params ?? {}) as { readonly language?: unknown };
  return goToSignIn(
    `/${isLanguage(language) ? language : 'ar'}/console/sign-in?return=${encodeURIComponent(request.url)}`,
  );
}

/** Methods that change nothing (RFC 9110, 9.2.1) carry no token. */
function changes(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

function hasCsrf(request: FastifyRequest, csrf: string): boolean {
  const header = request.headers['x-csrf-token'];
  const given = typeof header === 'string' ? header : csrfField(request);
  return timingSafeEqual(hashOf(given), hashOf(csrf));
}

function csrfField(request: FastifyRequest): string {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body) || Buffer.isBuffer(body)) return '';
  const field = formOf(request).fields['_csrf'];
  return typeof field === 'string' ? field : '';
}

/**
 * Cookies know no ports: two gateways on one host would take each other's. So the name holds the house. The prefix
 * keeps other hosts and plain HTTP away (RFC 6265bis, 4.1.3).
 */
function operatorCookies(deps: OperatorsDeps): Guard['cookies'] {
  const house = hashOf(deps.house).toString('hex').slice(0, 10);
  const secure = () => deps.origin().startsWith('https:');
  const name = () => `${secure() ? '__Host-' : ''}wasl_operator_${house}`;
  return {
    sessionToken(request) {
      const value = cookieOf(request, name());
      return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
    },
    session: (token, maxAgeSeconds) => setCookie(name(), token, { maxAgeSeconds, secure: secure() }),
    noSession: () => setCookie(name(), '', { maxAgeSeconds: 0, secure: secure() }),
  };
}
