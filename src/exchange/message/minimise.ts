import type { Json } from '../../kernel/index.ts';

/** The fields that an agreement lets through: JSON-pointer-like paths, `*` for each item of an array; `/` is all. */
export type FieldTree = { readonly whole: boolean; readonly members: ReadonlyMap<string, FieldTree> };

export function fieldTree(fields: readonly string[]): FieldTree {
  const root: MutableTree = { whole: false, members: new Map() };
  for (const field of fields) {
    let node = root;
    const parts = field === '/' ? [] : field.slice(1).split('/').map(unescapePointer);
    for (const part of parts) {
      const next: MutableTree = node.members.get(part) ?? { whole: false, members: new Map() };
      node.members.set(part, next);
      node = next;
    }
    node.whole = true;
  }
  return root;
}

type MutableTree = { whole: boolean; members: Map<string, MutableTree> };

/** RFC 6901 section 4. */
function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/**
 * What of `body` the tree names; all else is left out, also items of a list that hold nothing of it. Members and items
 * keep their order. Of a member that stands twice there is none here: who reads the text refuses it (`parseJson`, exact).
 */
export function minimise(body: Json, tree: FieldTree): Json {
  return keptOf(body, tree) ?? null;
}

/** Undefined where nothing of it was agreed on: a plain value under a deeper path, which names members of it. */
function keptOf(body: Json, tree: FieldTree): Json | undefined {
  if (tree.whole) return body;
  if (Array.isArray(body)) {
    const each = tree.members.get('*');
    if (each === undefined) return [];
    return (body as readonly Json[]).map((item) => keptOf(item, each)).filter((item) => item !== undefined);
  }
  if (!isObject(body)) return undefined;
  // Without a prototype: a member called __proto__ stays a member.
  const kept: Record<string, Json> = Object.create(null);
  for (const [name, value] of Object.entries(body)) {
    const subtree = tree.members.get(name);
    const left = subtree === undefined ? undefined : keptOf(value, subtree);
    if (left !== undefined) kept[name] = left;
  }
  return kept;
}

/** A number that is kept as it was written is an object to JavaScript, and none here. */
function isObject(value: Json): value is { readonly [name: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isRawJson(value);
}

const { isRawJSON: isRawJson } = JSON as unknown as { isRawJSON(value: unknown): boolean };
