import { err, type Json, ok, type Result } from '../../kernel/index.ts';

/** X-Road's division of labour, kept as its operators know it. */
export const OPERATOR_ROLES = [
  'security-officer',
  'registration-officer',
  'service-administrator',
  'observer',
  'system-administrator',
] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/**
 * What a route lets one do, and the roles that may. Who drafts an agreement does not sign it, who makes accounts
 * neither signs nor reads evidence: what matters takes two persons (docs/decisions/0026).
 */
export const PERMISSIONS = {
  /** Health, traffic without contents, services, agreements, members, certificates. */
  'console.read': OPERATOR_ROLES,
  /** The signed texts of messages, which may name a person. */
  'evidence.read': ['security-officer', 'service-administrator'],
  /** Bodies of messages that an agreement keeps, and their end before its time. */
  'archive.read': ['security-officer'],
  'archive.erase': ['security-officer'],
  'services.change': ['service-administrator'],
  'agreements.change': ['service-administrator'],
  'agreements.sign': ['security-officer'],
  'events.change': ['service-administrator'],
  /** What persons write about uses of their data, and the member's answer. */
  'contests.answer': ['security-officer', 'service-administrator'],
  'keys.change': ['security-officer'],
  /** The registry's keys, authorities, witnesses and what other registries it trusts. */
  'trust.change': ['security-officer'],
  'registration.decide': ['registration-officer'],
  'operators.change': ['system-administrator'],
  'system.change': ['system-administrator'],
  'audit.read': ['security-officer', 'system-administrator', 'observer'],
} as const satisfies Readonly<Record<string, readonly OperatorRole[]>>;

/** `public` asks for nothing, `signed-in` for any operator. */
export type OperatorAccess = 'public' | 'signed-in' | keyof typeof PERMISSIONS;

export type Operator = {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly OperatorRole[];
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
};

/** Who acts, and by what. `bootstrap` is the token in the data folder, `command` the command line beside it. */
export type Actor = {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly OperatorRole[];
  readonly via: 'session' | 'token' | 'bootstrap' | 'command' | 'nobody';
  /** Sessions only: what every form of theirs carries. */
  readonly csrf?: string;
};

export const BOOTSTRAP: Actor = { id: 'bootstrap', name: 'bootstrap', roles: OPERATOR_ROLES, via: 'bootstrap' };
export const COMMAND: Actor = { id: 'command', name: 'command', roles: OPERATOR_ROLES, via: 'command' };
export const NOBODY: Actor = { id: 'nobody', name: 'nobody', roles: [], via: 'nobody' };

/** A bearer token as its operator sees it; the token itself is shown once and kept nowhere. */
export type ApiToken = {
  readonly id: string;
  readonly operatorId: string;
  readonly name: string;
  readonly roles: readonly OperatorRole[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
};

export type Outcome = 'done' | 'refused' | 'failed';

/** An act as the house keeps it; the ledger's entry commits to `target` and `detail`. */
export type OperatorEvent = {
  readonly at: Date;
  readonly event: string;
  readonly outcome: Outcome;
  readonly operator: string;
  readonly via: Actor['via'];
  readonly target: string;
  readonly detail: Readonly<Record<string, Json>>;
  readonly salt: Buffer;
};

export type KeptEvent = OperatorEvent & { readonly index: number };

export type FieldRefusal = {
  readonly field: string;
  readonly kind: 'name' | 'roles' | 'days';
  readonly detail: string;
};

/** A name as people write it: no control characters, no direction marks that would turn a table around. */
export function parseName(value: unknown, field = '/name'): Result<string, FieldRefusal> {
  const text = typeof value === 'string' ? value.trim().normalize('NFC') : '';
  if (text.length > 0 && text.length <= 100 && !/[\p{Cc}\p{Cf}]/u.test(text)) return ok(text);
  return err({ field, kind: 'name', detail: 'send 1 to 100 characters without control characters' });
}

export function parseRoles(value: unknown, field = '/roles'): Result<readonly OperatorRole[], FieldRefusal> {
  const given: readonly unknown[] = Array.isArray(value) ? value : [];
  const roles = OPERATOR_ROLES.filter((role) => given.includes(role));
  if (roles.length > 0 && roles.length === new Set(given).size) return ok(roles);
  return err({ field, kind: 'roles', detail: `send a list of at least one of: ${OPERATOR_ROLES.join(', ')}` });
}

export const TOKEN_DAYS = { least: 1, most: 366 } as const;

export function parseDays(value: unknown, field = '/days'): Result<number, FieldRefusal> {
  if (Number.isInteger(value) && Number(value) >= TOKEN_DAYS.least && Number(value) <= TOKEN_DAYS.most)
    return ok(Number(value));
  return err({ field, kind: 'days', detail: `send a whole number from ${TOKEN_DAYS.least} to ${TOKEN_DAYS.most}` });
}
