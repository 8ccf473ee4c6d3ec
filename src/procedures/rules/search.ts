import { latinDigits, reader } from '../../forms/index.ts';
import { type LocalText, plainLetters } from '../../kernel/index.ts';
import type { Procedure } from '../model/procedure.ts';

/**
 * The catalogue as search sees it: each distinct word with the procedures that hold it, so that a query looks at every
 * word once and not once a procedure (2,700 decisions share some thousands of words).
 */
export type SearchIndex = {
  readonly procedures: readonly Procedure[];
  readonly postings: ReadonlyMap<string, readonly Posting[]>;
  /** Titles and keywords as whole phrases, per procedure: somebody who types one of them means it. */
  readonly phrases: readonly ReadonlySet<string>[];
};

type Posting = { readonly procedure: number; readonly weight: number };
export type SearchHit = { readonly procedure: Procedure; readonly score: number };

const WEIGHTS = { title: 10, keywords: 8, result: 5, documents: 2, authority: 2, summary: 3 } as const;
const PHRASE_BONUS = 30;
const MAX_QUERY_CHARS = 200;
const MAX_QUERY_WORDS = 10;

export function buildSearchIndex(procedures: readonly Procedure[]): SearchIndex {
  const postings = new Map<string, Posting[]>();
  for (const [procedure, words] of procedures.map(weightedWords).entries()) {
    for (const [word, weight] of words) {
      const list = postings.get(word) ?? [];
      list.push({ procedure, weight });
      postings.set(word, list);
    }
  }
  return { procedures, postings, phrases: procedures.map(phrasesOf) };
}

function weightedWords(procedure: Procedure): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const word of wordsOf(text)) words.set(word, Math.max(words.get(word) ?? 0, weight));
  };
  const addAll = (text: LocalText, weight: number) => add([text.ar, text.fr, text.en ?? ''].join(' '), weight);
  addAll(procedure.title, WEIGHTS.title);
  addAll(procedure.result.title, WEIGHTS.result);
  addAll(procedure.summary, WEIGHTS.summary);
  addAll(procedure.authority.name, WEIGHTS.authority);
  for (const document of procedure.documents) addAll(document.title, WEIGHTS.documents);
  for (const keyword of keywordsOf(procedure)) add(keyword, WEIGHTS.keywords);
  return words;
}

function phrasesOf(procedure: Procedure): ReadonlySet<string> {
  const phrases = [...keywordsOf(procedure), ...Object.values(procedure.title)];
  return new Set(phrases.map((phrase) => wordsOf(phrase).join(' ')));
}

function keywordsOf({ keywords }: Procedure): readonly string[] {
  return [...keywords.ar, ...keywords.fr, ...keywords.en];
}

/**
 * The procedures that answer the query, best first; with an empty query all of them, in the catalogue's order. Finds
 * with or without hamza, article, accents and plural, and through one wrong letter (two in a long word). Half of the
 * words have to be met: "certificat de naissance pour mon fils" still means the birth extract.
 */
export function searchProcedures(index: SearchIndex, query: string, limit = 20): readonly SearchHit[] {
  const words = wordsOf(query.slice(0, MAX_QUERY_CHARS)).slice(0, MAX_QUERY_WORDS);
  if (words.length === 0) return catalogueOrder(index).slice(0, limit);
  const found = words.map((word) => bestMatches(index, word));
  const phrase = words.join(' ');
  return index.procedures
    .map((procedure, at): SearchHit => {
      const scores = found.map((matches) => matches.get(at) ?? 0);
      const met = scores.filter((score) => score > 0).length;
      if (met * 2 < words.length) return { procedure, score: 0 };
      const sum = scores.reduce((total, score) => total + score, 0);
      const bonus = index.phrases[at]?.has(phrase) === true ? PHRASE_BONUS : 0;
      return { procedure, score: (sum * met) / words.length + bonus };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.procedure.id.localeCompare(b.procedure.id))
    .slice(0, limit);
}

function catalogueOrder(index: SearchIndex): readonly SearchHit[] {
  const rank = (procedure: Procedure) => procedure.rank ?? 1000;
  return index.procedures
    .map((procedure) => ({ procedure, score: 0 }))
    .sort((a, b) => rank(a.procedure) - rank(b.procedure) || a.procedure.id.localeCompare(b.procedure.id));
}

/** Per procedure, how well its best word answers. A word of few procedures tells more than "certificate". */
function bestMatches(index: SearchIndex, asked: string): ReadonlyMap<number, number> {
  const best = new Map<number, number>();
  for (const [candidate, postings] of index.postings) {
    const likeness = likenessOf(asked, candidate);
    if (likeness === 0) continue;
    const rarity = Math.log(1 + index.procedures.length / postings.length);
    for (const { procedure, weight } of postings) {
      best.set(procedure, Math.max(best.get(procedure) ?? 0, likeness * weight * rarity));
    }
  }
  return best;
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
  return plainLetters(latinDigits(text))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !STOP_WORDS.has(word))
    .map(stemOf);
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
