import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import type { CertificateUser, Connection, InformationSystem, SystemCertificate } from './model.ts';

/** Of the subsystems that something was said about. */
export async function listSystems(tx: Tx): Promise<readonly InformationSystem[]> {
  const systems = await sql<{ subsystem: string; connection: Connection }>`
    select subsystem, connection from exchange_system`.execute(tx);
  const certificates = await sql<SystemCertificate & { subsystem: string }>`
    select subsystem, used_by as "usedBy", thumbprint, certificate as der, added_at as "addedAt"
    from exchange_system_certificate order by added_at, thumbprint`.execute(tx);
  const bySubsystem = Map.groupBy(certificates.rows, ({ subsystem }) => subsystem);
  const said = new Map(systems.rows.map(({ subsystem, connection }) => [subsystem, connection]));
  return [...new Set([...said.keys(), ...bySubsystem.keys()])].map((subsystem) => ({
    subsystem,
    connection: said.get(subsystem) ?? 'http',
    certificates: (bySubsystem.get(subsystem) ?? []).map(({ subsystem: _subsystem, ...one }) => one),
  }));
}

export async function putConnection(tx: Tx, subsystem: string, connection: Connection): Promise<void> {
  await sql`
    insert into exchange_system (subsystem, connection) values (${subsystem}, ${connection})
    on conflict (subsystem) do update set connection = excluded.connection`.execute(tx);
}

/** What stands already stays as it is. */
export async function insertCertificate(tx: Tx, subsystem: string, one: SystemCertificate): Promise<void> {
  await sql`
    insert into exchange_system_certificate (subsystem, used_by, thumbprint, certificate, added_at)
    values (${subsystem}, ${one.usedBy}, ${one.thumbprint}, ${one.der}, ${one.addedAt})
    on conflict do nothing`.execute(tx);
}

/** False where it is not there. */
export async function deleteCertificate(
  tx: Tx,
  subsystem: string,
  usedBy: CertificateUser,
  thumbprint: string,
): Promise<boolean> {
  const deleted = await sql`
    delete from exchange_system_certificate
    where subsystem = ${subsystem} and used_by = ${usedBy} and thumbprint = ${thumbprint}`.execute(tx);
  return Number(deleted.numAffectedRows ?? 0) > 0;
}
