import type { Language } from '../../kernel/index.ts';
import { formatDateTime } from '../../web/index.ts';
import type { EntryKind, TimestampReport } from './timestamps.ts';
import { type EvidenceWords, refusalFrame } from './words.ts';

type Texts = {
  readonly name: string;
  /** `what`: which entries. */
  readonly before: (what: string, side: string, at: string, authority: string) => string;
  readonly none: (side: string) => string;
  /** The file holds no ledger of that side. */
  readonly absent: (side: string) => string;
  readonly consumer: string;
  readonly provider: string;
  readonly all: string;
  readonly request: string;
  readonly refusal: string;
  readonly both: string;
  readonly unanswered: string;
  readonly refused: string;
};

const TEXTS: Readonly<Record<Language, Texts>> = {
  ar: {
    name: 'الأختام الزمنية',
    before: (what, side, at, authority) => `${what} في سجل ${side} قبل ${at} حسب هيئة الختم الزمني «${authority}».`,
    none: (side) => `لا يحمل سجل ${side} ختما زمنيا في هذا الملف.`,
    absent: (side) => `لا يتضمن هذا الملف سجل ${side}، فلا ختم زمنيا له.`,
    consumer: 'الجهة الطالبة',
    provider: 'الجهة المزودة',
    all: 'كانت القيود مدرجة',
    request: 'كان قيد الطلب مدرجا',
    refusal: 'كان قيد مآل الطلب مدرجا',
    both: 'كان قيد الطلب وقيد مآله مدرجين',
    unanswered: 'يدل الختم الزمني على التاريخ الذي أدرج القيد قبله، ولا يثبت عدم ورود أي جواب.',
    refused: 'أحد الأختام الزمنية غير صحيح، أو ناقص وهو مطلوب.',
  },
  fr: {
    name: 'Horodatage',
    before: (what, side, at, authority) =>
      `${what} au journal du ${side} avant le ${at}, selon l’autorité d’horodatage « ${authority} ».`,
    none: (side) => `Le journal du ${side} ne porte pas d’horodatage dans ce fichier.`,
    absent: (side) => `Le journal du ${side} n’est pas dans ce fichier : il ne peut y être horodaté.`,
    consumer: 'demandeur',
    provider: 'fournisseur',
    all: 'Les écritures figuraient',
    request: 'L’écriture de la requête figurait',
    refusal: 'L’écriture de la suite donnée à la requête figurait',
    both: 'Les écritures de la requête et de la suite qui lui a été donnée figuraient',
    unanswered:
      'Un horodatage dit avant quand une écriture a été faite ; il ne prouve pas qu’aucune réponse n’est venue.',
    refused: 'Un horodatage est faux, ou manque alors qu’il est exigé.',
  },
  en: {
    name: 'Timestamps',
    before: (what, side, at, authority) =>
      `${what} in the ${side}’s ledger before ${at}, according to the timestamp authority “${authority}”.`,
    none: (side) => `The ${side}’s ledger bears no timestamp in this file.`,
    absent: (side) => `The ${side}’s ledger is not in this file, so it bears no timestamp here.`,
    consumer: 'consumer',
    provider: 'provider',
    all: 'The entries stood',
    request: 'The entry of the request stood',
    refusal: 'The entry of what became of the request stood',
    both: 'The entries of the request and of what became of it stood',
    unanswered: 'A timestamp tells before when an entry was made; it does not prove that no answer came.',
    refused: 'A timestamp is wrong, or absent though one is demanded.',
  },
};

export type TimestampWords = { readonly name: string; readonly holds: boolean; readonly text: string };

/** One line for the step, after those of `describeProof`. */
export function describeTimestamps(report: TimestampReport, language: Language): TimestampWords {
  const texts = TEXTS[language];
  const lines = (['consumer', 'provider'] as const).map((name) => {
    const [stamp, entries] = [report[name], report.entries[name]];
    if (stamp === undefined) return entries.length === 0 ? texts.absent(texts[name]) : texts.none(texts[name]);
    const at = formatDateTime(wholeMinute(stamp.before), language);
    return texts.before(texts[whatOf(report, entries)], texts[name], at, stamp.authority);
  });
  const isStamped = report.consumer !== undefined || report.provider !== undefined;
  const limit = report.outcome === 'unanswered' && isStamped ? [texts.unanswered] : [];
  return { name: texts.name, holds: true, text: [...lines, ...limit].join(' ') };
}

function whatOf({ outcome }: TimestampReport, entries: readonly EntryKind[]): 'all' | 'request' | 'refusal' | 'both' {
  if (outcome === 'answered') return 'all';
  if (entries.length > 1) return 'both';
  return entries[0] === 'request' ? 'request' : 'refusal';
}

/** The next one: what is shown in minutes must not claim an earlier time than the token does. */
function wholeMinute(instant: string): Date {
  return new Date(Math.ceil(Date.parse(instant) / 60_000) * 60_000);
}

export const timestampStepName = (language: Language): string => TEXTS[language].name;

export function describeTimestampRefusal(language: Language): TimestampWords {
  const { name, refused } = TEXTS[language];
  return { name, holds: false, text: refused };
}

/** The whole refusal of a file whose other steps held. */
export function refusedTimestamps(detail: string, language: Language): EvidenceWords {
  const step = { step: 'timestamps', ...describeTimestampRefusal(language) } as const;
  return { ...refusalFrame(detail, language), steps: [step] };
}
