/** DER (X.690 section 10): one value has one encoding, so lengths are definite and as short as can be. */
export type Der = {
  readonly tag: number;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
};

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The values that follow one another in `bytes`. Throws where they do not fill it exactly. */
export function readDer(bytes: Uint8Array): readonly Der[] {
  const values: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const value = readOne(bytes.subarray(at));
    values.push(value);
    at += value.whole.length;
  }
  return values;
}

/** The members of a value with that tag. Throws where it is another one. */
export function membersOf(value: Der | undefined, tag: number): readonly Der[] {
  return readDer(contentOf(value, tag));
}

export function contentOf(value: Der | undefined, tag: number): Uint8Array {
  if (value?.tag !== tag) throw new Error(`DER: tag ${tag} is expected, ${value?.tag} is there`);
  return value.content;
}

/** `1.2.840.10045.4.3.2` */
export function oidOf(value: Der | undefined): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of contentOf(value, TAG.oid)) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

function readOne(bytes: Uint8Array): Der {
  const [tag = 0, first = 0] = bytes;
  if (bytes.length < 2 || (tag & 0x1f) === 0x1f) throw new Error('DER: a value ends early, or has a long tag');
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 3) throw new Error('DER: an indefinite or very long length');
  let length = first;
  if (lengthBytes > 0) {
    length = bytes.subarray(2, 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
    if (length < 0x80 || length < 256 ** (lengthBytes - 1)) throw new Error('DER: a length longer than need be');
  }
  const start = 2 + lengthBytes;
  if (bytes.length < start + length) throw new Error('DER: a value ends early');
  return { tag, whole: bytes.subarray(0, start + length), content: bytes.subarray(start, start + length) };
}
