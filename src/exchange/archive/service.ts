import { Readable } from 'node:stream';
import { notFound } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { subjectHash } from '../gateway/entry.ts';
import type { GatewayContext } from '../gateway/model.ts';
import { type Acting, recordAct } from '../operators/audit.ts';
import type { OperatorsDeps } from '../operators/deps.ts';
import { type Actor, COMMAND } from '../operators/model.ts';
import type { ArchivedBody } from './model.ts';
import { bodyDamaged, bodyErased } from './problems.ts';
import { signedDigest } from './rules.ts';
import * as store from './store.ts';

/** A body as an age file, as it was sealed. What it says can be read by a recipient's identity, which is not here. */
export type TakenBody = ArchivedBody & {
  /** As it was signed; who decrypts the file checks it against this. */
  readonly contentDigest: string;
  readonly file: Readable;
  readonly fileSize: number;
};

/** Throws a Problem: 404, 410 where it was erased, 409 where its file is not what was written. */
export async function takeBody({ db, archive }: GatewayContext, index: number): Promise<TakenBody> {
  const found = await store.findBody(db.read, index);
  if (found === undefined) throw notFound('There is no archived body of this message.');
  const { body, base, ...told } = found;
  if (body === undefined) throw bodyErased(told);
  const contentDigest = signedDigest(base);
  if (contentDigest === undefined) throw new Error(`the message ${index} was signed without a digest`);
  const { header, payload } = body;
  if ('sealed' in payload) {
    const whole = Buffer.concat([header, payload.sealed]);
    return { ...told, contentDigest, file: Readable.from([whole]), fileSize: whole.length };
  }
  const files = await archive.files();
  // Read once before it is given: a damaged file is refused by name, not cut off somewhere in the middle.
  const state = await files.check(payload.file);
  if (state !== 'whole') throw bodyDamaged(state);
  const file = Readable.from(behind(header, files.read(payload.file)));
  return { ...told, contentDigest, file, fileSize: header.length + (await files.sizeOf(payload.file)) };
}

async function* behind(header: Buffer, rest: Readable): AsyncIterable<Buffer> {
  yield header;
  yield* rest as AsyncIterable<Buffer>;
}

/** The operator's words why; they stay here, the ledger commits to them. */
export type Reason = string;

/** Throws 404 where there is nothing to erase. Gives the number of bodies. */
export function eraseExchange(
  context: GatewayContext,
  exchange: string,
  reason: Reason,
  acting: Acting,
): Promise<number> {
  const forget = (tx: Tx) => store.forgetExchange(tx, exchange, 'operator', context.clock());
  return erase(context, forget, (tx, bodies) => acting.record(tx, exchange, { bodies, reason }));
}

/**
 * All bodies about one person (law 09-08, article 8). The number is hashed under the gateway's own key and goes nowhere:
 * what is recorded is that it was done, how much of it, and why.
 */
export function eraseSubject(
  context: GatewayContext,
  subject: string,
  reason: Reason,
  acting: Acting,
): Promise<number> {
  const hash = subjectHash(subject, context.subjectKey);
  if (hash === null) throw new Error('a person has a number');
  const forget = (tx: Tx) => store.forgetSubject(tx, hash, context.clock());
  return erase(context, forget, (tx, bodies) => acting.record(tx, 'subject', { bodies, reason }));
}

/**
 * First the keys are forgotten, with the entry that says so, in one transaction; from its commit on nobody can read the
 * bodies. Then the files go: a crash between leaves files without a key, and the sweep takes them away.
 */
async function erase(
  context: GatewayContext,
  forget: (tx: Tx) => Promise<store.Forgotten>,
  record: (tx: Tx, bodies: number) => Promise<void>,
): Promise<number> {
  const gone = await context.db.transaction(async (tx) => {
    const forgotten = await forget(tx);
    if (forgotten.indexes.length === 0) throw notFound('There is no archived body to erase here.');
    await record(tx, forgotten.indexes.length);
    return forgotten;
  });
  await context.archive.removeFiles(gone.files);
  return gone.indexes.length;
}

const BATCH = 200;
const RETENTION: Actor = { ...COMMAND, id: 'retention', name: 'retention' };

/**
 * One batch of bodies whose time is over, by one process at a time. Gives how many there were; after a full batch there
 * may be more.
 */
export async function sweepExpired(context: GatewayContext, audit: OperatorsDeps): Promise<number> {
  const now = context.clock();
  const gone = await context.db.transaction(async (tx) => {
    if (!(await store.holdSweep(tx))) return undefined;
    const forgotten = await store.forgetExpired(tx, now, BATCH);
    await store.noteSwept(tx, now);
    const { indexes } = forgotten;
    if (indexes.length > 0) {
      const detail = { bodies: indexes.length, places: [...indexes] };
      await recordAct(audit, tx, RETENTION, { event: 'archive.expired', target: 'retention', detail });
    }
    return forgotten;
  });
  if (gone === undefined) return 0;
  await context.archive.removeFiles(gone.files);
  return gone.indexes.length === BATCH ? BATCH : 0;
}

/**
 * A file without a row after two hours belongs to nobody: its transfer has ended long ago (an hour is the most that one
 * takes), its process died before the commit, or after forgetting its key and before taking it away.
 */
const ORPHAN_AFTER_MS = 2 * 3_600_000;

export async function sweepOrphans({ db, archive, clock }: GatewayContext): Promise<number> {
  const files = await archive.filesIfAny();
  if (files === undefined) return 0;
  const before = new Date(clock().getTime() - ORPHAN_AFTER_MS);
  let removed = 0;
  let lot: string[] = [];
  const look = async () => {
    const unnamed = await store.unnamedFiles(db.read, lot);
    await archive.removeFiles(unnamed);
    removed += unnamed.length;
    lot = [];
  };
  for await (const file of files.listBefore(before)) {
    lot.push(file);
    if (lot.length === BATCH) await look();
  }
  if (lot.length > 0) await look();
  return removed;
}
