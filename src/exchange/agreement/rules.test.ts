import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Life, LifeAct, VersionState } from './model.ts';
import { activeVersion, actOn, NO_LIFE, settle } from './rules.ts';

const version = fc.integer({ min: 1, max: 4 });
const act: fc.Arbitrary<LifeAct> = fc.oneof(
  fc.record({ kind: fc.constant('draft' as const), version }),
  fc.record({
    kind: fc.constant('enact' as const),
    version,
    as: fc.constantFrom('active' as const, 'suspended' as const, 'ended' as const),
  }),
  fc.record({ kind: fc.constant('offer' as const), version, isWithGroup: fc.boolean() }),
  fc.record({ kind: fc.constant('decline' as const), version }),
  fc.record({ kind: fc.constant('sign' as const), version }),
  fc.constantFrom({ kind: 'suspend' as const }, { kind: 'resume' as const }),
  fc.record({ kind: fc.constant('end' as const), at: fc.integer({ min: 0, max: 40 }) }),
);
/** Acts, one after the other, at times that only go on. */
const story = fc.array(fc.record({ act, after: fc.integer({ min: 0, max: 3 }) }), { maxLength: 25 });
type Story = readonly { readonly act: LifeAct; readonly after: number }[];

const shown = (life: Life) => ({ endsAt: life.endsAt, versions: Object.fromEntries(life.versions) });
const states = (life: Life): readonly VersionState[] => [...life.versions.values()];

/** Every state that the story passes, with the act that led there or was refused. */
function tell(acts: Story): readonly { before: Life; after: Life; act: LifeAct; now: number; isTaken: boolean }[] {
  let life = NO_LIFE;
  let now = 0;
  return acts.map(({ act: one, after }) => {
    now += after;
    const before = life;
    const acted = actOn(life, one, now);
    if (acted.ok) life = acted.value;
    return { before, after: life, act: one, now, isTaken: acted.ok };
  });
}

test('an illegal act changes nothing, and what has ended or was declined stays so', () => {
  fc.assert(
    fc.property(story, (acts) => {
      for (const step of tell(acts)) {
        if (!step.isTaken) assert.equal(step.after, step.before);
        for (const [one, state] of step.before.versions) {
          if (state === 'ended' || state === 'declined') assert.equal(step.after.versions.get(one), state);
        }
        if (step.before.endsAt !== undefined && step.before.endsAt <= step.now) {
          assert.equal(step.isTaken, false);
          assert.ok(states(settle(step.after, step.now)).every((state) => state === 'ended' || state === 'declined'));
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test('at no moment two versions are in force, and none only where an act said so', () => {
  fc.assert(
    fc.property(story, (acts) => {
      for (const { before, after, act: one, now, isTaken } of tell(acts)) {
        assert.ok(states(after).filter((state) => state === 'active' || state === 'suspended').length <= 1);
        const [was, is] = [activeVersion(before, now), activeVersion(after, now)];
        if (was === undefined || is !== undefined || !isTaken) continue;
        const stops = one.kind === 'suspend' || one.kind === 'end' || (one.kind === 'enact' && one.as !== 'active');
        assert.ok(stops, `${one.kind} left nothing in force`);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a version that needs signatures is in force by the last of them, never without', () => {
  fc.assert(
    fc.property(story, (acts) => {
      const signed = new Set<number>();
      for (const { after, act: one, isTaken } of tell(acts.filter((step) => step.act.kind !== 'enact'))) {
        if (isTaken && one.kind === 'sign') signed.add(one.version);
        if (isTaken && one.kind === 'offer' && one.isWithGroup) signed.add(one.version);
        for (const [number, state] of after.versions)
          if (state === 'active' || state === 'suspended') assert.ok(signed.has(number), `version ${number}`);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('to replay the acts that were taken leads to the same state', () => {
  fc.assert(
    fc.property(story, (acts) => {
      const told = tell(acts);
      let life = NO_LIFE;
      for (const { act: one, now, isTaken } of told) {
        if (!isTaken) continue;
        const acted = actOn(life, one, now);
        assert.ok(acted.ok);
        life = acted.value;
      }
      assert.deepEqual(shown(life), shown(told.at(-1)?.after ?? NO_LIFE));
    }),
    { numRuns: 1_000 },
  );
});

/** Acts at the instants 1, 2, 3 …; throws where one of them is refused. */
function lifeOf(...acts: readonly LifeAct[]): Life {
  return acts.reduce((life, one, nth) => {
    const acted = actOn(life, one, nth + 1);
    assert.ok(acted.ok, `${one.kind} was refused`);
    return acted.value;
  }, NO_LIFE);
}
const offered = (number: number): readonly LifeAct[] => [
  { kind: 'draft', version: number },
  { kind: 'offer', version: number, isWithGroup: false },
];

test('each state takes its own acts and no others', () => {
  const lives: Readonly<Record<VersionState, Life>> = {
    draft: lifeOf({ kind: 'draft', version: 1 }),
    offered: lifeOf(...offered(1)),
    declined: lifeOf(...offered(1), { kind: 'decline', version: 1 }),
    active: lifeOf(...offered(1), { kind: 'sign', version: 1 }),
    suspended: lifeOf(...offered(1), { kind: 'sign', version: 1 }, { kind: 'suspend' }),
    ended: lifeOf(...offered(1), { kind: 'sign', version: 1 }, { kind: 'end', at: 0 }),
  };
  const acts: readonly LifeAct[] = [
    { kind: 'offer', version: 1, isWithGroup: false },
    { kind: 'decline', version: 1 },
    { kind: 'sign', version: 1 },
    { kind: 'suspend' },
    { kind: 'resume' },
    { kind: 'end', at: 10 },
  ];
  const table = Object.entries(lives).map(([state, life]) => [
    state,
    ...acts.map((one) => {
      const acted = actOn(life, one, 10);
      return acted.ok ? acted.value.versions.get(1) : '-';
    }),
  ]);
  assert.deepEqual(table, [
    ['draft', 'offered', '-', '-', '-', '-', 'ended'],
    ['offered', '-', 'declined', 'active', '-', '-', 'ended'],
    ['declined', '-', '-', '-', '-', '-', '-'],
    ['active', 'active', '-', 'active', 'suspended', '-', 'ended'],
    ['suspended', 'suspended', '-', 'suspended', '-', 'active', 'ended'],
    ['ended', '-', '-', '-', '-', '-', '-'],
  ]);
});

test('the next version takes over a suspension, and only the provider’s act lifts it', () => {
  const life = lifeOf(...offered(1), { kind: 'sign', version: 1 }, { kind: 'suspend' }, ...offered(2), {
    kind: 'sign',
    version: 2,
  });
  assert.deepEqual(shown(life).versions, { 1: 'ended', 2: 'suspended' });
});

test('notice leaves what is in force until its day, and lets nothing new come', () => {
  const life = lifeOf(...offered(1), { kind: 'sign', version: 1 }, ...offered(2), { kind: 'end', at: 100 });
  assert.deepEqual(shown(life), { endsAt: 100, versions: { 1: 'active', 2: 'ended' } });
  assert.equal(activeVersion(life, 99), 1);
  assert.equal(activeVersion(life, 100), undefined);
  assert.equal(actOn(life, { kind: 'draft', version: 3 }, 50).ok, false);
  assert.equal(actOn(life, { kind: 'end', at: 200 }, 50).ok, false);
  assert.equal(actOn(life, { kind: 'end', at: 60 }, 50).ok, true);
});
