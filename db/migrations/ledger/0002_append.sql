-- One call for a batch: the head moves from the size that was believed, and the entries and full tiles stand behind
-- it. Its plans are kept by the connection, and a batch waits for one round trip and one flush.
create function ledger_append(
  the_log integer, believed bigint, next_size bigint, next_root bytea, next_edge bytea, next_checkpoint text,
  next_at timestamptz,
  -- the entries as one run of bytes, cut by their lengths: an array of bytea would travel as hexadecimal
  lengths integer[], run bytea,
  -- full tiles: 8192 bytes and a root of 32 for each
  levels smallint[], indexes bigint[], hashes bytea, roots bytea
) returns boolean language plpgsql as $$
begin
  update ledger_log
  set size = next_size, root = next_root, edge = next_edge, checkpoint = next_checkpoint, changed_at = next_at
  where id = the_log and size = believed;
  -- someone else has appended: nothing is written, the caller begins again
  if not found then return false; end if;
  insert into ledger_entry (log_id, entry_index, data)
  select the_log, believed + piece.nth - 1, substring(run from piece.start::integer + 1 for piece.length)
  from (
    select nth, length, sum(length) over (order by nth) - length as start
    from unnest(lengths) with ordinality as given (length, nth)) as piece;
  if cardinality(levels) > 0 then
    insert into ledger_tile (log_id, level, tile_index, hashes, root)
    select the_log, levels[nth], indexes[nth],
           substring(hashes from (nth - 1) * 8192 + 1 for 8192), substring(roots from (nth - 1) * 32 + 1 for 32)
    from generate_subscripts(levels, 1) as nth;
  end if;
  return true;
end $$;
