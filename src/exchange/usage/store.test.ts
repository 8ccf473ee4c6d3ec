import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { onEachDatabase } from '../../../test/support/database.ts';
import { createLog, logSigner, openSequencer, type Sequencer } from '../../ledger/index.ts';
import type { Database } from '../../platform/index.ts';
import { GATEWAY_MIGRATIONS } from '../gateway/migration-sets.ts';
import type { Kept, MessageRecord } from '../gateway/model.ts';
import { placeMessages } from '../gateway/store.ts';
import { parseUsageQuery, type UsageQuery } from './query.ts';
import { listUsages } from './store.ts';

const NOW = Date.parse('2026-03-02T09:00:00.123Z');
const ALL = { limit: 500, before: undefined, from: undefined, until: undefined, member: undefined, exchanges: [] };

onEachDatabase(GATEWAY_MIGRATIONS, (_name, open) => {
  let db: Database;
  let sequencer: Sequencer<Kept>;
  before(async () => {
    db = await open();
    const signer = logSigner('test.example/usage', generateKeyPairSync('ed25519').privateKey);
    await createLog(db, 'usage', signer);
    sequencer = openSequencer<Kept>({ db, log: 'usage', signer, clock: () => new Date(NOW), place: placeMessages });
  });
  after(async () => {
    await sequencer.close();
    await db.close();
  });

  const keep = async (subject: Buffer, ...parts: Partial<MessageRecord>[]) => {
    for (const [nth, part] of parts.entries()) {
      const record: MessageRecord = {
        exchange: randomUUID(),
        kind: 'response',
        side: 'provider',
        at: new Date(NOW + nth * 1_000),
        peer: 'MA/GOV/ADD/gw1',
        client: 'MA/GOV/ADD/portal',
        service: 'MA/GOV/DGSN/identity/persons',
        agreement: 'residence',
        agreementVersion: 2,
        purpose: 'residence',
        status: 200,
        fault: null,
        xRoadId: 'MA-1',
        keyid: 'k'.repeat(43),
        base: '"@method": GET',
        signatureInput: 'wasl=("@method");created=1',
        signature: 'wasl=:AAAA:',
        salt: randomBytes(16),
        subjectHash: subject,
        ...part,
      };
      await sequencer.append(Buffer.from('{}'), { record });
    }
  };
  const list = async (subject: Buffer, query: Partial<UsageQuery> = {}) => {
    const { total, rows } = await listUsages(db.read, subject, { ...ALL, ...query });
    return { total, rows, told: rows.map(({ exchange, side, outcome }) => [exchange, side, outcome].join(' ')) };
  };

  test('one line an exchange and side: what was decided here, and what was asked from here with what came of it', async () => {
    const me = randomBytes(32);
    const asked = { side: 'consumer', kind: 'request', agreement: null, agreementVersion: null, status: null } as const;
    await keep(
      me,
      { exchange: 'gave', kind: 'request' },
      { exchange: 'gave' },
      { exchange: 'refused', kind: 'refusal', status: 403, fault: 'no-agreement' },
      { ...asked, exchange: 'asked' },
      { side: 'consumer', exchange: 'asked', kind: 'response', agreementVersion: null },
      { ...asked, exchange: 'away' },
      { ...asked, exchange: 'failed' },
      { side: 'consumer', exchange: 'failed', kind: 'refusal', status: null, fault: 'peer-unreachable' },
      { ...asked, exchange: 'denied' },
      { side: 'consumer', exchange: 'denied', kind: 'refusal', status: 403, fault: 'no-agreement' },
    );
    await keep(randomBytes(32), { exchange: 'other' });
    const { total, rows, told } = await list(me);
    assert.deepEqual(told, [
      'denied consumer refused',
      'failed consumer unanswered',
      'away consumer unanswered',
      'asked consumer answered',
      'refused provider refused',
      'gave provider answered',
    ]);
    assert.equal(total, 6);
    const { agreement, status } = rows[3] ?? {};
    assert.deepEqual([agreement, status], ['residence', 200]);
  });

  test('looking at this very list, a replay, and an event that came in are not among the uses', async () => {
    const me = randomBytes(32);
    await keep(
      me,
      { service: 'MA/GOV/DGSN/identity/findUsage' },
      { service: 'MA/GOV/DGSN/identity/findUsage', side: 'consumer', kind: 'request' },
      { kind: 'refusal', fault: 'message-replayed' },
      { service: 'MA/GOV/DGSN/identity/receiveEvents' },
    );
    assert.deepEqual(await list(me), { total: 0, rows: [], told: [] });
  });

  test('is paged by place, narrowed by period, member and number, and counted whole', async () => {
    const me = randomBytes(32);
    const names = ['a', 'b', 'c', 'd', 'e'];
    await keep(me, ...names.map((exchange) => ({ exchange, client: `MA/GOV/${exchange}/x` })));
    const first = await list(me, { limit: 2 });
    // One more than asked tells that there is more.
    assert.deepEqual([first.total, first.rows.map((row) => row.exchange)], [5, ['e', 'd', 'c']]);
    const then = await list(me, { limit: 2, before: first.rows[1]?.index });
    assert.deepEqual([then.total, then.rows.map((row) => row.exchange)], [5, ['c', 'b', 'a']]);
    const only = async (query: Partial<UsageQuery>) => (await list(me, query)).rows.map((row) => row.exchange);
    assert.deepEqual(await only({ from: new Date(NOW + 1_000), until: new Date(NOW + 3_000) }), ['c', 'b']);
    assert.deepEqual(await only({ member: 'MA/GOV/d' }), ['d']);
    assert.deepEqual(await only({ member: 'MA/GOV/DGSN' }), ['e', 'd', 'c', 'b', 'a']);
    assert.deepEqual(await only({ member: 'MA/GOV/DG' }), []);
    assert.deepEqual(await only({ exchanges: ['a', 'e', 'z'] }), ['e', 'a']);
  });
});

test('what is asked of findUsage is read strictly, and refused with the parameter', () => {
  const bad: readonly (readonly [string, RegExp])[] = [
    ['?limit=0', /^limit/],
    ['?limit=501', /^limit/],
    ['?limit=1&limit=2', /^limit stands twice/],
    ['?before=-1', /^before/],
    ['?periodStart=yesterday', /^periodStart/],
    ['?periodEnd=2026-02-30T', /^periodEnd/],
    ['?member=MA', /^member/],
    ['?exchange=x', /^exchange/],
    ['?userCode=AB123', /^userCode is no parameter/],
  ];
  for (const [query, why] of bad) {
    const read = parseUsageQuery(query);
    assert.match(read.ok ? 'taken' : read.error, why, query);
  }
  const read = parseUsageQuery('?limit=5&before=7&periodStart=2026-03-02&periodEnd=2026-03-02T10:00:00%2B01:00');
  assert.deepEqual(read.ok && read.value, {
    ...ALL,
    limit: 5,
    before: 7,
    from: new Date('2026-03-02T00:00:00Z'),
    until: new Date('2026-03-02T09:00:00Z'),
  });
});
