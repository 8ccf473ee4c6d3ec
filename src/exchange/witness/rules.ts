import { err, ok, type Result } from '../../kernel/index.ts';
import { emptyRoot, verifyConsistency } from '../../ledger/index.ts';
import type { SeenTree, WitnessRefusal } from './model.ts';

/** The tree of a checkpoint whose signature is right, and how it is said to grow out of `old`. */
export type GivenTree = {
  readonly old: number;
  readonly size: number;
  readonly root: Buffer;
  readonly proof: readonly Buffer[];
};

/**
 * Whether a witness may sign: the tree must be the one that it holds, or grow out of it (C2SP tlog-witness). `held` is
 * undefined for a log that was never seen, which is as good as an empty one. What is refused as `forked` or
 * `inconsistent` was signed by the log nevertheless, and is the proof of its lie.
 */
export function judgeTree(held: SeenTree | undefined, given: GivenTree): Result<'same' | 'grown', WitnessRefusal> {
  const from = held ?? { size: 0, root: emptyRoot() };
  if (given.old > given.size) return refuse('malformed', 400, 'the old size is above the checkpoint’s');
  if (given.old !== from.size) {
    return err({ kind: 'other-size', status: 409, detail: `this witness holds size ${from.size}`, size: from.size });
  }
  if (given.size === from.size) {
    if (given.root.equals(from.root)) return ok('same');
    return err({ kind: 'forked', status: 409, detail: 'another tree of this size was signed before', size: from.size });
  }
  if (from.size === 0 && given.proof.length === 0) return ok('grown');
  if (verifyConsistency(from.size, given.size, given.proof, from.root, given.root)) return ok('grown');
  return refuse('inconsistent', 422, 'the proof does not lead from the tree that was seen to this one');
}

function refuse(kind: WitnessRefusal['kind'], status: WitnessRefusal['status'], detail: string) {
  return err<WitnessRefusal>({ kind, status, detail });
}
