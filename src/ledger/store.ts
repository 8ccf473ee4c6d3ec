import { sql } from 'kysely';
import type { Tx } from '../platform/index.ts';
import { type Edge, HASH_BYTES, type Hash, splitHashes } from './merkle.ts';
import { type FullTile, TILE_WIDTH, type Tile } from './tile.ts';

/** The head of one log, as stored. */
export type Head = {
  readonly id: number;
  readonly origin: string;
  readonly vkey: string;
  readonly size: number;
  readonly root: Hash;
  readonly edge: Edge;
  /** The signed note. */
  readonly checkpoint: string;
};

type HeadRow = Omit<Head, 'edge'> & { readonly edge: Buffer };

/** Does nothing where the log is there already. */
export async function insertLog(
  tx: Tx,
  log: { name: string; origin: string; vkey: string; root: Hash; checkpoint: string },
): Promise<void> {
  await sql`
    insert into ledger_log (name, origin, vkey, size, root, edge, checkpoint, changed_at)
    values (${log.name}, ${log.origin}, ${log.vkey}, 0, ${log.root}, '', ${log.checkpoint}, now())
    on conflict (name) do nothing`.execute(tx);
}

export async function findHead(tx: Tx, name: string): Promise<Head | undefined> {
  const result = await sql<HeadRow>`
    select id, origin, vkey, size, root, edge, checkpoint from ledger_log where name = ${name}`.execute(tx);
  return result.rows.map(toHead)[0];
}

/** The head, locked until the transaction ends: the appenders of a log take turns here, across processes. */
export async function lockHead(tx: Tx, name: string): Promise<Head | undefined> {
  const result = await sql<HeadRow>`
    select id, origin, vkey, size, root, edge, checkpoint from ledger_log where name = ${name}
    for no key update`.execute(tx);
  return result.rows.map(toHead)[0];
}

function toHead(row: HeadRow): Head {
  return { ...row, edge: splitHashes(row.edge) };
}

export type NextHead = {
  readonly size: number;
  readonly root: Hash;
  readonly edge: Edge;
  readonly checkpoint: string;
  readonly at: Date;
};

/**
 * Compare-and-swap: moves the head from the size that was believed and puts the entries behind the last one, both
 * or neither. False where the log has another size by now. One statement, because it is what a batch waits for; the
 * entries travel as one run of bytes and are cut by the database (an array of bytea would travel as hexadecimal).
 */
export async function placeEntries(
  tx: Tx,
  log: { readonly id: number; readonly believedSize: number },
  entries: readonly Uint8Array[],
  next: NextHead,
): Promise<boolean> {
  const lengths = entries.map((entry) => entry.length);
  const result = await sql`
    with moved as (
      update ledger_log
      set size = ${next.size}, root = ${next.root}, edge = ${Buffer.concat(next.edge)},
          checkpoint = ${next.checkpoint}, changed_at = ${next.at}
      where id = ${log.id} and size = ${log.believedSize}
      returning id),
    piece as (
      select nth, length, sum(length) over (order by nth) - length as start
      from unnest(${lengths}::integer[]) with ordinality as given (length, nth)),
    placed as (
      insert into ledger_entry (log_id, entry_index, data)
      select moved.id, ${log.believedSize}::bigint + piece.nth - 1,
             substring(${Buffer.concat(entries)}::bytea from piece.start::integer + 1 for piece.length)
      from moved, piece)
    select id from moved`.execute(tx);
  return result.rows.length === 1;
}

export async function insertTile(tx: Tx, logId: number, tile: FullTile): Promise<void> {
  await sql`
    insert into ledger_tile (log_id, level, tile_index, hashes, root)
    values (${logId}, ${tile.level}, ${tile.index}, ${tile.hashes}, ${tile.root})`.execute(tx);
}

/**
 * The bytes of a tile at that width, undefined where the log does not reach it. Partial tiles are made of what is
 * below them: leaf hashes at level 0, the roots of full tiles above.
 */
export async function findTile(tx: Tx, logId: number, tile: Tile): Promise<Buffer | undefined> {
  if (tile.width === TILE_WIDTH) return findFullTile(tx, logId, tile);
  const hashes = tile.level === 0 ? await findLeafHashes(tx, logId, tile) : await findTileRoots(tx, logId, tile);
  return hashes.length === tile.width * HASH_BYTES ? hashes : undefined;
}

async function findFullTile(tx: Tx, logId: number, tile: Tile): Promise<Buffer | undefined> {
  const result = await sql<{ hashes: Buffer }>`
    select hashes from ledger_tile
    where log_id = ${logId} and level = ${tile.level} and tile_index = ${tile.index}`.execute(tx);
  return result.rows[0]?.hashes;
}

async function findLeafHashes(tx: Tx, logId: number, tile: Tile): Promise<Buffer> {
  const first = tile.index * TILE_WIDTH;
  const result = await sql<{ hash: Buffer }>`
    select leaf_hash as hash from ledger_entry
    where log_id = ${logId} and entry_index >= ${first} and entry_index < ${first + tile.width}
    order by entry_index`.execute(tx);
  return Buffer.concat(result.rows.map((row) => row.hash));
}

async function findTileRoots(tx: Tx, logId: number, tile: Tile): Promise<Buffer> {
  const first = tile.index * TILE_WIDTH;
  const result = await sql<{ hash: Buffer }>`
    select root as hash from ledger_tile
    where log_id = ${logId} and level = ${tile.level - 1}
      and tile_index >= ${first} and tile_index < ${first + tile.width}
    order by tile_index`.execute(tx);
  return Buffer.concat(result.rows.map((row) => row.hash));
}

/** The entries from `first` up to, and without, `end`; fewer where the log ends before. */
export async function findEntries(tx: Tx, logId: number, first: number, end: number): Promise<readonly Buffer[]> {
  const result = await sql<{ data: Buffer }>`
    select data from ledger_entry
    where log_id = ${logId} and entry_index >= ${first} and entry_index < ${end}
    order by entry_index`.execute(tx);
  return result.rows.map((row) => row.data);
}

/** How many entries lie beyond what the head says, and how many full tiles are stored, in one look. */
export async function countStored(tx: Tx, logId: number): Promise<{ strayEntries: number; strayTiles: number }> {
  const result = await sql<{ strayEntries: number; strayTiles: number }>`
    select
      (select count(*) from ledger_entry where log_id = log.id and entry_index >= log.size) as "strayEntries",
      (select count(*) from ledger_tile
       where log_id = log.id and (tile_index + 1) * (256::numeric ^ (level + 1)) > log.size) as "strayTiles"
    from ledger_log log where log.id = ${logId}`.execute(tx);
  return result.rows[0] ?? { strayEntries: 0, strayTiles: 0 };
}
