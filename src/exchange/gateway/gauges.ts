import { X509Certificate } from 'node:crypto';
import { openCheckpoint, readCheckpoint } from '../../ledger/index.ts';
import { Gauge } from '../../platform/index.ts';
import { countOpenAlarms, listCosignatures } from '../witness/store.ts';
import type { GatewayContext } from './model.ts';
import { LIST_FAULTS } from './trust-state.ts';

/**
 * What an operator is woken for before it is too late: what will expire, how far witnesses are behind, what was raised.
 * Read when Prometheus asks; what cannot be read then is left out, and its absence is an alert too.
 */
export function openGauges(context: GatewayContext): void {
  const registers = [context.measures.registry];
  const gauge = (name: string, help: string, read: () => Promise<number> | number): void => {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const value = await Promise.resolve()
          .then(read)
          .catch(() => undefined);
        if (value === undefined) this.reset();
        else this.set(value);
      },
    });
  };
  gauge('wasl_trust_list_expires_seconds', 'Until when the held trust list is in force, in seconds since 1970', () => {
    const list = context.trust.current(context.clock());
    return list.ok ? seconds(list.value.expiresAt) : 0;
  });
  new Gauge({
    name: 'wasl_trust_list_refusals',
    help: 'Trust lists that were refused since the start, by the name of the refusal',
    labelNames: ['fault'],
    registers,
    collect() {
      this.reset();
      for (const [kind, count] of context.trust.refusals?.() ?? []) this.inc({ fault: LIST_FAULTS[kind] }, count);
    },
  });
  gauge('wasl_tls_certificate_expires_seconds', 'Until when the TLS certificate is good, in seconds since 1970', () =>
    seconds(new X509Certificate(context.keys.tlsCertPem).validTo),
  );
  gauge('wasl_ledger_entries', 'Entries in the log', () => ledgerSize(context));
  gauge('wasl_ledger_unwitnessed_entries', 'Entries that no witness has signed yet', async () => {
    const [newest] = await listCosignatures(context.db.read);
    return (await ledgerSize(context)) - (newest?.size ?? 0);
  });
  gauge('wasl_alarms_open', 'Alarms that no operator has acknowledged', () => countOpenAlarms(context.db.read));
}

const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);

async function ledgerSize({ db, ledger }: GatewayContext): Promise<number> {
  const opened = openCheckpoint(await readCheckpoint(db.read, ledger.name), ledger.signer.vkey);
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value.size;
}
