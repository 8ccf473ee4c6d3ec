import { err, ok, type Result } from '../../kernel/index.ts';
import { type OpenedCheckpoint, openCheckpoint, type Witness } from '../../ledger/index.ts';
import type { Database, Tx } from '../../platform/index.ts';
import { type AddCheckpoint, parseAddCheckpoint, type WitnessRefusal } from './model.ts';
import { judgeTree } from './rules.ts';
import { lockSeenTree, putSeenTree, raiseAlarm } from './store.ts';

export type WitnessDeps = {
  readonly db: Database;
  readonly witness: Witness;
  /** The key of a log that is witnessed here, by its origin. */
  readonly vkeyOf: (origin: string) => string | undefined;
  readonly clock: () => Date;
};

/**
 * Signs another log's checkpoint where it grows out of the one that was signed before. The tree is committed before the
 * signature is made: a crash between the two leaves a tree that was judged and not signed, and the log asks again; the
 * other way round, a witness that forgot could sign a fork. A log that shows two trees raises an alarm that holds both.
 */
export async function addCheckpoint(deps: WitnessDeps, body: string): Promise<Result<string, WitnessRefusal>> {
  const parsed = parseAddCheckpoint(body);
  if (!parsed.ok) return parsed;
  const opened = openGiven(deps, parsed.value.checkpoint);
  if (!opened.ok) return opened;
  const now = deps.clock();
  const judged = await deps.db.transaction((tx) => judgeAndKeep(tx, parsed.value, opened.value, now));
  return judged.ok ? ok(deps.witness.cosign(opened.value.text, now)) : judged;
}

/** The origin stands in the first line; only then it is known whose signature must stand below. */
function openGiven(deps: WitnessDeps, note: string): Result<OpenedCheckpoint, WitnessRefusal> {
  const origin = note.split('\n', 1)[0] ?? '';
  const vkey = deps.vkeyOf(origin);
  if (vkey === undefined) {
    return err({ kind: 'unknown-log', status: 404, detail: `${origin.slice(0, 200)} is no log of this trust list` });
  }
  const opened = openCheckpoint(note, vkey);
  if (opened.ok) return opened;
  return err({ kind: 'bad-signature', status: 403, detail: opened.error.detail });
}

async function judgeAndKeep(
  tx: Tx,
  { old, proof, checkpoint }: AddCheckpoint,
  opened: OpenedCheckpoint,
  now: Date,
): Promise<Result<'same' | 'grown', WitnessRefusal>> {
  const { origin, size, root } = opened;
  const held = await lockSeenTree(tx, origin);
  const judged = judgeTree(held, { old, size, root, proof });
  if (judged.ok) {
    if (judged.value === 'grown') await putSeenTree(tx, origin, { size, root, checkpoint }, now);
    return judged;
  }
  const lie = judged.error.kind === 'forked' || judged.error.kind === 'inconsistent';
  const isOlder = held !== undefined && judged.error.kind === 'other-size' && size < held.size && old === size;
  const evidence = { held: held?.checkpoint ?? null, given: checkpoint, detail: judged.error.detail };
  if (lie) await raiseAlarm(tx, 'log-forked', origin, evidence, now);
  else if (isOlder) await raiseAlarm(tx, 'log-rolled-back', origin, evidence, now);
  return judged;
}
