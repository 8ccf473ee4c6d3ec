import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../platform/index.ts';
import type { LogAppend } from './append.ts';
import { type Edge, HASH_BYTES, type Hash, splitHashes } from './merkle.ts';
import { TILE_WIDTH, type Tile } from './tile.ts';

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

/** The arguments of `ledger_append`, for a function that calls it with what belongs to the entries. */
export function appendArguments(append: LogAppend): RawBuilder<unknown> {
  const { tiles, entries } = append;
  return sql`${append.logId}, ${append.believedSize}, ${append.size}, ${append.root},
    ${Buffer.concat(append.edge)}, ${append.checkpoint}, ${append.at},
    ${entries.map((entry) => entry.length)}, ${Buffer.concat(entries)},
    ${tiles.map((tile) => tile.level)}, ${tiles.map((tile) => tile.index)},
    ${Buffer.concat(tiles.map((tile) => tile.hashes))}, ${Buffer.concat(tiles.map((tile) => tile.root))}`;
}

/**
 * Moves the head from the size that was believed and puts the entries and full tiles behind it, all or nothing.
 * False where the log has another size by now.
 */
export async function placeEntries(tx: Tx, append: LogAppend): Promise<boolean> {
  const result = await sql<{
    isPlaced: boolean;
  }>`select ledger_append(${appendArguments(append)}) as "isPlaced"`.execute(tx);
  return result.rows[0]?.isPlaced === true;
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
