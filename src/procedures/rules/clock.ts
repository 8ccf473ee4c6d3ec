import { addDays, dateIn, type IsoDate } from '../../kernel/index.ts';
import { isWorkingDay, type LegalCalendar } from '../model/calendar.ts';
import type { ClockRules } from '../model/dossier.ts';
import type { LegalSettings } from '../model/legal-settings.ts';
import type { DayKind, Stage } from '../model/procedure.ts';

/** The acts that move the clock, as instants. */
export type ClockActs = {
  readonly filedAt: Date | undefined;
  readonly completionRequestedAt?: Date | undefined;
  readonly completedAt?: Date | undefined;
  readonly extension?: { readonly at: Date; readonly days: number } | undefined;
  /** A decision, a withdrawal or an acceptance by silence. */
  readonly endedAt?: Date | undefined;
};

export type ClockColour = 'green' | 'amber' | 'red' | 'grey';

/** Why the clock shows what it shows; the words are in `texts/domain`. */
export type ClockReason =
  | { readonly key: 'not-started' | 'first-day-excluded' | 'first-day-counted' }
  | { readonly key: 'calendar-days' | 'working-days'; readonly days: number }
  | { readonly key: 'suspended'; readonly since: IsoDate; readonly daysLeft: number }
  | { readonly key: 'resumed' | 'counted-anew'; readonly on: IsoDate }
  | { readonly key: 'extended'; readonly days: number }
  | { readonly key: 'overdue'; readonly days: number }
  | { readonly key: 'ended-in-time' | 'ended-late'; readonly on: IsoDate }
  | { readonly key: 'silence-accepts'; readonly on: IsoDate };

export type ClockState = {
  readonly phase: 'not-started' | 'running' | 'suspended' | 'ended';
  /** The first day that counts. */
  readonly startsOn: IsoDate | undefined;
  /** The last day on which the authority is in time; undefined while the clock is suspended. */
  readonly deadlineOn: IsoDate | undefined;
  /** Counted days that are left after today; 0 on the last day; negative when overdue; frozen while suspended. */
  readonly remainingDays: number | undefined;
  readonly suspendedSince: IsoDate | undefined;
  readonly overdue: boolean;
  /** The day from which silence stands as acceptance, once it is known. */
  readonly silenceAcceptsOn: IsoDate | undefined;
  /** True when that day has come and nothing was decided. */
  readonly acceptedBySilence: boolean;
  readonly colour: ClockColour;
  readonly reasons: readonly ClockReason[];
};

const NOT_STARTED: ClockState = {
  phase: 'not-started',
  startsOn: undefined,
  deadlineOn: undefined,
  remainingDays: undefined,
  suspendedSince: undefined,
  overdue: false,
  silenceAcceptsOn: undefined,
  acceptedBySilence: false,
  colour: 'grey',
  reasons: [{ key: 'not-started' }],
};

/**
 * The legal clock of law 55-19 at `now`. Days are those of the wall calendar in the legal time zone. With the first
 * day excluded, the day of an act belongs to what came before it: the day of filing does not count, the day of a
 * completion request still does, the day of completion does not. With the first day counted it is the other way round.
 */
export function legalClock(
  rules: ClockRules,
  calendar: LegalCalendar,
  alerts: LegalSettings['alerts'],
  acts: ClockActs,
  now: Date,
): ClockState {
  if (acts.filedAt === undefined) return NOT_STARTED;
  const day = (instant: Date) => dateIn(calendar.timeZone, instant);
  const opens = (instant: Date) => (rules.firstDayExcluded ? addDays(day(instant), 1) : day(instant));
  const count: Counting = { dayKind: rules.dayKind, calendar };
  const today = day(acts.endedAt ?? now);
  const startsOn = firstCounted(count, opens(acts.filedAt));
  const total = rules.days + (acts.extension?.days ?? 0);
  const reasons = openingReasons(rules, acts);

  if (acts.completionRequestedAt !== undefined) {
    const stopsOn = opens(acts.completionRequestedAt);
    const used = countedDays(count, startsOn, addDays(stopsOn, -1));
    const left = rules.onCompletion === 'reset' ? total : Math.max(total - used, 0);
    if (acts.completedAt === undefined)
      return suspendedState(acts, day(acts.completionRequestedAt), startsOn, left, reasons);
    const resumesOn = firstCounted(count, opens(acts.completedAt));
    const key = rules.onCompletion === 'reset' ? ('counted-anew' as const) : ('resumed' as const);
    const why: readonly ClockReason[] = [...reasons, { key, on: resumesOn }];
    // Asked for on the very last day: nothing is left, and the delay ends on the day of completion.
    const lastDay = left === 0 ? addDays(opens(acts.completedAt), -1) : dayNumber(count, resumesOn, left);
    return runningState({ rules, alerts, acts, count, today, startsOn, lastDay, total, reasons: why });
  }
  return runningState({
    rules,
    alerts,
    acts,
    count,
    today,
    startsOn,
    lastDay: dayNumber(count, startsOn, total),
    total,
    reasons,
  });
}

type Counting = { readonly dayKind: DayKind; readonly calendar: LegalCalendar };

function openingReasons(rules: ClockRules, acts: ClockActs): readonly ClockReason[] {
  return [
    { key: rules.dayKind === 'working' ? 'working-days' : 'calendar-days', days: rules.days },
    { key: rules.firstDayExcluded ? 'first-day-excluded' : 'first-day-counted' },
    ...(acts.extension === undefined ? [] : [{ key: 'extended', days: acts.extension.days } as const]),
  ];
}

function suspendedState(
  acts: ClockActs,
  since: IsoDate,
  startsOn: IsoDate,
  daysLeft: number,
  reasons: readonly ClockReason[],
): ClockState {
  return {
    ...NOT_STARTED,
    phase: acts.endedAt === undefined ? 'suspended' : 'ended',
    startsOn,
    remainingDays: daysLeft,
    suspendedSince: since,
    reasons: [...reasons, { key: 'suspended', since, daysLeft }],
  };
}

type Running = {
  readonly rules: ClockRules;
  readonly alerts: LegalSettings['alerts'];
  readonly acts: ClockActs;
  readonly count: Counting;
  readonly today: IsoDate;
  readonly startsOn: IsoDate;
  readonly lastDay: IsoDate;
  readonly total: number;
  readonly reasons: readonly ClockReason[];
};

function runningState(at: Running): ClockState {
  const { rules, count, today, startsOn } = at;
  const deadlineOn = rules.lastDayNotWorked === 'keep' ? at.lastDay : firstWorking(count.calendar, at.lastDay);
  const overdue = today > deadlineOn;
  const remainingDays = overdue
    ? -countedDays(count, addDays(deadlineOn, 1), today)
    : countedDays(count, today < startsOn ? startsOn : addDays(today, 1), deadlineOn);
  const ended = at.acts.endedAt !== undefined;
  const silenceAcceptsOn = rules.silence === 'acceptance' ? addDays(deadlineOn, 1) : undefined;
  return {
    phase: ended ? 'ended' : 'running',
    startsOn,
    deadlineOn,
    remainingDays,
    suspendedSince: undefined,
    overdue,
    silenceAcceptsOn,
    acceptedBySilence: !ended && silenceAcceptsOn !== undefined && today >= silenceAcceptsOn,
    colour: ended ? 'grey' : colourOf(remainingDays, overdue, at.total, at.alerts),
    reasons: [...at.reasons, ...closingReasons(ended, overdue, remainingDays, today, silenceAcceptsOn)],
  };
}

function closingReasons(
  ended: boolean,
  overdue: boolean,
  remainingDays: number,
  today: IsoDate,
  silenceAcceptsOn: IsoDate | undefined,
): readonly ClockReason[] {
  if (ended) return [{ key: overdue ? 'ended-late' : 'ended-in-time', on: today }];
  return [
    ...(overdue ? [{ key: 'overdue', days: -remainingDays } as const] : []),
    ...(silenceAcceptsOn === undefined ? [] : [{ key: 'silence-accepts', on: silenceAcceptsOn } as const]),
  ];
}

function colourOf(remaining: number, overdue: boolean, total: number, alerts: LegalSettings['alerts']): ClockColour {
  if (overdue || remaining <= Math.min(alerts.redDays, total - 1)) return 'red';
  return remaining <= total * alerts.amberShare ? 'amber' : 'green';
}

function counts(count: Counting, date: IsoDate): boolean {
  return count.dayKind === 'calendar' || isWorkingDay(count.calendar, date);
}

function firstCounted(count: Counting, from: IsoDate): IsoDate {
  return count.dayKind === 'calendar' ? from : firstWorking(count.calendar, from);
}

// A calendar without working days would be a mistake of its file; a year is far past any run of days off.
const LONGEST_SEARCH_DAYS = 366;

function firstWorking(calendar: LegalCalendar, from: IsoDate): IsoDate {
  let date = from;
  for (let step = 0; step < LONGEST_SEARCH_DAYS && !isWorkingDay(calendar, date); step += 1) date = addDays(date, 1);
  return date;
}

/** The date of the `n`th counted day, the first being `from` or the first counted day after it. */
function dayNumber(count: Counting, from: IsoDate, n: number): IsoDate {
  let date = firstCounted(count, from);
  for (let counted = 1; counted < n; counted += 1) date = firstCounted(count, addDays(date, 1));
  return date;
}

/** How many days from `from` to `to`, both included, count. */
function countedDays(count: Counting, from: IsoDate, to: IsoDate): number {
  let days = 0;
  for (let date = from; date <= to; date = addDays(date, 1)) if (counts(count, date)) days += 1;
  return days;
}

/** When each intervenor's delay ends (one after the other), and whether the whole would pass the legal deadline. */
export function stageDeadlines(
  stages: readonly Stage[],
  rules: Pick<ClockRules, 'firstDayExcluded'>,
  calendar: LegalCalendar,
  startsAt: Date,
  deadlineOn: IsoDate,
): readonly { readonly stage: Stage; readonly dueOn: IsoDate; readonly pastTotal: boolean }[] {
  const filedOn = dateIn(calendar.timeZone, startsAt);
  let from = rules.firstDayExcluded ? addDays(filedOn, 1) : filedOn;
  return stages.map((stage) => {
    const dueOn = dayNumber({ dayKind: stage.dayKind, calendar }, from, stage.days);
    from = addDays(dueOn, 1);
    return { stage, dueOn, pastTotal: dueOn > deadlineOn };
  });
}

/** The clock of an appeal, in calendar days; a delay that the settings do not know is undefined and not shown. */
export function appealClock(
  appeal: LegalSettings['appeal'],
  timeZone: string,
  notifiedAt: Date,
  appealedAt: Date | undefined,
  now: Date,
): {
  readonly fileUntil: IsoDate | undefined;
  readonly answerDueOn: IsoDate | undefined;
  readonly open: boolean;
  readonly overdue: boolean;
} {
  const today = dateIn(timeZone, now);
  const after = (instant: Date, days: number | undefined) =>
    days === undefined ? undefined : addDays(dateIn(timeZone, instant), days);
  const fileUntil = after(notifiedAt, appeal.fileWithinDays);
  const answerDueOn = appealedAt === undefined ? undefined : after(appealedAt, appeal.answerWithinDays);
  return {
    fileUntil,
    answerDueOn,
    open: appealedAt === undefined && (fileUntil === undefined || today <= fileUntil),
    overdue: answerDueOn !== undefined && today > answerDueOn,
  };
}
