import { type Tx, tables } from '../../../platform/index.ts';
import type { RevocationReason } from '../../trust/list-parts.ts';
import type { CertificateView } from '../views.ts';

type Tables = {
  certificate: {
    id: string;
    server: string;
    use: 'tls' | 'sign';
    serial: string;
    public_key: Buffer;
    der: Buffer;
    not_before: Date;
    not_after: Date;
    superseded_at: Date | null;
  };
  revocation: { certificate: string; at: Date; reason: RevocationReason };
};

const db = (tx: Tx) => tables<Tables>(tx);

export type RevocationRow = {
  readonly certificate: string;
  readonly at: Date;
  readonly reason: RevocationReason;
  readonly serial: string;
  readonly der: Buffer;
};

export async function listRevocations(tx: Tx): Promise<readonly RevocationRow[]> {
  return db(tx)
    .selectFrom('revocation')
    .innerJoin('certificate', 'certificate.id', 'revocation.certificate')
    .select(['revocation.certificate', 'revocation.at', 'revocation.reason', 'certificate.serial', 'certificate.der'])
    .orderBy('revocation.at')
    .orderBy('revocation.certificate')
    .execute();
}

export async function listCertificates(tx: Tx): Promise<readonly CertificateView[]> {
  return db(tx)
    .selectFrom('certificate')
    .leftJoin('revocation', 'revocation.certificate', 'certificate.id')
    .select([
      'certificate.id',
      'certificate.server',
      'certificate.use',
      'certificate.serial',
      'certificate.not_before as notBefore',
      'certificate.not_after as notAfter',
      'certificate.superseded_at as supersededAt',
      'revocation.at as revokedAt',
      'revocation.reason',
    ])
    .orderBy('certificate.server')
    .orderBy('certificate.not_before', 'desc')
    .orderBy('certificate.use')
    .execute();
}

/** False where it is unknown or revoked already. */
export async function revokeCertificate(tx: Tx, id: string, reason: RevocationReason, at: Date): Promise<boolean> {
  const known = await db(tx).selectFrom('certificate').select('id').where('id', '=', id).executeTakeFirst();
  if (known === undefined) return false;
  const done = await db(tx)
    .insertInto('revocation')
    .values({ certificate: id, at, reason })
    .onConflict((conflict) => conflict.doNothing())
    .returning('certificate')
    .executeTakeFirst();
  return done !== undefined;
}

/** The certificates that a gateway uses now. */
export async function findCurrent(
  tx: Tx,
  server: string,
): Promise<readonly { readonly id: string; readonly use: 'tls' | 'sign'; readonly der: Buffer }[]> {
  return db(tx)
    .selectFrom('certificate')
    .select(['id', 'use', 'der'])
    .where('server', '=', server)
    .where('superseded_at', 'is', null)
    .execute();
}

/** The gateway whose present, unrevoked signing certificate holds the key of this hash. */
export async function findSigner(
  tx: Tx,
  publicKeyHash: Buffer,
): Promise<{ readonly server: string; readonly der: Buffer } | undefined> {
  return db(tx)
    .selectFrom('certificate')
    .leftJoin('revocation', 'revocation.certificate', 'certificate.id')
    .select(['certificate.server', 'certificate.der'])
    .where('certificate.public_key', '=', publicKeyHash)
    .where('certificate.use', '=', 'sign')
    .where('certificate.superseded_at', 'is', null)
    .where('revocation.certificate', 'is', null)
    .executeTakeFirst();
}
