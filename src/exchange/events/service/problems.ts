import { Problem } from '../../../kernel/index.ts';
import { FAULTS, toFault } from '../../message/fault.ts';
import type { EventRefusal } from '../cloud-event.ts';

/** A refusal of a gateway on the way, for a caller of the events' API: always RFC 9457. */
export function requestProblem(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  const fault = toFault(cause);
  const { status, title, remedy } = FAULTS[fault.slug];
  const retry = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  return new Problem(status, fault.slug, title, {
    detail: fault.detail,
    headers: retry,
    extensions: { remedy },
    cause: fault.cause,
  });
}

const TITLES: Readonly<Record<number, readonly [slug: string, title: string]>> = {
  400: ['malformed', 'The request cannot be read'],
  413: ['too-large', 'Too large'],
  415: ['unsupported-media-type', 'This kind of body is not read here'],
  422: ['event-not-acceptable', 'The event is not acceptable'],
};

export function eventProblem({ status, field, detail }: EventRefusal): Problem {
  const [slug, title] = TITLES[status] ?? TITLES[422] ?? ['invalid', ''];
  return new Problem(status, slug, title, { detail: `${field} ${detail}.`, errors: [{ field, message: detail }] });
}
