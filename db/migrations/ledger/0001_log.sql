-- Append-only logs: entries without gaps, full tiles, and one head a log. The bad states are refused here, so that
-- no code above, and no hand at a console, can store them by mistake.

create table ledger_log (
  id integer generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9.-]{0,99}$'),
  origin text not null,
  vkey text not null,
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  -- one hash for each bit set in the size (the roots of the perfect subtrees, largest first)
  edge bytea not null check (octet_length(edge) = 32 * bit_count(size::bit(64))),
  checkpoint text not null,
  changed_at timestamptz not null
) with (fillfactor = 50);

create table ledger_entry (
  -- no foreign key: it would be looked up once for each row; ledger_entries_follow looks once for each batch
  log_id integer not null,
  entry_index bigint not null check (entry_index >= 0),
  data bytea not null check (octet_length(data) <= 65535),
  -- the leaf hash of RFC 6962, made by the database so that it cannot differ from the entry
  leaf_hash bytea not null generated always as (sha256('\x00'::bytea || data)) stored,
  primary key (log_id, entry_index)
);

create table ledger_tile (
  log_id integer not null references ledger_log (id),
  level smallint not null check (level between 0 and 6),
  tile_index bigint not null check (tile_index >= 0),
  hashes bytea not null check (octet_length(hashes) = 8192),
  -- the root over the tile's hashes: one hash of the tile above
  root bytea not null check (octet_length(root) = 32),
  primary key (log_id, level, tile_index)
);

-- hashes do not compress
alter table ledger_tile alter column hashes set storage external;

create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger ledger_entry_stays before update or delete or truncate on ledger_entry
  for each statement execute function ledger_refuse_change();
create trigger ledger_tile_stays before update or delete or truncate on ledger_tile
  for each statement execute function ledger_refuse_change();
create trigger ledger_log_stays before delete or truncate on ledger_log
  for each statement execute function ledger_refuse_change();

-- New entries of a log follow its last one without a gap, and end where its head says.
create function ledger_entries_follow() returns trigger language plpgsql set search_path from current as $$
declare
  batch record;
begin
  for batch in
    select added.log_id, count(*) as entries, min(added.entry_index) as first, max(added.entry_index) as last,
           log.size as log_size
    from added left join ledger_log log on log.id = added.log_id
    group by added.log_id, log.size
  loop
    if batch.last - batch.first + 1 <> batch.entries or batch.last + 1 is distinct from batch.log_size then
      raise exception 'entries % to % do not end the log of % entries', batch.first, batch.last, batch.log_size
        using errcode = 'restrict_violation';
    end if;
    if batch.first > 0 and not exists (
      select from ledger_entry where log_id = batch.log_id and entry_index = batch.first - 1) then
      raise exception 'entry % has none before it', batch.first using errcode = 'restrict_violation';
    end if;
  end loop;
  return null;
end $$;

create trigger ledger_entry_follows after insert on ledger_entry
  referencing new table as added for each statement execute function ledger_entries_follow();

-- A head only grows; its log keeps its name and its key.
create function ledger_head_grows() returns trigger language plpgsql as $$
begin
  if new.size <= old.size or (new.id, new.name, new.origin, new.vkey) is distinct from (old.id, old.name, old.origin, old.vkey) then
    raise exception 'the head of log % may only grow', old.name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create trigger ledger_head_grows before update on ledger_log
  for each row execute function ledger_head_grows();

-- A head that moved without its entries is refused when the transaction commits.
create function ledger_head_has_entries() returns trigger language plpgsql set search_path from current as $$
begin
  if new.size > 0 and not exists (
    select from ledger_entry where log_id = new.id and entry_index = new.size - 1) then
    raise exception 'log % has no entry %', new.name, new.size - 1 using errcode = 'restrict_violation';
  end if;
  return null;
end $$;

create constraint trigger ledger_head_has_entries after insert or update on ledger_log
  deferrable initially deferred for each row execute function ledger_head_has_entries();
