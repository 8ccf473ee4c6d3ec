import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { shippedCatalogue } from '../../../test/support/procedures.ts';
import { addDays, dateIn, daysBetween, type IsoDate } from '../../kernel/index.ts';
import type { ClockRules } from '../model/dossier.ts';
import { appealClock, type ClockActs, legalClock, stageDeadlines } from './clock.ts';

const { calendar, legal, current } = shippedCatalogue();

const RULES: ClockRules = {
  days: 10,
  dayKind: 'calendar',
  firstDayExcluded: true,
  onCompletion: 'resume',
  lastDayNotWorked: 'keep',
  silence: 'none',
};

const at = (text: string) => new Date(text);

function clock(over: Partial<ClockRules>, acts: ClockActs, now: string) {
  return legalClock({ ...RULES, ...over }, calendar, legal.alerts, acts, at(now));
}

const FILED = { filedAt: at('2026-11-23T10:00:00Z') }; // a Monday

describe('the day that a delay begins and ends', () => {
  test('before filing there is no clock', () => {
    const state = clock({}, { filedAt: undefined }, '2026-11-23T10:00:00Z');
    assert.deepEqual([state.phase, state.deadlineOn, state.colour], ['not-started', undefined, 'grey']);
  });

  test('the day of filing does not count where the first day is excluded', () => {
    const state = clock({}, FILED, '2026-11-23T12:00:00Z');
    assert.deepEqual([state.startsOn, state.deadlineOn, state.remainingDays], ['2026-11-24', '2026-12-03', 10]);
  });

  test('the day of filing counts where the settings say so', () => {
    const state = clock({ firstDayExcluded: false }, FILED, '2026-11-23T12:00:00Z');
    assert.deepEqual([state.startsOn, state.deadlineOn], ['2026-11-23', '2026-12-02']);
  });

  test('the day is the one on the wall in Casablanca, not in UTC', () => {
    // In June 2025 Morocco was at UTC+1: 23:30 UTC on the 10th was 00:30 on the 11th.
    const state = clock({}, { filedAt: at('2025-06-10T23:30:00Z') }, '2025-06-11T00:00:00Z');
    assert.equal(state.startsOn, '2025-06-12');
  });

  test('in the weeks of Ramadan 2025 the legal time was that of UTC', () => {
    const state = clock({}, { filedAt: at('2025-03-10T23:30:00Z') }, '2025-03-11T09:00:00Z');
    assert.equal(state.startsOn, '2025-03-11');
  });

  test('sixty days from the 23rd of November end on the 22nd of January', () => {
    assert.equal(clock({ days: 60 }, FILED, '2026-11-24T10:00:00Z').deadlineOn, '2027-01-22');
  });

  test('the last day is in time and the next day is late', () => {
    const filed = { filedAt: at('2025-06-10T10:00:00Z') };
    const last = clock({}, filed, '2025-06-20T22:59:00Z');
    assert.deepEqual([last.deadlineOn, last.remainingDays, last.overdue], ['2025-06-20', 0, false]);
    const late = clock({}, filed, '2025-06-20T23:01:00Z');
    assert.deepEqual([late.remainingDays, late.overdue], [-1, true]);
  });
});

describe('calendar days and working days', () => {
  test('working days leave out Saturdays, Sundays and holidays', () => {
    // 13 August 2026 is a Thursday; 14 (Friday), 20 and 21 August are holidays, 15-16 a weekend.
    const state = clock(
      { days: 3, dayKind: 'working' },
      { filedAt: at('2026-08-13T10:00:00Z') },
      '2026-08-13T11:00:00Z',
    );
    assert.deepEqual([state.startsOn, state.deadlineOn, state.remainingDays], ['2026-08-17', '2026-08-19', 3]);
  });

  test('the Amazigh new year is a holiday from 2024 on', () => {
    const of = (year: number) =>
      clock({ days: 1, dayKind: 'working' }, { filedAt: at(`${year}-01-13T10:00:00Z`) }, `${year}-01-13T11:00:00Z`)
        .startsOn;
    assert.equal(of(2025), '2025-01-15'); // 14 January 2025 is a Tuesday
    assert.equal(of(2022), '2022-01-14'); // a Friday, not yet a holiday
  });

  test('Hijri holidays come from the table', () => {
    // Aïd al-Adha: 27 and 28 May 2026 (Wednesday, Thursday) in the table.
    const state = clock(
      { days: 1, dayKind: 'working' },
      { filedAt: at('2026-05-26T10:00:00Z') },
      '2026-05-26T11:00:00Z',
    );
    assert.equal(state.deadlineOn, '2026-05-29');
  });

  test('a delay in calendar days counts holidays too', () => {
    const state = clock({ days: 3 }, { filedAt: at('2026-08-13T10:00:00Z') }, '2026-08-13T11:00:00Z');
    assert.equal(state.deadlineOn, '2026-08-16');
  });

  test('a last day that is not worked stays, or moves to the next working day, as the settings say', () => {
    const filed = { filedAt: at('2026-11-23T10:00:00Z') }; // 5 days: Saturday the 28th
    assert.equal(clock({ days: 5 }, filed, '2026-11-24T10:00:00Z').deadlineOn, '2026-11-28');
    assert.equal(
      clock({ days: 5, lastDayNotWorked: 'next-working-day' }, filed, '2026-11-24T10:00:00Z').deadlineOn,
      '2026-11-30',
    );
  });
});

describe('the one completion request (L15) and its suspension', () => {
  const asked = { ...FILED, completionRequestedAt: at('2026-11-27T10:00:00Z') };

  test('the clock stands still while the answer is awaited, with the days that were left', () => {
    const state = clock({}, asked, '2027-06-01T10:00:00Z');
    assert.deepEqual(
      [state.phase, state.suspendedSince, state.remainingDays, state.deadlineOn, state.overdue],
      ['suspended', '2026-11-27', 6, undefined, false],
    );
  });

  test('with "resume" the days that were left go on after the answer', () => {
    const state = clock({}, { ...asked, completedAt: at('2026-12-10T10:00:00Z') }, '2026-12-10T12:00:00Z');
    assert.deepEqual([state.phase, state.deadlineOn, state.remainingDays], ['running', '2026-12-16', 6]);
  });

  test('with "reset" the whole delay is counted anew', () => {
    const acts = { ...asked, completedAt: at('2026-12-10T10:00:00Z') };
    const state = clock({ onCompletion: 'reset' }, acts, '2026-12-10T12:00:00Z');
    assert.deepEqual([state.deadlineOn, state.remainingDays], ['2026-12-20', 10]);
  });

  test('asked for on the day of filing, no day has been used', () => {
    const acts = { ...FILED, completionRequestedAt: FILED.filedAt, completedAt: at('2026-12-01T10:00:00Z') };
    assert.equal(clock({}, acts, '2026-12-01T12:00:00Z').deadlineOn, '2026-12-11');
  });

  test('asked for on the last day, the delay ends on the day of the answer', () => {
    const acts = {
      ...FILED,
      completionRequestedAt: at('2026-12-03T10:00:00Z'),
      completedAt: at('2026-12-20T10:00:00Z'),
    };
    const state = clock({}, acts, '2026-12-21T10:00:00Z');
    assert.deepEqual([state.deadlineOn, state.overdue], ['2026-12-20', true]);
  });

  test('silence does not accept while the clock is suspended', () => {
    const state = clock({ silence: 'acceptance' }, asked, '2027-06-01T10:00:00Z');
    assert.deepEqual([state.acceptedBySilence, state.silenceAcceptsOn], [false, undefined]);
  });
});

describe('extension (L17)', () => {
  test('adds its days at the end', () => {
    const acts = { ...FILED, extension: { at: at('2026-11-30T10:00:00Z'), days: 20 } };
    assert.equal(clock({}, acts, '2026-12-01T10:00:00Z').deadlineOn, '2026-12-23');
  });
});

describe('silence (L19, L22)', () => {
  for (const [days, deadlineOn, acceptsOn] of [
    [8, '2026-12-01', '2026-12-02'], // minors in public shows
    [60, '2027-01-22', '2027-01-23'], // conformity of petroleum depots
    [3, '2026-11-26', '2026-11-27'], // clause of a high-voltage contract
  ] as const) {
    test(`accepts the day after a delay of ${days} days`, () => {
      const rules = { days, silence: 'acceptance' } as const;
      const before = clock(rules, FILED, `${deadlineOn}T22:00:00Z`);
      assert.deepEqual([before.silenceAcceptsOn, before.acceptedBySilence], [acceptsOn, false]);
      assert.equal(clock(rules, FILED, `${acceptsOn}T00:30:00Z`).acceptedBySilence, true);
    });
  }

  test('accepts nothing where the law attaches no acceptance to it', () => {
    const state = clock({}, FILED, '2027-06-01T10:00:00Z');
    assert.deepEqual([state.overdue, state.acceptedBySilence, state.silenceAcceptsOn], [true, false, undefined]);
  });

  test('accepts nothing once a decision was taken, even a late one', () => {
    const acts = { ...FILED, endedAt: at('2026-12-10T10:00:00Z') };
    const state = clock({ silence: 'acceptance' }, acts, '2027-06-01T10:00:00Z');
    assert.deepEqual([state.phase, state.acceptedBySilence, state.overdue], ['ended', false, true]);
  });

  test('the building permit is on the list, small projects with fifteen days and large ones with thirty (L18)', () => {
    const permit = current('permis-construire');
    assert.equal(permit?.silence.kind, 'acceptance');
    assert.deepEqual([permit?.deadline.days, permit?.deadline.cases.map(({ days }) => days)], [30, [15]]);
  });
});

describe('stages inside the delay (L18)', () => {
  test('each intervenor has its own last day, and what passes the whole is shown', () => {
    const stages = current('permis-construire')?.deadline.stages ?? [];
    const due = stageDeadlines(stages, RULES, calendar, FILED.filedAt, '2026-12-08' as IsoDate);
    assert.deepEqual(
      due.map(({ stage, dueOn, pastTotal }) => [stage.id, dueOn, pastTotal]),
      [
        ['dispatch', '2026-11-26', false],
        ['commission', '2026-12-17', true],
      ],
    );
  });
});

describe('the colour for agents', () => {
  test('goes from green over amber to red', () => {
    const colours = ['2026-11-24', '2026-11-30', '2026-12-01', '2026-12-05'].map(
      (day) => clock({}, FILED, `${day}T10:00:00Z`).colour,
    );
    assert.deepEqual(colours, ['green', 'amber', 'red', 'red']);
  });

  test('a one-day delay is not red on its first day', () => {
    assert.equal(clock({ days: 1 }, FILED, '2026-11-23T12:00:00Z').colour, 'green');
    assert.equal(clock({ days: 1 }, FILED, '2026-11-24T12:00:00Z').colour, 'red');
  });
});

describe('appeal (L24)', () => {
  const refusedAt = at('2026-12-01T10:00:00Z');

  test('its delays come from the settings', () => {
    const state = appealClock(
      { fileWithinDays: 30, answerWithinDays: 15 },
      'Africa/Casablanca',
      refusedAt,
      at('2026-12-05T10:00:00Z'),
      at('2026-12-21T10:00:00Z'),
    );
    assert.deepEqual(state, { fileUntil: '2026-12-31', answerDueOn: '2026-12-20', open: false, overdue: true });
  });

  test('an unknown delay closes nothing and shows nothing', () => {
    const unknown = { fileWithinDays: undefined, answerWithinDays: undefined };
    const state = appealClock(unknown, 'Africa/Casablanca', refusedAt, undefined, at('2030-01-01T10:00:00Z'));
    assert.deepEqual([state.fileUntil, state.open, state.overdue], [undefined, true, false]);
  });

  test('what is not confirmed is marked so in the settings', () => {
    const unsure = ['appeal', 'dayKind', 'firstDayExcluded', 'onCompletion', 'lastDayNotWorked'] as const;
    assert.deepEqual(
      unsure.map((key) => legal.certainty[key]),
      unsure.map(() => 'unconfirmed'),
    );
    assert.equal(legal.certainty.maximumDays, 'confirmed');
  });
});

describe('for every clock', () => {
  const rules = fc.record({
    days: fc.integer({ min: 1, max: 60 }),
    dayKind: fc.constantFrom('calendar' as const, 'working' as const),
    firstDayExcluded: fc.boolean(),
    onCompletion: fc.constantFrom('resume' as const, 'reset' as const),
    lastDayNotWorked: fc.constantFrom('keep' as const, 'next-working-day' as const),
    silence: fc.constantFrom('none' as const, 'acceptance' as const),
  });
  const instant = fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z'), noInvalidDate: true });

  test('the deadline does not depend on when one looks, and overdue means after it', () => {
    fc.assert(
      fc.property(rules, instant, fc.integer({ min: 0, max: 120 }), (given, filedAt, later) => {
        const now = new Date(filedAt.getTime() + later * 86_400_000);
        const seen = legalClock(given, calendar, legal.alerts, { filedAt }, now);
        const first = legalClock(given, calendar, legal.alerts, { filedAt }, filedAt);
        assert.equal(seen.deadlineOn, first.deadlineOn);
        assert.ok(seen.deadlineOn !== undefined);
        assert.equal(seen.overdue, dateIn(calendar.timeZone, now) > seen.deadlineOn);
        assert.equal(seen.overdue, (seen.remainingDays ?? 0) < 0 || (seen.overdue && seen.remainingDays === 0));
      }),
      { numRuns: 200 },
    );
  });

  test('a wait of 24 hours over the night that Ramadan sets the clock back stays in one day', () => {
    // 15 February 2026: at three in the morning it is two, so that 00:30 and 23:30 of one date are 24 hours apart.
    const filedAt = at('2026-02-14T23:30:00Z');
    const given = { ...RULES, dayKind: 'calendar', onCompletion: 'resume', lastDayNotWorked: 'keep' } as const;
    const acts = { filedAt, completionRequestedAt: filedAt, completedAt: at('2026-02-15T23:30:00Z') };
    const plain = legalClock(given, calendar, legal.alerts, { filedAt }, filedAt);
    assert.equal(legalClock(given, calendar, legal.alerts, acts, acts.completedAt).deadlineOn, plain.deadlineOn);
  });

  test('a suspension never brings the deadline forward', () => {
    fc.assert(
      fc.property(
        rules,
        instant,
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 40 }),
        (given, filedAt, ask, wait) => {
          const day = 86_400_000;
          const plain = legalClock(given, calendar, legal.alerts, { filedAt }, filedAt);
          const completionRequestedAt = new Date(filedAt.getTime() + ask * day);
          fc.pre(
            plain.deadlineOn !== undefined && dateIn(calendar.timeZone, completionRequestedAt) <= plain.deadlineOn,
          );
          const completedAt = new Date(completionRequestedAt.getTime() + wait * day);
          const acts = { filedAt, completionRequestedAt, completedAt };
          const after = legalClock(given, calendar, legal.alerts, acts, completedAt);
          assert.ok(after.deadlineOn !== undefined && plain.deadlineOn !== undefined);
          assert.ok(after.deadlineOn >= plain.deadlineOn);
          if (given.dayKind === 'calendar' && given.onCompletion === 'resume' && given.lastDayNotWorked === 'keep') {
            // In days of the wall calendar: a clock set back during the wait makes one day of it longer than 24 hours.
            const waited = daysBetween(
              dateIn(calendar.timeZone, completionRequestedAt),
              dateIn(calendar.timeZone, completedAt),
            );
            assert.equal(after.deadlineOn, addDays(plain.deadlineOn, waited));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
