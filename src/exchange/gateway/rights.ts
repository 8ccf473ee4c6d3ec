import type { Database } from '../../platform/index.ts';
import type { Agreement } from '../message/agreement.ts';
import type { ServiceEntry } from './model.ts';
import { insertAgreement, listAgreements, listServices, putService, setAgreementStatus } from './store.ts';

/** What the provider's door reads at each message. */
export type Rights = {
  readonly agreements: readonly Agreement[];
  readonly services: ReadonlyMap<string, ServiceEntry>;
};

/**
 * Services and agreements, read from the database and held in memory for the door. A change made here is in force
 * with the next message; one made by another process of this gateway within `RELOAD_MS`.
 */
export type RightsBook = {
  current(): Rights;
  addService(entry: ServiceEntry): Promise<void>;
  /** False where this version stands already; it is left as it is. */
  addAgreement(agreement: Agreement): Promise<boolean>;
  setStatus(id: string, status: Agreement['status']): Promise<boolean>;
  close(): void;
};

const RELOAD_MS = 2_000;

export async function openRights(db: Database): Promise<RightsBook> {
  let rights = await load(db);
  let begun = 0;
  let applied = 0;
  // What was read before a change may arrive after it: a look that began earlier never replaces a later one.
  const reload = async () => {
    begun += 1;
    const turn = begun;
    const loaded = await load(db);
    if (turn < applied) return;
    [rights, applied] = [loaded, turn];
  };
  // A database that is away leaves the held rights as they are; the evidence would refuse the message anyway.
  const timer = setInterval(() => void reload().catch(() => {}), RELOAD_MS);
  timer.unref();
  return {
    current: () => rights,
    async addService(entry) {
      await putService(db.read, entry);
      await reload();
    },
    async addAgreement(agreement) {
      const isNew = await db.transaction((tx) => insertAgreement(tx, agreement));
      await reload();
      return isNew;
    },
    async setStatus(id, status) {
      const changed = await setAgreementStatus(db.read, id, status);
      await reload();
      return changed;
    },
    close: () => clearInterval(timer),
  };
}

async function load(db: Database): Promise<Rights> {
  const [agreements, services] = await Promise.all([listAgreements(db.read), listServices(db.read)]);
  return { agreements, services: new Map(services.map((entry) => [entry.service, entry])) };
}
