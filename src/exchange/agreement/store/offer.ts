import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Life, VersionState } from '../model.ts';

/** A version that another member offers to ours, and what has become of it. */
export type Offer = {
  /** INST/CLASS/MEMBER/SERVERCODE */
  readonly provider: string;
  readonly agreement: string;
  readonly version: number;
  readonly client: string;
  readonly providerJws: string;
  readonly receivedAt: Date;
  readonly clientJws: string | null;
  readonly signedAt: Date | null;
  readonly state: VersionState;
  readonly endsAt: Date | null;
  readonly reason: string;
};

export type AgreementKey = Pick<Offer, 'provider' | 'agreement'>;
export type OfferKey = AgreementKey & Pick<Offer, 'version'>;

const offers = sql`select provider, agreement, version, client, provider_jws as "providerJws",
  received_at as "receivedAt", client_jws as "clientJws", signed_at as "signedAt", state, ends_at as "endsAt", reason
  from agreement_offer`;

export async function insertOffer(
  tx: Tx,
  one: Pick<Offer, 'provider' | 'agreement' | 'version' | 'client' | 'providerJws' | 'receivedAt'>,
): Promise<void> {
  await sql`
    insert into agreement_offer (provider, agreement, version, client, provider_jws, received_at)
    values (${one.provider}, ${one.agreement}, ${one.version}, ${one.client}, ${one.providerJws}, ${one.receivedAt})
  `.execute(tx);
}

/** Those that wait for us first. */
export async function listOffers(tx: Tx): Promise<readonly Offer[]> {
  const found = await sql<Offer>`${offers} order by (state = 'offered') desc, received_at desc limit 500`.execute(tx);
  return found.rows;
}

export async function findOffer(tx: Tx, { provider, agreement, version }: OfferKey): Promise<Offer | undefined> {
  const found = await sql<Offer>`${offers}
    where provider = ${provider} and agreement = ${agreement} and version = ${version}`.execute(tx);
  return found.rows[0];
}

/** The life of an agreement of another member; nobody else of ours acts on it until this transaction ends. */
export async function lockOfferLife(tx: Tx, { provider, agreement }: AgreementKey): Promise<Life> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${provider} ${agreement}`}, 17))`.execute(tx);
  const found = await sql<{ version: number; state: VersionState; ends_at: Date | null }>`
    select version, state, ends_at from agreement_offer
    where provider = ${provider} and agreement = ${agreement} order by version`.execute(tx);
  const ends = found.rows.flatMap((row) => (row.ends_at === null ? [] : [row.ends_at.getTime()]));
  return {
    versions: new Map(found.rows.map((row) => [row.version, row.state])),
    endsAt: ends.length === 0 ? undefined : Math.min(...ends),
  };
}

/** Writes what an act has changed; `reason` goes to the versions that it changed. */
export async function saveOfferLife(
  tx: Tx,
  { provider, agreement }: AgreementKey,
  life: Life,
  reason = '',
): Promise<void> {
  const endsAt = life.endsAt === undefined ? null : new Date(life.endsAt);
  for (const [version, state] of life.versions) {
    await sql`
      update agreement_offer set state = ${state}, ends_at = ${endsAt}, reason = ${reason}
      where provider = ${provider} and agreement = ${agreement} and version = ${version}
        and state not in ('declined', 'ended')
        and (state <> ${state} or ends_at is distinct from ${endsAt})`.execute(tx);
  }
}

export async function signOffer(tx: Tx, key: OfferKey, jws: string, now: Date): Promise<void> {
  await sql`
    update agreement_offer set client_jws = ${jws}, signed_at = ${now}
    where provider = ${key.provider} and agreement = ${key.agreement} and version = ${key.version}`.execute(tx);
}
