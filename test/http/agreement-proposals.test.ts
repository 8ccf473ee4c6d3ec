import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { documentOf } from '../../src/exchange/agreement/document.ts';
import { signProposal } from '../../src/exchange/agreement/proposal.ts';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { offer, offersOf, operate, peerSend, stateOf, until } from '../support/agreements.ts';
import { onUsualDatabase } from '../support/database.ts';
import { anAgreement, startExchange, type TestExchange, type TestGateway } from '../support/gateways.ts';
import { signingKeyOf } from '../support/messages.ts';
import { INSTANCE } from '../support/registry.ts';

type Shown = {
  peer: string;
  id: string;
  agreement: string;
  note: string;
  state: string;
  version: number | null;
  reason: string;
  document: { id: string; fields: string[] };
};

onUsualDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('an agreement that the client proposes', () => {
    let all: TestExchange;
    before(async () => {
      all = await startExchange(open, { requireSignatures: true });
    });
    after(() => all.close());

    const proposals = async (of: TestGateway, side: 'received' | 'sent') =>
      (await operate(of, 'proposals')).body[side] as Shown[];
    const arrived = (agreement: string) =>
      until(async () =>
        (await proposals(all.provider, 'received')).find((one) => one.agreement === agreement && one.state === 'open'),
      );
    const sent = async (agreement: string) =>
      (await proposals(all.consumer, 'sent')).find((one) => one.agreement === agreement);
    const wished = (id: string, fields = ['/name']) => {
      const { version: _version, ...document } = documentOf(anAgreement({ id, fields }));
      return document;
    };
    const ask = (id: string, note = 'for certificates of residence') =>
      operate(all.consumer, 'proposals', 'POST', { note, document: wished(id) });
    const events = async (of: TestGateway, event: string) =>
      ((await operate(of, `events?event=${event}`)).body['events'] as { outcome: string }[]).filter(
        (one) => one.outcome === 'done',
      ).length;

    it('arrives as it was asked for, becomes a draft that the provider completes, and is signed by both', async () => {
      assert.equal((await ask('asked')).status, 200);
      const held = await arrived('asked');
      assert.deepEqual([held.peer, held.note], [all.consumer.server, 'for certificates of residence']);
      assert.deepEqual(held.document.fields, ['/name']);
      const completed = { ...documentOf(anAgreement({ id: 'asked', fields: ['/name', '/number'] })) };
      const drafted = await operate(all.provider, 'proposals/draft', 'POST', {
        peer: held.peer,
        id: held.id,
        document: completed,
      });
      assert.equal(drafted.status, 200, JSON.stringify(drafted.body));
      assert.equal(await stateOf(all.provider, 'asked', 1), 'draft');
      const again = await operate(all.provider, 'proposals/draft', 'POST', { peer: held.peer, id: held.id });
      assert.equal(again.status, 409);
      await offer(all.provider, all.consumer, 'asked', 1);
      assert.deepEqual([(await sent('asked'))?.state, (await sent('asked'))?.version], ['drafted', 1]);
      const key = { provider: all.provider.server, agreement: 'asked', version: 1 };
      assert.equal((await operate(all.consumer, 'offers/sign', 'POST', key)).status, 200);
      await until(async () => ((await stateOf(all.provider, 'asked', 1)) === 'active' ? true : undefined));
      assert.equal(await events(all.provider, 'agreement.proposal-received'), 1);
    });

    it('changes to an offer decline it and come as the next version’s proposal', async () => {
      await operate(all.provider, 'agreements', 'PUT', anAgreement({ id: 'countered' }));
      await offer(all.provider, all.consumer, 'countered', 1);
      const answers = { provider: all.provider.server, agreement: 'countered', version: 1 };
      const change = { note: 'the number is enough', document: { fields: ['/number'] }, answers };
      assert.equal((await operate(all.consumer, 'proposals', 'POST', change)).status, 200);
      assert.equal((await operate(all.consumer, 'proposals', 'POST', change)).status, 409, 'it is no longer open');
      const held = await arrived('countered');
      assert.deepEqual(held.document.fields, ['/number']);
      assert.equal(await stateOf(all.provider, 'countered', 1), 'declined');
      const drafted = await operate(all.provider, 'proposals/draft', 'POST', { peer: held.peer, id: held.id });
      assert.deepEqual([drafted.status, drafted.body['version']], [200, 2]);
      await offer(all.provider, all.consumer, 'countered', 2);
      const offered = (await offersOf(all.consumer)).filter((one) => one.agreement === 'countered');
      assert.deepEqual(offered.map((one) => [one.version, one.state]).sort(), [
        [1, 'declined'],
        [2, 'offered'],
      ]);
    });

    it('is dismissed with a reason that the client reads', async () => {
      assert.equal((await ask('dismissed')).status, 200);
      const { peer, id } = await arrived('dismissed');
      const no = { peer, id, reason: 'law 09-08 does not allow it' };
      assert.equal((await operate(all.provider, 'proposals/dismiss', 'POST', no)).status, 200);
      assert.equal((await operate(all.provider, 'proposals/dismiss', 'POST', no)).status, 409);
      const told = await until(async () => {
        const one = await sent('dismissed');
        return one?.state === 'dismissed' ? one : undefined;
      });
      assert.equal(told.reason, no.reason);
      assert.equal(await events(all.consumer, 'agreement.proposal-answered'), 1);
    });

    it('is taken back by the client until it is answered, and both sides have that with its reason', async () => {
      assert.equal((await ask('withdrawn')).status, 200);
      const { id } = await arrived('withdrawn');
      const back = { peer: all.provider.server, id, reason: 'the wrong service' };
      assert.equal((await operate(all.consumer, 'proposals/withdraw', 'POST', { ...back, reason: '' })).status, 422);
      assert.equal((await operate(all.provider, 'proposals/withdraw', 'POST', back)).status, 404, 'not its own');
      assert.equal((await operate(all.consumer, 'proposals/withdraw', 'POST', back)).status, 200);
      assert.equal((await operate(all.consumer, 'proposals/withdraw', 'POST', back)).status, 409);
      const told = await until(async () =>
        (await proposals(all.provider, 'received')).find((one) => one.id === id && one.state === 'withdrawn'),
      );
      assert.equal(told.reason, back.reason);
      const draft = { peer: all.consumer.server, id };
      assert.equal((await operate(all.provider, 'proposals/draft', 'POST', draft)).status, 409);
      assert.equal(await events(all.provider, 'agreement.proposal-withdrawn'), 1);
      assert.equal(await events(all.consumer, 'agreement.proposal-withdrawn'), 1);
    });

    it('is not made for another’s subsystem, of a service elsewhere, nor without its reasons', async () => {
      const status = async (document: object, note = 'x') =>
        (await operate(all.consumer, 'proposals', 'POST', { note, document })).status;
      assert.equal(await status({ ...wished('no'), client: `${INSTANCE}/GOV/THIRD/other` }), 422);
      assert.equal(await status({ ...wished('no'), service: `${INSTANCE}/GOV/NONE/of/all` }), 503);
      assert.equal(await status({ ...wished('no'), fields: undefined }), 422);
      assert.equal(await status(wished('no'), ''), 422);
      assert.equal(await status({ ...wished('no'), status: 'active', forged: 1 }), 422);
    });

    it('never takes the reference of somebody else’s agreement, and is taken of its own gateway only', async () => {
      const foreign = documentOf(anAgreement({ id: 'asked', client: `${INSTANCE}/GOV/THIRD/other` }));
      const proposal = { id: 'p-1', provider: all.provider.server, note: 'mine now', document: foreign };
      const third = signingKeyOf(all.third);
      const byConsumer = signProposal(signingKeyOf(all.consumer), proposal);
      assert.equal((await peerSend(all.consumer, all.provider, byConsumer)).status, 403);
      assert.equal((await peerSend(all.third, all.consumer, signProposal(third, proposal))).status, 403);
      assert.equal((await peerSend(all.third, all.provider, signProposal(third, proposal))).status, 204);
      assert.equal((await peerSend(all.third, all.provider, signProposal(third, proposal))).status, 204, 'once');
      const draft = { peer: all.third.server, id: 'p-1' };
      assert.equal((await operate(all.provider, 'proposals/draft', 'POST', draft)).status, 409);
      assert.equal(await stateOf(all.provider, 'asked', 1), 'active');
    });

    it('no member buries the others under proposals', async () => {
      const third = signingKeyOf(all.third);
      const document = documentOf(anAgreement({ id: 'flood', client: `${INSTANCE}/GOV/THIRD/other` }));
      const statuses = new Map<number, number>();
      for (let n = 0; n < 52; n += 1) {
        const proposal = { id: `flood-${n}`, provider: all.provider.server, note: 'x', document };
        const { status } = await peerSend(all.third, all.provider, signProposal(third, proposal));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      assert.deepEqual(Object.fromEntries(statuses), { 204: 49, 503: 3 });
      assert.equal((await ask('others')).status, 200);
      await arrived('others');
    });
  });
});
