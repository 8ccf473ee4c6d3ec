import { reader } from '../../forms/index.ts';
import { CERTAINTIES, type Certainty, type DayKind } from './procedure.ts';

/**
 * The figures and conventions of law 55-19 that the clock uses. The law's articles could not all be read, so what is
 * not confirmed is configuration here, with its certainty, and never a constant in the code.
 */
export type LegalSettings = {
  readonly maximumDays: number;
  readonly maximumDaysInvestment: number;
  readonly dayKind: DayKind;
  /** True: counting begins the day after an act. False: the day of the act counts. */
  readonly firstDayExcluded: boolean;
  /** After the one completion request is answered: go on with the days that were left, or count anew. */
  readonly onCompletion: 'resume' | 'reset';
  /** A delay whose last day is a weekend or a holiday ends there, or on the next working day. */
  readonly lastDayNotWorked: 'keep' | 'next-working-day';
  /** Undefined: not known, none is shown. */
  readonly appeal: { readonly fileWithinDays: number | undefined; readonly answerWithinDays: number | undefined };
  readonly alerts: {
    /** Amber when at most this share of the delay is left. */
    readonly amberShare: number;
    /** Red when at most this many days are left. */
    readonly redDays: number;
  };
  readonly certainty: { readonly [key in CertainKey]: Certainty };
};

const CERTAIN_KEYS = [
  'maximumDays',
  'maximumDaysInvestment',
  'dayKind',
  'firstDayExcluded',
  'onCompletion',
  'lastDayNotWorked',
  'appeal',
] as const;
type CertainKey = (typeof CERTAIN_KEYS)[number];

export function readLegalSettings(place: reader.Place): LegalSettings {
  const { decimal, flag, oneOf, optional, record, wholeNumber } = reader;
  const of = record(place, [...CERTAIN_KEYS, 'alerts']);
  const facts = CERTAIN_KEYS.filter((key) => key !== 'appeal').map(
    (key) => [key, record(of(key), ['value', 'certainty', 'note'])] as const,
  );
  const factOf = (key: CertainKey) => facts.find(([name]) => name === key)?.[1] ?? of;
  const value = (key: CertainKey) => factOf(key)('value');
  const appeal = record(of('appeal'), ['fileWithinDays', 'answerWithinDays', 'certainty', 'note']);
  const alerts = record(of('alerts'), ['amberShare', 'redDays']);
  const days = (at: reader.Place) => wholeNumber(at, 1, 365);
  const certainties = CERTAIN_KEYS.map((key) => {
    const at = key === 'appeal' ? appeal('certainty') : factOf(key)('certainty');
    return [key, oneOf(at, CERTAINTIES)] as const;
  });
  return {
    maximumDays: days(value('maximumDays')),
    maximumDaysInvestment: days(value('maximumDaysInvestment')),
    dayKind: oneOf(value('dayKind'), ['calendar', 'working']),
    firstDayExcluded: flag(value('firstDayExcluded')),
    onCompletion: oneOf(value('onCompletion'), ['resume', 'reset']),
    lastDayNotWorked: oneOf(value('lastDayNotWorked'), ['keep', 'next-working-day']),
    appeal: {
      fileWithinDays: optional(appeal('fileWithinDays'), days),
      answerWithinDays: optional(appeal('answerWithinDays'), days),
    },
    alerts: { amberShare: decimal(alerts('amberShare'), 0, 1), redDays: wholeNumber(alerts('redDays'), 0, 60) },
    certainty: Object.fromEntries(certainties) as LegalSettings['certainty'],
  };
}
