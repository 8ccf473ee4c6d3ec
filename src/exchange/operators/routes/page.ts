import type { FastifyRequest } from 'fastify';
import { isLanguage, type Language, notFound } from '../../../kernel/index.ts';
import { type Answer, formOf, type PostedForm } from '../../../platform/index.ts';
import type { Actor } from '../model.ts';
import type { ConsoleFrame, House } from '../pages/frame.ts';

/** What every page of a console reads of its request. */
export function languageOf(request: FastifyRequest): Language {
  const { language } = request.params as { readonly language?: string };
  if (!isLanguage(language)) throw notFound('There is no page at this address. Addresses begin with /ar, /fr or /en.');
  return language;
}

export function frameOf(house: House, request: FastifyRequest, actor: Actor, posted?: string): ConsoleFrame {
  const path = request.method === 'GET' ? request.url.slice(3) : (posted ?? '/console');
  return { house, language: languageOf(request), path, actor };
}

export function paramOf(request: FastifyRequest, name: string): string {
  return (request.params as Readonly<Record<string, string | undefined>>)[name] ?? '';
}

export function queryOf(request: FastifyRequest, name: string, mostChars = 300): string {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value.slice(0, mostChars) : '';
}

export function textOf(form: PostedForm, name: string, mostChars = 4000): string {
  const value = form.fields[name];
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).slice(0, mostChars);
}

export function listOf(request: FastifyRequest, name: string): readonly string[] {
  return [formOf(request).fields[name] ?? []].flat();
}

/** The page of a list that is asked for, from 1. */
export function pageNumberOf(request: FastifyRequest): number {
  return Math.max(1, Number(/^\d{1,6}$/.exec(queryOf(request, 'page'))?.[0] ?? 1));
}

/** Nobody but this browser may keep the page: it holds what an operator sees. */
export function page(body: string, status = 200): Answer {
  return { kind: 'html', status, body, headers: { 'cache-control': 'no-store' } };
}

export function redirect(to: string): Answer {
  return { kind: 'redirect', to };
}
