/**
 * Numbers of receipts and decisions: `R-2026-000123-K`. The last character is a check character of ISO/IEC 7064
 * MOD 37,36 (a hybrid system) over letter, year and sequence: any one wrong character, and nearly any swap of two
 * neighbours, is found when somebody types the number from paper.
 */
export type NumberKind = 'R' | 'D';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** `sequence` counts within the year, from 1. */
export function formatNumber(kind: NumberKind, year: number, sequence: number): string {
  const body = `${kind}${String(year).padStart(4, '0')}${String(sequence).padStart(6, '0')}`;
  return `${kind}-${body.slice(1, 5)}-${body.slice(5)}-${checkCharacter(body)}`;
}

/** Undefined when the form or the check character is wrong. Small letters and missing hyphens are accepted. */
export function parseNumber(
  text: string,
): { readonly kind: NumberKind; readonly year: number; readonly sequence: number } | undefined {
  const compact = text.toUpperCase().replaceAll(/[\s-]/g, '');
  const match = /^([RD])(\d{4})(\d{6,9})([0-9A-Z])$/.exec(compact);
  if (match === null || checkCharacter(compact.slice(0, -1)) !== match[4]) return undefined;
  return { kind: match[1] === 'R' ? 'R' : 'D', year: Number(match[2]), sequence: Number(match[3]) };
}

/** ISO/IEC 7064 hybrid system: the running product stays in 1…37 and the check character completes it to 1 mod 36. */
export function checkCharacter(body: string): string {
  let product = 36;
  for (const character of body) {
    const sum = (product + ALPHABET.indexOf(character)) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return ALPHABET.charAt((37 - product) % 36);
}
