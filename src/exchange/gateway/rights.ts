import type { Database, Tx } from '../../platform/index.ts';
import type { Agreement } from '../message/agreement.ts';
import type { ServiceDescription } from '../service/openapi.ts';
import {
  type ActWatcher,
  addVersion,
  type BookOptions,
  type ChangedStatus,
  changeStatus,
  type StatusChange,
} from './agreement-book.ts';
import { listAgreements, listFullySigned } from './agreement-store.ts';
import type { ServiceEntry } from './model.ts';
import { listServices, putDescription, putService, removeService } from './store.ts';

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
  /**
   * False where this version stands already; it is left as it is, unless it is a draft. Throws a Problem (409) below a
   * later version, and where the agreement has ended.
   */
  addAgreement(agreement: Agreement, also?: Also): Promise<boolean>;
  /**
   * Suspends, resumes or ends what has not ended, and tells the client's gateway. False where there is no agreement of
   * this id; true without a change where it is so already. Throws a Problem (409) where its state does not allow it.
   */
  setStatus(id: string, status: ChangedStatus, also?: Also, how?: StatusChange): Promise<boolean>;
  /** Adds who must know of each act that is written, in its transaction. */
  watch(watcher: ActWatcher): void;
  /** Reads all anew: what is told of an agreement beside its text has changed. */
  reload(): Promise<void>;
  close(): void;
};

type Also = (tx: Tx) => Promise<void>;

const RELOAD_MS = 2_000;
const nothing: Also = async () => {};

export async function openRights(db: Database, options: BookOptions): Promise<RightsBook> {
  const watchers: ActWatcher[] = [];
  let rights = await load(db, options);
  let begun = 0;
  let applied = 0;
  // What was read before a change may arrive after it: a look that began earlier never replaces a later one.
  const reload = async () => {
    begun += 1;
    const turn = begun;
    const loaded = await load(db, options);
    if (turn < applied) return;
    [rights, applied] = [loaded, turn];
  };
  // A database that is away leaves the held rights as they are; the evidence would refuse the message anyway.
  const timer = setInterval(() => void reload().catch(() => {}), RELOAD_MS);
  timer.unref();
  /** False where there was nothing to change: then nothing is recorded either. */
  const changed = async (change: (tx: Tx) => Promise<boolean>, also: Also = nothing): Promise<boolean> => {
    const done = await db.transaction(async (tx) => {
      const isChanged = await change(tx);
      if (isChanged) await also(tx);
      return isChanged;
    });
    await reload();
    return done;
  };
  const committed = (isChanged: boolean): boolean => {
    if (isChanged) for (const watcher of watchers) watcher.committed();
    return isChanged;
  };
  return {
    current: () => rights,
    async addService(entry, also) {
      await changed((tx) => putService(tx, entry).then(() => true), also);
    },
    async describeService(service, description, also) {
      await changed((tx) => putDescription(tx, service, description).then(() => true), also);
    },
    removeService: (service, also) => changed((tx) => removeService(tx, service), also),
    addAgreement: (agreement, also) =>
      changed((tx) => addVersion(tx, agreement, options, watchers), also).then(committed),
    async setStatus(id, status, also, how = {}) {
      let isKnown = false;
      await changed(async (tx) => {
        const outcome = await changeStatus(tx, { id, status, how }, options, watchers);
        isKnown = outcome !== 'unknown';
        return outcome === 'changed';
      }, also).then(committed);
      return isKnown;
    },
    watch: (watcher) => void watchers.push(watcher),
    reload,
    close: () => clearInterval(timer),
  };
}

async function load(db: Database, { clock, areSignaturesRequired }: BookOptions): Promise<Rights> {
  const [all, services] = await Promise.all([listAgreements(db.read), listServices(db.read)]);
  const signed = areSignaturesRequired ? await listFullySigned(db.read) : undefined;
  const now = clock().getTime();
  const agreements = all
    .map((one) => (signed === undefined ? one : { ...one, isSigned: signed.has(`${one.id}/${one.version}`) }))
    .map((one) =>
      one.endsAt === undefined || now < Date.parse(one.endsAt) ? one : { ...one, status: 'ended' as const },
    );
  const byService = Map.groupBy(agreements, (one) => one.service);
  return { agreements, byService, services: new Map(services.map((entry) => [entry.service, entry])) };
}
