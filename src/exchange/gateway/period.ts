import { parseJson, unavailable } from '../../kernel/index.ts';
import { openCheckpoint, rangeEdges, readCheckpoint, readEntries } from '../../ledger/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { PeriodHead } from '../evidence/period.ts';
import { signJws } from '../trust/jws.ts';
import type { GatewayContext } from './model.ts';
import { vouchingForOwn } from './proof.ts';
import { type PeriodEnds, periodEnds } from './store.ts';

const STEP = 200;

/**
 * The part of our log that a period fills, with one entry before and after it, so that who checks it sees where it
 * begins and ends. Times stand in the entries, in the order of the log but for clocks of several processes.
 */
export async function periodHead(context: GatewayContext, from: Date, until: Date): Promise<PeriodHead> {
  const { ledger, db } = context;
  const checkpoint = await readCheckpoint(db.read, ledger.name);
  const opened = openCheckpoint(checkpoint, ledger.signer.vkey);
  if (!opened.ok) throw unavailable(`Our own checkpoint does not open: ${opened.error.detail}`);
  const { size } = opened.value;
  const { first, end } = await widen(db.read, ledger.name, await periodEnds(db.read, from, until), {
    from,
    until,
    size,
  });
  const { left, right } = await rangeEdges(db.read, ledger.name, first, end, size);
  const spelled = (hashes: typeof left) => hashes.map((hash) => Buffer.from(hash).toString('base64'));
  return {
    v: 1,
    log: opened.value.origin,
    vkey: ledger.signer.vkey,
    first,
    end,
    size,
    checkpoint,
    left: spelled(left),
    right: spelled(right),
  };
}

/** Messages are found by their rows; entries of other kinds may stand between them and the ends of the period. */
async function widen(
  tx: Tx,
  log: string,
  ends: PeriodEnds,
  { from, until, size }: { readonly from: Date; readonly until: Date; readonly size: number },
): Promise<{ readonly first: number; readonly end: number }> {
  let first = Math.max(0, Math.min(ends.lastBefore ?? 0, (ends.firstWithin ?? size) - 1));
  while (first > 0) {
    const start = Math.max(0, first - STEP);
    const entries = await readEntries(tx, log, start, first + 1);
    const before = entries.findLastIndex((entry) => timeOf(entry) < from.getTime());
    first = before === -1 ? start : start + before;
    if (before !== -1) break;
  }
  let end = Math.min(size, Math.max(first + 1, (ends.lastWithin ?? -1) + 1));
  while (end < size) {
    const entries = await readEntries(tx, log, end, Math.min(size, end + STEP));
    const after = entries.findIndex((entry) => timeOf(entry) >= until.getTime());
    if (after !== -1) return { first, end: end + after + 1 };
    end += entries.length;
  }
  return { first, end };
}

function timeOf(entry: Buffer): number {
  const json = parseJson(entry.toString('utf8'), { maxChars: 70_000, maxDepth: 16 });
  return json.ok ? Date.parse(String((json.value as { readonly at?: unknown } | null)?.at)) : Number.NaN;
}

export async function periodEntries(context: GatewayContext, first: number, end: number): Promise<readonly string[]> {
  const entries = await readEntries(context.db.read, context.ledger.name, first, end);
  return entries.map((entry) => entry.toString('utf8'));
}

/** Our word for a list of evidence: that we made it, and when. */
export async function sealPeriod(
  context: GatewayContext,
  manifest: string,
): Promise<{ readonly jws: string; readonly statement: string; readonly ca: string }> {
  const { signing, server, clock } = context;
  const payload = { v: 1, by: server, at: clock().toISOString(), manifest };
  const jws = signJws({ kid: signing.keyid, key: signing.key }, 'wasl-evidence-period', payload);
  const { statement, ca } = await vouchingForOwn(context, signing.keyid);
  return { jws, statement, ca };
}
