import { err, ok, type Result } from '../../kernel/index.ts';
import { type Actor, type Operator, type OperatorAccess, type OperatorRole, PERMISSIONS } from './model.ts';

export type EntryRefusal =
  | { readonly kind: 'not-signed-in' }
  | { readonly kind: 'role-missing'; readonly roles: readonly OperatorRole[] };

/** Whether this route is open to whom; the refusal names the roles of which one would do. */
export function mayEnter(access: OperatorAccess, actor: Actor | undefined): Result<true, EntryRefusal> {
  if (access === 'public') return ok(true);
  if (actor === undefined) return err({ kind: 'not-signed-in' });
  if (access === 'signed-in') return ok(true);
  const roles: readonly OperatorRole[] = PERMISSIONS[access];
  return actor.roles.some((role) => roles.includes(role)) ? ok(true) : err({ kind: 'role-missing', roles });
}

/** For pages, which show only the buttons that would work. */
export function may(access: OperatorAccess, actor: Actor): boolean {
  return mayEnter(access, actor).ok;
}

export const SESSION = { idleMinutes: 30, absoluteHours: 10 } as const;
export const ENROLMENT_HOURS = 24;
export const CHALLENGE_MINUTES = 5;

export function isSessionAlive(
  session: { readonly seenAt: Date; readonly expiresAt: Date; readonly closedAt: Date | null },
  now: Date,
): boolean {
  if (session.closedAt !== null || now >= session.expiresAt) return false;
  return now.getTime() - session.seenAt.getTime() < SESSION.idleMinutes * 60_000;
}

/** A use is written down at most once a minute: reading pages then costs no write. */
export function isWorthNoting(seenAt: Date | null, now: Date): boolean {
  return seenAt === null || now.getTime() - seenAt.getTime() >= 60_000;
}

export function isTokenAlive(token: { readonly expiresAt: Date; readonly revokedAt: Date | null }, now: Date): boolean {
  return token.revokedAt === null && now < token.expiresAt;
}

/** A token never has more than its operator has now, whatever it was given. */
export function rolesOfToken(
  token: { readonly roles: readonly OperatorRole[] },
  operator: Operator,
): readonly OperatorRole[] {
  return token.roles.filter((role) => operator.roles.includes(role));
}

export type AccountRefusal =
  | { readonly kind: 'own-account' }
  | { readonly kind: 'last-administrator' }
  | { readonly kind: 'roles-not-held'; readonly roles: readonly OperatorRole[] };

/**
 * Whether the account may get these roles (none: is disabled). Nobody gives themselves rights, and somebody is left
 * who can make accounts.
 */
export function mayChangeAccount(
  actor: Actor,
  target: Operator,
  roles: readonly OperatorRole[],
  all: readonly Operator[],
): Result<true, AccountRefusal> {
  if (actor.id === target.id) return err({ kind: 'own-account' });
  const isAdministrator = (one: Operator) => one.disabledAt === null && one.roles.includes('system-administrator');
  const others = all.filter((one) => one.id !== target.id && isAdministrator(one));
  if (isAdministrator(target) && !roles.includes('system-administrator') && others.length === 0)
    return err({ kind: 'last-administrator' });
  return ok(true);
}

/** Operators make tokens for their own programs, with some of their own roles. */
export function mayGiveRoles(actor: Actor, roles: readonly OperatorRole[]): Result<true, AccountRefusal> {
  const missing = roles.filter((role) => !actor.roles.includes(role));
  return missing.length === 0 ? ok(true) : err({ kind: 'roles-not-held', roles: missing });
}
