import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Access, Role, RoleGrant, Session } from './model.ts';
import {
  DEFAULT_LIFETIME,
  isAlive,
  isWorthNoting,
  mayActFor,
  mayDecideOn,
  mayEnter,
  needsCsrf,
  officesOf,
  placeSignIn,
} from './rules.ts';

function aSession(given: { readonly roles?: readonly RoleGrant[]; readonly isIdentified?: boolean } = {}): Session {
  return {
    id: 's',
    person: { id: 'person-1', name: { ar: 'أمينة', fr: 'Amina' } },
    roles: given.roles ?? [],
    isIdentified: given.isIdentified ?? true,
    acr: 'urn:test',
    authenticatedAt: new Date('2026-11-23T10:00:00Z'),
    csrf: 'c',
  };
}

const grant = (role: Role, office: string): RoleGrant => ({ id: `${role} ${office}`, role, office });
const ACCESSES: readonly Access[] = ['public', 'signed-in', 'citizen', 'agent', 'operator'];

describe('who may enter', () => {
  const outcome = (access: Access, session: Session | undefined) => {
    const entry = mayEnter(access, session);
    return entry.ok ? 'enters' : entry.error.kind === 'role-missing' ? `lacks ${entry.error.role}` : entry.error.kind;
  };
  const table: readonly (readonly [who: string, session: Session | undefined, outcomes: readonly string[]])[] = [
    ['nobody', undefined, ['enters', 'not-signed-in', 'not-signed-in', 'not-signed-in', 'not-signed-in']],
    [
      'a person without a number',
      aSession({ isIdentified: false }),
      ['enters', 'enters', 'not-identified', 'lacks agent', 'lacks operator'],
    ],
    ['a citizen', aSession(), ['enters', 'enters', 'enters', 'lacks agent', 'lacks operator']],
    [
      'an agent',
      aSession({ roles: [grant('agent', 'rabat')] }),
      ['enters', 'enters', 'enters', 'enters', 'lacks operator'],
    ],
    [
      'an operator',
      aSession({ roles: [grant('operator', 'agency')] }),
      ['enters', 'enters', 'enters', 'lacks agent', 'enters'],
    ],
  ];
  for (const [who, session, outcomes] of table) {
    test(`${who} enters exactly where the route says so`, () => {
      assert.deepEqual(
        ACCESSES.map((access) => outcome(access, session)),
        outcomes,
      );
    });
  }

  test('taking a grant away never opens a door', () => {
    const grants = fc.array(
      fc.record({
        id: fc.string(),
        role: fc.constantFrom<Role>('agent', 'operator'),
        office: fc.constantFrom('a', 'b', 'c'),
      }),
    );
    fc.assert(
      fc.property(grants, fc.nat(), fc.constantFrom(...ACCESSES), (roles, at, access) => {
        const fewer = roles.filter((_, index) => index !== at % Math.max(1, roles.length));
        const opened = mayEnter(access, aSession({ roles: fewer })).ok && !mayEnter(access, aSession({ roles })).ok;
        assert.equal(opened, false);
      }),
    );
  });
});

describe('offices', () => {
  const session = aSession({
    roles: [grant('agent', 'rabat'), grant('agent', 'sale'), grant('agent', 'rabat'), grant('operator', 'agency')],
  });

  test('are listed once each and only for the role asked for', () => {
    assert.deepEqual(officesOf(session, 'agent'), ['rabat', 'sale']);
    assert.deepEqual(officesOf(session, 'operator'), ['agency']);
  });

  test('a role in one office gives nothing in another', () => {
    assert.equal(mayActFor(session, 'agent', 'rabat'), true);
    assert.equal(mayActFor(session, 'agent', 'agency'), false);
    assert.equal(mayActFor(session, 'operator', 'rabat'), false);
  });

  test('nobody decides on their own matter, whatever their roles', () => {
    const own = mayDecideOn(session, { office: 'rabat', concerns: ['person-2', 'person-1'] });
    assert.deepEqual(own, { ok: false, error: { kind: 'own-matter' } });
  });

  test('an agent decides in their office and not in another', () => {
    assert.equal(mayDecideOn(session, { office: 'sale', concerns: ['person-2'] }).ok, true);
    const other = mayDecideOn(session, { office: 'fes', concerns: ['person-2'] });
    assert.deepEqual(other, { ok: false, error: { kind: 'other-office', office: 'fes' } });
  });
});

describe('the life of a session', () => {
  const opened = new Date('2026-11-23T08:00:00Z');
  const after = (minutes: number) => new Date(opened.getTime() + minutes * 60_000);
  const session = { seenAt: opened, expiresAt: after(600), closedAt: null };

  test('ends after thirty minutes without use, to the millisecond', () => {
    assert.equal(isAlive(session, DEFAULT_LIFETIME, new Date(after(30).getTime() - 1)), true);
    assert.equal(isAlive(session, DEFAULT_LIFETIME, after(30)), false);
  });

  test('ends at its end however much it is used', () => {
    const used = { ...session, seenAt: after(599) };
    assert.equal(isAlive(used, DEFAULT_LIFETIME, new Date(after(600).getTime() - 1)), true);
    assert.equal(isAlive(used, DEFAULT_LIFETIME, after(600)), false);
  });

  test('ends when it is closed', () => {
    assert.equal(isAlive({ ...session, closedAt: after(1) }, DEFAULT_LIFETIME, after(1)), false);
  });

  test('its last use is written down at most once a minute', () => {
    assert.equal(isWorthNoting(opened, new Date(after(1).getTime() - 1)), false);
    assert.equal(isWorthNoting(opened, after(1)), true);
  });
});

describe('whose sign-in it is', () => {
  const known = { id: 'p1', nationalIdIndex: 'aa' };
  const other = { id: 'p2', nationalIdIndex: 'bb' };

  test('a new subject with an unknown number is a new person', () => {
    assert.deepEqual(placeSignIn(undefined, undefined, 'aa'), { ok: true, value: { kind: 'create' } });
    assert.deepEqual(placeSignIn(undefined, undefined, undefined), { ok: true, value: { kind: 'create' } });
  });

  test('a new subject with a known number is the person of that number', () => {
    assert.deepEqual(placeSignIn(undefined, known, 'aa'), { ok: true, value: { kind: 'link', personId: 'p1' } });
  });

  test('a known subject stays the same person, with or without the number', () => {
    const update = { ok: true, value: { kind: 'update', personId: 'p1' } };
    assert.deepEqual(placeSignIn(known, known, 'aa'), update);
    assert.deepEqual(placeSignIn(known, undefined, undefined), update);
    assert.deepEqual(placeSignIn({ id: 'p1', nationalIdIndex: undefined }, undefined, 'aa'), update);
  });

  test('a number that changes or that is another person’s is left to a human', () => {
    const refusal = (kind: string) => ({ ok: false, error: { kind, personId: 'p1' } });
    assert.deepEqual(placeSignIn(known, undefined, 'cc'), refusal('number-changed'));
    assert.deepEqual(placeSignIn(known, other, 'bb'), refusal('number-changed'));
    assert.deepEqual(placeSignIn({ id: 'p1', nationalIdIndex: undefined }, other, 'bb'), refusal('number-taken'));
  });
});

test('only methods that change nothing go without the form’s token', () => {
  assert.deepEqual(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'].filter(needsCsrf), [
    'POST',
    'PUT',
    'DELETE',
    'PATCH',
  ]);
});
