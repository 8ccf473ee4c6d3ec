import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import {
  initRegistry,
  issueToken,
  joinGateway,
  publishTrustList,
  REGISTRY_MIGRATIONS,
} from '../../src/exchange/index.ts';
import { actingFor } from '../../src/exchange/registry/registry.ts';
import { approveRequest } from '../../src/exchange/registry/service/decide.ts';
import { migrate, openPostgresql } from '../../src/platform/index.ts';
import { aJoinRequest, anAdmission, INSTANCE } from '../support/registry.ts';

/** The process that the crash test kills: lets gateways in and publishes without end, and says what was acknowledged. */
const { url, schema, dir } = JSON.parse(process.argv[2] ?? '') as { url: string; schema: string; dir: string };
const db = await openPostgresql({ url, schema, poolSize: 6 });
await migrate(db, REGISTRY_MIGRATIONS);
const registry = await initRegistry({ db, dir, instance: INSTANCE, random: randomBytes }, new Date());

const freshAddress = () => `https://${randomUUID()}.example:5500`;
const say = (told: object): void => void writeSync(1, `${JSON.stringify(told)}\n`);

async function admitForever(): Promise<never> {
  for (;;) {
    const code = randomUUID().slice(0, 8).toUpperCase();
    const token = await issueToken(registry, anAdmission(code, { approval: 'wait' }), new Date());
    const outcome = await joinGateway(
      registry,
      await aJoinRequest(token, await mkdtemp(join(dir, 'gateway-')), freshAddress()),
      new Date(),
    );
    if (!('request' in outcome)) throw new Error('it was to wait');
    const acting = actingFor(registry, 'registry.request-approved', new Date());
    await approveRequest(registry, acting, outcome.request, { reason: 'known' }, new Date());
    say({ approved: outcome.request, server: `${INSTANCE}/GOV/${code}/gw1` });
  }
}

async function publishForever(): Promise<never> {
  for (;;) {
    const { version, jws } = await publishTrustList(registry, new Date());
    say({ version, hash: createHash('sha256').update(jws).digest('hex') });
  }
}

await Promise.all([admitForever(), admitForever(), publishForever()]);
