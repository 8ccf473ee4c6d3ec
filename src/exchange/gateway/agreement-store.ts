import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import type { Life, VersionState } from '../agreement/model.ts';
import type { Agreement, AgreementTerms } from '../message/agreement.ts';

type AgreementRow = {
  id: string;
  version: number;
  client: string;
  service: string;
  endpoints: Agreement['endpoints'];
  purposes: Agreement['purposes'];
  legal_basis: Agreement['legalBasis'];
  fields: Agreement['fields'];
  valid_from: Date;
  valid_until: Date;
  status: VersionState;
  terms: AgreementTerms;
  ends_at: Date | null;
  reason: string;
};

export async function listAgreements(tx: Tx): Promise<readonly Agreement[]> {
  const found = await sql<AgreementRow>`select * from exchange_agreement order by id, version`.execute(tx);
  return found.rows.map(fromRow);
}

function fromRow(row: AgreementRow): Agreement {
  return {
    id: row.id,
    version: row.version,
    client: row.client,
    service: row.service,
    endpoints: row.endpoints,
    purposes: row.purposes,
    legalBasis: row.legal_basis,
    fields: row.fields,
    validFrom: row.valid_from.toISOString(),
    validUntil: row.valid_until.toISOString(),
    status: row.status,
    ...(row.ends_at === null ? {} : { endsAt: row.ends_at.toISOString() }),
    ...(row.reason === '' ? {} : { reason: row.reason }),
    ...(Object.keys(row.terms).length === 0 ? {} : { terms: row.terms }),
  };
}

/** Of `exchange_agreement one`: both members have signed; with a group there is no other side, and the provider's is enough. */
const isFullySigned = sql`(exists (
    select from agreement_signature where agreement = one.id and version = one.version and party = 'provider')
  and (one.client like 'GROUP:%' or exists (
    select from agreement_signature where agreement = one.id and version = one.version and party = 'client')))`;

/** As ID/VERSION. */
export async function listFullySigned(tx: Tx): Promise<ReadonlySet<string>> {
  const found = await sql<{ key: string }>`
    select one.id || '/' || one.version as key from exchange_agreement one where ${isFullySigned}`.execute(tx);
  return new Set(found.rows.map((row) => row.key));
}

/**
 * The life of one of our agreements; nobody else acts on it until this transaction ends. Where signatures are required,
 * what an earlier release or another setting put in force without them is what its signatures make of it.
 */
export async function lockLife(tx: Tx, id: string, areSignaturesRequired: boolean): Promise<Life> {
  // Not the rows: a version that is being added has none yet. Read after the lock, not with it.
  await sql`select pg_advisory_xact_lock(hashtextextended(${id}, 16))`.execute(tx);
  const found = await sql<{
    version: number;
    status: VersionState;
    ends_at: Date | null;
    is_signed: boolean;
    is_offered: boolean;
  }>`
    select one.version, one.status, one.ends_at, ${isFullySigned} as is_signed, exists (
      select from agreement_signature where agreement = one.id and version = one.version and party = 'provider'
    ) as is_offered
    from exchange_agreement one where one.id = ${id} order by one.version`.execute(tx);
  const versions = found.rows.map(({ version, status, is_signed, is_offered }) => {
    const isForce = status === 'active' || status === 'suspended';
    const state = isForce && areSignaturesRequired && !is_signed ? (is_offered ? 'offered' : 'draft') : status;
    return [version, state] as const;
  });
  const ends = found.rows.flatMap((row) => (row.ends_at === null ? [] : [row.ends_at.getTime()]));
  return { versions: new Map(versions), endsAt: ends.length === 0 ? undefined : Math.min(...ends) };
}

/** Writes what an act has changed; `reason` goes to the versions that it changed. */
export async function saveLife(tx: Tx, id: string, life: Life, reason = ''): Promise<void> {
  const endsAt = life.endsAt === undefined ? null : new Date(life.endsAt);
  for (const [version, state] of life.versions) {
    await sql`
      update exchange_agreement set status = ${state}, ends_at = ${endsAt}, reason = ${reason}
      where id = ${id} and version = ${version} and status not in ('declined', 'ended')
        and (status <> ${state} or ends_at is distinct from ${endsAt})`.execute(tx);
  }
}

/** In the state `draft`, until `saveLife` says otherwise. */
export async function insertVersion(tx: Tx, one: Agreement): Promise<void> {
  await sql`
    insert into exchange_agreement (id, version, client, service, endpoints, purposes, legal_basis, fields,
      valid_from, valid_until, status, terms)
    values (${one.id}, ${one.version}, ${one.client}, ${one.service}, ${JSON.stringify(one.endpoints)}::jsonb,
      ${JSON.stringify(one.purposes)}::jsonb, ${JSON.stringify(one.legalBasis)}::jsonb,
      ${JSON.stringify(one.fields)}::jsonb, ${one.validFrom}, ${one.validUntil}, 'draft',
      ${JSON.stringify(one.terms ?? {})}::jsonb)`.execute(tx);
}

/** A draft that nobody has signed is written anew. */
export async function removeDraft(tx: Tx, id: string, version: number): Promise<void> {
  await sql`
    delete from exchange_agreement where id = ${id} and version = ${version} and not exists (
      select from agreement_signature where agreement = ${id} and version = ${version})`.execute(tx);
}

export async function findVersion(tx: Tx, id: string, version: number): Promise<Agreement | undefined> {
  const found = await sql<AgreementRow>`
    select * from exchange_agreement where id = ${id} and version = ${version}`.execute(tx);
  return found.rows[0] === undefined ? undefined : fromRow(found.rows[0]);
}
