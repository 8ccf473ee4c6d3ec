import type { Json } from './canonical.ts';
import { err, ok, type Result } from './result.ts';

export type JsonRefusal = {
  readonly kind: 'too-large' | 'too-deep' | 'poisoned' | 'ambiguous' | 'not-json';
  readonly detail: string;
};

/**
 * Parses JSON that comes from outside: bounded in size and nesting, and without `__proto__`, `constructor` or
 * `prototype` keys, so that no later merge or lookup can be poisoned. Exact numbers that a double would change are kept
 * as they are written and come out so of JSON.stringify: to everything else they are objects without members. Read exactly,
 * an object with two members of one name is refused: which of them counts, readers would each decide for themselves.
 */
export function parseJson(
  text: string,
  limits: { readonly maxChars: number; readonly maxDepth: number } = { maxChars: 1_000_000, maxDepth: 64 },
  numbers: 'double' | 'exact' = 'double',
): Result<Json, JsonRefusal> {
  if (text.length > limits.maxChars) {
    return err({ kind: 'too-large', detail: `more than ${limits.maxChars} characters` });
  }
  const { depth, members } = measureOf(text, limits.maxDepth);
  if (depth > limits.maxDepth) {
    return err({ kind: 'too-deep', detail: `nested deeper than ${limits.maxDepth}` });
  }
  try {
    if (numbers === 'double') return ok(JSON.parse(text, refusePoison) as Json);
    const kept = { members: 0 };
    const value = JSON.parse(text, keepNumbers(kept)) as Json;
    return kept.members === members ? ok(value) : err({ kind: 'ambiguous', detail: 'a member stands twice' });
  } catch (cause) {
    if (cause instanceof Poisoned) return err({ kind: 'poisoned', detail: cause.message });
    return err({ kind: 'not-json', detail: cause instanceof Error ? cause.message : 'not JSON' });
  }
}

class Poisoned extends SyntaxError {}

function refusePoison(key: string, value: unknown): unknown {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
    throw new Poisoned(`the key "${key}" is not accepted`);
  }
  return value;
}

const raw = JSON as unknown as { rawJSON(text: string): unknown };

/** Counts the members that there are in the end: of those of one name the parser keeps the last. */
function keepNumbers(kept: { members: number }) {
  return function keepNumber(this: unknown, key: string, value: unknown, ...rest: unknown[]): unknown {
    if (!Array.isArray(this)) kept.members += 1;
    if (typeof value === 'number') {
      const { source } = (rest[0] ?? {}) as { readonly source?: string };
      if (source !== undefined && JSON.stringify(value) !== source) return raw.rawJSON(source);
    }
    return refusePoison(key, value);
  };
}

/**
 * Depth of brackets outside strings, and how many members are written: a colon for each, and one for the whole, which the
 * parser shows to its reviver as a member without a name. Stops past `limit`.
 */
function measureOf(text: string, limit: number): { readonly depth: number; readonly members: number } {
  let depth = 0;
  let deepest = 0;
  let members = 1;
  let inString = false;
  for (let i = 0; i < text.length && deepest <= limit; i += 1) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i += 1;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (c === 0x7d || c === 0x5d) depth -= 1;
    else if (c === 0x3a) members += 1;
  }
  return { depth: deepest, members };
}
