export { decodeBase64, decodeBase64url } from './base64.ts';
export { canonicalJson, type Json } from './canonical.ts';
export { addDays, type Clock, dateIn, daysBetween, type IsoDate, parseIsoDate } from './clock.ts';
export { type JsonRefusal, parseJson } from './json.ts';
export { directionOf, isLanguage, LANGUAGES, type Language, type LocalText, textIn } from './language.ts';
export { plainLetters } from './plain-letters.ts';
export {
  conflict,
  type FieldError,
  forbidden,
  invalid,
  malformed,
  notFound,
  Problem,
  type ProblemOptions,
  tooLarge,
  tooMany,
  unauthenticated,
  unavailable,
} from './problem.ts';
export { err, ok, type Result, unwrap } from './result.ts';
