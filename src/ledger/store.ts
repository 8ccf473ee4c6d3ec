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
 * The bytes of tiles at their width, in one look; undefined where the log does not reach it. Partial tiles are made of
 * what is below them: leaf hashes at level 0, the roots of full tiles above.
 */
export async function findTiles(
  tx: Tx,
  logId: number,
  tiles: readonly Tile[],
): Promise<readonly (Buffer | undefined)[]> {
  if (tiles.length === 0) return [];
  const [levels, indexes, widths] = [tiles.map((t) => t.level), tiles.map((t) => t.index), tiles.map((t) => t.width)];
  const result = await sql<{ hashes: Buffer | null }>`
    select case
      when width = ${TILE_WIDTH} then (
        select hashes from ledger_tile tile
        where tile.log_id = ${logId} and tile.level = given.level and tile.tile_index = given.index)
      when level = 0 then (
        select string_agg(leaf_hash, ''::bytea order by entry_index) from ledger_entry
        where log_id = ${logId} and entry_index >= given.first and entry_index < given.first + width)
      else (
        select string_agg(root, ''::bytea order by tile_index) from ledger_tile below
        where below.log_id = ${logId} and below.level = given.level - 1
          and tile_index >= given.first and tile_index < given.first + width) end as hashes
    from (
      select level, index, width, index * ${TILE_WIDTH} as first, nth
      from unnest(${levels}::integer[], ${indexes}::bigint[], ${widths}::integer[])
        with ordinality as one (level, index, width, nth)) as given
    order by nth`.execute(tx);
  return result.rows.map(({ hashes }, nth) => {
    const whole = (tiles[nth]?.width ?? 0) * HASH_BYTES;
    return hashes?.length === whole ? hashes : undefined;
  });
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
