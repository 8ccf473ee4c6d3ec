import { Problem } from '../../../kernel/index.ts';
import type { EventRefusal } from '../cloud-event.ts';

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
