import type { FastifyInstance } from 'fastify';
import { actingAs } from './audit.ts';
import { hashOf, type OperatorsDeps } from './deps.ts';
import { type Guard, type OperatorRoute, openGuard } from './guard.ts';
import { COMMAND, parseName, parseRoles } from './model.ts';
import { describeApi } from './openapi.ts';
import type { House } from './pages/frame.ts';
import { fieldProblem } from './problems.ts';
import { operatorRoutes } from './routes/api.ts';
import { operatorPages } from './routes/pages.ts';
import { addOperator, type Invited } from './service/account.ts';

export type OperatorsOptions = Omit<OperatorsDeps, 'bootstrapHash'> & { readonly bootstrapToken: string };

/** Accounts, sessions, tokens and the audit of one house: a gateway or a registry. Needs `exchange-operator`. */
export type Operators = Pick<Guard, 'mount' | 'enter'> & {
  readonly deps: OperatorsDeps;
  readonly guard: Guard;
  /** Adds `/operator/v1/session`, `/operators`, `/tokens`, `/events` and sign-in, and what describes all of the API. */
  mountApi(server: FastifyInstance): void;
  /** Adds sign-in, accounts, tokens and audit as pages under `/{ar|fr|en}/console/`, with the house's menu. */
  mountPages(server: FastifyInstance, house: House): void;
  /** For the command line beside the process. Throws a Problem where name or roles are not acceptable. */
  add(given: { readonly name: unknown; readonly roles: unknown }): Promise<Invited>;
};

/** Made when it is asked for: parts of a gateway mount their routes after this one. */
function describeRoute({ house }: OperatorsDeps, guard: Guard): OperatorRoute {
  const info = { title: 'Wasl operators', description: `The API of the operators of ${house}.` };
  return {
    id: 'operator.api.describe',
    summary: 'This description',
    method: 'GET',
    url: '/operator/v1/openapi.json',
    access: 'public',
    audit: null,
    rate: 'api',
    handle: async () => ({ kind: 'json', body: describeApi(info, guard.described()) }),
  };
}

export function openOperators({ bootstrapToken, ...options }: OperatorsOptions): Operators {
  const deps: OperatorsDeps = { ...options, bootstrapHash: hashOf(bootstrapToken) };
  const guard = openGuard(deps);
  return {
    deps,
    guard,
    mount: guard.mount,
    enter: guard.enter,
    mountApi: (server) => guard.mount(server, [...operatorRoutes(deps, guard), describeRoute(deps, guard)]),
    mountPages: (server, house) => guard.mount(server, operatorPages(deps, guard, house)),
    async add(given) {
      const [name, roles] = [parseName(given.name), parseRoles(given.roles)];
      if (!name.ok || !roles.ok) throw fieldProblem([name, roles].flatMap((one) => (one.ok ? [] : [one.error])));
      return addOperator(deps, actingAs(deps, COMMAND, 'operator.added'), { name: name.value, roles: roles.value });
    },
  };
}
