/** Bytes that come in pieces of somebody else's choosing. */
export type Pieces = {
  readonly size: number;
  add(piece: Uint8Array): void;
  /** In their order. */
  parts(): readonly Buffer[];
  /** The very piece where it came as one. */
  whole(): Buffer;
};

/** More than an honest sender needs for ten megabytes: those are not copied twice. */
const MOST_LOOSE = 1_024;

/**
 * Gathers them at a cost of their bytes: a buffer for each would take four hundred bytes of memory for one that a sender
 * sends alone, four gigabytes for ten megabytes.
 */
export function gatherPieces(): Pieces {
  const joined: Buffer[] = [];
  let loose: Buffer[] = [];
  let size = 0;
  const parts = () => [...joined, ...loose];
  return {
    get size() {
      return size;
    },
    add(piece) {
      size += piece.length;
      loose.push(Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      if (loose.length < MOST_LOOSE) return;
      joined.push(Buffer.concat(loose));
      loose = [];
    },
    parts,
    whole() {
      const all = parts();
      const [only] = all;
      return all.length === 1 && only !== undefined ? only : Buffer.concat(all, size);
    },
  };
}
