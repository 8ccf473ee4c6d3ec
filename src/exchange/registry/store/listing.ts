import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { ServiceListing } from '../../trust/listing.ts';
import type { ServiceHead } from '../views.ts';

/** False where a newer one is held: what travels late does not bring the past back. */
export async function putListing(tx: Tx, listing: ServiceListing, jws: string): Promise<boolean> {
  const put = await sql`
    insert into service_listing (server, jws, listing, issued_at)
    values (${listing.server}, ${jws}, ${JSON.stringify(listing)}::jsonb, ${listing.issuedAt})
    on conflict (server) do update set jws = excluded.jws, listing = excluded.listing, issued_at = excluded.issued_at
      where service_listing.issued_at < excluded.issued_at`.execute(tx);
  return Number(put.numAffectedRows ?? 0) > 0;
}

/** Every service of the gateways that take part, by its own gateway's word, in the order of identifiers. */
export async function listServiceHeads(tx: Tx): Promise<readonly ServiceHead[]> {
  const found = await sql<{ head: ServiceHead }>`
    select (one - 'text' - 'contentType') || jsonb_build_object('server', service_listing.server,
      'listedAt', service_listing.listing->>'issuedAt', 'isDescribed', one ? 'text') as head
    from service_listing join gateway on gateway.server = service_listing.server and gateway.left_at is null,
      jsonb_array_elements(service_listing.listing->'services') as one
    order by (one->>'service') collate "C"`.execute(tx);
  return found.rows.map(({ head }) => head);
}

/** One service's description as its gateway gave it. */
export async function findDescription(
  tx: Tx,
  service: string,
): Promise<{ readonly text: string; readonly contentType: string } | undefined> {
  const found = await sql<{ text: string; contentType: string | null }>`
    select one->>'text' as text, one->>'contentType' as "contentType"
    from service_listing join gateway on gateway.server = service_listing.server and gateway.left_at is null,
      jsonb_array_elements(service_listing.listing->'services') as one
    where one->>'service' = ${service} and one ? 'text' limit 1`.execute(tx);
  const [one] = found.rows;
  return one && { text: one.text, contentType: one.contentType ?? 'application/json' };
}
