import type { LocalText } from '../kernel/index.ts';

/**
 * Reads a definition (YAML or JSON data) into typed values and collects every mistake with its path, its cause and
 * its remedy, so that the author of a file sees all of them at once and at the right place. After a mistake a reader
 * gives a harmless placeholder: the value is thrown away, because a definition with an issue is never used.
 */
export type Path = readonly (string | number)[];

export type DefinitionIssue = {
  readonly path: Path;
  /** True when the place is the key itself (an unknown key), not its value. */
  readonly atKey: boolean;
  readonly cause: string;
  readonly remedy: string;
};

export type Place = { readonly value: unknown; readonly path: Path; readonly issues: DefinitionIssue[] };

export function rootPlace(value: unknown): Place {
  return { value, path: [], issues: [] };
}

export function report(place: Place, cause: string, remedy: string): void {
  place.issues.push({ path: place.path, atKey: false, cause, remedy });
}

export type Fields = (key: string) => Place;

/** A mapping with the `allowed` keys only: a misspelt key would otherwise silently change the law's meaning. */
export function record(place: Place, allowed: readonly string[]): Fields {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(place, `must be a mapping, is ${kindOf(value)}`, `give it the keys ${allowed.join(', ')}`);
    return (key) => ({ value: undefined, path: [...place.path, key], issues: [] });
  }
  const own = new Map(Object.entries(value));
  for (const key of own.keys()) {
    if (allowed.includes(key)) continue;
    const near = nearest(key, allowed);
    const remedy = near === undefined ? `use one of ${allowed.join(', ')}` : `did you mean "${near}"?`;
    place.issues.push({ path: [...place.path, key], atKey: true, cause: `unknown key "${key}"`, remedy });
  }
  return (key) => ({ value: own.get(key), path: [...place.path, key], issues: place.issues });
}

export function optional<T>(place: Place, read: (place: Place) => T): T | undefined {
  return place.value === undefined ? undefined : read(place);
}

export function withDefault<T>(place: Place, fallback: T, read: (place: Place) => T): T {
  return place.value === undefined ? fallback : read(place);
}

export function text(place: Place, maxChars = 4000): string {
  const { value } = place;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= maxChars) return value.trim();
  if (typeof value === 'string' && value.length > maxChars) {
    report(place, `is ${value.length} characters long`, `shorten it to ${maxChars}`);
  } else if (typeof value === 'number') {
    report(place, `must be text, is the number ${value}`, `put it between quotes: "${value}"`);
  } else report(place, `must be text, is ${kindOf(value)}`, 'write a sentence, between quotes if it has a colon');
  return '';
}

export function wholeNumber(place: Place, min: number, max: number): number {
  return numberBetween(place, min, max, true);
}

export function decimal(place: Place, min: number, max: number): number {
  return numberBetween(place, min, max, false);
}

function numberBetween(place: Place, min: number, max: number, whole: boolean): number {
  const { value } = place;
  const kind = whole ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    report(place, `must be ${kind}, is ${kindOf(value)}`, `write ${kind} from ${min} to ${max}, without quotes`);
    return min;
  }
  if (value >= min && value <= max) return value;
  report(place, `must be from ${min} to ${max}, is ${value}`, `write ${kind} from ${min} to ${max}`);
  return min;
}

export function flag(place: Place): boolean {
  if (typeof place.value === 'boolean') return place.value;
  report(place, `must be true or false, is ${kindOf(place.value)}`, 'write true or false, without quotes');
  return false;
}

export function oneOf<const T extends string>(place: Place, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === place.value);
  if (found !== undefined) return found;
  const near = typeof place.value === 'string' ? nearest(place.value, allowed) : undefined;
  const remedy = near === undefined ? `write one of ${allowed.join(', ')}` : `did you mean "${near}"?`;
  report(place, `must be one of ${allowed.join(', ')}, is ${shown(place.value)}`, remedy);
  return allowed[0] as T;
}

export function listOf<T>(
  place: Place,
  read: (place: Place) => T,
  limits: { readonly min?: number; readonly max?: number } = {},
): readonly T[] {
  const { min = 0, max = 100 } = limits;
  if (!Array.isArray(place.value)) {
    report(place, `must be a list, is ${kindOf(place.value)}`, 'write each item on its own line after "- "');
    return [];
  }
  if (place.value.length < min || place.value.length > max) {
    report(place, `has ${place.value.length} items`, `give it from ${min} to ${max} items`);
  }
  return place.value
    .slice(0, max)
    .map((value, index) => read({ value, path: [...place.path, index], issues: place.issues }));
}

/** Text in Arabic and French, English optional: Arabic is the official language, French the language of practice. */
export function localText(place: Place, maxChars = 4000): LocalText {
  const of = record(place, ['ar', 'fr', 'en']);
  const ar = text(of('ar'), maxChars);
  const fr = text(of('fr'), maxChars);
  const en = optional(of('en'), (at) => text(at, maxChars));
  return en === undefined ? { ar, fr } : { ar, fr, en };
}

export function matching(place: Place, pattern: RegExp, example: string): string {
  const value = text(place, 200);
  if (value === '' || pattern.test(value)) return value;
  report(place, `has not the right form: "${value}"`, `write it like ${example}`);
  return value;
}

/** Later items that repeat the key of an earlier one. */
export function reportDuplicates(place: Place, keys: readonly string[], field: string): void {
  keys.forEach((key, index) => {
    if (key === '' || keys.indexOf(key) === index) return;
    place.issues.push({
      path: [...place.path, index, field],
      atKey: false,
      cause: `"${key}" is already used in this list`,
      remedy: `give each item its own ${field}`,
    });
  });
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : shown(value);
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  return String(JSON.stringify(value)).slice(0, 60);
}

/** The allowed word that is at most two letters away, for "did you mean". */
function nearest(word: string, allowed: readonly string[]): string | undefined {
  return allowed.find((candidate) => editDistance(word.toLowerCase(), candidate.toLowerCase(), 2) <= 2);
}

/** Optimal string alignment distance (insertion, deletion, substitution, swap of neighbours), or `limit` + 1 when above. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? limit + 1, limit + 1);
}
