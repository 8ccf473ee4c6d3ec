import type { Json } from './canonical.ts';
import { err, ok, type Result } from './result.ts';

export type JsonRefusal = {
  readonly kind: 'too-large' | 'too-deep' | 'poisoned' | 'not-json';
  readonly detail: string;
};

/**
 * Parses JSON that comes from outside: bounded in size and nesting, and without `__proto__`, `constructor` or
 * `prototype` keys, so that no later merge or lookup can be poisoned. Exact numbers that a double would change are kept
 * as they are written and come out so of JSON.stringify: to everything else they are objects without members.
 */
export function parseJson(
  text: string,
  limits: { readonly maxChars: number; readonly maxDepth: number } = { maxChars: 1_000_000, maxDepth: 64 },
  numbers: 'double' | 'exact' = 'double',
): Result<Json, JsonRefusal> {
  if (text.length > limits.maxChars) {
    return err({ kind: 'too-large', detail: `more than ${limits.maxChars} characters` });
  }
  if (nestingOf(text, limits.maxDepth) > limits.maxDepth) {
    return err({ kind: 'too-deep', detail: `nested deeper than ${limits.maxDepth}` });
  }
  try {
    return ok(JSON.parse(text, numbers === 'exact' ? keepNumber : refusePoison) as Json);
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

function keepNumber(this: unknown, key: string, value: unknown, ...rest: unknown[]): unknown {
  const { source } = (rest[0] ?? {}) as { readonly source?: string };
  if (typeof value === 'number' && source !== undefined && JSON.stringify(value) !== source) return raw.rawJSON(source);
  return refusePoison(key, value);
}

/** Depth of brackets outside strings; stops counting past `limit`. */
function nestingOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
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
  }
  return deepest;
}
