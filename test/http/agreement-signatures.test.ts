import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { documentOf, signDocument } from '../../src/exchange/agreement/document.ts';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { actingAs } from '../../src/exchange/operators/audit.ts';
import { type Actor, OPERATOR_ROLES } from '../../src/exchange/operators/model.ts';
import { makeToken } from '../../src/exchange/operators/service/token.ts';
import { verifyJws } from '../../src/exchange/trust/jws.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { offer, offersOf, operate, peerSend, stateOf, until } from '../support/agreements.ts';
import { onUsualDatabase } from '../support/database.ts';
import {
  anAgreement,
  CLIENT,
  SERVICE,
  sendRaw,
  startExchange,
  startGateway,
  type TestExchange,
} from '../support/gateways.ts';
import { signingKeyOf } from '../support/messages.ts';
import { INSTANCE } from '../support/registry.ts';

onUsualDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('an agreement where both members must sign', () => {
    let all: TestExchange;
    before(async () => {
      all = await startExchange(open, { requireSignatures: true });
    });
    after(() => all.close());

    const call = async (agreement: string) => {
      const answer = await sendRaw(all.consumer.gateway.url, {
        path: `/r1/${SERVICE}/find`,
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-agreement', agreement],
          ['accept', 'application/problem+json'],
        ],
      });
      return answer.status;
    };
    it('stays in force until its next version is signed by both, and ends with it', async () => {
      const sign = async (version: number) => {
        await offer(all.provider, all.consumer, 'next', version);
        const key = { provider: all.provider.server, agreement: 'next', version };
        assert.equal((await operate(all.consumer, 'offers/sign', 'POST', key)).status, 200);
      };
      const statusOf = (version: number) => stateOf(all.provider, 'next', version);
      await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'next', version: 1 }));
      await sign(1);
      await until(async () => ((await call('next')) === 200 ? true : undefined));
      await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'next', version: 2, fields: ['/name'] }));
      assert.deepEqual([await call('next'), await statusOf(1)], [200, 'active']);
      await operate(all.provider, 'agreements/next/status', 'PUT', { status: 'suspended' });
      assert.equal(await call('next'), 403);
      await operate(all.provider, 'agreements/next/status', 'PUT', { status: 'active' });
      assert.equal(await call('next'), 200);
      await sign(2);
      await until(async () => ((await statusOf(1)) === 'ended' ? true : undefined));
      assert.deepEqual([await call('next'), await statusOf(2)], [200, 'active']);
    });

    it('is in force when both have, and not before', async () => {
      await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'both', version: 1 }));
      assert.equal(await call('both'), 403);
      assert.equal((await operate(all.provider, 'agreements/both/versions/1/sign', 'POST')).status, 200);
      assert.equal(await call('both'), 403);
      const given = await until(async () => (await offersOf(all.consumer)).find((one) => one.agreement === 'both'));
      assert.equal(given.document.id, 'both');
      const { provider, agreement, version } = given;
      const signed = await operate(all.consumer, 'offers/sign', 'POST', { provider, agreement, version });
      assert.equal(signed.status, 200);
      await until(async () => ((await call('both')) === 200 ? true : undefined));
      const { signatures } = (await operate(all.provider, 'agreements/both/versions/1')).body as {
        signatures: { party: string; jws: string }[];
      };
      assert.deepEqual(signatures.map(({ party }) => party).sort(), ['client', 'provider']);
      // Anybody with the keys of the trust list reads the same document under both.
      const keys = [all.provider, all.consumer].map(signingKeyOf);
      const documents = signatures.map(({ jws }) =>
        unwrap(verifyJws(jws, 'wasl-agreement', (kid) => keys.find((one) => one.keyid === kid)?.key, ['party'])),
      );
      assert.deepEqual(documents[0]?.payload, documents[1]?.payload);
    });

    it('is not signed by the person who drafted it, whatever they come with', async () => {
      const { operators, url } = all.provider.gateway;
      const person = async (name: string) => {
        const { operator } = await operators.add({ name, roles: OPERATOR_ROLES });
        const actor: Actor = { ...operator, via: 'session' };
        const acting = actingAs(operators.deps, actor, 'operator.token-made');
        const { secret } = unwrap(await makeToken(operators.deps, acting, { name, roles: OPERATOR_ROLES, days: 1 }));
        return async (path: string, method: string, body: object) => {
          const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
          const answer = await fetch(`${url}/operator/v1/${path}`, { method, headers, body: JSON.stringify(body) });
          return [answer.status, ((await answer.json()) as { readonly detail?: string }).detail] as const;
        };
      };
      const [drafter, other] = [await person('drafter'), await person('other')];
      const [drafted] = await drafter('agreements', 'PUT', anAgreement({ id: 'hands', version: 1 }));
      assert.equal(drafted, 200);
      const sign = 'agreements/hands/versions/1/sign';
      const [status, detail] = await drafter(sign, 'POST', {});
      assert.equal(status, 403);
      assert.match(detail ?? '', /somebody else has to/);
      assert.equal((await other(sign, 'POST', {}))[0], 200);
    });

    it('is offered to a member who joined a moment ago, whom the held list does not name yet', async () => {
      const db = await open();
      const late = await startGateway(all.registry, db, { code: 'LATE', subsystem: 'late' });
      try {
        const client = `${INSTANCE}/GOV/LATE/late`;
        await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'late', version: 1, client }));
        assert.equal((await operate(all.provider, 'agreements/late/versions/1/sign', 'POST')).status, 200);
        await until(async () => (await offersOf(late)).find((one) => one.agreement === 'late'));
      } finally {
        await late.close();
        await db.close();
      }
    });

    it('is signed once by each', async () => {
      assert.equal((await operate(all.provider, 'agreements/both/versions/1/sign', 'POST')).status, 409);
      const key = { provider: all.provider.server, agreement: 'both', version: 1 };
      assert.equal((await operate(all.consumer, 'offers/sign', 'POST', key)).status, 409);
      assert.equal((await operate(all.consumer, 'offers/sign', 'POST', { ...key, version: 9 })).status, 404);
      assert.equal((await operate(all.provider, 'agreements/none/versions/1/sign', 'POST')).status, 404);
    });

    it('may be with a group, which has nobody else to sign', async () => {
      await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'group', client: 'GROUP:all' }));
      assert.equal((await operate(all.provider, 'agreements/group/versions/1/sign', 'POST')).status, 200);
      const held = all.provider.gateway.rights.current().agreements.find((one) => one.id === 'group');
      assert.equal(held?.isSigned, true);
    });

    it('is not signed by another text, another member, or another key', async () => {
      const agreement = anAgreement({ id: 'tampered' });
      await operate(all.provider, 'agreements', 'PUT', agreement);
      await operate(all.provider, 'agreements/tampered/versions/1/sign', 'POST');
      const document = documentOf(agreement);
      const consumer = signingKeyOf(all.consumer);
      const more = signDocument(consumer, 'client', { ...document, fields: ['/'] });
      assert.equal((await peerSend(all.consumer, all.provider, more)).status, 422);
      const good = signDocument(consumer, 'client', document);
      assert.equal((await peerSend(all.third, all.provider, good)).status, 422);
      const thirds = signDocument(signingKeyOf(all.third), 'client', document);
      assert.equal((await peerSend(all.third, all.provider, thirds)).status, 403);
      const offered = signDocument(signingKeyOf(all.third), 'provider', document);
      assert.equal((await peerSend(all.third, all.consumer, offered)).status, 403);
      for (const junk of ['', 'a.b.c', good.slice(0, -2), 'x'.repeat(20_000)]) {
        assert.equal((await peerSend(all.consumer, all.provider, junk)).status, 422);
      }
      assert.equal(await call('tampered'), 403);
      assert.equal((await peerSend(all.consumer, all.provider, good)).status, 204);
      assert.equal((await peerSend(all.consumer, all.provider, good)).status, 204, 'the same again is no harm');
      assert.equal(await call('tampered'), 200);
    });

    it('reaches a gateway that was away, when it is back', async () => {
      await all.provider.db.script(`update agreement_delivery set delivered_at = null, due_at = now()`);
      await all.consumer.db.script(`delete from agreement_offer`);
      const given = await until(async () => (await offersOf(all.consumer)).find((one) => one.agreement === 'both'));
      assert.equal(given.clientJws, null);
    });
  });
});
