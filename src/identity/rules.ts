import { err, ok, type Result } from '../kernel/index.ts';
import type { Access, Role, Session } from './model.ts';

export type AccessRefusal =
  | { readonly kind: 'not-signed-in' }
  | { readonly kind: 'not-identified' }
  | { readonly kind: 'role-missing'; readonly role: Role };

/** Whether the route is open to this session; the refusal says what is missing. */
export function mayEnter(access: Access, session: Session | undefined): Result<true, AccessRefusal> {
  if (access === 'public') return ok(true);
  if (session === undefined) return err({ kind: 'not-signed-in' });
  switch (access) {
    case 'signed-in':
      return ok(true);
    case 'citizen':
      return session.isIdentified ? ok(true) : err({ kind: 'not-identified' });
    case 'agent':
    case 'operator':
      return session.roles.some((grant) => grant.role === access)
        ? ok(true)
        : err({ kind: 'role-missing', role: access });
  }
}

/** The offices in which the session holds the role, each once. */
export function officesOf(session: Session, role: Role): readonly string[] {
  return [...new Set(session.roles.filter((grant) => grant.role === role).map((grant) => grant.office))];
}

export function mayActFor(session: Session, role: Role, office: string): boolean {
  return session.roles.some((grant) => grant.role === role && grant.office === office);
}

export type DecisionRefusal =
  | { readonly kind: 'other-office'; readonly office: string }
  | { readonly kind: 'own-matter' };

/**
 * Whether an agent may act on a matter of an office. Nobody decides on a matter that concerns themselves, whatever
 * their roles: `concerns` names everyone who filed it, whom it is about or who helped.
 */
export function mayDecideOn(
  session: Session,
  matter: { readonly office: string; readonly concerns: readonly string[] },
): Result<true, DecisionRefusal> {
  if (matter.concerns.includes(session.person.id)) return err({ kind: 'own-matter' });
  if (!mayActFor(session, 'agent', matter.office)) return err({ kind: 'other-office', office: matter.office });
  return ok(true);
}

export type Lifetime = { readonly idleMinutes: number; readonly absoluteHours: number };

export const DEFAULT_LIFETIME: Lifetime = { idleMinutes: 30, absoluteHours: 10 };

/** Closed, unused for too long, or past its end: a session is dead from that instant on. */
export function isAlive(
  session: { readonly seenAt: Date; readonly expiresAt: Date; readonly closedAt: Date | null },
  lifetime: Lifetime,
  now: Date,
): boolean {
  if (session.closedAt !== null || now.getTime() >= session.expiresAt.getTime()) return false;
  return now.getTime() - session.seenAt.getTime() < lifetime.idleMinutes * 60_000;
}

/** The last use is written down at most once a minute: a page view then costs no write. */
export function isWorthNoting(seenAt: Date, now: Date): boolean {
  return now.getTime() - seenAt.getTime() >= 60_000;
}

/** Methods that change nothing (RFC 9110, 9.2.1) carry no token. */
export function needsCsrf(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/** A person as far as linking is concerned: their id and the blind index of their number, in hex. */
export type KnownPerson = { readonly id: string; readonly nationalIdIndex: string | undefined };

export type Placement = { readonly kind: 'create' } | { readonly kind: 'link' | 'update'; readonly personId: string };

export type PlacementRefusal = { readonly kind: 'number-changed' | 'number-taken'; readonly personId: string };

/**
 * Whose sign-in this is. A subject keeps its person; a new subject with a known number is the same person at another
 * issuer, or after the issuer lost its memory. A number never moves to another person here: that needs a human.
 */
export function placeSignIn(
  bySubject: KnownPerson | undefined,
  byNumber: KnownPerson | undefined,
  nationalIdIndex: string | undefined,
): Result<Placement, PlacementRefusal> {
  if (bySubject === undefined) {
    return ok(byNumber === undefined ? { kind: 'create' } : { kind: 'link', personId: byNumber.id });
  }
  const personId = bySubject.id;
  const known = bySubject.nationalIdIndex;
  if (nationalIdIndex !== undefined && known !== undefined && nationalIdIndex !== known) {
    return err({ kind: 'number-changed', personId });
  }
  if (byNumber !== undefined && byNumber.id !== personId) return err({ kind: 'number-taken', personId });
  return ok({ kind: 'update', personId });
}
