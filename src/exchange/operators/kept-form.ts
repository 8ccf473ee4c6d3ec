import type { FastifyRequest } from 'fastify';
import { formOf } from '../../platform/index.ts';
import type { Actor } from './model.ts';

/** What was typed into a form whose session had ended, so that it can be sent once more after sign-in. */
export type KeptForm = {
  /** Where it was going. */
  readonly action: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** A browser gives a file only where a person chooses it: those are chosen again. */
  readonly hasFiles: boolean;
};

/**
 * Undefined for what is no form of our own pages: another site could have a form filled and sent by whoever signs in
 * (CWE-352), so only what this origin sent is carried on.
 */
export function keptFormOf(request: FastifyRequest): KeptForm | undefined {
  if (request.method !== 'POST' || !isFromHere(request) || !isForm(request)) return undefined;
  const { fields, files } = formOf(request);
  const kept = Object.entries(fields)
    .filter(([name]) => name !== '_csrf')
    .flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const));
  return kept.length === 0 ? undefined : { action: request.url, fields: kept, hasFiles: Object.keys(files).length > 0 };
}

function isForm({ headers }: FastifyRequest): boolean {
  return /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/.test(headers['content-type'] ?? '');
}

/** Both are set by the browser, and no page can set them. The first is left out by browsers on plain HTTP. */
function isFromHere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin = '', host = '' } = headers;
  return origin === `https://${host}` || origin === `http://${host}`;
}

const senders = new WeakMap<FastifyRequest, Actor>();

/** The form is of an earlier session of this operator, who may do what it asks for. */
export function noteSender(request: FastifyRequest, actor: Actor): void {
  senders.set(request, actor);
}

export function senderOf(request: FastifyRequest): Actor | undefined {
  return senders.get(request);
}
