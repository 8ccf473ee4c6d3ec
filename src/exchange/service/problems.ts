import { invalid, Problem } from '../../kernel/index.ts';
import type { OpenApiRefusal } from './openapi.ts';

const HOSTILE: Readonly<Record<Exclude<OpenApiRefusal['kind'], 'openapi'>, readonly [slug: string, title: string]>> = {
  'remote-reference': ['openapi-remote-reference', 'The description refers to another place'],
  aliases: ['openapi-aliases', 'The description uses YAML aliases'],
};

export function descriptionProblem({ kind, field, detail }: OpenApiRefusal): Problem {
  const errors = [{ field, message: `it ${detail}` }];
  if (kind === 'openapi') return invalid('The OpenAPI description is not acceptable.', errors);
  const [slug, title] = HOSTILE[kind];
  return new Problem(422, slug, title, { detail: `The OpenAPI description ${detail}.`, errors });
}

/** An address that somebody gave for us to call lies in a network that the operator did not allow. */
export function addressRefused(field: string, message: string): Problem {
  const title = 'The address is in a network that this gateway may not call';
  return new Problem(422, 'address-refused', title, { detail: `${field} ${message}.`, errors: [{ field, message }] });
}
