import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ActDocument, signAct } from '../../src/exchange/agreement/act-document.ts';
import { documentOf, signDocument } from '../../src/exchange/agreement/document.ts';
import type { LifeAct } from '../../src/exchange/agreement/model.ts';
import { actOn, NO_LIFE } from '../../src/exchange/agreement/rules.ts';
import { type KeptAct, listActs } from '../../src/exchange/agreement/store/act.ts';
import { GATEWAY_MIGRATIONS, parseLegalRegister } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { ROOT } from '../../src/platform/index.ts';
import { offer, offersOf, operate, peerSend, signByBoth, stateOf, until } from '../support/agreements.ts';
import { onUsualDatabase } from '../support/database.ts';
import {
  anAgreement,
  CLIENT,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
  type TestGateway,
} from '../support/gateways.ts';
import { signingKeyOf } from '../support/messages.ts';

onUsualDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('the life of an agreement, at both gateways', () => {
    let all: TestExchange;
    before(async () => {
      const register = readFileSync(join(ROOT, 'content', 'legal', 'register.yaml'), 'utf8');
      const legalRegister = unwrap(parseLegalRegister(register));
      all = await startExchange(open, { requireSignatures: true, legalRegister });
    });
    after(() => all.close());

    const call = async (agreement: string) =>
      (
        await sendRaw(all.consumer.gateway.url, {
          path: `/r1/${SERVICE}/find`,
          headers: [
            ['x-road-client', CLIENT],
            ['wasl-agreement', agreement],
            ['accept', 'application/problem+json'],
          ],
        })
      ).status;
    const atClient = async (id: string, version = 1) =>
      (await offersOf(all.consumer)).find((one) => one.agreement === id && one.version === version);
    const reaches = (id: string, state: string) =>
      until(async () => {
        const held = await atClient(id);
        return held?.state === state ? held : undefined;
      });
    const begin = (id: string) => signByBoth(all.provider, all.consumer, anAgreement({ id }));
    const setStatus = (id: string, body: object) => operate(all.provider, `agreements/${id}/status`, 'PUT', body);
    const key = (id: string, version = 1) => ({ provider: all.provider.server, agreement: id, version });
    const entries = async (of: TestGateway, event: string, target: string) => {
      const { body } = await operate(of, `events?event=${event}`);
      const found = (body['events'] as { target: string; outcome: string; operator: string }[]) ?? [];
      return found.filter((one) => one.target.endsWith(` ${target}`) && one.outcome === 'done');
    };

    it('a draft may be written anew until it is offered, and then never', async () => {
      const put = async (fields: string[]) =>
        (await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'written', fields }))).status;
      assert.deepEqual([await put(['/name']), await put(['/number'])], [200, 200]);
      assert.equal(await stateOf(all.provider, 'written', 1), 'draft');
      await offer(all.provider, all.consumer, 'written', 1);
      assert.equal(await stateOf(all.provider, 'written', 1), 'offered');
      assert.equal(await put(['/name']), 409);
      assert.equal(await put(['/number']), 200, 'the same again is no harm');
      assert.equal(await call('written'), 403);
    });

    it('rests on a text of the register, and is refused with the list where it rests on another', async () => {
      const text = { ar: 'نص', fr: 'texte' };
      const put = (ref: string) =>
        operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'based', legalBasis: { ref, text } }));
      const refused = await put('law-of-nowhere/1');
      assert.equal(refused.status, 422);
      const [error] = refused.body['errors'] as { field: string; message: string }[];
      assert.equal(error?.field, '/legalBasis/ref');
      assert.match(error.message, /55-19.*09-08/);
      assert.equal((await put('09-08/21')).status, 200);
    });

    it('a yes names the text by its title, and the client’s gateway explains what it was told', async () => {
      await begin('explained');
      const asked = { client: CLIENT, service: SERVICE, path: '/find', agreement: 'explained' };
      const ask = (of: TestGateway) => operate(of, 'agreements/explain', 'POST', asked);
      const yes = (await ask(all.provider)).body as { side: string; allowed: boolean; legalText: { code: string } };
      assert.deepEqual([yes.side, yes.allowed, yes.legalText.code], ['provider', true, '55-19']);
      assert.deepEqual(
        [(await ask(all.consumer)).body['side'], (await ask(all.consumer)).body['allowed']],
        ['client', true],
      );
      await setStatus('explained', { status: 'suspended', reason: 'audit under way' });
      await reaches('explained', 'suspended');
      const no = (await ask(all.consumer)).body as { allowed: boolean; text: Record<string, string> };
      assert.equal(no.allowed, false);
      for (const language of ['ar', 'fr', 'en']) assert.match(no.text[language] ?? '', /audit under way/);
      await setStatus('explained', { status: 'ended' });
    });

    it('an offer is declined with its reason, for good, and the next version is open', async () => {
      await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'declined' }));
      await offer(all.provider, all.consumer, 'declined', 1);
      const decline = { ...key('declined'), reason: 'the field /name is not needed' };
      assert.equal((await operate(all.consumer, 'offers/decline', 'POST', decline)).status, 200);
      assert.equal((await operate(all.consumer, 'offers/decline', 'POST', decline)).status, 409);
      assert.equal((await operate(all.consumer, 'offers/sign', 'POST', key('declined'))).status, 409);
      await until(async () => ((await stateOf(all.provider, 'declined', 1)) === 'declined' ? true : undefined));
      const { agreement } = (await operate(all.provider, 'agreements/declined/versions/1')).body as {
        agreement: { reason: string };
      };
      assert.equal(agreement.reason, decline.reason);
      assert.equal((await entries(all.provider, 'agreement.decline-received', 'declined')).length, 1);
      await signByBoth(all.provider, all.consumer, anAgreement({ id: 'declined', version: 2, fields: ['/number'] }));
      assert.equal(await call('declined'), 200);
    });

    it('each receipt is an entry of the receiver’s own ledger, under the sender’s name', async () => {
      await begin('entered');
      const received = await entries(all.consumer, 'agreement.offer-received', 'entered');
      assert.deepEqual(
        received.map((one) => one.operator),
        [all.provider.server],
      );
      const signatures = await entries(all.provider, 'agreement.signature-received', 'entered');
      assert.deepEqual(
        signatures.map((one) => one.operator),
        [all.consumer.server],
      );
    });

    it('the client’s operator sees a suspension, why, and its end', async () => {
      await begin('stopped');
      assert.equal((await setStatus('stopped', { status: 'suspended', reason: 'audit under way' })).status, 200);
      assert.equal(await call('stopped'), 403);
      assert.equal((await reaches('stopped', 'suspended')).reason, 'audit under way');
      assert.equal((await setStatus('stopped', { status: 'active' })).status, 200);
      assert.equal((await reaches('stopped', 'active')).reason, '');
      assert.equal(await call('stopped'), 200);
      assert.equal((await entries(all.consumer, 'agreement.status-received', 'stopped')).length, 2);
    });

    it('acts that were made in a row arrive in that order', async () => {
      await begin('order');
      for (const status of ['suspended', 'active', 'suspended', 'active', 'suspended'])
        assert.equal((await setStatus('order', { status })).status, 200);
      await until(async () =>
        (await entries(all.consumer, 'agreement.status-received', 'order')).length === 5 ? 1 : undefined,
      );
      assert.equal((await atClient('order'))?.state, 'suspended');
    });

    it('ends at the instant of its notice, and what has ended does not come back', async () => {
      await begin('notice');
      const endsAt = new Date(Date.now() + 3_600_000).toISOString();
      assert.equal((await setStatus('notice', { status: 'ended', endsAt, reason: 'the register moves' })).status, 200);
      const told = await until(async () => {
        const held = await atClient('notice');
        return held?.endsAt === endsAt ? held : undefined;
      });
      assert.deepEqual([told.state, told.reason, await call('notice')], ['active', 'the register moves', 200]);
      const next = await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'notice', version: 2 }));
      assert.equal(next.status, 409);
      try {
        all.provider.skewMs = 3_700_000;
        await all.provider.gateway.rights.reload();
        assert.equal(await stateOf(all.provider, 'notice', 1), 'ended');
        assert.equal((await setStatus('notice', { status: 'active' })).status, 409);
      } finally {
        all.provider.skewMs = 0;
      }
    });

    it('the client may end it too, and the provider’s gateway refuses from then on', async () => {
      await begin('left');
      const end = { provider: all.provider.server, agreement: 'left', reason: 'the procedure is no more' };
      assert.equal((await operate(all.consumer, 'offers/end', 'POST', end)).status, 200);
      assert.equal((await operate(all.consumer, 'offers/end', 'POST', end)).status, 409);
      await until(async () => ((await stateOf(all.provider, 'left', 1)) === 'ended' ? true : undefined));
      assert.equal(await call('left'), 403);
      assert.equal((await entries(all.provider, 'agreement.status-received', 'left')).length, 1);
      assert.equal((await setStatus('left', { status: 'active' })).status, 409);
    });

    it('acts are taken once, from their own side only, and none is taken for another agreement', async () => {
      await begin('guarded');
      const act = (parts: Partial<ActDocument>): ActDocument => ({
        act: 'suspend',
        provider: all.provider.server,
        agreement: 'guarded',
        number: 1,
        reason: 'forged',
        at: new Date().toISOString(),
        ...parts,
      });
      const [provider, consumer, third] = [all.provider, all.consumer, all.third].map(signingKeyOf);
      assert.ok(provider !== undefined && consumer !== undefined && third !== undefined);
      const end = { act: 'end', endsAt: new Date().toISOString() } as const;
      const sent = async (from: TestGateway, to: TestGateway, jws: string) => (await peerSend(from, to, jws)).status;
      assert.equal(await sent(all.third, all.consumer, signAct(third, 'provider', act({}))), 403);
      assert.equal(await sent(all.third, all.consumer, signAct(provider, 'provider', act({}))), 422, 'by another key');
      assert.equal(await sent(all.third, all.provider, signAct(third, 'client', act(end))), 403);
      assert.equal(
        await sent(all.consumer, all.provider, signAct(consumer, 'client', act({}))),
        422,
        'not the client’s',
      );
      assert.equal(
        await sent(all.provider, all.consumer, signAct(provider, 'provider', act({ agreement: 'none' }))),
        404,
      );
      assert.equal(
        await sent(all.provider, all.consumer, signAct(provider, 'provider', act({ endsAt: end.endsAt }))),
        422,
      );
      assert.deepEqual([(await atClient('guarded'))?.state, await call('guarded')], ['active', 200]);
      const suspend = signAct(provider, 'provider', act({ number: 5 }));
      assert.equal(await sent(all.provider, all.consumer, suspend), 204);
      assert.equal((await atClient('guarded'))?.state, 'suspended');
      assert.equal(
        await sent(all.provider, all.consumer, signAct(provider, 'provider', act({ act: 'resume', number: 6 }))),
        204,
      );
      assert.equal(await sent(all.provider, all.consumer, suspend), 204, 'taken before');
      assert.equal((await atClient('guarded'))?.state, 'active');
    });

    it('what the other side refuses is sent no more until an operator says so, and the reason is shown', async () => {
      const rival = anAgreement({ id: 'refused', fields: ['/number'] });
      const forged = signDocument(signingKeyOf(all.provider), 'provider', documentOf(rival));
      assert.equal((await peerSend(all.provider, all.consumer, forged)).status, 204);
      await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'refused' }));
      assert.equal((await operate(all.provider, 'agreements/refused/versions/1/sign', 'POST')).status, 200);
      type Shown = {
        id: number;
        agreement: string;
        status: number;
        refusal: string;
        refusedAt: string | null;
        tries: number;
      };
      const refused = () =>
        until(async () => {
          const { body } = await operate(all.provider, 'agreements/deliveries');
          return (body['deliveries'] as Shown[]).find((one) => one.agreement === 'refused' && one.refusedAt !== null);
        });
      const shown = await refused();
      assert.deepEqual([shown.status, shown.tries], [409, 1]);
      assert.match(shown.refusal, /another text/);
      await all.consumer.db.script(`delete from agreement_offer where agreement = 'refused'`);
      const again = (id: number | string) => operate(all.provider, `agreements/deliveries/${id}/send`, 'POST');
      assert.equal((await again(shown.id)).status, 200);
      await until(() => atClient('refused'));
      await until(async () => ((await again(shown.id)).status === 404 ? true : undefined));
      assert.deepEqual([(await again('x')).status, (await again(999_999)).status], [404, 404]);
    });

    it('the acts that were kept lead to the states that are kept, on both sides', async () => {
      const replay = (acts: readonly KeptAct[]) =>
        acts.reduce((life, one) => {
          const acted = actOn(life, lifeActOf(one), one.at.getTime());
          assert.ok(acted.ok, `${one.agreement}: ${one.kind}`);
          return acted.value;
        }, NO_LIFE);
      for (const id of ['written', 'declined', 'stopped', 'order', 'notice', 'left', 'entered']) {
        const key = { provider: all.provider.server, agreement: id };
        const provided = replay(await listActs(all.provider.db.read, { side: 'provider', ...key }));
        for (const [version, state] of provided.versions)
          assert.equal(await stateOf(all.provider, id, version), state, `${id} ${version}`);
        const held = replay(await listActs(all.consumer.db.read, { side: 'client', ...key }));
        for (const [version, state] of held.versions)
          assert.equal((await atClient(id, version))?.state, state, `${id} ${version} at the client`);
        assert.deepEqual(held.versions, provided.versions, id);
      }
    });
  });
});

function lifeActOf({ kind, version, endsAt, at }: KeptAct): LifeAct {
  if (kind === 'suspend' || kind === 'resume') return { kind };
  if (kind === 'end') return { kind, at: (endsAt ?? at).getTime() };
  assert.ok(version !== null && kind !== 'enact');
  return kind === 'offer' ? { kind, version, isWithGroup: false } : { kind, version };
}
