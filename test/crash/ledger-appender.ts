import { writeSync } from 'node:fs';
import { sql } from 'kysely';
import { appendArguments, createLog, logSigner, openSequencer } from '../../src/ledger/index.ts';
import { openLedgerDatabase, type Place } from './ledger-database.ts';

/**
 * The process that the crash test kills: appends without end, and says on its standard output which entries were
 * acknowledged, one line each, written before anything else happens.
 */
const { place, pem, run } = JSON.parse(process.argv[2] ?? '') as { place: Place; pem: string; run: number };
const { db } = await openLedgerDatabase(place);
const signer = logSigner('test.example/crash', pem);
await createLog(db, 'acts', signer);
const sequencer = openSequencer<string>({
  db,
  log: 'acts',
  signer,
  clock: () => new Date(),
  maxBatch: 50,
  async place(tx, append, batch) {
    const indexes = batch.map((item) => item.index);
    const texts = batch.map((item) => item.payload);
    const kept = await sql`
      with placed as materialized (select ledger_append(${appendArguments(append)}) as is_placed)
      insert into payload select given.* from placed, unnest(${indexes}::bigint[], ${texts}::text[]) as given
      where placed.is_placed returning 1`.execute(tx);
    return kept.rows.length > 0;
  },
});

async function appendForever(worker: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const text = JSON.stringify({ run, worker, n, filling: 'x'.repeat(n % 300) });
    const { index } = await sequencer.append(Buffer.from(text), text);
    writeSync(1, `${index} ${text}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, worker) => appendForever(worker)));
