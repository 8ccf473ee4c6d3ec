/**
 * The outside of DER (X.690): tag, length, content. What is signed or hashed must be taken as it lies in the bytes, and
 * libraries that read a structure and write it again may write other bytes.
 */
export type Tlv = {
  readonly tag: number;
  /** With tag and length. */
  readonly raw: Uint8Array;
  readonly content: Uint8Array;
};

export const SEQUENCE = 0x30;
export const SET = 0x31;
export const INTEGER = 0x02;
export const CONTEXT_0 = 0xa0;

/** The values side by side, without a byte before, between or after; undefined for anything else, also for BER. */
export function readDer(bytes: Uint8Array): readonly Tlv[] | undefined {
  const found: Tlv[] = [];
  for (let at = 0; at < bytes.length; ) {
    const one = readOne(bytes, at);
    if (one === undefined) return undefined;
    found.push(one);
    at += one.raw.length;
  }
  return found;
}

/** Exactly one value of that tag; its content is taken apart. */
export function readInside(bytes: Uint8Array, tag: number): readonly Tlv[] | undefined {
  const outer = readDer(bytes);
  const only = outer?.length === 1 ? outer[0] : undefined;
  return only?.tag === tag ? readDer(only.content) : undefined;
}

function readOne(bytes: Uint8Array, at: number): Tlv | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  // Tags above 30 are of no structure that is read here, and 0x80 is BER's length without an end.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || first === 0x80) return undefined;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (more > 3) return undefined;
  let length = more === 0 ? first : 0;
  for (const byte of bytes.subarray(at + 2, at + 2 + more)) length = length * 256 + byte;
  const isShortest = more === 0 || (length >= 0x80 && length >= 256 ** (more - 1));
  const from = at + 2 + more;
  if (!isShortest || from + length > bytes.length) return undefined;
  return { tag, raw: bytes.subarray(at, from + length), content: bytes.subarray(from, from + length) };
}

export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = length < 0x80 ? [tag, length] : [tag, ...lengthBytes(length)];
  return joinBytes([Uint8Array.from(head), ...parts]);
}

function lengthBytes(length: number): readonly number[] {
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return [0x80 | bytes.length, ...bytes];
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** An object identifier as DER. */
export function oidBytes(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return writeDer(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): readonly number[] {
  const bytes = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift((left % 128) | 0x80);
  return bytes;
}
