import { randomBytes } from 'node:crypto';
import {
  initRegistry,
  type Operators,
  openRegistryServer,
  REGISTRY_MIGRATIONS,
  type Registry,
} from '../../exchange/index.ts';
import { type Log, migrate } from '../../platform/index.ts';
import { keptSecret } from './secrets.ts';
import type { Storage } from './storage.ts';

export type RegistryPart = {
  readonly url: string;
  readonly registry: Registry;
  readonly operators: Operators;
  readonly operatorToken: string;
  readonly ledger: { readonly name: string; readonly vkey: string };
  close(): Promise<void>;
};

export async function startRegistry(options: {
  readonly storage: Storage;
  readonly dir: string;
  readonly instance: string;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
}): Promise<RegistryPart> {
  const db = await options.storage.open('registry');
  await migrate(db, REGISTRY_MIGRATIONS);
  const clock = () => new Date();
  const { dir, instance, host, port, log } = options;
  const registry = await initRegistry({ db, dir, instance, random: randomBytes }, clock());
  const operatorToken = (await keptSecret(dir, 'operator-token')).toString('base64url');
  const server = await openRegistryServer({ registry, clock, log, host, port, operatorToken });
  return {
    url: server.url,
    registry,
    operators: server.operators,
    operatorToken,
    ledger: { name: registry.ledger.name, vkey: registry.ledger.signer.vkey },
    close: async () => {
      await server.close();
      await db.close();
    },
  };
}
