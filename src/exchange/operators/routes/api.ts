import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyRequest } from 'fastify';
import { invalid, malformed } from '../../../kernel/index.ts';
import type { Answer } from '../../../platform/index.ts';
import type { OperatorsDeps } from '../deps.ts';
import type { Guard, OperatorRoute } from '../guard.ts';
import {
  type ApiToken,
  type FieldRefusal,
  type Operator,
  type Outcome,
  parseDays,
  parseName,
  parseRoles,
} from '../model.ts';
import { accountProblem, fieldProblem } from '../problems.ts';
import { may, SESSION } from '../rules.ts';
import { addOperator, changeAccount, type Invited, inviteAgain, removePasskeys } from '../service/account.ts';
import { enrol, enrolmentOptions, type SignedIn, signIn, signInOptions } from '../service/passkey.ts';
import { closeSession } from '../service/session.ts';
import { makeToken, revokeToken } from '../service/token.ts';
import { listAccounts } from '../store/account.ts';
import { type EventFilter, listEvents } from '../store/event.ts';
import { listTokens } from '../store/token.ts';

const V1 = '/operator/v1';

/** The API of operators: sign-in, accounts, tokens and the audit log. */
export function operatorRoutes(deps: OperatorsDeps, guard: Guard): readonly OperatorRoute[] {
  return [
    ...signInRoutes(deps, guard),
    ...sessionRoutes(deps, guard),
    ...accountRoutes(deps),
    ...endingRoutes(deps),
    ...tokenRoutes(deps),
    auditRoute(deps),
  ];
}

function signInRoutes(deps: OperatorsDeps, guard: Guard): readonly OperatorRoute[] {
  const { cookies } = guard;
  const signedIn = ({ operator, sessionToken }: SignedIn): Answer => ({
    kind: 'json',
    body: { id: operator.id, name: operator.name, roles: operator.roles },
    headers: {
      'cache-control': 'no-store',
      'set-cookie': cookies.session(sessionToken, SESSION.absoluteHours * 3600),
    },
  });
  const open = { method: 'POST', access: 'public', audit: null, rate: 'sign-in', bodyLimit: 16_384 } as const;
  return [
    {
      ...open,
      id: 'operator.sign-in.ask',
      summary: 'Challenge for signing in with a passkey',
      url: `${V1}/sign-in/options`,
      handle: async () => json(await signInOptions(deps)),
    },
    {
      ...open,
      id: 'operator.sign-in.answer',
      summary: 'Signs in by the answer to a challenge; sets the session’s cookie',
      url: `${V1}/sign-in`,
      handle: async (request) =>
        signedIn(
          await signIn(deps, credentialOf<AuthenticationResponseJSON>(request.body), cookies.sessionToken(request)),
        ),
    },
    {
      ...open,
      id: 'operator.enrolment.ask',
      summary: 'Challenge for a new passkey, by an enrolment link',
      url: `${V1}/enrolment/options`,
      handle: async (request) => json(await enrolmentOptions(deps, linkOf(request.body))),
    },
    {
      ...open,
      id: 'operator.enrolment.answer',
      summary: 'Enrols a passkey and signs in; sets the session’s cookie',
      url: `${V1}/enrolment`,
      async handle(request) {
        const credential = credentialOf<RegistrationResponseJSON>(recordOf(request.body)['credential']);
        return signedIn(await enrol(deps, linkOf(request.body), credential, cookies.sessionToken(request)));
      },
    },
  ];
}

function sessionRoutes(deps: OperatorsDeps, { cookies }: Guard): readonly OperatorRoute[] {
  return [
    {
      id: 'operator.session.read',
      summary: 'Who is signed in, with which roles',
      method: 'GET',
      url: `${V1}/session`,
      access: 'signed-in',
      audit: null,
      rate: 'api',
      handle: async (_request, { actor }) => json(actor),
    },
    {
      id: 'operator.session.close',
      summary: 'Signs out',
      method: 'POST',
      url: `${V1}/session/close`,
      access: 'signed-in',
      audit: 'operator.signed-out',
      rate: 'sign-in',
      async handle(request, acting) {
        const token = cookies.sessionToken(request);
        if (token !== undefined) await closeSession(deps, acting, token);
        return { kind: 'json', body: {}, headers: { 'set-cookie': cookies.noSession() } };
      },
    },
  ];
}

function accountRoutes(deps: OperatorsDeps): readonly OperatorRoute[] {
  const change = { access: 'operators.change', rate: 'api' } as const;
  return [
    {
      ...change,
      id: 'operator.account.list',
      summary: 'Operators with their roles',
      method: 'GET',
      url: `${V1}/operators`,
      audit: null,
      handle: async () => json({ operators: (await listAccounts(deps.db.read)).map(operatorView) }),
    },
    {
      ...change,
      id: 'operator.account.add',
      summary: 'Adds an operator; the answer holds the enrolment link, once',
      method: 'POST',
      url: `${V1}/operators`,
      audit: 'operator.added',
      handle: async (request, acting) => invited(await addOperator(deps, acting, newOperatorOf(request.body)), 201),
    },
    {
      ...change,
      id: 'operator.account.invite',
      summary: 'Makes another enrolment link; it is shown once',
      method: 'POST',
      url: `${V1}/operators/:id/links`,
      audit: 'operator.link-made',
      handle: async (request, acting) => invited(await inviteAgain(deps, acting, idOf(request)), 201),
    },
    {
      ...change,
      id: 'operator.account.roles',
      summary: 'Changes an operator’s roles',
      method: 'PUT',
      url: `${V1}/operators/:id/roles`,
      audit: 'operator.roles-changed',
      async handle(request, acting) {
        const roles = orInvalid(parseRoles(recordOf(request.body)['roles']));
        return json(operatorView(orRefuse(await changeAccount(deps, acting, idOf(request), roles))));
      },
    },
  ];
}

function endingRoutes(deps: OperatorsDeps): readonly OperatorRoute[] {
  const change = { access: 'operators.change', rate: 'api' } as const;
  return [
    {
      ...change,
      id: 'operator.account.passkeys.remove',
      summary: 'Takes away an operator’s passkeys and sessions',
      method: 'DELETE',
      url: `${V1}/operators/:id/passkeys`,
      audit: 'operator.passkeys-removed',
      async handle(request, acting) {
        orRefuse(await removePasskeys(deps, acting, idOf(request)));
        return json({ id: idOf(request) });
      },
    },
    {
      ...change,
      id: 'operator.account.disable',
      summary: 'Disables an operator',
      method: 'DELETE',
      url: `${V1}/operators/:id`,
      audit: 'operator.disabled',
      async handle(request, acting) {
        orRefuse(await changeAccount(deps, acting, idOf(request), []));
        return json({ id: idOf(request) });
      },
    },
  ];
}

function tokenRoutes(deps: OperatorsDeps): readonly OperatorRoute[] {
  const own = { access: 'signed-in', rate: 'api' } as const;
  return [
    {
      ...own,
      id: 'operator.token.list',
      summary: 'Tokens of programs, without the tokens themselves',
      method: 'GET',
      url: `${V1}/tokens`,
      audit: null,
      async handle(_request, { actor }) {
        const all = await listTokens(deps.db.read);
        const seen = may('operators.change', actor) ? all : all.filter((one) => one.operatorId === actor.id);
        return json({ tokens: seen.map(tokenView) });
      },
    },
    {
      ...own,
      id: 'operator.token.make',
      summary: 'Makes a token with roles and an end; it is shown once',
      method: 'POST',
      url: `${V1}/tokens`,
      audit: 'operator.token-made',
      async handle(request, acting) {
        // A token that makes tokens would never end; the bootstrap token has no account that it could be of.
        if (acting.actor.via !== 'session')
          throw invalid('A token is made on the console, by an operator who has signed in there.');
        const made = orRefuse(await makeToken(deps, acting, newTokenOf(request.body)));
        return { ...json({ ...tokenView(made.token), token: made.secret }), status: 201 };
      },
    },
    {
      ...own,
      id: 'operator.token.revoke',
      summary: 'Revokes a token',
      method: 'DELETE',
      url: `${V1}/tokens/:id`,
      audit: 'operator.token-revoked',
      async handle(request, acting) {
        await revokeToken(deps, acting, idOf(request), may('operators.change', acting.actor));
        return json({ id: idOf(request) });
      },
    },
  ];
}

function auditRoute(deps: OperatorsDeps): OperatorRoute {
  return {
    id: 'operator.audit.read',
    summary: 'What operators did, newest first',
    method: 'GET',
    url: `${V1}/events`,
    access: 'audit.read',
    audit: null,
    rate: 'api',
    async handle(request) {
      const events = await listEvents(deps.db.read, eventFilterOf(request.query), 100);
      const last = events.at(-1);
      return json({
        events: events.map(({ salt: _salt, ...event }) => event),
        ...(last === undefined || events.length < 100 ? {} : { next: `${V1}/events?before=${last.index}` }),
      });
    },
  };
}

/** Of a query string; what makes no sense in it filters nothing out but is told (422). */
export function eventFilterOf(query: unknown): EventFilter {
  const given = recordOf(query ?? {});
  const text = (name: string) => (typeof given[name] === 'string' && given[name] !== '' ? given[name] : undefined);
  const date = (name: string) => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (!/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(Date.parse(value)))
      throw invalid('The filter is not acceptable.', [{ field: name, message: 'send a date such as 2026-03-02' }]);
    return new Date(value);
  };
  const outcome = text('outcome');
  const before = text('before');
  return {
    operator: text('operator')?.slice(0, 100),
    event: text('event')?.slice(0, 100),
    outcome: (['done', 'refused', 'failed'] as const).find((one: Outcome) => one === outcome),
    from: date('from'),
    until: date('until'),
    before: before !== undefined && /^\d{1,15}$/.test(before) ? Number(before) : undefined,
  };
}

function json(body: unknown): Extract<Answer, { kind: 'json' }> {
  return { kind: 'json', body, headers: { 'cache-control': 'no-store' } };
}

function invited({ operator, link, expiresAt }: Invited, status: number): Answer {
  return { ...json({ ...operatorView(operator), link, linkExpiresAt: expiresAt }), status };
}

function operatorView({ id, name, roles, createdAt, disabledAt }: Operator): object {
  return { id, name, roles, createdAt, disabledAt };
}

function tokenView({ id, operatorId, name, roles, createdAt, expiresAt, usedAt, revokedAt }: ApiToken): object {
  return { id, operatorId, name, roles, createdAt, expiresAt, usedAt, revokedAt };
}

function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id?: string }).id ?? '';
}

function recordOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw malformed('A JSON object was expected in the body.');
}

/** What the browser made of an authenticator's answer. The library reads the rest and refuses what is not right. */
function credentialOf<T>(value: unknown): T {
  const credential = recordOf(value);
  const { id } = credential;
  if (typeof id !== 'string' || !/^[\w-]{1,1400}$/.test(id))
    throw malformed('The answer of an authenticator was expected.', [{ field: '/id', message: 'is not base64url' }]);
  return credential as T;
}

function linkOf(body: unknown): string {
  const { link } = recordOf(body);
  if (typeof link !== 'string' || !/^[\w-]{1,100}$/.test(link))
    throw malformed('The secret of a link was expected.', [{ field: '/link', message: 'send what stands after #' }]);
  return link;
}

function newOperatorOf(body: unknown): { name: string; roles: Operator['roles'] } {
  const given = recordOf(body);
  const [name, roles] = [parseName(given['name']), parseRoles(given['roles'])];
  if (name.ok && roles.ok) return { name: name.value, roles: roles.value };
  throw fieldProblem([name, roles].flatMap((one) => (one.ok ? [] : [one.error])));
}

function newTokenOf(body: unknown): { name: string; roles: Operator['roles']; days: number } {
  const given = recordOf(body);
  const [name, roles, days] = [parseName(given['name']), parseRoles(given['roles']), parseDays(given['days'])];
  if (name.ok && roles.ok && days.ok) return { name: name.value, roles: roles.value, days: days.value };
  throw fieldProblem([name, roles, days].flatMap((one) => (one.ok ? [] : [one.error])));
}

function orInvalid<T>(parsed: { ok: true; value: T } | { ok: false; error: FieldRefusal }): T {
  if (!parsed.ok) throw fieldProblem([parsed.error]);
  return parsed.value;
}

function orRefuse<T>(outcome: { ok: true; value: T } | { ok: false; error: Parameters<typeof accountProblem>[0] }): T {
  if (!outcome.ok) throw accountProblem(outcome.error);
  return outcome.value;
}
