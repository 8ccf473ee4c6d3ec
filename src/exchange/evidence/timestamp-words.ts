import type { Language } from '../../kernel/index.ts';
import { formatDateTime } from '../../web/index.ts';
import type { SideTimestamp, TimestampReport } from './timestamps.ts';

type Texts = {
  readonly name: string;
  readonly before: (side: string, at: string, authority: string) => string;
  readonly none: (side: string) => string;
  readonly consumer: string;
  readonly provider: string;
  readonly refused: string;
};

const TEXTS: Readonly<Record<Language, Texts>> = {
  ar: {
    name: 'الأختام الزمنية',
    before: (side, at, authority) => `كانت القيود مدرجة في سجل ${side} قبل ${at} حسب هيئة الختم الزمني «${authority}».`,
    none: (side) => `لا يحمل سجل ${side} ختما زمنيا في هذا الملف.`,
    consumer: 'الجهة الطالبة',
    provider: 'الجهة المزودة',
    refused: 'أحد الأختام الزمنية غير صحيح، أو ناقص وهو مطلوب.',
  },
  fr: {
    name: 'Horodatage',
    before: (side, at, authority) =>
      `Les écritures figuraient au journal du ${side} avant le ${at}, selon l’autorité d’horodatage « ${authority} ».`,
    none: (side) => `Le journal du ${side} ne porte pas d’horodatage dans ce fichier.`,
    consumer: 'demandeur',
    provider: 'fournisseur',
    refused: 'Un horodatage est faux, ou manque alors qu’il est exigé.',
  },
  en: {
    name: 'Timestamps',
    before: (side, at, authority) =>
      `The entries stood in the ${side}’s ledger before ${at}, according to the timestamp authority “${authority}”.`,
    none: (side) => `The ${side}’s ledger bears no timestamp in this file.`,
    consumer: 'consumer',
    provider: 'provider',
    refused: 'A timestamp is wrong, or absent though one is demanded.',
  },
};

export type TimestampWords = { readonly name: string; readonly holds: boolean; readonly text: string };

/** One line for the step, after those of `describeReport`. */
export function describeTimestamps(report: TimestampReport, language: Language): TimestampWords {
  const texts = TEXTS[language];
  const line = (side: string, stamp: SideTimestamp | undefined) =>
    stamp === undefined
      ? texts.none(side)
      : texts.before(side, formatDateTime(wholeMinute(stamp.before), language), stamp.authority);
  const text = `${line(texts.consumer, report.consumer)} ${line(texts.provider, report.provider)}`;
  return { name: texts.name, holds: true, text };
}

/** The next one: what is shown in minutes must not claim an earlier time than the token does. */
function wholeMinute(instant: string): Date {
  return new Date(Math.ceil(Date.parse(instant) / 60_000) * 60_000);
}

export function describeTimestampRefusal(language: Language): TimestampWords {
  const { name, refused } = TEXTS[language];
  return { name, holds: false, text: refused };
}
