import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIENT, type MemberGateway, type Members, SERVICE, startMembers } from './exchange-members.ts';

const ROUNDS = process.env['WASL_TEST_LONG'] === '1' ? 6 : 1;
const URL = process.env['WASL_TEST_DATABASE_URL'];
const databaseUrl = URL === '' ? undefined : URL;

type Act = { readonly kind: string; readonly party: string };
type Offer = {
  readonly provider: string;
  readonly agreement: string;
  readonly version: number;
  readonly state: string;
};

async function operate(of: MemberGateway, method: string, path: string, body?: object) {
  const answer = await fetch(`${of.url}/operator/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${of.operatorToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** An operator who does not know whether the act was taken does it again: 409 says that it was. */
async function insist(act: () => Promise<{ readonly status: number }>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const status = await act().then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200 || status === 409) return;
    await sleep(100);
  }
  assert.fail('the act was never taken');
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await sleep(100);
  }
  return assert.fail('it did not come');
}

describe(`an agreement under way, on ${databaseUrl === undefined ? 'PGlite' : 'PostgreSQL'}`, () => {
  let members: Members;
  before(async () => {
    members = await startMembers(databaseUrl);
  });
  after(() => members.close());

  const offerOf = async (id: string): Promise<Offer | undefined> =>
    ((await operate(members.consumer, 'GET', 'offers')).body['offers'] as Offer[]).find((one) => one.agreement === id);
  const stateOf = async (id: string): Promise<string> => {
    const { body } = await operate(members.provider, 'GET', `agreements/${id}/versions/1`);
    return (body as { agreement: { status: string } }).agreement.status;
  };
  const draft = (id: string) => ({
    id,
    client: CLIENT,
    service: SERVICE,
    endpoints: [{ method: 'GET', path: '/*' }],
    purposes: [{ code: 'residence', text: { ar: 'شهادة السكنى', fr: 'certificat de résidence' } }],
    legalBasis: { text: { ar: 'القانون 55.19', fr: 'loi 55-19' }, ref: '55-19/7' },
    fields: ['/name'],
    validFrom: '2020-01-01T00:00:00.000Z',
    validUntil: '2100-01-01T00:00:00.000Z',
    status: 'draft',
  });
  const received = async (of: MemberGateway, event: string, id: string): Promise<number> => {
    const { body } = await operate(of, 'GET', `events?event=${event}`);
    return (body['events'] as { target: string }[]).filter((one) => one.target.endsWith(` ${id}`)).length;
  };

  async function killDuring(victim: MemberGateway, act: () => Promise<unknown>): Promise<void> {
    const acting = act().catch(() => {});
    await sleep(randomInt(0, 60));
    await victim.kill();
    await acting;
    await victim.restart();
  }

  for (let round = 0; round < ROUNDS; round += 1) {
    for (const victim of ['provider', 'consumer'] as const) {
      for (const step of ['offer', 'signature'] as const) {
        test(`${victim} killed at the ${step}, round ${round + 1}: in force at both, once, and the ledgers verify`, async () => {
          const id = `crash-${victim}-${step}-${round}`;
          const { provider, consumer } = members;
          assert.equal((await operate(provider, 'PUT', 'agreements', draft(id))).status, 200);
          const offer = () => operate(provider, 'POST', `agreements/${id}/versions/1/sign`);
          if (step === 'offer') await killDuring(members[victim], offer);
          await insist(offer);
          const given = await until(() => offerOf(id));
          const sign = () =>
            operate(consumer, 'POST', 'offers/sign', { provider: given.provider, agreement: id, version: 1 });
          if (step === 'signature') await killDuring(members[victim], sign);
          await insist(sign);
          await until(async () => ((await stateOf(id)) === 'active' ? true : undefined));
          assert.equal((await offerOf(id))?.state, 'active');
          const { acts } = (await operate(provider, 'GET', `agreements/${id}/acts`)).body as { acts: Act[] };
          assert.deepEqual(
            acts.map(({ kind, party }) => `${kind} ${party}`),
            ['draft provider', 'offer provider', 'sign client'],
          );
          assert.equal(await received(consumer, 'agreement.offer-received', id), 1);
          assert.equal(await received(provider, 'agreement.signature-received', id), 1);
          await Promise.all([provider.verifyLedger(), consumer.verifyLedger()]);
        });
      }
    }
  }
});
