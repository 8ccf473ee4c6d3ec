import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startIdentityRegister } from '../../examples/authorities/identity-register.ts';
import type { RunningService } from '../../examples/authorities/service.ts';
import {
  type Admission,
  anchorPath,
  exchangeClient,
  GATEWAY_MIGRATIONS,
  type Gateway,
  isFailure,
  issueToken,
  joinAsGateway,
  openGateway,
  openTrustStore,
  type TrustStore,
  verifyEvidence,
  verifyEvidenceFiles,
} from '../../src/exchange/index.ts';
import { Problem, unwrap } from '../../src/kernel/index.ts';
import { type Database, silentLog } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { freePort } from '../support/ports.ts';
import { anAdmission, INSTANCE, startRegistry, type TestRegistry } from '../support/registry.ts';

type Member = { readonly gateway: Gateway; readonly trust: TrustStore; readonly db: Database; readonly dir: string };

const clock = () => new Date();
const CLIENT = `${INSTANCE}/GOV/ADD/portal`;
const SERVICE = `${INSTANCE}/GOV/DGSN/identity/persons`;

describe('evidence of an exchange between two running gateways', () => {
  let registryDb: Database;
  let registry: TestRegistry;
  let service: RunningService;
  let consumer: Member;
  let provider: Member;
  let exchange: string;

  before(async () => {
    registryDb = await openForTest(['exchange-registry']);
    registry = await startRegistry(registryDb, clock());
    service = await startIdentityRegister({ port: 0 });
    const portal = { code: 'portal', name: { ar: 'البوابة', fr: 'Portail' } };
    consumer = await startMember(registry, anAdmission('ADD', { subsystems: [portal] }));
    provider = await startMember(registry, anAdmission('DGSN'));
    await consumer.trust.refresh();
    await publish(provider.gateway, service.url);
    const client = exchangeClient({ gatewayUrl: consumer.gateway.url, client: CLIENT });
    const answer = unwrap(
      await client.call({ service: SERVICE, path: '/AB123456', subject: 'AB123456', purpose: 'residence' }),
    );
    await client.close();
    assert.deepEqual(answer.json, { nationalId: 'AB123456', birthDate: '1991-04-17' });
    exchange = answer.exchangeId;
  });
  after(async () => {
    for (const member of [consumer, provider]) await stopMember(member);
    await service.close();
    await registry.close();
    await registryDb.close();
  });

  it('is exported by either party and verified offline, with the anchor that joining left', async () => {
    for (const { gateway, dir } of [consumer, provider]) {
      const bytes = await gateway.exportEvidence(exchange);
      assert.ok(bytes.length < 20_000, `${bytes.length} bytes`);
      const path = join(dir, 'evidence.json');
      await writeFile(path, bytes);
      const report = unwrap(await verifyEvidenceFiles(path, anchorPath(dir)));
      if (isFailure(report)) throw new Error('the exchange was answered');
      assert.equal(report.exchange, exchange);
      assert.equal(report.client, CLIENT);
      assert.equal(report.service, SERVICE);
      assert.equal(report.agreement, 'agr-1');
      assert.equal(report.purpose, 'residence');
      assert.equal(report.status, 200);
      assert.equal(report.personalData, true);
    }
  });

  it('holds nothing of the answer’s body, only its digest', async () => {
    const text = (await consumer.gateway.exportEvidence(exchange)).toString();
    assert.doesNotMatch(text, /1991-04-17|birthDate/);
    const report = unwrap(verifyEvidence(Buffer.from(text), registry.registry.keys.anchor));
    assert.match(report.digests.response, /^sha-256=:.{44}:$/);
  });

  it('is refused when a letter or digit of it was changed', async () => {
    const text = (await consumer.gateway.exportEvidence(exchange)).toString();
    let tried = 0;
    for (let at = 0; at < text.length; at += process.env['WASL_TEST_LONG'] === '1' ? 1 : 37) {
      const letter = text[at] ?? '';
      if (!/[A-Za-z0-9]/.test(letter)) continue;
      const changed = text.slice(0, at) + (letter === '7' ? '8' : '7') + text.slice(at + 1);
      assert.equal(verifyEvidence(Buffer.from(changed), registry.registry.keys.anchor).ok, false, `at ${at}`);
      tried += 1;
    }
    assert.ok(tried > 200);
  });

  it('says that there is none for an exchange that never was', async () => {
    await assert.rejects(consumer.gateway.exportEvidence(randomUUID()), (cause) => {
      assert.ok(cause instanceof Problem);
      assert.equal(cause.status, 404);
      return true;
    });
  });

  it('verifies no file that is not there, and says which', async () => {
    await assert.rejects(verifyEvidenceFiles('/nowhere/evidence.json', anchorPath(consumer.dir)), /nowhere/);
  });
});

async function startMember(registry: TestRegistry, admission: Admission): Promise<Member> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-member-'));
  const peerPort = await freePort();
  const address = `https://127.0.0.1:${peerPort}`;
  const token = await issueToken(registry.registry, admission, clock());
  registry.now = clock();
  const { keys, anchor, statement } = await joinAsGateway({
    registryUrl: registry.server.url,
    token,
    dir,
    address,
    clock,
  });
  const trust = await openTrustStore({ dir, anchor, registry: registry.server.url, clock, log: silentLog });
  const db = await openForTest(GATEWAY_MIGRATIONS);
  const gateway = await openGateway({
    db,
    server: statement.server,
    subsystems: statement.subsystems.map(({ code }) => `${statement.member.id}/${code}`),
    keys,
    subjectSecret: randomBytes(32),
    trust,
    host: '127.0.0.1',
    port: 0,
    peerPort,
    address,
    ledger: { name: 'exchange', origin: statement.ledger.name },
    witnessKey: generateKeyPairSync('ed25519').privateKey,
    operatorToken: 'test',
    clock,
    newId: randomUUID,
    randomBytes,
    log: silentLog,
    settings: { allowedNetworks: ['127.0.0.0/8'], requireSignatures: false },
  });
  return { gateway, trust, db, dir };
}

async function stopMember({ gateway, trust, db, dir }: Member): Promise<void> {
  await gateway.close();
  await trust.close();
  await db.close();
  await rm(dir, { recursive: true, force: true });
}

async function publish(gateway: Gateway, serviceUrl: string): Promise<void> {
  const url = `${serviceUrl}/persons`;
  await gateway.rights.addService({ service: SERVICE, url, timeoutMs: 5000, enabled: true, notice: '' });
  await gateway.rights.addAgreement({
    id: 'agr-1',
    version: 1,
    client: CLIENT,
    service: SERVICE,
    endpoints: [{ method: 'GET', path: '/*' }],
    purposes: [{ code: 'residence', text: { ar: 'شهادة السكنى', fr: 'Certificat de résidence' } }],
    legalBasis: { text: { ar: 'القانون 55.19', fr: 'Loi 55-19' }, ref: '55-19' },
    fields: ['/nationalId', '/birthDate'],
    validFrom: '2026-01-01T00:00:00.000Z',
    validUntil: '2036-01-01T00:00:00.000Z',
    status: 'active',
  });
}
