import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ExchangeClient, exchangeClient, GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { silentLog } from '../../src/platform/index.ts';
import type { UsageFilter } from '../../src/procedures/model/usage.ts';
import type { ProceduresDeps } from '../../src/procedures/service/deps.ts';
import { whoUsedMyData } from '../../src/procedures/service/usage.ts';
import { openSourceBook } from '../../src/procedures/service/usage-sources.ts';
import { openForTest } from '../support/database.ts';
import { anAgreement, CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';
import { actor } from '../support/portal.ts';
import { INSTANCE } from '../support/registry.ts';

const [PORTAL, IDENTITY] = [CLIENT, SERVICE.slice(0, SERVICE.lastIndexOf('/'))];
const ANY: UsageFilter = { member: undefined, from: undefined, until: undefined };

/** The portal’s list over real gateways: whoever takes part, by the exchange’s own word. */
describe('who used my data, asked over the exchange', () => {
  let all: TestExchange;
  let client: ExchangeClient;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    client = exchangeClient({ gatewayUrl: all.consumer.gateway.url, client: CLIENT });
    const entry = { service: SERVICE, url: all.service.url, timeoutMs: 30_000, enabled: true, notice: '' };
    await all.provider.gateway.rights.addService(entry);
    for (const [one, subsystem] of [
      [all.consumer, PORTAL],
      [all.provider, IDENTITY],
    ] as const) {
      const terms = { id: `usage-${subsystem.split('/')[3]}`, service: `${subsystem}/findUsage`, fields: ['/'] };
      await one.gateway.rights.addAgreement(anAgreement(terms));
    }
  });
  after(async () => {
    await client.close();
    await all.close();
  });

  const portalOf = (subject: string) =>
    ({
      // A busy machine is not a gateway that is down.
      callExchange: (call) => client.call({ ...call, timeoutMs: 60_000 }),
      listMembers: () => client.listMembers(),
      nationalIdOf: async () => subject,
      log: silentLog,
      clock: () => new Date(),
    }) as Partial<ProceduresDeps> as ProceduresDeps;
  const look = (subject: string, filter = ANY) => {
    const deps = portalOf(subject);
    return whoUsedMyData(deps, openSourceBook(deps), actor('amina'), { filter, cursor: undefined });
  };
  const use = async (subject: string, path = 'find', more: readonly (readonly [string, string])[] = []) => {
    const headers = [['x-road-client', CLIENT], ['wasl-subject', subject], ...more] as const;
    const answer = await sendRaw(all.consumer.gateway.url, { path: `/r1/${SERVICE}/${path}`, headers });
    return String(answer.headers['x-road-request-id'] ?? '');
  };

  it('each exchange is one line with its asker, giver, agreement and fields; only one’s own', async () => {
    const first = await use('AB100');
    await use('ZZ100');
    const { lines, away, untold, members } = await look('AB100');
    assert.equal(lines.length, 1);
    const [line] = lines;
    assert.deepEqual(
      [line?.exchange, line?.teller, line?.giver, line?.outcome, line?.agreementVersion, line?.fields],
      [first, IDENTITY, 'told', 'answered', 1, anAgreement().fields],
    );
    assert.deepEqual([line?.clientName?.ar, line?.giverName?.fr], ['المديرية العامة للأمن الوطني', 'Sûreté nationale']);
    assert.deepEqual(line?.legalBasis, { ...anAgreement().legalBasis, title: undefined });
    assert.equal(members.length, 3);
    assert.deepEqual([away, untold.map(({ id }) => id)], [[], [`${INSTANCE}/GOV/THIRD`]]);
    assert.deepEqual((await look('QQ100')).lines, []);
  });

  it('the fields are those of the agreement’s version at that time', async () => {
    const before = await use('AB101');
    await all.provider.gateway.rights.addAgreement(anAgreement({ version: 2, fields: ['/number'] }));
    const later = await use('AB101');
    const { lines } = await look('AB101');
    assert.deepEqual(
      lines.map(({ exchange, agreementVersion, fields }) => [exchange, agreementVersion, fields]),
      [
        [later, 2, ['/number']],
        [before, 1, anAgreement().fields],
      ],
    );
  });

  it('what was refused, and what found nothing, is told as that', async () => {
    await use('AB102', 'missing');
    await use('AB102', 'find', [['wasl-purpose', 'curiosity']]);
    const { lines } = await look('AB102');
    assert.deepEqual(
      lines.map(({ outcome, status, giver }) => [outcome, status, giver]),
      [
        ['refused', 403, 'told'],
        ['answered', 404, 'told'],
      ],
    );
  });

  it('is narrowed to a member and to days in Morocco', async () => {
    await use('AB103');
    const count = async (filter: Partial<UsageFilter>) => (await look('AB103', { ...ANY, ...filter })).lines.length;
    assert.equal(await count({ member: `${INSTANCE}/GOV/DGSN` }), 1);
    assert.equal(await count({ member: `${INSTANCE}/GOV/THIRD` }), 0);
    const day = (offset: number) =>
      new Date(Date.now() + 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10) as UsageFilter['from'];
    assert.equal(await count({ from: day(-1), until: day(1) }), 1);
    assert.equal(await count({ until: day(-2) }), 0);
    assert.equal(await count({ from: day(2) }), 0);
  });

  it('of a gateway that is down, the side that asked tells; and it is named', async () => {
    const given = await use('AB104');
    await all.provider.gateway.close();
    Object.assign(all.provider.gateway, { close: async () => {} });
    const lost = await use('AB104');
    assert.equal(lost, '');
    const { lines, away } = await look('AB104');
    assert.deepEqual(
      away.map(({ id }) => id),
      [`${INSTANCE}/GOV/DGSN`],
    );
    assert.deepEqual(
      lines.map(({ exchange, teller, giver, outcome }) => [exchange === given, teller, giver, outcome]),
      [
        [false, PORTAL, 'none', 'unanswered'],
        [true, PORTAL, 'away', 'answered'],
      ],
    );
  });
});
