import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from './database.ts';
import { anAgreement, sendRaw, startGateway, startService, type TestGateway } from './gateways.ts';
import { startRegistry, type TestRegistry } from './registry.ts';

export const ABROAD = 'XX-TEST';

/** Two registries that let each other's members in, a consumer of the one and a provider of the other. */
export type FederatedExchange = {
  readonly here: TestRegistry;
  readonly there: TestRegistry;
  readonly consumer: TestGateway;
  readonly provider: TestGateway;
  readonly client: string;
  readonly service: string;
  close(): Promise<void>;
};

export async function startFederated(): Promise<FederatedExchange> {
  const databases: Database[] = [];
  const open = async (sets: readonly string[]) => {
    const db = await openForTest(sets);
    databases.push(db);
    return db;
  };
  const here = await startRegistry(await open([]), new Date());
  const there = await startRegistry(await open([]), new Date(), ABROAD);
  for (const one of [here, there]) Object.defineProperty(one, 'now', { get: () => new Date() });
  const consumer = await startGateway(here, await open(GATEWAY_MIGRATIONS), { code: 'ADD', subsystem: 'portal' });
  const provider = await startGateway(there, await open(GATEWAY_MIGRATIONS), { code: 'CIVIL', subsystem: 'registry' });
  const outside = await startService();
  const service = `${ABROAD}/GOV/CIVIL/registry/persons`;
  const entry = { service, url: outside.url, timeoutMs: 60_000, enabled: true, notice: '' };
  await provider.gateway.rights.addService(entry);
  await provider.gateway.rights.addAgreement(anAgreement({ service }));
  await letIn(here, there);
  await letIn(there, here);
  for (const one of [consumer, provider]) await one.trust.refresh();
  const client = 'MA-TEST/GOV/ADD/portal';
  await untilAnswered(consumer, `/r1/${service}/json`, client);
  return {
    here,
    there,
    consumer,
    provider,
    client,
    service,
    async close() {
      await Promise.all([consumer.close(), provider.close()]);
      await outside.close();
      await Promise.all([here.close(), there.close()]);
      for (const db of databases) await db.close();
    },
  };
}

export async function letIn(of: TestRegistry, other: TestRegistry): Promise<void> {
  const { anchor } = other.registry.keys;
  const filter = { classes: ['GOV'], members: [], subsystems: [] };
  const answer = await fetch(new URL(`/registry/v1/federation/${anchor.instance}`, of.server.url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${of.operatorToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: other.server.url, anchor, filter }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** The provider's door takes a new authority up within a second. */
async function untilAnswered(consumer: TestGateway, path: string, client: string): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) {
    const answer = await sendRaw(consumer.gateway.url, { path, headers: [['x-road-client', client]] });
    if (answer.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${path} is not answered`);
}
