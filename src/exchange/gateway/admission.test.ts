import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../message/fault.ts';
import { type Caller, DOOR_LIMITS, openAdmission } from './admission.ts';

const noisy: Caller = { kind: 'peer', id: 'noisy' };
const quiet: Caller = { kind: 'peer', id: 'quiet' };

function slugOf(work: () => unknown): string {
  try {
    work();
    return 'admitted';
  } catch (cause) {
    return (cause as Fault).slug;
  }
}

test('a caller that has its share under way is refused, and another one is not', () => {
  const doors = openAdmission({ ...DOOR_LIMITS, inFlight: 4, inFlightPerPeer: 2 });
  const leave = doors.enter(noisy, 0);
  doors.enter(noisy, 0);
  assert.equal(
    slugOf(() => doors.enter(noisy, 0)),
    'too-many-at-once',
  );
  assert.equal(
    slugOf(() => doors.enter(quiet, 0)),
    'admitted',
  );
  leave();
  leave();
  assert.equal(
    slugOf(() => doors.enter(noisy, 0)),
    'admitted',
  );
  assert.equal(
    slugOf(() => doors.enter(noisy, 0)),
    'too-many-at-once',
  );
});

test('all together have no more under way than the process takes on', () => {
  const doors = openAdmission({ ...DOOR_LIMITS, inFlight: 2 });
  const leave = doors.enter(noisy, 0);
  doors.enter(quiet, 0);
  assert.equal(
    slugOf(() => doors.enter({ kind: 'client', id: 'x' }, 0)),
    'gateway-overloaded',
  );
  leave();
  assert.equal(
    slugOf(() => doors.enter({ kind: 'client', id: 'x' }, 0)),
    'admitted',
  );
});

test('a rate lets a second’s worth through at once and the rest evenly', () => {
  const doors = openAdmission({ ...DOOR_LIMITS, perSecondOfPeer: 2 });
  const at = (now: number) => slugOf(() => doors.enter(noisy, now)());
  assert.deepEqual(
    [at(0), at(0), at(0), at(499), at(500), at(500), at(5_000)],
    ['admitted', 'admitted', 'too-fast', 'too-fast', 'admitted', 'too-fast', 'admitted'],
  );
});
