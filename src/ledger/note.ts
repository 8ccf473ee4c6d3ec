import { verify } from 'node:crypto';
import { decodeBase64, err, ok, type Result } from '../kernel/index.ts';
import { isKeyName, type VerifierKey } from './vkey.ts';

/** C2SP signed-note: a text, an empty line, and lines `— NAME BASE64(key id || signature)`. */

export type NoteSignature = { readonly name: string; readonly keyId: string; readonly bytes: Buffer };

export type Note = {
  /** What is signed, with its last newline and without the empty line after it. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

export type VerifiedSignature = {
  readonly name: string;
  readonly keyId: string;
  /** Only cosignatures carry a time: when the witness saw the text, in seconds since 1970. */
  readonly time: number | undefined;
};

export type NoteRefusal = {
  readonly kind: 'malformed-note' | 'bad-signature' | 'unknown-key';
  readonly detail: string;
};

// Far above a checkpoint with a hundred witnesses; the bounds of the Go implementation.
const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const KEY_ID_BYTES = 4;

/** Reads a note from outside. A string is taken as its UTF-8. */
export function parseNote(source: Uint8Array | string): Result<Note, NoteRefusal> {
  const note = typeof source === 'string' ? source : decodeUtf8(source);
  if (note === undefined || !note.isWellFormed()) return malformed('the note is not UTF-8');
  if (note.length > MAX_NOTE_BYTES) return malformed('the note is too long');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification names them
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) return malformed('the note holds control characters');
  const gap = note.lastIndexOf('\n\n');
  if (gap < 0 || !note.endsWith('\n')) return malformed('the note is not a text, an empty line and signatures');
  const lines = note.slice(gap + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return malformed(`the note has more than ${MAX_SIGNATURES} signatures`);
  const signatures = lines.map(parseSignature).filter((signature) => signature !== undefined);
  if (signatures.length !== lines.length) return malformed('a signature line is not "— NAME BASE64"');
  return ok({ text: note.slice(0, gap + 1), signatures });
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_NOTE_BYTES) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = decodeBase64(encoded);
  if (!isKeyName(name) || bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined;
  return { name, keyId: bytes.toString('hex', 0, KEY_ID_BYTES), bytes: bytes.subarray(KEY_ID_BYTES) };
}

/**
 * The signatures by known keys, each checked. Signatures of others are passed over, whatever they hold; one bad
 * signature by a known key refuses the whole note, and so does a note that no known key has signed.
 */
export function verifyNote(
  note: Note,
  keys: readonly VerifierKey[],
): Result<readonly VerifiedSignature[], NoteRefusal> {
  const verified: VerifiedSignature[] = [];
  for (const signature of note.signatures) {
    const key = keys.find((candidate) => candidate.name === signature.name && candidate.keyId === signature.keyId);
    if (key === undefined) continue;
    const result = verifySignature(note.text, signature, key);
    if (!result.ok) return result;
    verified.push(result.value);
  }
  if (verified.length > 0) return ok(verified);
  const known = keys.map((key) => `${key.name}+${key.keyId}`).join(', ');
  return err({ kind: 'unknown-key', detail: `the note has no signature by ${known}` });
}

function verifySignature(
  text: string,
  signature: NoteSignature,
  key: VerifierKey,
): Result<VerifiedSignature, NoteRefusal> {
  const { name, keyId } = signature;
  const cosignature = key.kind === 'cosignature' ? splitCosignature(signature.bytes) : undefined;
  const message = cosignature === undefined ? text : cosignedMessage(text, cosignature.time);
  const bytes = cosignature?.signature ?? signature.bytes;
  const isGood =
    (key.kind === 'ed25519' || cosignature !== undefined) && verify(null, Buffer.from(message), key.publicKey, bytes);
  if (isGood) return ok({ name, keyId, time: cosignature?.time });
  return err({ kind: 'bad-signature', detail: `the signature of ${name}+${keyId} is not one of this text` });
}

const TIME_BYTES = 8;

/** C2SP tlog-cosignature: the time as a big-endian uint64 before the signature. */
function splitCosignature(bytes: Buffer): { time: number; signature: Buffer } | undefined {
  if (bytes.length <= TIME_BYTES) return undefined;
  const time = Number(bytes.readBigUInt64BE());
  return Number.isSafeInteger(time) ? { time, signature: bytes.subarray(TIME_BYTES) } : undefined;
}

/** What a witness signs: `cosignature/v1`, the time in seconds since 1970, and the checkpoint's text. */
export function cosignedMessage(text: string, time: number): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}

export function formatNote(note: Note): string {
  return `${note.text}\n${note.signatures.map(signatureLine).join('')}`;
}

/** One line of a note, with its newline. */
export function signatureLine(signature: NoteSignature): string {
  const bytes = Buffer.concat([Buffer.from(signature.keyId, 'hex'), signature.bytes]);
  return `— ${signature.name} ${bytes.toString('base64')}\n`;
}

const malformed = (detail: string) => err<NoteRefusal>({ kind: 'malformed-note', detail });
