import { type Database, migrate, openEmbedded, openPgliteHost, openPostgresql } from '../../src/platform/index.ts';

export type Place =
  | { readonly kind: 'pglite'; readonly dataDir: string }
  | { readonly kind: 'postgresql'; readonly url: string; readonly schema: string };

export async function openLedgerDatabase(place: Place): Promise<{ db: Database; close(): Promise<void> }> {
  const host = place.kind === 'pglite' ? await openPgliteHost({ dataDir: place.dataDir }) : undefined;
  const db =
    place.kind === 'postgresql'
      ? await openPostgresql({ url: place.url, schema: place.schema, poolSize: 2 })
      : await openEmbedded(host ?? (await openPgliteHost()), 'test');
  await migrate(db, ['ledger']);
  await db.script('create table if not exists payload (entry_index bigint primary key, text text not null)');
  return {
    db,
    async close() {
      await db.close();
      await host?.close();
    },
  };
}
