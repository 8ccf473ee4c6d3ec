import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { openOperators } from '../../src/exchange/operators/operators.ts';
import { createLog, logSigner } from '../../src/ledger/index.ts';
import { migrate, openPostgresql, silentLog } from '../../src/platform/index.ts';

/** The process that the crash test kills: makes accounts without end, and says which were acknowledged. */
const { url, schema, pem } = JSON.parse(process.argv[2] ?? '') as { url: string; schema: string; pem: string };
const db = await openPostgresql({ url, schema, poolSize: 6 });
await migrate(db, GATEWAY_MIGRATIONS);
const signer = logSigner('test.example/operators', pem);
await createLog(db, 'operators', signer);
const operators = openOperators({
  db,
  ledger: { name: 'operators', signer },
  clock: () => new Date(),
  random: randomBytes,
  house: 'TEST/GOV/X/gw1',
  bootstrapToken: 'not used here',
  origin: () => 'http://localhost',
  log: silentLog,
});

async function addForever(): Promise<never> {
  for (;;) {
    const { operator } = await operators.add({ name: 'Nadia', roles: ['observer'] });
    writeSync(1, `${operator.id}\n`);
  }
}

await Promise.all(Array.from({ length: 6 }, addForever));
