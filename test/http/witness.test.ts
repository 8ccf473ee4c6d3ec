import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS, verifyEvidence } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { openCheckpoint } from '../../src/ledger/index.ts';
import { openForTest } from '../support/database.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange, type TestGateway } from '../support/gateways.ts';

/** Gateways that run, and show each other their logs. */
describe('gateways as each other’s witnesses', () => {
  let all: TestExchange;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      witnessIntervalMs: 50,
    });
  });
  after(() => all.close());

  const call = async (): Promise<string> => {
    const answer = await sendRaw(all.consumer.gateway.url, {
      path: `/r1/${SERVICE}/find`,
      headers: [['x-road-client', CLIENT]],
    });
    assert.equal(answer.status, 200);
    return answer.headers['x-road-request-id'] ?? '';
  };
  const operator = async (one: TestGateway, path: string, method = 'GET') => {
    const answer = await fetch(`${one.gateway.url}/operator/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${one.token}` },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const witnessesOf = async (one: TestGateway) =>
    (await operator(one, 'witnesses')).body as unknown as {
      own: { vkey: string };
      witnesses: { witness: string; vkey: string; size: number }[];
    };
  async function untilWitnessed(one: TestGateway, size: number, count: number) {
    for (let tries = 0; tries < 200; tries += 1) {
      const { witnesses } = await witnessesOf(one);
      if (witnesses.filter((each) => each.size >= size).length >= count) return witnesses;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return assert.fail(`no ${count} witnesses of size ${size}`);
  }

  it('sign what was exchanged, and publish it with the checkpoint', async () => {
    const exchange = await call();
    const witnesses = await untilWitnessed(all.consumer, 2, 2);
    assert.deepEqual(witnesses.map(({ witness }) => witness).sort(), [all.provider.server, all.third.server].sort());
    const { name, vkey } = all.consumer.gateway.ledger;
    const note = await (await fetch(`${all.consumer.gateway.url}/ledger/${name}/witnessed-checkpoint`)).text();
    const keys = (await Promise.all([all.provider, all.third].map(witnessesOf))).map(({ own }) => own.vkey);
    const opened = unwrap(openCheckpoint(note, vkey, { witnesses: keys }));
    assert.equal(opened.signatures.filter((one) => one.time !== undefined).length, 2);
    await untilWitnessed(all.provider, 2, 2);
    const file = (await all.consumer.gateway.exportEvidence(exchange)).toString();
    unwrap(verifyEvidence(Buffer.from(file), all.registry.registry.keys.anchor));
    assert.match(file, /gw1\/witness/);
    assert.ok(file.length < 20_000, `${file.length} bytes`);
  });

  it('raise an alarm when a log shows them two trees, and an operator acknowledges it', async () => {
    const { provider, consumer } = all;
    await provider.db.script(`update witness_log set root = sha256('another tree') where origin like '%ADD%'`);
    await provider.db.script(`update witness_log set size = size where true`);
    await consumer.db.script(`delete from witness_cosignature where witness = '${provider.server}'`);
    await call();
    let open: { id: number; kind: string; acknowledgedAt: string | null }[] = [];
    for (let tries = 0; tries < 200 && open.length === 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      open = (await operator(provider, 'alarms')).body['alarms'] as typeof open;
    }
    assert.equal(open[0]?.kind, 'log-forked');
    const refused = (await operator(consumer, 'alarms')).body['alarms'] as { kind: string }[];
    assert.equal(refused[0]?.kind, 'own-log-refused');
    assert.equal((await operator(provider, `alarms/${open[0]?.id}/acknowledge`, 'POST')).status, 200);
    assert.equal((await operator(provider, `alarms/${open[0]?.id}/acknowledge`, 'POST')).status, 404);
    assert.equal((await operator(provider, 'alarms/x/acknowledge', 'POST')).status, 404);
  });
});
