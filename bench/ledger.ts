import { generateKeyPairSync } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  appendIn,
  consistencyProof,
  createLog,
  inclusionProof,
  type LogSigner,
  logSigner,
  openSequencer,
} from '../src/ledger/index.ts';
import { findTestDatabase } from '../src/main/test-database.ts';
import { type Database, migrate, openPostgresql } from '../src/platform/index.ts';

/**
 * Whether a ledger of many entries is as quick as an empty one: appends and proofs on two logs of one PostgreSQL with
 * fsync on, each in a schema of its own, by turns in the same run. Entries are generated, of the size of a message's.
 */
const USAGE = 'node bench/ledger.ts [--entries 10000000] [--rounds 15]';
const BAR = 1.1;
const LOG = 'bench';

type Side = { readonly name: string; readonly db: Database; readonly times: Map<string, number[]>; size: number };

async function main(): Promise<void> {
  const { entries, rounds } = readOptions();
  const database = await findTestDatabase();
  if (database.url === undefined) throw new Error(`the ledger needs PostgreSQL: ${database.said}`);
  const signer = logSigner('bench.example/ledger', generateKeyPairSync('ed25519').privateKey);
  try {
    // 1,000 entries: two tiles begun and three full, so that both sides do all the kinds of work.
    const sides = [
      await openSide(database.url, 'small', 1_000, signer),
      await openSide(database.url, 'large', entries, signer),
    ];
    for (let round = 0; round < rounds; round += 1) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) await measure(side, signer, round > 0);
    }
    report(sides);
    await Promise.all(sides.map((side) => side.db.close()));
  } finally {
    await database.stop();
  }
}

async function openSide(url: string, name: string, entries: number, signer: LogSigner): Promise<Side> {
  const db = await openPostgresql({ url, schema: `bench_${name}` });
  await migrate(db, ['ledger']);
  await createLog(db, LOG, signer);
  const from = performance.now();
  const step = 20_000;
  for (let first = 0; first < entries; first += step) {
    const batch = entriesFrom(first, Math.min(step, entries - first));
    await db.transaction((tx) => appendIn(tx, LOG, signer, batch, new Date()));
    if (first % 1_000_000 === 0 && first > 0) say(`${name}: ${first} entries`);
  }
  await db.script('analyze');
  say(`${name}: ${entries} entries in ${((performance.now() - from) / 1000).toFixed(0)} s`);
  return { name, db, times: new Map(), size: entries };
}

const WORK: readonly (readonly [string, number, (side: Side, signer: LogSigner) => Promise<void>])[] = [
  ['append of 1', 200, (side, signer) => appendBatches(side, signer, 200, 1)],
  ['append of 64', 60, (side, signer) => appendBatches(side, signer, 60, 64)],
  ['inclusion proof', 200, (side) => prove(side, 200, (at) => inclusionProof(side.db.read, LOG, at, side.size))],
  ['consistency proof', 200, (side) => prove(side, 200, (at) => consistencyProof(side.db.read, LOG, at, side.size))],
];

async function measure(side: Side, signer: LogSigner, isCounted: boolean): Promise<void> {
  for (const [name, count, work] of WORK) {
    const from = performance.now();
    await work(side, signer);
    if (isCounted) side.times.set(name, [...(side.times.get(name) ?? []), (performance.now() - from) / count]);
  }
}

async function appendBatches(side: Side, signer: LogSigner, count: number, length: number): Promise<void> {
  const sequencer = openSequencer<null>({ db: side.db, log: LOG, signer, clock: () => new Date() });
  for (let n = 0; n < count; n += 1) {
    await sequencer.appendMany(entriesFrom(side.size, length).map((entry) => ({ entry, payload: null })));
    side.size += length;
  }
  await sequencer.close();
}

/** At places spread over the whole log, new ones in each call. */
async function prove(side: Side, count: number, proofAt: (index: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n += 1) await proofAt(Math.floor(Math.random() * (side.size - 1)));
}

function entriesFrom(first: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, n) =>
    Buffer.from(
      `{"at":"2026-01-01T00:00:00.000Z","client":"MA/GOV/ADD/portal","commitment":"${String(first + n).padStart(43, 'x')}","exchange":"00000000-0000-4000-8000-${String(first + n).padStart(12, '0')}","kind":"request","service":"MA/GOV/DGSN/identity/person-record","v":1}`,
    ),
  );
}

function report(sides: readonly Side[]): void {
  const [small, large] = sides;
  if (small === undefined || large === undefined) return;
  say(`\nmedian, ms${''.padEnd(12)}${small.size} entries   ${large.size} entries   ratio (bar ${BAR.toFixed(2)})`);
  for (const [name] of WORK) {
    const [before, after] = [medianOf(small.times.get(name)), medianOf(large.times.get(name))];
    const cells = [
      before.toFixed(3).padStart(14),
      after.toFixed(3).padStart(17),
      (after / before).toFixed(2).padStart(8),
    ];
    say(`${name.padEnd(20)}${cells.join('')}`);
  }
}

function medianOf(values: readonly number[] = []): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function readOptions(): { readonly entries: number; readonly rounds: number } {
  try {
    const { values } = parseArgs({
      options: { entries: { type: 'string', default: '10000000' }, rounds: { type: 'string', default: '15' } },
    });
    const [entries, rounds] = [Number(values.entries), Number(values.rounds)];
    if (!Number.isInteger(entries) || entries < 1_000 || !Number.isInteger(rounds) || rounds < 2)
      throw new Error('--entries takes 1000 or more, --rounds 2 or more');
    return { entries, rounds };
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : 'unknown option'}\nusage: ${USAGE}`, { cause });
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = 1;
});
