// C0 and C1 controls, except the tab and the line feed, which long texts keep. PostgreSQL refuses NUL in text.
const CONTROLS = /[\p{Cc}--[\t\n]]/gv;
// Characters that reorder or hide what a person reads: bidi marks, embeddings, isolates, zero-width space and BOM.
// The joiners U+200C and U+200D stay: they are part of how some Arabic-script words are written.
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Digits of Arabic (٠–٩) and of Persian and Urdu keyboards (۰–۹) as 0–9: Morocco's administration writes those. */
export function latinDigits(text: string): string {
  return text
    .replaceAll(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replaceAll(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
}

/** What a person typed, as one line: NFC, Latin digits, no controls, no bidi tricks, single spaces. */
export function normaliseLine(raw: string): string {
  return normaliseParagraphs(raw).replaceAll(/\s+/g, ' ').trim();
}

/** The same for a text of several lines: line breaks are kept, as LF. */
export function normaliseParagraphs(raw: string): string {
  const lines = raw.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll('\u00a0', ' ');
  return latinDigits(lines.replaceAll(INVISIBLE, '').replaceAll(CONTROLS, '').normalize('NFC')).trim();
}
