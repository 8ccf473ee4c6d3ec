import { reader } from '../../forms/index.ts';
import { addDays, type IsoDate, type LocalText, parseIsoDate } from '../../kernel/index.ts';
import { CERTAINTIES, type Certainty } from './procedure.ts';

/** A public holiday that falls on the same Gregorian day each year. */
export type FixedHoliday = {
  readonly month: number;
  readonly day: number;
  readonly fromYear: number | undefined;
  readonly name: LocalText;
};

/** A Hijri holiday, on the days that the yearly announcement gives; the table is edited when the moon is seen. */
export type HijriHoliday = {
  readonly firstOn: IsoDate;
  readonly days: number;
  readonly name: LocalText;
  readonly certainty: Certainty;
};

export type LegalCalendar = {
  readonly timeZone: string;
  /** 0 is Sunday, 6 is Saturday. */
  readonly weekend: readonly number[];
  readonly fixed: readonly FixedHoliday[];
  readonly hijri: readonly HijriHoliday[];
  /** Past this day the Hijri table says nothing: working days after it may turn out fewer. */
  readonly hijriKnownUntil: IsoDate;
};

const { listOf, localText, matching, oneOf, optional, record, report, text, wholeNumber } = reader;

export function readCalendar(place: reader.Place): LegalCalendar {
  const of = record(place, ['timeZone', 'weekend', 'fixed', 'hijri', 'hijriKnownUntil']);
  return {
    timeZone: matching(of('timeZone'), /^[A-Za-z]+\/[A-Za-z_]+$/, 'Africa/Casablanca'),
    weekend: listOf(of('weekend'), (at) => wholeNumber(at, 0, 6), { max: 6 }),
    fixed: listOf(of('fixed'), readFixed, { max: 40 }),
    hijri: listOf(of('hijri'), readHijri, { max: 200 }),
    hijriKnownUntil: readDate(of('hijriKnownUntil')),
  };
}

function readFixed(place: reader.Place): FixedHoliday {
  const of = record(place, ['on', 'fromYear', 'name']);
  const on = matching(of('on'), /^\d{2}-\d{2}$/, '07-30');
  const [month = 1, day = 1] = on.split('-').map(Number);
  // 2024 is a leap year: the 29th of February is a possible holiday.
  if (parseIsoDate(`2024-${on}`) === undefined) report(of('on'), `no such day "${on}"`, 'write month-day, like 07-30');
  return {
    month,
    day,
    fromYear: optional(of('fromYear'), (at) => wholeNumber(at, 1900, 2200)),
    name: localText(of('name'), 200),
  };
}

function readHijri(place: reader.Place): HijriHoliday {
  const of = record(place, ['firstOn', 'days', 'name', 'certainty']);
  return {
    firstOn: readDate(of('firstOn')),
    days: wholeNumber(of('days'), 1, 7),
    name: localText(of('name'), 200),
    certainty: oneOf(of('certainty'), CERTAINTIES),
  };
}

function readDate(place: reader.Place): IsoDate {
  const date = parseIsoDate(text(place, 10));
  if (date === undefined) report(place, 'not a date', 'write it like "2026-03-20", between quotes');
  return date ?? ('1970-01-01' as IsoDate);
}

/** The holiday on that day, if any. */
export function holidayOn(calendar: LegalCalendar, date: IsoDate): LocalText | undefined {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const fixed = calendar.fixed.find(
    (holiday) => holiday.month === month && holiday.day === day && year >= (holiday.fromYear ?? 0),
  );
  if (fixed !== undefined) return fixed.name;
  return calendar.hijri.find(({ firstOn, days }) => date >= firstOn && date < addDays(firstOn, days))?.name;
}

export function isWorkingDay(calendar: LegalCalendar, date: IsoDate): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return !calendar.weekend.includes(weekday) && holidayOn(calendar, date) === undefined;
}
