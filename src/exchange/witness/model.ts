import { decodeBase64, err, type Json, ok, type Result } from '../../kernel/index.ts';

/** The body of C2SP tlog-witness `add-checkpoint`: what the witness is thought to hold, the way from there, the note. */
export type AddCheckpoint = {
  readonly old: number;
  /** RFC 6962 consistency proof from `old` to the checkpoint's size. */
  readonly proof: readonly Buffer[];
  readonly checkpoint: string;
};

/** `status` is the one that tlog-witness asks for. `size` goes into the answer to a 409. */
export type WitnessRefusal = {
  readonly kind: 'malformed' | 'unknown-log' | 'bad-signature' | 'other-size' | 'forked' | 'inconsistent';
  readonly status: 400 | 403 | 404 | 409 | 422;
  readonly detail: string;
  readonly size?: number;
};

const malformed = (detail: string) => err<WitnessRefusal>({ kind: 'malformed', status: 400, detail });

const MAX_PROOF = 63;
const HASH_BYTES = 32;

export function parseAddCheckpoint(body: string): Result<AddCheckpoint, WitnessRefusal> {
  const gap = body.indexOf('\n\n');
  if (gap < 0) return malformed('there is no empty line before the checkpoint');
  const [first = '', ...lines] = body.slice(0, gap).split('\n');
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  if (old === undefined || !Number.isSafeInteger(Number(old))) return malformed('the first line is not "old SIZE"');
  if (lines.length > MAX_PROOF) return malformed(`the proof has more than ${MAX_PROOF} hashes`);
  const proof = lines.map((line) => decodeBase64(line));
  if (proof.some((hash) => hash?.length !== HASH_BYTES)) return malformed('a line of the proof is not a hash');
  return ok({ old: Number(old), proof: proof as Buffer[], checkpoint: body.slice(gap + 2) });
}

export function formatAddCheckpoint({ old, proof, checkpoint }: AddCheckpoint): string {
  return `${[`old ${old}`, ...proof.map((hash) => hash.toString('base64'))].join('\n')}\n\n${checkpoint}`;
}

/** The newest tree that a witness has seen of a log. */
export type SeenTree = { readonly size: number; readonly root: Buffer; readonly checkpoint: string };

export type AlarmKind = 'log-forked' | 'log-rolled-back' | 'own-log-refused';

/** What an operator must look at; the detail holds what was signed, as proof. */
export type Alarm = {
  readonly id: number;
  readonly kind: AlarmKind;
  /** The origin of the log, or the witness that refused ours. */
  readonly about: string;
  readonly detail: Json;
  readonly raisedAt: Date;
  readonly acknowledgedAt: Date | null;
};
