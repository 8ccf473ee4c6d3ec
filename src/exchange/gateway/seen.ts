/**
 * Messages that this process received lately, so that a replay is refused before it joins a batch, which it would
 * break. Only a shortcut: what decides is the database, in which other processes of this gateway remember too.
 */
export type SeenMessages = { has(key: string): boolean; add(key: string): void };

/** Two generations of at most `size` keys each: the older one goes when the younger is full. */
export function rememberSeenMessages(size = 50_000): SeenMessages {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    has: (key) => young.has(key) || old.has(key),
    add(key) {
      if (young.size >= size) [old, young] = [young, new Set()];
      young.add(key);
    },
  };
}
