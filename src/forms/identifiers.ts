/**
 * Identifiers in use in Morocco, as rules on text that is already normalised (Latin digits, no bidi controls).
 * Each returns the canonical form, or undefined. Where the exact form is not confirmed the rule is wide on purpose:
 * the register that holds the number decides, not this check.
 */

/** Identity card: one or two letters and up to six digits. The exact number of digits is unconfirmed. */
export function parseCnie(text: string): string | undefined {
  const compact = text.replaceAll(/[\s.-]/g, '').toUpperCase();
  return /^[A-Z]{1,2}\d{1,6}$/.test(compact) ? compact : undefined;
}

/** Common identifier of the enterprise: 15 digits (9 enterprise, 4 establishment, 2 control), the whole ≡ 0 mod 97. */
export function parseIce(text: string): string | undefined {
  const compact = text.replaceAll(/[\s.-]/g, '');
  return /^\d{15}$/.test(compact) && compact !== '000000000000000' && modulo97(compact) === 0 ? compact : undefined;
}

/** Bank account: 24 digits (bank 3, place 3, account 16, key 2), the whole ≡ 0 mod 97. */
export function parseRib(text: string): string | undefined {
  const compact = text.replaceAll(/[\s.-]/g, '');
  return /^\d{24}$/.test(compact) && !/^0+$/.test(compact) && modulo97(compact) === 0 ? compact : undefined;
}

/** E.164 of a Moroccan number: +212 and nine digits, the first 5 (fixed), 6 or 7 (mobile). Plan not re-read: unconfirmed. */
export function parsePhone(text: string): string | undefined {
  const compact = text.replaceAll(/[\s().-]/g, '');
  const match = /^(?:\+212|00212|212)?0?([5-7]\d{8})$/.exec(compact);
  return match?.[1] === undefined ? undefined : `+212${match[1]}`;
}

/** One address, in the shape that mail systems deliver; at most 254 characters (RFC 5321 section 4.5.3.1.3). */
export function parseEmail(text: string): string | undefined {
  if (text.length > 254) return undefined;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1).toLowerCase();
  if (at < 1 || local.length > 64 || !/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(local)) return undefined;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined;
  const labels = domain.split('.');
  const wellFormed = labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return labels.length >= 2 && wellFormed ? `${local}@${domain}` : undefined;
}

function modulo97(digits: string): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}
