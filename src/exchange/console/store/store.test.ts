import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { onEachDatabase } from '../../../../test/support/database.ts';
import { createLog, logSigner, openSequencer, type Sequencer } from '../../../ledger/index.ts';
import type { Database } from '../../../platform/index.ts';
import { GATEWAY_MIGRATIONS } from '../../gateway/migration-sets.ts';
import type { Kept, MessageRecord } from '../../gateway/model.ts';
import { placeMessages } from '../../gateway/store.ts';
import { sumOf } from '../rules/charts.ts';
import { outcomeOf } from '../rules/traffic.ts';
import { countMessages, forgetMinutes, listMinutes } from './minute.ts';
import { listTraffic, TRAFFIC_COLUMNS } from './traffic.ts';

const NOW = new Date('2026-03-02T09:00:30.000Z');
const laterBy = (ms: number) => new Date(NOW.getTime() + ms);
const PERSONS = 'MA/GOV/DGSN/identity/persons';

function aRecord(parts: Partial<MessageRecord>): MessageRecord {
  return {
    exchange: randomUUID(),
    kind: 'request',
    side: 'provider',
    at: NOW,
    peer: 'MA/GOV/ADD/gw1',
    client: 'MA/GOV/ADD/portal',
    service: PERSONS,
    agreement: 'residence',
    agreementVersion: 1,
    purpose: 'residence',
    status: null,
    fault: null,
    xRoadId: `MA-${randomUUID()}`,
    keyid: 'k'.repeat(43),
    base: '"@method": GET',
    signatureInput: 'wasl=("@method");created=1',
    signature: 'wasl=:AAAA:',
    salt: randomBytes(16),
    subjectHash: null,
    ...parts,
  };
}

/** A request and how it ended after so many milliseconds. */
function anExchange(end: Partial<MessageRecord> & Pick<MessageRecord, 'kind'>, ms: number): readonly MessageRecord[] {
  const { kind: _kind, status: _status, fault: _fault, at: _at, ...common } = end;
  const request = aRecord(common);
  return [request, { ...request, ...end, at: laterBy(ms), salt: randomBytes(16) }];
}

onEachDatabase(GATEWAY_MIGRATIONS, (_name, open) => {
  let db: Database;
  let sequencer: Sequencer<Kept>;
  before(async () => {
    db = await open();
    const signer = logSigner('test.example/console', generateKeyPairSync('ed25519').privateKey);
    await createLog(db, 'console', signer);
    sequencer = openSequencer<Kept>({ db, log: 'console', signer, clock: () => NOW, place: placeMessages });
    await keep([
      ...anExchange({ kind: 'response', status: 200 }, 10),
      ...anExchange({ kind: 'response', status: 404 }, 20),
      ...anExchange({ kind: 'response', status: 503 }, 400),
      aRecord({ kind: 'refusal', status: 403, fault: 'no-agreement', client: 'MA/GOV/ADDX/other' }),
      aRecord({ service: 'MA/GOV/DGSN/identity/p_r%' }),
    ]);
  });
  after(async () => {
    await sequencer.close();
    await db.close();
  });

  const keep = (records: readonly MessageRecord[]) =>
    sequencer.appendMany(records.map((record) => ({ entry: Buffer.from('{}'), payload: { record } })));

  const from = laterBy(-60_000);

  test('an exchange is one line: how it ended, or its request while it has no end', async () => {
    const rows = await listTraffic(db.read, { from }, 50);
    assert.deepEqual(rows.map(outcomeOf), ['open', 'refused', 'failed', 'answered', 'answered']);
    assert.deepEqual(
      rows.map((row) => (row.askedAt === null ? null : row.at.getTime() - row.askedAt.getTime())),
      [0, null, 400, 20, 10],
    );
  });

  test('filters take what they name and no pattern, and pages neither skip nor repeat', async () => {
    const outcomes = async (filter: object) => (await listTraffic(db.read, { from, ...filter }, 50)).map(outcomeOf);
    assert.deepEqual(await outcomes({ outcome: 'failed' }), ['failed']);
    assert.deepEqual(await outcomes({ outcome: 'open' }), ['open']);
    assert.deepEqual(await outcomes({ member: 'MA/GOV/ADDX' }), ['refused']);
    assert.deepEqual(await outcomes({ service: 'MA/GOV/DGSN/identity/p_r%' }), ['open']);
    assert.deepEqual(await outcomes({ from: laterBy(60_000) }), []);
    const first = await listTraffic(db.read, { from }, 2);
    const second = await listTraffic(db.read, { from, before: first[1]?.index }, 50);
    const newer = await listTraffic(db.read, { from, after: second[0]?.index }, 50);
    assert.equal(first.length + second.length, 5);
    assert.deepEqual(newer, first);
  });

  test('in every order pages neither skip nor repeat', async () => {
    for (const by of TRAFFIC_COLUMNS)
      for (const isDown of [true, false]) {
        const sorting = { by, isDown };
        const whole = await listTraffic(db.read, { from }, 50, sorting);
        const first = await listTraffic(db.read, { from }, 2, sorting);
        const second = await listTraffic(db.read, { from, before: first[1]?.index }, 2, sorting);
        const third = await listTraffic(db.read, { from, before: second[1]?.index }, 2, sorting);
        assert.deepEqual([...first, ...second, ...third], whole, `${by} ${isDown}`);
      }
    const byOutcome = await listTraffic(db.read, { from }, 50, { by: 'outcome', isDown: false });
    assert.deepEqual(byOutcome.map(outcomeOf), ['answered', 'answered', 'failed', 'open', 'refused']);
  });

  test('messages are counted once, however many count at once and whenever more come', async () => {
    await Promise.all([countMessages(db), countMessages(db), countMessages(db)]);
    assert.deepEqual(sumsOf(await listMinutes(db.read, 1, from)), [2, 1, 1]);
    await keep(anExchange({ kind: 'response', status: 200 }, 12));
    await countMessages(db);
    await countMessages(db);
    const minutes = await listMinutes(db.read, 1, from);
    assert.deepEqual(sumsOf(minutes), [3, 1, 1]);
    const { p50, p99 } = sumOf(minutes);
    assert.ok(p50 !== undefined && p50 > 9 && p50 < 14, `p50 ${p50}`);
    assert.ok(p99 !== undefined && p99 > 350 && p99 < 450, `p99 ${p99}`);
    assert.deepEqual(
      minutes.map((one) => [one.minute.toISOString(), one.client, one.service]),
      [
        ['2026-03-02T09:00:00.000Z', 'MA/GOV/ADD/portal', PERSONS],
        ['2026-03-02T09:00:00.000Z', 'MA/GOV/ADDX/other', PERSONS],
      ],
    );
  });

  test('old minutes are forgotten, and what was counted is not counted anew', async () => {
    const left = async () => [
      (await listMinutes(db.read, 1, new Date(0))).length,
      (await listMinutes(db.read, 30, new Date(0))).length,
    ];
    assert.deepEqual(sumsOf(await listMinutes(db.read, 30, new Date(0))), [3, 1, 1]);
    await forgetMinutes(db.read, laterBy(27 * 3_600_000));
    await countMessages(db);
    assert.deepEqual(await left(), [0, 2]);
    await forgetMinutes(db.read, laterBy(36 * 86_400_000));
    await countMessages(db);
    assert.deepEqual(await left(), [0, 0]);
  });
});

function sumsOf(minutes: Parameters<typeof sumOf>[0]): readonly number[] {
  const { answered, failed, refused } = sumOf(minutes);
  return [answered, failed, refused];
}
