/**
 * The part of Node's Buffer that the verifier uses, over what every browser has: the bundler puts it in Buffer's place.
 * Like Buffer's, its base64 decoders are lenient; whoever must have one spelling encodes again and compares.
 */
type Encoding = 'utf8' | 'hex' | 'base64' | 'base64url';

export class Bytes extends Uint8Array {
  static override from(source: string | ArrayLike<number> | Iterable<number>, encoding: unknown = 'utf8'): Bytes {
    if (typeof source === 'string') return decode(source, encoding as Encoding);
    return new Bytes([...(source as Iterable<number>)]);
  }

  static override of(...values: number[]): Bytes {
    return new Bytes(values);
  }

  static alloc(length: number): Bytes {
    return new Bytes(length);
  }

  static allocUnsafe(length: number): Bytes {
    return new Bytes(length);
  }

  static concat(parts: readonly Uint8Array[]): Bytes {
    const whole = new Bytes(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  equals(other: Uint8Array): boolean {
    return this.length === other.length && this.every((byte, at) => byte === other[at]);
  }

  readBigUInt64BE(): bigint {
    return new DataView(this.buffer, this.byteOffset, this.byteLength).getBigUint64(0);
  }

  override toString(encoding: Encoding = 'utf8', start = 0, end: number = this.length): string {
    const bytes = this.subarray(start, end);
    if (encoding === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (encoding === 'utf8') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    return encoding === 'base64' ? base64 : base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  }
}

function decode(text: string, encoding: Encoding): Bytes {
  if (encoding === 'utf8') return new Bytes(new TextEncoder().encode(text));
  if (encoding === 'hex') return new Bytes((text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
  try {
    const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new Bytes(Array.from(letters, (letter) => letter.charCodeAt(0)));
  } catch {
    // Nothing encodes to what was refused here, so whoever compares refuses it too.
    return new Bytes(0);
  }
}

export { Bytes as Buffer };
