import type { Agreement } from '../message/agreement.ts';
import type { BodyKind } from './model.ts';

const DAY_MS = 86_400_000;

/** Until when this side keeps that body under the agreement; undefined where it does not. */
export function keptUntil(
  agreement: Pick<Agreement, 'terms'> | undefined,
  side: 'provider' | 'client',
  kind: BodyKind,
  at: Date,
): Date | undefined {
  const term = agreement?.terms?.archive;
  if (term === undefined) return undefined;
  if (term.by !== side && term.by !== 'both') return undefined;
  if (term.keep !== kind && term.keep !== 'both') return undefined;
  return new Date(at.getTime() + term.days * DAY_MS);
}

/** The digest that was signed, as RFC 9530 writes it, read out of the signature's base (RFC 9421, 2.5). */
export function signedDigest(base: string): string | undefined {
  return /^"content-digest"(?:;tr)?: (sha-256=:[A-Za-z0-9+/]{43}=:)$/m.exec(base)?.[1];
}
