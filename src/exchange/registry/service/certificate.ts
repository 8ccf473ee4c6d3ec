import { X509Certificate } from 'node:crypto';
import { notFound } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import type { RevocationReason } from '../../trust/list-parts.ts';
import { issueCrl } from '../authority.ts';
import { inUse } from '../problems.ts';
import { hoursAfter, type Registry } from '../registry.ts';
import * as store from '../store/certificate.ts';
import { leaveGateway } from '../store/directory.ts';
import { change } from './change.ts';

/**
 * Revokes a certificate. One that its gateway uses now takes the gateway out of the list: it has to join anew, with new
 * keys. Peers refuse it from their next list on, TLS clients of other kinds by the revocation list (`/crl`).
 */
export async function revoke(
  registry: Registry,
  acting: Acting,
  id: string,
  reason: RevocationReason,
  now: Date,
): Promise<void> {
  const known = (await store.listCertificates(registry.db.read)).find((one) => one.id === id);
  if (known === undefined) throw notFound('There is no certificate of this id.');
  const work = async (tx: Tx) => {
    if (!(await store.revokeCertificate(tx, id, reason, now))) throw inUse('The certificate is revoked already.');
    const current = await store.findCurrent(tx, known.server);
    if (!current.some((one) => one.id === id)) return;
    for (const other of current) await store.revokeCertificate(tx, other.id, reason, now);
    await leaveGateway(tx, known.server, now);
  };
  await change(registry, acting, now, `${known.server} ${id}`, work, { reason });
}

/** The X.509 revocation list (RFC 5280, 5) of our own authority, as of now. */
export async function currentCrl(registry: Registry, now: Date): Promise<Buffer> {
  const { authority } = registry.keys;
  const revoked = await store.listRevocations(registry.db.read);
  const ca = new X509Certificate(authority.certificate);
  const own = revoked.filter(({ der }) => new X509Certificate(der).checkIssued(ca));
  const until = hoursAfter(now, registry.settings.trustListHours);
  return issueCrl(authority, own, { from: now, until });
}
