import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { GATEWAY_MIGRATIONS, openServicePublisher, REGISTRY_MIGRATIONS } from '../../src/exchange/index.ts';
import { parseOpenApi } from '../../src/exchange/service/openapi.ts';
import { type ServiceListing, signListing } from '../../src/exchange/trust/listing.ts';
import { silentLog } from '../../src/platform/index.ts';
import { onUsualDatabase } from '../support/database.ts';
import { SERVICE, startExchange, type TestExchange } from '../support/gateways.ts';

const DESCRIPTION = `openapi: 3.0.3
info: { title: Persons, version: '1' }
servers: [{ url: 'http://10.0.0.7/hidden' }]
paths: { '/persons/{id}': { get: {} } }
`;

type Catalogue = {
  readonly services: readonly { service: string; title: string; endpoints: object[]; description: string | null }[];
};

onUsualDatabase([...REGISTRY_MIGRATIONS, ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('the catalogue of services', () => {
    let all: TestExchange;
    let url: string;
    let key: KeyObject;
    before(async () => {
      all = await startExchange(open);
      url = all.registry.server.url;
      key = all.provider.keys.signKey;
    });
    after(() => all.close());

    const read = async () => (await (await fetch(`${url}/services`)).json()) as Catalogue;
    const send = (listing: unknown) =>
      fetch(`${url}/services`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ listing }),
      });
    const aListing = (parts: Partial<ServiceListing> = {}): ServiceListing => ({
      v: 1,
      instance: all.provider.server.split('/')[0] ?? '',
      server: all.provider.server,
      issuedAt: new Date().toISOString(),
      services: [{ service: SERVICE, title: 'Persons', endpoints: [] }],
      ...parts,
    });

    it('has what a gateway says that it serves, and is told when that changes', async () => {
      const { rights } = all.provider.gateway;
      const described = parseOpenApi(DESCRIPTION);
      assert.ok(described.ok);
      await rights.describeService(SERVICE, described.value);
      const publisher = openServicePublisher({
        ...{ registryUrl: url, server: all.provider.server, signKey: async () => key, log: silentLog, everyMs: 20 },
        services: () => rights.current().services.values(),
        clock: () => new Date(),
      });
      const until = async (holds: (catalogue: Catalogue) => boolean) => {
        for (let turn = 0; turn < 200; turn += 1) {
          const catalogue = await read();
          if (holds(catalogue)) return catalogue;
          await sleep(25);
        }
        throw new Error('the catalogue did not come to hold it');
      };
      const found = (await until(({ services }) => services.length > 0)).services.find(
        (one) => one.service === SERVICE,
      );
      assert.deepEqual(found?.endpoints, [{ method: 'GET', path: '/persons/*' }]);
      const description = await fetch(`${url}${found?.description}`);
      assert.equal(description.status, 200);
      assert.ok(!(await description.text()).includes('10.0.0.7'));
      const held = rights.current().services.get(SERVICE) ?? assert.fail();
      await rights.addService({ ...held, enabled: false });
      await until(({ services }) => services.every((one) => one.service !== SERVICE));
      await rights.addService(held);
      await until(({ services }) => services.some((one) => one.service === SERVICE));
      await publisher.close();
    });

    it('is told as DCAT, with the names of who offers', async () => {
      const answer = await fetch(`${url}/services.jsonld`);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/ld\+json/);
      const catalogue = (await answer.json()) as { 'dcat:service': Record<string, unknown>[] };
      const one = catalogue['dcat:service'].find((service) => service['dct:identifier'] === SERVICE);
      assert.equal(one?.['@type'], 'dcat:DataService');
      assert.deepEqual(one?.['dcat:endpointURL'], { '@id': `urn:x-road:${SERVICE.replaceAll('/', ':')}` });
      assert.match(JSON.stringify(one?.['dct:publisher']), /"ar"/);
    });

    it('takes no word of a stranger, about another, of before, or out of shape', async () => {
      const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
      const other = [{ service: 'MA-TEST/GOV/ADD/portal/taken', title: '', endpoints: [] }];
      const before = await read();
      for (const [listing, status] of [
        [signListing(foreign, aListing()), 403],
        [signListing(key, aListing({ server: all.consumer.server })), 403],
        [signListing(key, aListing({ issuedAt: '2020-01-01T00:00:00.000Z' })), 403],
        [signListing(key, aListing({ services: other })), 422],
        [signListing(key, { ...aListing(), more: 1 } as ServiceListing), 422],
        [signListing(key, aListing()).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')), 422],
        ['x.y.z', 403],
        [7, 422],
      ] as const) {
        const answer = await send(listing);
        assert.equal(answer.status, status, `${await answer.text()} of ${String(listing).slice(0, 60)}`);
      }
      assert.deepEqual(await read(), before);
    });

    it('does not go back to an older word that comes late', async () => {
      const older = signListing(key, aListing({ issuedAt: new Date(Date.now() - 1_000).toISOString(), services: [] }));
      assert.equal((await send(signListing(key, aListing()))).status, 200);
      assert.equal((await send(older)).status, 200);
      assert.equal((await read()).services.length, 1);
    });
  });
});
