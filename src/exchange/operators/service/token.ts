import { conflict, err, notFound, ok, type Result } from '../../../kernel/index.ts';
import type { Acting } from '../audit.ts';
import { hashOf, newId, type OperatorsDeps } from '../deps.ts';
import type { Actor, ApiToken, OperatorRole } from '../model.ts';
import { type AccountRefusal, isTokenAlive, isWorthNoting, mayGiveRoles, rolesOfToken } from '../rules.ts';
import * as tokens from '../store/token.ts';

export type MadeToken = { readonly token: ApiToken; readonly secret: string };

/** Makes a bearer token of the operator's own; its letters are told once, here. */
export async function makeToken(
  deps: OperatorsDeps,
  acting: Acting,
  given: {
    readonly name: string;
    readonly roles: readonly OperatorRole[];
    readonly days: number;
    readonly id?: string;
  },
): Promise<Result<MadeToken, AccountRefusal>> {
  const allowed = mayGiveRoles(acting.actor, given.roles);
  if (!allowed.ok) return err(allowed.error);
  const now = deps.clock();
  const secret = `wop_${deps.random(32).toString('base64url')}`;
  const token: ApiToken = {
    id: given.id ?? newId(deps),
    operatorId: acting.actor.id,
    name: given.name,
    roles: given.roles,
    createdAt: now,
    expiresAt: new Date(now.getTime() + given.days * 86_400_000),
    usedAt: null,
    revokedAt: null,
  };
  await deps.db.transaction(async (tx) => {
    if (!(await tokens.insertToken(tx, token, hashOf(secret)))) throw conflict('This form has made its token already.');
    await acting.record(tx, token.id, { roles: token.roles });
  });
  return ok({ token, secret });
}

/** One's own, or with the right to change accounts anybody's. */
export async function revokeToken(
  deps: OperatorsDeps,
  acting: Acting,
  id: string,
  isAdministrator: boolean,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const token = await tokens.findToken(tx, id);
    const mine = token !== undefined && (token.operatorId === acting.actor.id || isAdministrator);
    if (!mine || !(await tokens.revokeToken(tx, id, deps.clock())))
      throw notFound('You have no token of this id that is not revoked already.');
    await acting.record(tx, id);
  });
}

/** Whom a bearer token stands for now; undefined where it is of nobody, or no longer good. */
export async function actorOfToken(deps: OperatorsDeps, secret: string): Promise<Actor | undefined> {
  const now = deps.clock();
  const held = await tokens.findTokenByHash(deps.db.read, hashOf(secret));
  if (held === undefined || !isTokenAlive(held.token, now) || held.operator.disabledAt !== null) return undefined;
  if (isWorthNoting(held.token.usedAt, now)) await tokens.noteToken(deps.db.read, held.token.id, now);
  const { operator } = held;
  return { id: operator.id, name: operator.name, roles: rolesOfToken(held.token, operator), via: 'token' };
}
