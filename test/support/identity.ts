import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Access,
  type Identity,
  type IdentityOptions,
  identityKeys,
  openIdentity,
  openSimulator,
  type SimulatedPerson,
  type Simulator,
} from '../../src/identity/index.ts';
import { createHttpServer, type Database, mountRoutes, type Route, silentLog } from '../../src/platform/index.ts';
import { openForTest } from './database.ts';

export const AMINA: SimulatedPerson = {
  nationalId: 'AB123456',
  name: { ar: 'أمينة بنعلي', fr: 'Amina Benali' },
  birthDate: '1990-04-12',
  note: { ar: 'تقيم بالرباط', fr: 'habite à Rabat', en: 'lives in Rabat' },
};
export const NADIA: SimulatedPerson = {
  nationalId: 'CD654321',
  name: { ar: 'نادية الفاسي', fr: 'Nadia El Fassi' },
  birthDate: '1984-11-02',
};

export type Portal = {
  readonly url: string;
  readonly identity: Identity;
  readonly db: Database;
  readonly clientKey: KeyObject;
  /** The portal's clock runs ahead of the machine's by so much. */
  advance(milliseconds: number): void;
  startSimulator(port?: number): Promise<Simulator>;
  close(): Promise<void>;
};

export type PortalOptions = Partial<IdentityOptions> & { readonly routes?: readonly Route<Access>[] };

/** A portal of nothing but sign-in and the routes given, on an ephemeral port, with a simulator where one is started. */
export async function openPortal(given: PortalOptions = {}): Promise<Portal> {
  const db = await openForTest(['identity']);
  const folder = await mkdtemp(join(tmpdir(), 'wasl-identity-'));
  const clientKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const simulators: Simulator[] = [];
  let ahead = 0;
  let url = NOWHERE;
  const identity = openIdentity({
    db,
    log: silentLog,
    keys: identityKeys(randomBytes(32)),
    clock: () => new Date(Date.now() + ahead),
    random: randomBytes,
    issuerUrl: () => simulators.at(-1)?.issuer ?? NOWHERE,
    clientId: CLIENT,
    clientKey,
    redirectBase: () => url,
    insecureLoopbackIssuer: true,
    ...given,
  });
  const server = await createHttpServer({
    log: silentLog,
    baseUrl: () => url,
    problemPage: identity.problemPage,
    limitRates: false,
  });
  mountRoutes(server, [...identity.routes, ...(given.routes ?? [])], identity.guard);
  await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return {
    url,
    identity,
    db,
    clientKey,
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
    async startSimulator(port = 0) {
      const simulator = await startSimulator(url, clientKey, join(folder, 'simulator'), port);
      simulators.push(simulator);
      return simulator;
    },
    async close() {
      await Promise.all(simulators.map((simulator) => simulator.close()));
      await server.close();
      await db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1';
const CLIENT = 'wasl-portal';

function startSimulator(portal: string, clientKey: KeyObject, folder: string, port: number): Promise<Simulator> {
  return openSimulator({
    mode: 'demonstration',
    host: '127.0.0.1',
    port,
    people: [AMINA, NADIA],
    clientId: CLIENT,
    clientKey,
    redirectUris: [`${portal}/auth/callback`],
    folder,
    random: randomBytes,
    log: silentLog,
  });
}
