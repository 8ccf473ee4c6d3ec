import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import type { Party } from './document.ts';

export type Signature = { readonly party: Party; readonly jws: string; readonly signedAt: Date };

/** False where that party has signed this version before. */
export async function insertSignature(
  tx: Tx,
  of: { readonly id: string; readonly version: number },
  party: Party,
  jws: string,
  now: Date,
): Promise<boolean> {
  const inserted = await sql`
    insert into agreement_signature (agreement, version, party, jws, signed_at)
    values (${of.id}, ${of.version}, ${party}, ${jws}, ${now}) on conflict do nothing returning party`.execute(tx);
  return inserted.rows.length > 0;
}

export async function listSignatures(tx: Tx, id: string, version: number): Promise<readonly Signature[]> {
  const found = await sql<Signature>`
    select party, jws, signed_at as "signedAt" from agreement_signature
    where agreement = ${id} and version = ${version} order by signed_at`.execute(tx);
  return found.rows;
}

export type Offer = {
  readonly provider: string;
  readonly agreement: string;
  readonly version: number;
  readonly client: string;
  readonly providerJws: string;
  readonly receivedAt: Date;
  readonly clientJws: string | null;
  readonly signedAt: Date | null;
};

type OfferKey = Pick<Offer, 'provider' | 'agreement' | 'version'>;

/** Taken once: what comes again under the same number changes nothing. */
export async function insertOffer(tx: Tx, one: Omit<Offer, 'clientJws' | 'signedAt'>): Promise<void> {
  await sql`
    insert into agreement_offer (provider, agreement, version, client, provider_jws, received_at)
    values (${one.provider}, ${one.agreement}, ${one.version}, ${one.client}, ${one.providerJws}, ${one.receivedAt})
    on conflict do nothing`.execute(tx);
}

const offers = sql`select provider, agreement, version, client, provider_jws as "providerJws",
  received_at as "receivedAt", client_jws as "clientJws", signed_at as "signedAt" from agreement_offer`;

export async function listOffers(tx: Tx): Promise<readonly Offer[]> {
  const found = await sql<Offer>`${offers} order by (client_jws is null) desc, received_at desc limit 500`.execute(tx);
  return found.rows;
}

export async function lockOffer(tx: Tx, key: OfferKey): Promise<Offer | undefined> {
  const found = await sql<Offer>`${offers}
    where provider = ${key.provider} and agreement = ${key.agreement} and version = ${key.version}
    for update`.execute(tx);
  return found.rows[0];
}

export async function signOffer(tx: Tx, key: OfferKey, jws: string, now: Date): Promise<void> {
  await sql`
    update agreement_offer set client_jws = ${jws}, signed_at = ${now}
    where provider = ${key.provider} and agreement = ${key.agreement} and version = ${key.version}`.execute(tx);
}

export type Delivery = { readonly id: number; readonly peer: string; readonly jws: string; readonly tries: number };

export async function insertDelivery(tx: Tx, peer: string, jws: string, now: Date): Promise<void> {
  await sql`insert into agreement_delivery (peer, jws, due_at) values (${peer}, ${jws}, ${now})`.execute(tx);
}

/** Those that are due, each held by this process until `heldUntil`: another of the same member does not send it too. */
export async function takeDueDeliveries(tx: Tx, now: Date, heldUntil: Date): Promise<readonly Delivery[]> {
  const found = await sql<Delivery>`
    update agreement_delivery set due_at = ${heldUntil}, tries = tries + 1
    where id in (
      select id from agreement_delivery where delivered_at is null and due_at <= ${now}
      order by id limit 20 for update skip locked)
    returning id, peer, jws, tries`.execute(tx);
  return found.rows;
}

export async function markDelivered(tx: Tx, id: number, now: Date): Promise<void> {
  await sql`update agreement_delivery set delivered_at = ${now} where id = ${id}`.execute(tx);
}

export async function putOffDelivery(tx: Tx, id: number, until: Date): Promise<void> {
  await sql`update agreement_delivery set due_at = ${until} where id = ${id}`.execute(tx);
}
