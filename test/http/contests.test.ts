import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS, verifyEvidence } from '../../src/exchange/index.ts';
import { onUsualDatabase } from '../support/database.ts';
import { operatorCall } from '../support/events.ts';
import { anAgreement, CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';

const FIND_USAGE = `${SERVICE.split('/').slice(0, 4).join('/')}/findUsage`;

onUsualDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('what a person may do about a use of their data', () => {
    let all: TestExchange;
    let exchange = '';
    before(async () => {
      all = await startExchange(open);
      const entry = { service: SERVICE, url: all.service.url, timeoutMs: 30_000, enabled: true, notice: '' };
      await all.provider.gateway.rights.addService(entry);
      await all.provider.gateway.rights.addAgreement(
        anAgreement({ id: 'usage', service: FIND_USAGE, fields: ['/'], endpoints: [{ method: '*', path: '/**' }] }),
      );
      const used = await call(`${SERVICE}/find`, 'AB123');
      exchange = String(used.headers['x-road-request-id']);
    });
    after(() => all.close());

    const call = (path: string, subject: string, body?: object) =>
      sendRaw(all.consumer.gateway.url, {
        path: `/r1/${path}`,
        method: body === undefined ? 'GET' : 'POST',
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-subject', subject],
          ['accept', 'application/problem+json'],
          ...(body === undefined ? [] : [['content-type', 'application/json'] as const]),
        ],
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });

    it('the proof of one’s own use comes over the exchange and verifies', async () => {
      const proof = await call(`${FIND_USAGE}/${exchange}/evidence`, 'AB123');
      assert.equal(proof.status, 200, proof.text);
      const report = verifyEvidence(proof.body, all.registry.registry.keys.anchor);
      assert.equal(report.ok, true, JSON.stringify(report));
      assert.ok(proof.body.length < 20_000, `${proof.body.length} bytes`);
    });

    it('somebody else’s use is not to be had, nor contested', async () => {
      for (const answer of [
        await call(`${FIND_USAGE}/${exchange}/evidence`, 'ZZ999'),
        await call(`${FIND_USAGE}/${exchange}/contest`, 'ZZ999', { reason: 'other', words: '' }),
        await call(`${FIND_USAGE}/00000000-0000-0000-0000-000000000000/evidence`, 'AB123'),
      ]) {
        assert.equal(answer.status, 404, answer.text);
        assert.match(answer.text, /\/problems\/usage-unknown"/);
      }
      assert.deepEqual(JSON.parse((await call(`${FIND_USAGE}/contests`, 'ZZ999')).text), { contests: [] });
    });

    it('a contest is opened once, waits, and shows the member’s answer', async () => {
      const given = { reason: 'wrong-purpose', words: 'لم أطلب شيئا' };
      const first = JSON.parse((await call(`${FIND_USAGE}/${exchange}/contest`, 'AB123', given)).text);
      const again = JSON.parse((await call(`${FIND_USAGE}/${exchange}/contest`, 'AB123', given)).text);
      assert.deepEqual(again, first);
      // However often it is clicked, and at the same moment too.
      const clicks = await Promise.all(
        Array.from({ length: 8 }, () => call(`${FIND_USAGE}/${exchange}/contest`, 'AB123', given)),
      );
      assert.deepEqual(new Set(clicks.map((one) => JSON.parse(one.text).number)), new Set([first.number]));
      assert.equal(first.state, 'open');
      const { json } = await operatorCall(all.provider, 'GET', 'contests');
      assert.equal(json.total, 1);
      assert.equal(json.contests[0].words, given.words);
      const id = json.contests[0].id;
      const answer = { state: 'upheld', answer: 'حذفت البيانات' };
      assert.equal((await operatorCall(all.provider, 'POST', `contests/${id}/answer`, answer)).status, 200);
      assert.equal((await operatorCall(all.provider, 'POST', `contests/${id}/answer`, answer)).status, 409);
      assert.equal((await operatorCall(all.provider, 'POST', 'contests/77/answer', answer)).status, 404);
      const own = JSON.parse((await call(`${FIND_USAGE}/contests`, 'AB123')).text);
      assert.deepEqual([own.contests[0].number, own.contests[0].state], [first.number, 'upheld']);
      assert.equal(own.contests[0].answer, answer.answer);
      const { usages } = JSON.parse((await call(FIND_USAGE, 'AB123')).text);
      assert.deepEqual([usages[0].contest.number, usages[0].contest.state], [first.number, 'upheld']);
    });

    it('what is no contest is refused with the field', async () => {
      for (const body of [
        {},
        { reason: 'because' },
        { reason: 'other', words: 7 },
        { reason: 'other', words: 'x'.repeat(2_001) },
      ]) {
        const answer = await call(`${FIND_USAGE}/${exchange}/contest`, 'AB123', body);
        assert.equal(answer.status, 422, answer.text);
        assert.match(answer.text, /\/reason must be one of/);
      }
    });
  });
});
