import { randomBytes } from 'node:crypto';
import { initRegistry, openRegistryServer, type Registry } from '../../exchange/index.ts';
import { type Log, migrate } from '../../platform/index.ts';
import type { Storage } from './storage.ts';

export type RegistryPart = { readonly url: string; readonly registry: Registry; close(): Promise<void> };

export async function startRegistry(options: {
  readonly storage: Storage;
  readonly dir: string;
  readonly instance: string;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
}): Promise<RegistryPart> {
  const db = await options.storage.open('registry');
  await migrate(db, ['exchange-registry']);
  const clock = () => new Date();
  const { dir, instance, host, port, log } = options;
  const registry = await initRegistry({ db, dir, instance, random: randomBytes }, clock());
  const server = await openRegistryServer({ registry, clock, log, host, port });
  return {
    url: server.url,
    registry,
    close: async () => {
      await server.close();
      await db.close();
    },
  };
}
