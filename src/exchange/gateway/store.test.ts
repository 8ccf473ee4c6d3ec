import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { onEachDatabase } from '../../../test/support/database.ts';
import { createLog, logSigner, openSequencer, type Sequencer } from '../../ledger/index.ts';
import type { Database } from '../../platform/index.ts';
import { GATEWAY_MIGRATIONS } from './migration-sets.ts';
import type { Kept, KeptMessage, MessageRecord } from './model.ts';
import { findMessages, forgetExpired, listMessages, placeMessages, SeenBefore } from './store.ts';

const NOW = new Date('2026-03-02T09:00:00.123Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const SUBJECT = Buffer.alloc(32, 5);

function aRecord(parts: Partial<MessageRecord> = {}): MessageRecord {
  return {
    exchange: randomUUID(),
    kind: 'request',
    side: 'provider',
    at: NOW,
    peer: 'MA/GOV/ADD/gw1',
    client: 'MA/GOV/ADD/portal',
    service: 'MA/GOV/DGSN/identity/persons',
    agreement: 'residence',
    agreementVersion: 2,
    purpose: 'residence',
    status: 200,
    fault: 'no-agreement',
    xRoadId: `MA-${randomUUID()}`,
    keyid: 'k'.repeat(43),
    base: '"@method": GET\n"wasl-subject": أمينة "quoted" \\ {1,2} ü \u{1f600}',
    signatureInput: 'wasl=("@method");created=1',
    signature: 'wasl=:AAAA:',
    salt: randomBytes(16),
    subjectHash: SUBJECT,
    ...parts,
  };
}

onEachDatabase(GATEWAY_MIGRATIONS, (_name, open) => {
  let db: Database;
  let next = 0;
  let sequencer: Sequencer<Kept>;
  before(async () => {
    db = await open();
    const signer = logSigner('test.example/store', generateKeyPairSync('ed25519').privateKey);
    await createLog(db, 'store', signer);
    sequencer = openSequencer<Kept>({ db, log: 'store', signer, clock: () => NOW, place: placeMessages });
  });
  after(async () => {
    await sequencer.close();
    await db.close();
  });

  /** Through a sequencer, as a gateway keeps them. */
  const keep = async (...batch: Kept[]) => {
    const placed = await sequencer.appendMany(batch.map((payload) => ({ entry: Buffer.from('{}'), payload })));
    next = (placed.at(-1)?.index ?? 0) + 1;
  };
  const received = (key: string, until = later(420)): KeptMessage => ({
    record: aRecord(),
    seen: { key: Buffer.alloc(32, key), until },
  });
  const isKept = async ({ record }: KeptMessage) => (await findMessages(db.read, record.exchange)).length === 1;

  test('a message is read back as it was kept, by its exchange and by the client’s id', async () => {
    const full = aRecord();
    const bare = aRecord({
      ...{ kind: 'refusal', side: 'consumer', agreement: null, agreementVersion: null, purpose: null },
      ...{ status: null, fault: null, subjectHash: null },
    });
    await keep({ record: full }, { record: bare });
    for (const [record, index] of [
      [full, next - 2],
      [bare, next - 1],
    ] as const) {
      for (const id of [record.exchange, record.xRoadId]) {
        assert.deepEqual(await findMessages(db.read, id), [{ index, record }]);
      }
    }
    assert.deepEqual(await listMessages(db.read, 2), [bare, full]);
  });

  test('a message received before is refused by its name, and nothing of its batch stays', async () => {
    const first = received('first');
    await keep(first);
    const [honest, replay] = [received('honest'), received('first')];
    await assert.rejects(keep(honest, replay), (cause) => {
      assert.ok(cause instanceof SeenBefore);
      assert.deepEqual([...cause.messages], [replay]);
      return true;
    });
    assert.equal(await isKept(honest), false);
    await keep(honest);
    assert.equal(await isKept(honest), true);
  });

  test('of two in one batch the second is the replay', async () => {
    const [one, two] = [received('twice'), received('twice')];
    await assert.rejects(keep(one, two), (cause) => cause instanceof SeenBefore && cause.messages.has(two));
    await keep(one);
    assert.equal(await isKept(one), true);
  });

  test('a message is remembered until its signature has expired, and no longer', async () => {
    await keep(received('short', later(10)), received('long', later(1000)));
    await forgetExpired(db.read, later(11));
    await keep(received('short'));
    await assert.rejects(keep(received('long')), SeenBefore);
  });

  test('what was kept is never changed and never removed', async () => {
    await keep({ record: aRecord() });
    await assert.rejects(sql`update exchange_message set status = 500`.execute(db.read), /never changed/);
    await assert.rejects(sql`delete from exchange_message`.execute(db.read), /never changed/);
  });
});
