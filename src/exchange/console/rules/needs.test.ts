import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Facts, needsOf } from './needs.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const days = (count: number) => new Date(NOW.getTime() + count * 86_400_000);

function facts(parts: Partial<Facts> = {}): Facts {
  return {
    trust: { ok: true, issuedAt: days(-0.2), expiresAt: days(0.8), isListed: true },
    certificates: [{ name: 'tls', expiresAt: days(200) }],
    agreements: [],
    waiting: [],
    openProposals: 0,
    refusedDocuments: 0,
    openContests: 0,
    openAlarms: 0,
    events: { deadLetters: 0, subscribers: [], subscriptions: [] },
    stampedAt: days(-0.1),
    services: [],
    traffic: { answered: 100, failed: 0, refused: 0 },
    ...parts,
  };
}

const kinds = (given: Facts) => needsOf(given, NOW).map((need) => need.kind);

describe('what an operator has to know now', () => {
  test('is nothing on a good day', () => assert.deepEqual(kinds(facts()), []));

  test('is a trust list that nobody renewed, before it expires', () => {
    const old = { ok: true, issuedAt: days(-0.8), expiresAt: days(0.2), isListed: true } as const;
    assert.deepEqual(kinds(facts({ trust: old })), ['trust-list-old']);
    assert.deepEqual(kinds(facts({ trust: { ok: false, detail: 'expired' } })), ['no-trust-list']);
    assert.deepEqual(kinds(facts({ trust: { ...old, issuedAt: NOW, isListed: false } })), ['not-listed']);
  });

  test('is a log that contradicted itself, until somebody has looked', () =>
    assert.deepEqual(kinds(facts({ openAlarms: 1, openContests: 1 })), ['alarms', 'contests-wait']));

  test('is a list that was refused, but not that the registry is away for a while', () => {
    assert.deepEqual(kinds(facts({ refusedList: 'trust-list-rolled-back' })), ['trust-list-refused']);
    assert.deepEqual(kinds(facts({ refusedList: 'registry-unreachable' })), []);
  });

  test('is a certificate of thirty days or less', () => {
    const certificates = [
      { name: 'tls', expiresAt: days(29) } as const,
      { name: 'sign', expiresAt: days(31) } as const,
    ];
    assert.deepEqual(needsOf(facts({ certificates }), NOW), [{ kind: 'certificate-expires', ...certificates[0] }]);
  });

  test('is a log that no authority has stamped for four hours, where one is listed', () => {
    assert.deepEqual(kinds(facts({ stampedAt: days(-3.9 / 24) })), []);
    assert.deepEqual(kinds(facts({ stampedAt: days(-4.1 / 24) })), ['timestamps-late']);
    assert.deepEqual(kinds(facts({ stampedAt: undefined })), []);
  });

  test('is one failure in ten, not one in a hundred', () => {
    assert.deepEqual(kinds(facts({ traffic: { answered: 99, failed: 1, refused: 0 } })), []);
    assert.deepEqual(kinds(facts({ traffic: { answered: 8, failed: 1, refused: 50 } })), ['failures']);
  });

  test('is an agreement that ends soon, not one that has ended', () => {
    const agreements = [
      { id: 'a', status: 'active', validUntil: days(10) },
      { id: 'b', status: 'ended', validUntil: days(10) },
      { id: 'c', status: 'active', validUntil: days(-1) },
    ];
    assert.deepEqual(
      needsOf(facts({ agreements }), NOW).map((need) => ('id' in need ? need.id : '')),
      ['a'],
    );
  });

  test('is a subscriber that has had nothing for ten minutes for a reason, not one that is only slow', () => {
    const minutes = (count: number) => new Date(NOW.getTime() - count * 60_000);
    const one = { client: 'A/B/C/d', state: 'active', waiting: 3, createdAt: minutes(99) } as const;
    const subscribers = [
      { ...one, fault: 'peer-unreachable', deliveredAt: minutes(10) },
      { ...one, fault: 'peer-unreachable', deliveredAt: minutes(9) },
      { ...one, fault: null, deliveredAt: minutes(90) },
      { ...one, fault: 'peer-unreachable', deliveredAt: minutes(90), state: 'ended' as const },
    ];
    const events = { deadLetters: 0, subscribers, subscriptions: [] };
    assert.deepEqual(kinds(facts({ events })), ['subscriber-stuck']);
  });

  test('is a webhook that takes nothing, not a system that pulls when it suits; and dead letters', () => {
    const oldest = new Date(NOW.getTime() - 3_600_000);
    const one = { client: 'A/B/C/d', state: 'active', waiting: 3, oldest } as const;
    const subscriptions = [
      { ...one, id: 'hook', delivery: 'webhook' as const },
      { ...one, id: 'pull', delivery: 'pull' as const },
    ];
    const events = { deadLetters: 2, subscribers: [], subscriptions };
    assert.deepEqual(kinds(facts({ events })), ['webhook-stuck', 'dead-letters']);
  });
});
