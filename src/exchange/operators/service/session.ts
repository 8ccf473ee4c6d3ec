import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../audit.ts';
import { hashOf, type OperatorsDeps } from '../deps.ts';
import type { Actor, Operator } from '../model.ts';
import { isSessionAlive, isWorthNoting, SESSION } from '../rules.ts';
import * as sessions from '../store/session.ts';

/** Opens a session in the caller's transaction, under a token that no one has seen before (CWE-384). */
export async function openSession(deps: OperatorsDeps, tx: Tx, operator: Operator, previous?: string): Promise<string> {
  const now = deps.clock();
  const token = deps.random(32).toString('base64url');
  await sessions.insertSession(tx, {
    tokenHash: hashOf(token),
    operatorId: operator.id,
    openedAt: now,
    expiresAt: new Date(now.getTime() + SESSION.absoluteHours * 3_600_000),
  });
  if (previous !== undefined) await sessions.closeSession(tx, hashOf(previous), now);
  return token;
}

/** Who the cookie's token stands for; roles are those of this moment. */
export async function actorOfSession(deps: OperatorsDeps, token: string): Promise<Actor | undefined> {
  const now = deps.clock();
  const tokenHash = hashOf(token);
  const held = await sessions.findSession(deps.db.read, tokenHash);
  if (held === undefined || !isSessionAlive(held, now) || held.operator.disabledAt !== null) return undefined;
  if (isWorthNoting(held.seenAt, now)) await sessions.noteSession(deps.db.read, tokenHash, now);
  const { id, name, roles } = held.operator;
  return { id, name, roles, via: 'session', csrf: csrfOf(token) };
}

export async function closeSession(deps: OperatorsDeps, acting: Acting, token: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await sessions.closeSession(tx, hashOf(token), deps.clock());
    await acting.record(tx);
  });
}

/** Derived, so that it needs no keeping; who knows it does not know the token. */
export function csrfOf(token: string): string {
  return hashOf(`csrf ${token}`).toString('base64url');
}
