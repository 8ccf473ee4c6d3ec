import { decodeBase64, err, ok, type Result } from '../kernel/index.ts';
import { HASH_BYTES, type Hash } from './merkle.ts';
import { type NoteRefusal, parseNote, type VerifiedSignature, verifyNote } from './note.ts';
import { type KeyRefusal, parseVkey, type VerifierKey } from './vkey.ts';

/** C2SP tlog-checkpoint: the head of a tree, as the text of a signed note. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Hash };

export type CheckpointRefusal = {
  readonly kind: 'malformed-checkpoint' | 'other-log' | NoteRefusal['kind'] | KeyRefusal['kind'];
  readonly detail: string;
};

export type OpenedCheckpoint = Checkpoint & {
  /** The note's text, which witnesses sign. */
  readonly text: string;
  readonly signatures: readonly VerifiedSignature[];
};

/** Origin, size and root, a line each, the last with its newline. Our logs write no extension lines. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;
}

/** Reads a checkpoint's text from outside; extension lines of other logs are let pass. */
export function parseCheckpoint(text: string): Result<Checkpoint, CheckpointRefusal> {
  const [origin = '', size = '', encodedRoot = '', ...extensions] = text.split('\n');
  const isClosed = extensions.pop() === '';
  if (origin === '' || !isClosed || extensions.includes('')) return malformed('expected three or more whole lines');
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    return malformed('the second line is not a tree size');
  }
  const root = decodeBase64(encodedRoot);
  if (root?.length !== HASH_BYTES) return malformed('the third line is not the base64 of a root hash');
  return ok({ origin, size: Number(size), root });
}

/**
 * Verifies a checkpoint from outside against a log's key, and against those of witnesses where they are given.
 * The origin must be `origin`, by default the name of the log's key.
 */
export function openCheckpoint(
  note: Uint8Array | string,
  vkey: string,
  options: { readonly origin?: string; readonly witnesses?: readonly string[] } = {},
): Result<OpenedCheckpoint, CheckpointRefusal> {
  const keys = parseKeys([vkey, ...(options.witnesses ?? [])]);
  if (!keys.ok) return keys;
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const signatures = verifyNote(parsed.value, keys.value);
  if (!signatures.ok) return signatures;
  const [logKey] = keys.value;
  if (!signatures.value.some((signature) => signature.name === logKey.name && signature.keyId === logKey.keyId)) {
    return err({ kind: 'unknown-key', detail: `the checkpoint has no signature by its log ${logKey.name}` });
  }
  const checkpoint = parseCheckpoint(parsed.value.text);
  if (!checkpoint.ok) return checkpoint;
  const origin = options.origin ?? logKey.name;
  if (checkpoint.value.origin !== origin) {
    return err({ kind: 'other-log', detail: `the checkpoint is of ${checkpoint.value.origin}, not of ${origin}` });
  }
  return ok({ ...checkpoint.value, text: parsed.value.text, signatures: signatures.value });
}

function parseKeys(vkeys: readonly [string, ...string[]]): Result<[VerifierKey, ...VerifierKey[]], KeyRefusal> {
  const [first, ...others] = vkeys;
  const log = parseVkey(first);
  if (!log.ok) return log;
  const keys: [VerifierKey, ...VerifierKey[]] = [log.value];
  for (const other of others) {
    const key = parseVkey(other);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  return ok(keys);
}

const malformed = (detail: string) => err<CheckpointRefusal>({ kind: 'malformed-checkpoint', detail });
