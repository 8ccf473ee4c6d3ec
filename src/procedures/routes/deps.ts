import type { FastifyRequest } from 'fastify';
import type { Access, Session } from '../../identity/index.ts';
import { isLanguage, type Language, notFound } from '../../kernel/index.ts';
import type { Answer, Route } from '../../platform/index.ts';
import type { Account } from '../../web/index.ts';
import type { Frame } from '../pages/frame.ts';
import type { Actor, ProceduresDeps } from '../service/deps.ts';

export type RouteDeps = ProceduresDeps & {
  readonly sessionOf: (request: FastifyRequest) => Session | undefined;
  readonly signedIn: (request: FastifyRequest) => Session;
  readonly accountOf: (request: FastifyRequest, language: Language) => Account;
  /** Names of the public logs that the portal serves. */
  readonly logs: () => readonly string[];
};

export type PortalRoute = Route<Access>;

type Params = { readonly language?: string; readonly id?: string; readonly step?: string };

export function languageOf(request: FastifyRequest): Language {
  const { language } = request.params as Params;
  if (!isLanguage(language)) throw notFound('There is no page at this address. Addresses begin with /ar, /fr or /en.');
  return language;
}

export function idOf(request: FastifyRequest): string {
  return (request.params as Params).id ?? '';
}

export function stepOf(request: FastifyRequest): number {
  return Number((request.params as Params).step);
}

export function frameOf(deps: RouteDeps, request: FastifyRequest): Frame {
  const language = languageOf(request);
  const session = deps.sessionOf(request);
  return {
    language,
    // A posted form has no page of its own in another language: its dossier's page stands for it.
    path: request.method === 'GET' ? request.url.slice(3) : '',
    account: deps.accountOf(request, language),
    csrf: session?.csrf ?? '',
    isAgent: session?.roles.some((grant) => grant.role === 'agent') ?? false,
    demonstration: deps.demonstration,
  };
}

export function actorOf(deps: RouteDeps, request: FastifyRequest): Actor {
  const session = deps.signedIn(request);
  return {
    personId: session.person.id,
    name: session.person.name,
    birthDate: session.person.birthDate ?? '',
    offices: session.roles.filter((grant) => grant.role === 'agent').map((grant) => grant.office),
  };
}

export function html(body: string, status = 200): Answer {
  return { kind: 'html', status, body };
}

export function queryOf(request: FastifyRequest, name: string): string {
  const value = (request.query as Record<string, unknown>)[name];
  return typeof value === 'string' ? value.slice(0, 200) : '';
}

export function fieldOf(fields: Readonly<Record<string, string | string[]>>, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}
