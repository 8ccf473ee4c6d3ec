import { directionOf, type IsoDate, type Language, type LocalText, textIn } from '../kernel/index.ts';
import { type Html, html, type Text } from './html.ts';
import { textsOf } from './texts/index.ts';

/** Legal time of the Kingdom; the offset changes around Ramadan, which the tz database knows. */
const TIME_ZONE = 'Africa/Casablanca';

/** Arabic as Morocco writes it: its own month names, and Latin digits. */
const LOCALES = { ar: 'ar-MA-u-nu-latn', fr: 'fr-MA', en: 'en-GB' } as const satisfies Record<Language, string>;

export type DateStyle = 'long' | 'full' | 'short';

const DATE_STYLES = {
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  short: { day: '2-digit', month: '2-digit', year: 'numeric' },
} as const satisfies Record<DateStyle, Intl.DateTimeFormatOptions>;

/** Making an Intl formatter costs some 50 µs, using one costs 1 µs: each is made once. */
const formatters = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  const known = formatters.get(key) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  formatters.set(key, made);
  return made;
}

function dateFormat(language: Language, style: DateStyle, timeZone: string): Intl.DateTimeFormat {
  return once(
    `date ${language} ${style} ${timeZone}`,
    () => new Intl.DateTimeFormat(LOCALES[language], { ...DATE_STYLES[style], timeZone }),
  );
}

/** Intl puts direction marks into Arabic dates and amounts; `bdi` and `dir` do that work here, and copies stay clean. */
function withoutMarks(text: string): string {
  return text.replaceAll(/[\u200e\u200f\u061c]/g, '');
}

/** A calendar date, or the date in Morocco of an instant. `short` is 23/11/2026, read from left to right. */
export function formatDate(date: IsoDate | Date, language: Language, style: DateStyle = 'long'): string {
  const [instant, zone] = date instanceof Date ? [date, TIME_ZONE] : [new Date(`${date}T00:00:00Z`), 'UTC'];
  return withoutMarks(dateFormat(language, style, zone).format(instant));
}

/** The time of day in Morocco, 15:04. */
export function formatTime(at: Date, language: Language): string {
  const format = once(
    `time ${language}`,
    () => new Intl.DateTimeFormat(LOCALES[language], { timeStyle: 'short', hourCycle: 'h23', timeZone: TIME_ZONE }),
  );
  return withoutMarks(format.format(at));
}

/** Date and time in Morocco, joined by the word of the language. */
export function formatDateTime(at: Date, language: Language, style: DateStyle = 'long'): string {
  return textsOf(language).dateAtTime(formatDate(at, language, style), formatTime(at, language));
}

export function formatNumber(value: number | bigint, language: Language, maximumFractionDigits = 2): string {
  const format = once(
    `number ${language} ${maximumFractionDigits}`,
    () => new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits }),
  );
  return withoutMarks(format.format(value));
}

/** An amount in Moroccan dirhams; centimes are shown only where there are some. */
export function formatMoney(dirhams: number, language: Language): string {
  const format = once(
    `money ${language} ${Number.isInteger(dirhams)}`,
    () =>
      new Intl.NumberFormat(LOCALES[language], {
        minimumFractionDigits: Number.isInteger(dirhams) ? 0 : 2,
        maximumFractionDigits: 2,
      }),
  );
  const category = once(`plural ${language}`, () => new Intl.PluralRules(LOCALES[language])).select(dirhams);
  return `${withoutMarks(format.format(dirhams))}\u00a0${textsOf(language).dirhams(category)}`;
}

/** A number of days in words: 30 days, 30 jours, 30 يومًا. */
export function formatDays(days: number, language: Language): string {
  const format = once(
    `days ${language}`,
    () => new Intl.NumberFormat(LOCALES[language], { style: 'unit', unit: 'day', unitDisplay: 'long' }),
  );
  return withoutMarks(format.format(days));
}

/** Days from now in words: in 3 days, yesterday. */
export function formatRelativeDays(days: number, language: Language): string {
  const format = once(
    `relative ${language}`,
    () => new Intl.RelativeTimeFormat(LOCALES[language], { numeric: 'auto' }),
  );
  return withoutMarks(format.format(days, 'day'));
}

/** A size of a file, in the largest decimal unit that keeps it at or above 1. */
export function formatBytes(bytes: number, language: Language): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const unit = units[power] ?? 'byte';
  const format = once(
    `bytes ${language} ${unit}`,
    () =>
      new Intl.NumberFormat(LOCALES[language], {
        style: 'unit',
        unit,
        // Arabic has no abbreviation that people know.
        unitDisplay: language === 'ar' ? 'long' : 'short',
        maximumFractionDigits: 1,
      }),
  );
  return withoutMarks(format.format(bytes / 1000 ** power));
}

/** A list in a sentence, with the word "and" of the language. */
export function formatList(items: readonly string[], language: Language): string {
  return once(`list ${language}`, () => new Intl.ListFormat(LOCALES[language], { type: 'conjunction' })).format(items);
}

/** Dictionary order of the language, numbers by value: for `toSorted`. */
export function comparing(language: Language): (a: string, b: string) => number {
  return once(`collator ${language}`, () => new Intl.Collator(LOCALES[language], { numeric: true })).compare;
}

const EASTERN_DIGITS = /[٠-٩۰-۹]/g;

/** What a person typed, with Arabic-Indic and Persian digits written as Latin ones. */
export function toLatinDigits(text: string): string {
  return text.replaceAll(EASTERN_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf));
}

/** Keeps a number, name or reference whole among words of the other direction. */
export function isolate(text: Text): Html {
  return html`<bdi>${text}</bdi>`;
}

/** A reference, telephone or file number: always read from left to right. */
export function reference(text: string): Html {
  // A receipt's number stays on one line; an identifier of 36 letters must be able to break on a phone.
  return html`<bdi dir="ltr" class="${text.length > 24 ? 'reference reference-long' : 'reference'}">${text}</bdi>`;
}

/** A path of codes, such as a member's or a service's: it breaks after its slashes, on a phone also elsewhere. */
export function identifier(text: string): Html {
  const parts = text.split('/').map((part, index) => (index === 0 ? html`${part}` : html`/<wbr>${part}`));
  return html`<bdi dir="ltr" class="reference reference-long">${parts}</bdi>`;
}

/** A text in the page's language, or in the one it exists in, marked as such for the voice that reads it. */
export function localText(text: LocalText, language: Language): Html {
  const shown = textIn(text, language);
  return shown.language === language ? html`${shown.text}` : foreignText(shown.text, shown.language);
}

/** A text in another language than the page's. */
export function foreignText(text: Text, language: Language): Html {
  return html`<span lang="${language}" dir="${directionOf(language)}">${text}</span>`;
}

/** A date that programs can read too; a short one stays left to right in Arabic. */
export function dateTime(date: IsoDate | Date, language: Language, style: DateStyle = 'long'): Html {
  const machine = date instanceof Date ? date.toISOString() : date;
  const shown = formatDate(date, language, style);
  return style === 'short'
    ? html`<time datetime="${machine}"><bdi dir="ltr">${shown}</bdi></time>`
    : html`<time datetime="${machine}">${shown}</time>`;
}
