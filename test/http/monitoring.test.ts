import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { onUsualDatabase } from '../support/database.ts';
import { operatorCall } from '../support/events.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';

const SERVER = SERVICE.split('/').slice(0, 4).join('/');
const EVER = 'recordsFrom=0&recordsTo=99999999999';

onUsualDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('operational data by X-Road’s names', () => {
    let all: TestExchange;
    before(async () => {
      all = await startExchange(open);
      for (const path of ['/one', '/missing', '/hang']) await send(path);
    });
    after(() => all.close());

    const send = (path: string, service = SERVICE) =>
      sendRaw(all.consumer.gateway.url, {
        path: `/r1/${service}${path}`,
        headers: [
          ['x-road-client', CLIENT],
          ['x-road-userid', 'EE1234'],
          ['wasl-subject', 'AB123'],
          ['accept', 'application/problem+json'],
        ],
      });
    type Row = Record<string, unknown>;
    const recordsOf = async (gateway: typeof all.provider, query = EVER) => {
      const { json } = await operatorCall(gateway, 'GET', `operational-data?${query}`);
      return json.records as Row[];
    };

    it('tell each message once, with its times, ends and outcome, and no person', async () => {
      const rows = (await recordsOf(all.provider)).filter((row) => row['serviceCode'] === 'persons');
      assert.deepEqual(
        rows.map((row) => [row['securityServerType'], row['succeeded'], row['statusCode'], row['faultCode']]),
        [
          ['Producer', true, 200, undefined],
          ['Producer', false, 404, undefined],
          ['Producer', false, 504, 'Server.ServerProxy.IOError'],
        ],
      );
      const [first] = rows;
      assert.deepEqual([first?.['clientSubsystemCode'], first?.['serviceMemberCode']], ['portal', 'DGSN']);
      assert.deepEqual([first?.['restMethod'], first?.['serviceType']], ['GET', 'REST']);
      assert.ok(Number(first?.['responseOutTs']) >= Number(first?.['requestInTs']));
      assert.doesNotMatch(JSON.stringify(rows), /AB123|EE1234|\/one/);
      const asked = (await recordsOf(all.consumer)).filter((row) => row['serviceCode'] === 'persons');
      assert.deepEqual([asked.length, asked[0]?.['securityServerType']], [3, 'Client']);
      assert.equal(asked[0]?.['xRequestId'], first?.['xRequestId']);
    });

    it('are asked for a period and a subsystem, and what is no period is refused by its name', async () => {
      assert.deepEqual(await recordsOf(all.provider, 'recordsFrom=0&recordsTo=1'), []);
      assert.deepEqual(await recordsOf(all.provider, `${EVER}&subsystem=A/B/C/D`), []);
      const refused = await operatorCall(all.provider, 'GET', 'operational-data?recordsFrom=yesterday&recordsTo=1');
      assert.equal(refused.status, 422);
      assert.equal(refused.json.errors[0].field, '/recordsFrom');
    });

    it('tell a client over the exchange what it asked itself, and nothing of others', async () => {
      const answer = await send(`/getSecurityServerOperationalData?${EVER}`, SERVER);
      assert.equal(answer.status, 200, answer.text);
      const { records } = JSON.parse(answer.text) as { records: Row[] };
      assert.ok(records.length >= 3);
      assert.ok(records.every((row) => row['clientSubsystemCode'] === 'portal'));
      const bad = await send('/getSecurityServerOperationalData?recordsFrom=x', SERVER);
      assert.equal(bad.status, 400, bad.text);
    });

    it('health data count each service’s answers and how long they took', async () => {
      const { json } = await operatorCall(all.provider, 'GET', 'health-data');
      assert.equal(json.statisticsPeriodSeconds, 600);
      const persons = json.servicesEvents.find((one: { service: string }) => one.service === SERVICE);
      const { successfulRequestCount, unsuccessfulRequestCount, requestMaxDuration } = persons.lastPeriodStatistics;
      assert.deepEqual([successfulRequestCount, unsuccessfulRequestCount], [1, 2]);
      // The one that was never answered was waited for 3 s.
      assert.ok(requestMaxDuration >= 3_000, String(requestMaxDuration));
    });
  });
});
