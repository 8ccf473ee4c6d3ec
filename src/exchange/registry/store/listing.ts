import { sql } from 'kysely';
import { type Tx, tables } from '../../../platform/index.ts';
import type { ServiceListing } from '../../trust/listing.ts';

type Tables = {
  service_listing: { server: string; jws: string; listing: ServiceListing; issued_at: Date };
  gateway: { server: string; left_at: Date | null };
};

/** False where a newer one is held: what travels late does not bring the past back. */
export async function putListing(tx: Tx, listing: ServiceListing, jws: string): Promise<boolean> {
  const put = await sql`
    insert into service_listing (server, jws, listing, issued_at)
    values (${listing.server}, ${jws}, ${JSON.stringify(listing)}::jsonb, ${listing.issuedAt})
    on conflict (server) do update set jws = excluded.jws, listing = excluded.listing, issued_at = excluded.issued_at
      where service_listing.issued_at < excluded.issued_at`.execute(tx);
  return Number(put.numAffectedRows ?? 0) > 0;
}

/** Of the gateways that take part, in the order of their names. */
export async function listListings(tx: Tx): Promise<readonly ServiceListing[]> {
  const rows = await tables<Tables>(tx)
    .selectFrom('service_listing')
    .innerJoin('gateway', 'gateway.server', 'service_listing.server')
    .select('service_listing.listing')
    .where('gateway.left_at', 'is', null)
    .orderBy(sql`service_listing.server collate "C"`)
    .execute();
  return rows.map((row) => row.listing);
}
