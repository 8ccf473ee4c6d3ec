import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Admission,
  initRegistry,
  openRegistryServer,
  type Registry,
  type RegistryServer,
} from '../../src/exchange/index.ts';
import { type Database, silentLog } from '../../src/platform/index.ts';

/** A registry that serves on a free port, with a clock that the test moves. */
export type TestRegistry = {
  readonly registry: Registry;
  readonly server: RegistryServer;
  readonly dir: string;
  now: Date;
  close(): Promise<void>;
};

export const INSTANCE = 'MA-TEST';

export async function startRegistry(db: Database, now = new Date('2026-03-02T09:00:00.000Z')): Promise<TestRegistry> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-registry-'));
  const registry = await initRegistry({ db, dir, instance: INSTANCE, random: randomBytes }, now);
  const test = { registry, dir, now, server: { url: '', close: async () => {} } as RegistryServer };
  const server = await openRegistryServer({ registry, clock: () => test.now, log: silentLog, port: 0 });
  return Object.assign(test, {
    server,
    async close() {
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  });
}

export function anAdmission(code = 'DGSN', parts: Partial<Admission> = {}): Admission {
  return {
    member: { id: `${INSTANCE}/GOV/${code}`, name: { ar: 'المديرية العامة للأمن الوطني', fr: 'Sûreté nationale' } },
    server: 'gw1',
    subsystems: [{ code: 'identity', name: { ar: 'سجل الهوية', fr: "Registre d'identité" } }],
    ...parts,
  };
}
