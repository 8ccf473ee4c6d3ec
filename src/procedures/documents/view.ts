import { type IsoDate, type Language, textIn } from '../../kernel/index.ts';
import { type DocumentTexts, documentTexts } from '../texts/documents.ts';
import type { AttestationFacts, DocumentItem, ReceiptFacts, Words } from './facts.ts';

/**
 * What a template prints: every text already in the document's language, every date already written out. The
 * templates hold no words of their own.
 */
export type Labelled = { readonly label: string; readonly value: string };
export type LabelledList = { readonly label: string; readonly items: readonly string[] };

export type DocumentGroup = {
  readonly mark: 'received' | 'awaited' | 'missing';
  readonly title: string;
  readonly hint: string;
  readonly items: readonly { readonly name: string; readonly note: string }[];
};

type Frame = {
  readonly language: Language;
  readonly title: string;
  readonly letterhead: readonly string[];
  readonly portal: string;
  readonly specimen: string;
  readonly page: readonly [string, string];
  readonly verify: { readonly title: string; readonly hint: string; readonly url: string };
};

export type ReceiptView = Frame & {
  readonly subtitle: string;
  readonly number: Labelled;
  readonly filed: Labelled & { readonly note: string };
  readonly deadline: Labelled & { readonly note: string };
  readonly details: readonly Labelled[];
  readonly documents: { readonly title: string; readonly none: string; readonly groups: readonly DocumentGroup[] };
  readonly rights: { readonly title: string; readonly entries: readonly LabelledList[] };
  readonly ledger: Labelled;
  readonly keep: string;
};

export type AttestationView = Frame & {
  readonly decision: string;
  readonly rows: readonly Labelled[];
  readonly references: readonly Labelled[];
  readonly signatory: { readonly label: string; readonly name: string; readonly office: string } | null;
  readonly seal: { readonly title: string; readonly status: string; readonly details: readonly Labelled[] };
};

/** Law: the day and hour that count are those of legal time in Morocco, whose offset changes around Ramadan. */
const TIME_ZONE = 'Africa/Casablanca';
// Made once: a formatter holds 100 KB outside the garbage collector's sight. Morocco writes its own names of months
// in Arabic, and Latin digits in both languages.
const dates: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  ar: new Intl.DateTimeFormat('ar-MA-u-nu-latn', { dateStyle: 'long', timeZone: TIME_ZONE }),
  fr: new Intl.DateTimeFormat('fr-MA-u-nu-latn', { dateStyle: 'long', timeZone: TIME_ZONE }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: TIME_ZONE }),
};
const hours = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: TIME_ZONE,
});
const offsets = new Intl.DateTimeFormat('en-GB', { timeZone: TIME_ZONE, timeZoneName: 'shortOffset' });

export function receiptView(facts: ReceiptFacts, language: Language): ReceiptView {
  const texts = documentTexts[language];
  const words = texts.receipt;
  const say = (text: Words) => inLanguage(text, language);
  const title = say(facts.procedure.title);
  return {
    ...frame(facts, language, words.title),
    subtitle: title,
    number: { label: words.number, value: facts.number },
    filed: {
      label: words.filed,
      value: `${longDate(facts.filedAt, language)} — ${clockTime(facts.filedAt)}`,
      note: `${texts.legalTime} (${offsetAt(facts.filedAt)})`,
    },
    deadline: deadlineView(facts.deadline, language),
    details: [
      { label: words.applicant, value: say(facts.applicant) },
      { label: words.authority, value: say(facts.letterhead.at(-1) ?? words.none) },
      { label: words.procedure, value: `${title} — ${texts.version} ${facts.procedure.version}` },
    ],
    documents: { title: words.documents, none: words.nothingRequired, groups: documentGroups(facts, texts, language) },
    rights: {
      title: words.rights,
      entries: [
        { label: words.silence, items: [say(facts.silence)] },
        { label: words.appeals, items: facts.appeals.map(say) },
        { label: words.contact, items: facts.contact.map(say) },
      ].filter((entry) => entry.items.some((item) => item !== '')),
    },
    ledger: { label: texts.ledger, value: facts.ledgerReference },
    keep: words.keep,
  };
}

export function attestationView(facts: AttestationFacts, language: Language): AttestationView {
  const texts = documentTexts[language];
  const words = texts.attestation;
  const say = (text: Words) => inLanguage(text, language);
  return {
    ...frame(facts, language, say(facts.title)),
    decision: say(facts.decision),
    rows: facts.rows.map((row) => ({ label: say(row.label), value: say(row.value) })),
    references: present([
      [words.number, facts.number],
      [words.issued, longDate(facts.issuedAt, language)],
      [words.validUntil, facts.validUntil === undefined ? undefined : calendarDate(facts.validUntil, language)],
      [words.receiptNumber, facts.receiptNumber],
      [words.legalBasis, facts.legalBasis === undefined ? undefined : say(facts.legalBasis)],
    ]),
    signatory:
      facts.signatory === undefined
        ? null
        : { label: words.signatory, name: say(facts.signatory.name), office: say(facts.signatory.office) },
    seal: {
      title: words.seal,
      status: words.sealStatus,
      details: present([
        [words.key, facts.keyId],
        [texts.ledger, facts.ledgerReference],
      ]),
    },
  };
}

function frame(facts: ReceiptFacts | AttestationFacts, language: Language, title: string): Frame {
  const texts = documentTexts[language];
  return {
    language,
    title,
    letterhead: facts.letterhead.map((line) => inLanguage(line, language)),
    portal: texts.portal,
    specimen: facts.demonstration ? texts.specimen : '',
    page: texts.page,
    verify: { title: texts.verify, hint: texts.verifyHint, url: facts.verifyUrl },
  };
}

function deadlineView(deadline: ReceiptFacts['deadline'], language: Language): Labelled & { note: string } {
  const label = documentTexts[language].receipt.deadline;
  if (deadline.kind === 'text') return { label, value: inLanguage(deadline.text, language), note: '' };
  const note = deadline.note === undefined ? '' : inLanguage(deadline.note, language);
  return { label, value: calendarDate(deadline.on, language), note };
}

function documentGroups(facts: ReceiptFacts, texts: DocumentTexts, language: Language): DocumentGroup[] {
  const words = texts.receipt;
  const itemsOf = (items: readonly DocumentItem[]) =>
    items.map((item) => ({
      name: inLanguage(item.name, language),
      note: item.note === undefined ? '' : inLanguage(item.note, language),
    }));
  const groups: DocumentGroup[] = [
    { mark: 'missing', title: words.missing, hint: words.missingHint, items: itemsOf(facts.missing) },
    { mark: 'awaited', title: words.awaited, hint: words.awaitedHint, items: itemsOf(facts.awaited) },
    { mark: 'received', title: words.received, hint: '', items: itemsOf(facts.received) },
  ];
  return groups.filter((group) => group.items.length > 0);
}

function present(pairs: readonly (readonly [label: string, value: string | undefined])[]): Labelled[] {
  return pairs.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }]));
}

function inLanguage(text: Words, language: Language): string {
  return typeof text === 'string' ? text : textIn(text, language).text;
}

function longDate(instant: Date, language: Language): string {
  return dates[language].format(instant);
}

/** Noon in UTC falls on the same date in every zone that Morocco has used. */
function calendarDate(date: IsoDate, language: Language): string {
  return dates[language].format(new Date(`${date}T12:00:00Z`));
}

function clockTime(instant: Date): string {
  return hours.format(instant);
}

/** Printed beside the hour, since Morocco has changed its offset by decree and readers' tables may be older. */
function offsetAt(instant: Date): string {
  const name = offsets.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name.replace('GMT', 'UTC').replace(/^UTC$/, 'UTC+0');
}
