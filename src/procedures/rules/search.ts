import { latinDigits, reader } from '../../forms/index.ts';
import type { LocalText } from '../../kernel/index.ts';
import type { Procedure } from '../model/procedure.ts';

/** One procedure as search sees it: words with the weight of the place where they stand. */
type Entry = {
  readonly procedure: Procedure;
  readonly words: ReadonlyMap<string, number>;
  /** Title and keywords as whole phrases: somebody who types one of them means it. */
  readonly phrases: ReadonlySet<string>;
};

export type SearchIndex = readonly Entry[];
export type SearchHit = { readonly procedure: Procedure; readonly score: number };

const WEIGHTS = { title: 10, keywords: 8, result: 5, documents: 2, authority: 2, summary: 3 } as const;
const MAX_QUERY_CHARS = 200;
const MAX_QUERY_WORDS = 10;

export function buildSearchIndex(procedures: readonly Procedure[]): SearchIndex {
  return procedures.map(indexEntry);
}

function indexEntry(procedure: Procedure): Entry {
  const words = new Map<string, number>();
  const phrases = new Set<string>();
  const add = (text: string, weight: number) => {
    for (const word of wordsOf(text)) words.set(word, Math.max(words.get(word) ?? 0, weight));
  };
  const addAll = (text: LocalText, weight: number) => add([text.ar, text.fr, text.en ?? ''].join(' '), weight);
  addAll(procedure.title, WEIGHTS.title);
  addAll(procedure.result.title, WEIGHTS.result);
  addAll(procedure.summary, WEIGHTS.summary);
  addAll(procedure.authority.name, WEIGHTS.authority);
  for (const document of procedure.documents) addAll(document.title, WEIGHTS.documents);
  const { ar, fr, en } = procedure.keywords;
  for (const keyword of [...ar, ...fr, ...en]) add(keyword, WEIGHTS.keywords);
  for (const phrase of [...ar, ...fr, ...en, ...Object.values(procedure.title)]) phrases.add(wordsOf(phrase).join(' '));
  return { procedure, words, phrases };
}

/**
 * The procedures that answer the query, best first; with an empty query all of them, in the catalogue's order. Finds
 * with or without hamza, article, accents and plural, and through one wrong letter (two in a long word).
 */
export function searchProcedures(index: SearchIndex, query: string, limit = 20): readonly SearchHit[] {
  const words = wordsOf(query.slice(0, MAX_QUERY_CHARS)).slice(0, MAX_QUERY_WORDS);
  if (words.length === 0) return catalogueOrder(index).slice(0, limit);
  const known = rarities(index);
  return index
    .map((entry) => ({ procedure: entry.procedure, score: scoreOf(entry, words, known) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.procedure.id.localeCompare(b.procedure.id))
    .slice(0, limit);
}

function catalogueOrder(index: SearchIndex): readonly SearchHit[] {
  const rank = (procedure: Procedure) => procedure.rank ?? 1000;
  return index
    .map(({ procedure }) => ({ procedure, score: 0 }))
    .sort((a, b) => rank(a.procedure) - rank(b.procedure) || a.procedure.id.localeCompare(b.procedure.id));
}

/** A word that stands in few procedures tells more than "certificate", which stands in most. */
function rarities(index: SearchIndex): (word: string) => number {
  const counts = new Map<string, number>();
  for (const { words } of index) for (const word of words.keys()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => Math.log(1 + index.length / (counts.get(word) ?? 1));
}

/** Half of the words have to be met: "certificat de naissance pour mon fils" still means the birth extract. */
function scoreOf(entry: Entry, words: readonly string[], rarity: (word: string) => number): number {
  let score = 0;
  let met = 0;
  for (const word of words) {
    let best = 0;
    for (const [candidate, weight] of entry.words) {
      const likeness = likenessOf(word, candidate);
      if (likeness > 0) best = Math.max(best, likeness * weight * rarity(candidate));
    }
    score += best;
    if (best > 0) met += 1;
  }
  if (met * 2 < words.length) return 0;
  const bonus = entry.phrases.has(words.join(' ')) ? 30 : 0;
  return (score * met) / words.length + bonus;
}

function likenessOf(asked: string, candidate: string): number {
  if (asked === candidate) return 1;
  if (asked.length >= 3 && candidate.startsWith(asked)) return 0.7;
  const allowed = asked.length >= 8 ? 2 : asked.length >= 4 ? 1 : 0;
  if (allowed === 0) return 0;
  const distance = reader.editDistance(asked, candidate, allowed);
  return distance > allowed ? 0 : 0.6 - 0.15 * (distance - 1);
}

const STOP_WORDS = new Set(
  'de du des la le les un une et en au aux pour par sur mon ma mes je l d the of a an for to my من في على الى عن او مع كيف'.split(
    ' ',
  ),
);

/** The words of a text in a form in which spellings of the same word agree. */
export function wordsOf(text: string): readonly string[] {
  return plainLetters(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !STOP_WORDS.has(word))
    .map(stemOf);
}

/** Latin letters without accents; Arabic letters without vowel signs and tatweel, hamza carriers made one. */
function plainLetters(text: string): string {
  return latinDigits(text)
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll(/[أإآٱ]/g, 'ا')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('\u0640', '')
    .replaceAll('ى', 'ي')
    .replaceAll('ئ', 'ي')
    .replaceAll('ؤ', 'و')
    .replaceAll('ء', '')
    .replaceAll('ة', 'ه');
}

function stemOf(word: string): string {
  if (/\p{Script=Arabic}/u.test(word)) {
    // And, so, with, for, like, the: written together with the word. Three letters have to remain.
    const bare = /^(?:و|ف)?(?:ب|ك)?(?:ال|لل)(.{2,})$/u.exec(word)?.[1];
    const short = bare ?? /^[وبل](.{4,})$/u.exec(word)?.[1];
    return short ?? word;
  }
  return word.length > 4 ? word.replace(/(?:s|x)$/, '') : word;
}
