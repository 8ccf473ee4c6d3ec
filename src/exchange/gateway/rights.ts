import type { Database, Tx } from '../../platform/index.ts';
import type { Agreement } from '../message/agreement.ts';
import type { ServiceDescription } from '../service/openapi.ts';
import type { ServiceEntry } from './model.ts';
import {
  insertAgreement,
  listAgreements,
  listFullySigned,
  listServices,
  putDescription,
  putService,
  removeService,
  setAgreementStatus,
} from './store.ts';

/** What the provider's door reads at each message. */
export type Rights = {
  readonly agreements: readonly Agreement[];
  /** The same by service: of thousands, a message asks a few. */
  readonly byService: ReadonlyMap<string, readonly Agreement[]>;
  readonly services: ReadonlyMap<string, ServiceEntry>;
};

/**
 * Services and agreements, read from the database and held in memory for the door. A change made here is in force
 * with the next message; one made by another process of this gateway within `RELOAD_MS`.
 */
export type RightsBook = {
  current(): Rights;
  /** `also` is done in the same transaction, after the change: its audit entry. */
  addService(entry: ServiceEntry, also?: Also): Promise<void>;
  describeService(service: string, description: ServiceDescription, also?: Also): Promise<void>;
  /** False where there is none. Its agreements stay: they say what was agreed, and refuse without it. */
  removeService(service: string, also?: Also): Promise<boolean>;
  /** False where this version stands already; it is left as it is. */
  addAgreement(agreement: Agreement, also?: Also): Promise<boolean>;
  setStatus(id: string, status: Agreement['status'], also?: Also): Promise<boolean>;
  /** Reads all anew: what is told of an agreement beside its text has changed. */
  reload(): Promise<void>;
  close(): void;
};

type Also = (tx: Tx) => Promise<void>;

const RELOAD_MS = 2_000;
const nothing: Also = async () => {};

/** `areSignaturesRequired`: an agreement that both members have not signed is none yet. */
export async function openRights(db: Database, areSignaturesRequired = false): Promise<RightsBook> {
  let rights = await load(db, areSignaturesRequired);
  let begun = 0;
  let applied = 0;
  // What was read before a change may arrive after it: a look that began earlier never replaces a later one.
  const reload = async () => {
    begun += 1;
    const turn = begun;
    const loaded = await load(db, areSignaturesRequired);
    if (turn < applied) return;
    [rights, applied] = [loaded, turn];
  };
  // A database that is away leaves the held rights as they are; the evidence would refuse the message anyway.
  const timer = setInterval(() => void reload().catch(() => {}), RELOAD_MS);
  timer.unref();
  /** False where there was nothing to change: then nothing is recorded either. */
  const changed = async (change: (tx: Tx) => Promise<boolean>, also: Also): Promise<boolean> => {
    const done = await db.transaction(async (tx) => {
      const isChanged = await change(tx);
      if (isChanged) await also(tx);
      return isChanged;
    });
    await reload();
    return done;
  };
  return {
    current: () => rights,
    async addService(entry, also = nothing) {
      await db.transaction(async (tx) => {
        await putService(tx, entry);
        await also(tx);
      });
      await reload();
    },
    async describeService(service, description, also = nothing) {
      await db.transaction(async (tx) => {
        await putDescription(tx, service, description);
        await also(tx);
      });
      await reload();
    },
    removeService: (service, also = nothing) => changed((tx) => removeService(tx, service), also),
    addAgreement: (agreement, also = nothing) =>
      changed((tx) => insertAgreement(tx, agreement, areSignaturesRequired), also),
    setStatus: (id, status, also = nothing) => changed((tx) => setAgreementStatus(tx, id, status), also),
    reload,
    close: () => clearInterval(timer),
  };
}

async function load(db: Database, areSignaturesRequired: boolean): Promise<Rights> {
  const [all, services] = await Promise.all([listAgreements(db.read), listServices(db.read)]);
  const signed = areSignaturesRequired ? await listFullySigned(db.read) : undefined;
  const agreements = all.map((one) =>
    signed === undefined ? one : { ...one, isSigned: signed.has(`${one.id}/${one.version}`) },
  );
  const byService = Map.groupBy(agreements, (one) => one.service);
  return { agreements, byService, services: new Map(services.map((entry) => [entry.service, entry])) };
}
