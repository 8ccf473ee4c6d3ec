import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type Actor,
  OPERATOR_ROLES,
  type Operator,
  type OperatorAccess,
  PERMISSIONS,
  parseName,
  parseRoles,
} from './model.ts';
import { isSessionAlive, isTokenAlive, mayChangeAccount, mayEnter, mayGiveRoles, rolesOfToken } from './rules.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

function anOperator(parts: Partial<Operator> = {}): Operator {
  return { id: 'a'.repeat(32), name: 'Amina', roles: ['observer'], createdAt: NOW, disabledAt: null, ...parts };
}

function anActor(parts: Partial<Actor> = {}): Actor {
  return { id: 'f'.repeat(32), name: 'Nadia', roles: ['system-administrator'], via: 'session', ...parts };
}

describe('who comes in', () => {
  test('nobody enters but where the door is public', () => {
    assert.equal(mayEnter('public', undefined).ok, true);
    for (const access of ['signed-in', ...Object.keys(PERMISSIONS)] as OperatorAccess[])
      assert.deepEqual(mayEnter(access, undefined), { ok: false, error: { kind: 'not-signed-in' } });
  });

  test('a role that is added never closes a door', () => {
    const roles = fc.subarray([...OPERATOR_ROLES]);
    const access = fc.constantFrom(...(Object.keys(PERMISSIONS) as OperatorAccess[]));
    fc.assert(
      fc.property(roles, fc.constantFrom(...OPERATOR_ROLES), access, (held, more, door) => {
        const before = mayEnter(door, anActor({ roles: held })).ok;
        return !before || mayEnter(door, anActor({ roles: [...held, more] })).ok;
      }),
    );
  });

  test('who drafts an agreement does not sign it by that role, and who makes accounts does neither', () => {
    assert.equal(mayEnter('agreements.sign', anActor({ roles: ['service-administrator'] })).ok, false);
    assert.equal(mayEnter('agreements.change', anActor({ roles: ['security-officer'] })).ok, false);
    for (const door of ['agreements.sign', 'agreements.change', 'evidence.read'] as const)
      assert.equal(mayEnter(door, anActor({ roles: ['system-administrator'] })).ok, false, door);
  });
});

describe('accounts', () => {
  const boss = anOperator({ id: 'b'.repeat(32), roles: ['system-administrator'] });

  test('nobody changes their own account', () => {
    const own = mayChangeAccount(anActor({ id: boss.id }), boss, ['observer'], [boss]);
    assert.deepEqual(own, { ok: false, error: { kind: 'own-account' } });
  });

  test('the last system administrator stays one', () => {
    const gone = anOperator({ id: 'c'.repeat(32), roles: ['system-administrator'], disabledAt: NOW });
    const refused = { ok: false, error: { kind: 'last-administrator' } };
    assert.deepEqual(mayChangeAccount(anActor(), boss, [], [boss, gone]), refused);
    assert.deepEqual(mayChangeAccount(anActor(), boss, ['observer'], [boss, gone]), refused);
    assert.equal(mayChangeAccount(anActor(), boss, ['system-administrator', 'observer'], [boss]).ok, true);
    const second = anOperator({ id: 'd'.repeat(32), roles: ['system-administrator'] });
    assert.equal(mayChangeAccount(anActor(), boss, [], [boss, second]).ok, true);
  });

  test('a token has no role that its operator lacks, when made or later', () => {
    const actor = anActor({ roles: ['observer', 'service-administrator'] });
    assert.equal(mayGiveRoles(actor, ['observer']).ok, true);
    assert.deepEqual(mayGiveRoles(actor, ['observer', 'security-officer']), {
      ok: false,
      error: { kind: 'roles-not-held', roles: ['security-officer'] },
    });
    assert.deepEqual(rolesOfToken({ roles: ['observer', 'service-administrator'] }, anOperator()), ['observer']);
  });
});

describe('how long', () => {
  const session = { seenAt: NOW, expiresAt: minutes(600), closedAt: null };

  test('a session ends unused after half an hour, after ten hours in any case, and when closed', () => {
    assert.equal(isSessionAlive(session, minutes(29)), true);
    assert.equal(isSessionAlive(session, minutes(30)), false);
    assert.equal(isSessionAlive({ ...session, seenAt: minutes(599) }, minutes(600)), false);
    assert.equal(isSessionAlive({ ...session, closedAt: NOW }, minutes(1)), false);
  });

  test('a token ends at its date and when revoked', () => {
    assert.equal(isTokenAlive({ expiresAt: minutes(1), revokedAt: null }, NOW), true);
    assert.equal(isTokenAlive({ expiresAt: NOW, revokedAt: null }, NOW), false);
    assert.equal(isTokenAlive({ expiresAt: minutes(1), revokedAt: NOW }, NOW), false);
  });
});

describe('what is read of a request', () => {
  test('names keep their letters and lose nothing but the edges', () => {
    assert.deepEqual(parseName('  أمينة العلوي '), { ok: true, value: 'أمينة العلوي' });
    for (const bad of ['', ' ', 'x'.repeat(101), 'a\u202eb', 'a\nb', 5, null, undefined])
      assert.equal(parseName(bad).ok, false, JSON.stringify(bad));
  });

  test('roles are of the list, at least one, none twice over', () => {
    assert.deepEqual(parseRoles(['observer', 'security-officer']), {
      ok: true,
      value: ['security-officer', 'observer'],
    });
    for (const bad of [[], ['root'], ['observer', 'root'], 'observer', null, [['observer']], { length: 1 }])
      assert.equal(parseRoles(bad).ok, false, JSON.stringify(bad));
  });
});
