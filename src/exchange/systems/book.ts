import type { Database, Tx } from '../../platform/index.ts';
import type { CertificateUser, Connection, InformationSystem, ServiceTrust, SystemCertificate } from './model.ts';
import { serviceTrustOf } from './rules.ts';
import { deleteCertificate, insertCertificate, listSystems, putConnection } from './store.ts';

type Also = (tx: Tx) => Promise<void>;

/**
 * What operators have said about the connections of the member's own systems, held in memory for the doors. A change
 * made here is in force with the next message; one made by another process of this gateway within `RELOAD_MS`.
 */
export type SystemsBook = {
  of(subsystem: string): InformationSystem;
  /** What the subsystem's services must show; undefined where the public authorities decide. */
  serviceTrust(subsystem: string): ServiceTrust | undefined;
  /** `also` is done in the same transaction: the audit entry. */
  setConnection(subsystem: string, connection: Connection, also: Also): Promise<void>;
  addCertificate(subsystem: string, certificate: SystemCertificate, also: Also): Promise<void>;
  /** False where it is not there; then nothing is recorded either. */
  removeCertificate(subsystem: string, usedBy: CertificateUser, thumbprint: string, also: Also): Promise<boolean>;
  close(): void;
};

type Held = { readonly system: InformationSystem; readonly trust: ServiceTrust | undefined };

const RELOAD_MS = 2_000;

export async function openSystems(db: Database): Promise<SystemsBook> {
  let held = await load(db);
  let begun = 0;
  let applied = 0;
  // A look that began before a change may end after it; it never replaces a later one.
  const reload = async () => {
    begun += 1;
    const turn = begun;
    const loaded = await load(db);
    if (turn < applied) return;
    [held, applied] = [loaded, turn];
  };
  const timer = setInterval(() => void reload().catch(() => {}), RELOAD_MS);
  timer.unref();
  const change = async (act: (tx: Tx) => Promise<boolean>, also: Also): Promise<boolean> => {
    const isDone = await db.transaction(async (tx) => {
      const isChanged = await act(tx);
      if (isChanged) await also(tx);
      return isChanged;
    });
    await reload();
    return isDone;
  };
  const done = (act: (tx: Tx) => Promise<void>) => (tx: Tx) => act(tx).then(() => true);
  return {
    of: (subsystem) => held.get(subsystem)?.system ?? { subsystem, connection: 'http', certificates: [] },
    serviceTrust: (subsystem) => held.get(subsystem)?.trust,
    async setConnection(subsystem, connection, also) {
      await change(
        done((tx) => putConnection(tx, subsystem, connection)),
        also,
      );
    },
    async addCertificate(subsystem, certificate, also) {
      await change(
        done((tx) => insertCertificate(tx, subsystem, certificate)),
        also,
      );
    },
    removeCertificate: (subsystem, usedBy, thumbprint, also) =>
      change((tx) => deleteCertificate(tx, subsystem, usedBy, thumbprint), also),
    close: () => clearInterval(timer),
  };
}

async function load(db: Database): Promise<ReadonlyMap<string, Held>> {
  const systems = await listSystems(db.read);
  return new Map(
    systems.map((system) => [system.subsystem, { system, trust: serviceTrustOf(system.certificates) }] as const),
  );
}
