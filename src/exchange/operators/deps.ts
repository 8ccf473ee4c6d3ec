import { createHash } from 'node:crypto';
import type { Log } from '../../platform/index.ts';
import type { AuditDeps } from './audit.ts';

/** What the services of this area stand on. */
export type OperatorsDeps = AuditDeps & {
  /** What signs the operators' house apart from others on the same host: the gateway's identifier, the registry's. */
  readonly house: string;
  /** SHA-256 of the token in the data folder, which stands for every role. */
  readonly bootstrapHash: Buffer;
  /** Where browsers reach the pages, `https://host[:port]`; passkeys are bound to it (WebAuthn 13.4.9). */
  readonly origin: () => string;
  readonly log: Log;
};

export function hashOf(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

export function newId(deps: OperatorsDeps): string {
  return deps.random(16).toString('hex');
}

/** The id of what a form makes: the same form, sent twice by the same operator, makes the same. */
export function idOfForm(actor: { readonly id: string }, once: string): string {
  return hashOf(`form ${actor.id} ${once}`).subarray(0, 16).toString('hex');
}
