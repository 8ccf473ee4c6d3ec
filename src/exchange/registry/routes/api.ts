import type { FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { type Clock, invalid, notFound } from '../../../kernel/index.ts';
import type { Answer } from '../../../platform/index.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { codeSchema, localTextSchema, shapeParser, strict } from '../../trust/shape.ts';
import type { Registry } from '../registry.ts';

/** A route of the operator's API with what its description says. */
export type ApiRoute = OperatorRoute & { readonly summary: string };

export type ApiDeps = { readonly registry: Registry; readonly clock: Clock };

export const V1 = '/registry/v1';
export const READ = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;
export const DECIDE = { access: 'registration.decide', rate: 'api' } as const;
export const TRUST = { access: 'trust.change', rate: 'api' } as const;

export const namedSchema = Type.Object({ name: localTextSchema }, strict);

export function json(body: unknown, status = 200): Answer {
  return { kind: 'json', status, body, headers: { 'cache-control': 'no-store' } };
}

/** The body, or 422 with the member that is wrong. */
export function bodyOf<S extends TSchema>(schema: S, request: FastifyRequest): Static<S> {
  let parse = parsers.get(schema);
  if (parse === undefined) {
    parse = shapeParser(schema);
    parsers.set(schema, parse);
  }
  const read = parse(request.body ?? {});
  if (!read.ok)
    throw invalid(read.error.detail, [{ field: read.error.detail.split(' ')[0] ?? '/', message: read.error.detail }]);
  return read.value as Static<S>;
}

const parsers = new Map<TSchema, ReturnType<typeof shapeParser>>();
const isCode = shapeParser(codeSchema);

/** A part of the address that is a code of an identifier. */
export function codeOf(request: FastifyRequest, name: string): string {
  const value = (request.params as Readonly<Record<string, string | undefined>>)[name] ?? '';
  if (!isCode(value).ok) throw notFound(`"${value.slice(0, 100)}" is not a code.`);
  return value;
}

/** Any name of one line, such as a witness's. */
export function nameOf(request: FastifyRequest, name: string): string {
  return ((request.params as Readonly<Record<string, string | undefined>>)[name] ?? '').slice(0, 300);
}

/** INSTANCE/CLASS/MEMBER of /…/:class/:member */
export function memberIdOf({ registry }: ApiDeps, request: FastifyRequest): string {
  return `${registry.keys.anchor.instance}/${codeOf(request, 'class')}/${codeOf(request, 'member')}`;
}
