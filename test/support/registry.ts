import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Admission,
  initRegistry,
  openRegistryServer,
  REGISTRY_MIGRATIONS,
  type Registry,
  type RegistryServer,
} from '../../src/exchange/index.ts';
import { actingAs } from '../../src/exchange/operators/audit.ts';
import { makeToken } from '../../src/exchange/operators/service/token.ts';
import { type JoinRequest, parseJoinToken } from '../../src/exchange/trust/joining.ts';
import { draftGatewayKeys } from '../../src/exchange/trust/keys.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { emptyRoot, formatCheckpoint, logSigner } from '../../src/ledger/index.ts';
import { type Database, migrate, silentLog } from '../../src/platform/index.ts';

/** A registry that serves on a free port, with a clock that the test moves. */
export type TestRegistry = {
  readonly registry: Registry;
  readonly server: RegistryServer;
  readonly dir: string;
  /** Stands for every role. */
  readonly operatorToken: string;
  now: Date;
  close(): Promise<void>;
};

export const INSTANCE = 'MA-TEST';

export async function startRegistry(
  db: Database,
  now = new Date('2026-03-02T09:00:00.000Z'),
  instance = INSTANCE,
): Promise<TestRegistry> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-registry-'));
  await migrate(db, REGISTRY_MIGRATIONS);
  const registry = await initRegistry({ db, dir, instance, random: randomBytes }, now);
  const operatorToken = randomBytes(24).toString('base64url');
  const test = {
    registry,
    dir,
    now,
    operatorToken,
    server: { url: '', close: async () => {} } as unknown as RegistryServer,
  };
  const server = await openRegistryServer({ registry, clock: () => test.now, log: silentLog, port: 0, operatorToken });
  return Object.assign(test, {
    server,
    async close() {
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  });
}

export function anAdmission(code = 'DGSN', parts: Partial<Admission> = {}, instance = INSTANCE): Admission {
  return {
    member: { id: `${instance}/GOV/${code}`, name: { ar: 'المديرية العامة للأمن الوطني', fr: 'Sûreté nationale' } },
    server: 'gw1',
    subsystems: [{ code: 'identity', name: { ar: 'سجل الهوية', fr: "Registre d'identité" } }],
    ...parts,
  };
}

/** What a gateway sends with its token; the keys are drafted in `dir`. */
export async function aJoinRequest(token: string, dir: string, address: string): Promise<JoinRequest> {
  const { server } = unwrap(parseJoinToken(token));
  const { tlsCsr, signCsr, ledgerKey } = await draftGatewayKeys(dir, server);
  const { vkey, sign } = logSigner(server, ledgerKey);
  const proof = sign(formatCheckpoint({ origin: server, size: 0, root: emptyRoot() }));
  return { v: 1, token, tlsCsr, signCsr, ledger: { name: server, vkey, proof }, address };
}

/** A token of an operator with these roles. */
export async function officer(test: TestRegistry, name: string, roles: readonly string[]): Promise<string> {
  const { operator } = await test.server.operators.add({ name, roles });
  const { deps } = test.server.operators;
  const actor = { id: operator.id, name, roles: operator.roles, via: 'session' as const };
  const given = { name: 'test', roles: operator.roles, days: 1, id: randomBytes(16).toString('hex') };
  return unwrap(await makeToken(deps, actingAs(deps, actor, 'operator.token-made'), given)).secret;
}
