-- A batch of messages with their ledger entries, in one call; its plans are kept by the connection.
-- False where the log has grown meanwhile; nothing is written then. Messages that were received before refuse the
-- whole batch with the state WSEEN, and its detail names them.
create function exchange_keep(
  the_log integer, believed bigint, next_size bigint, next_root bytea, next_edge bytea, next_checkpoint text,
  next_at timestamptz, lengths integer[], run bytea, levels smallint[], indexes bigint[], hashes bytea, roots bytea,
  messages json, seen json
) returns boolean language plpgsql as $$
declare
  again json;
begin
  if not ledger_append(the_log, believed, next_size, next_root, next_edge, next_checkpoint, next_at, lengths, run,
    levels, indexes, hashes, roots) then
    return false;
  end if;
  if json_array_length(seen) > 0 then
    with given as (select key, until from json_to_recordset(seen) as one (key text, until timestamptz)),
    fresh as (
      insert into exchange_seen (message, expires_at) select decode(key, 'base64'), until from given
      on conflict do nothing returning message)
    select json_agg(given.key) into again from given
    where decode(given.key, 'base64') not in (select message from fresh);
    if again is not null then
      raise exception 'messages were received before' using errcode = 'WSEEN', detail = again::text;
    end if;
  end if;
  insert into exchange_message (leaf_index, exchange, kind, side, at, peer, client, service, agreement,
    agreement_version, purpose, status, fault, x_road_id, keyid, base, signature_input, signature, salt, subject_hash)
  select leaf_index, exchange, kind, side, at, peer, client, service, agreement, agreement_version, purpose, status,
    fault, x_road_id, keyid, base, signature_input, signature, decode(salt, 'base64'), decode(subject_hash, 'base64')
  from json_to_recordset(messages) as given (leaf_index int8, exchange text, kind text, side text, at timestamptz,
    peer text, client text, service text, agreement text, agreement_version int, purpose text, status int, fault text,
    x_road_id text, keyid text, base text, signature_input text, signature text, salt text, subject_hash text);
  return true;
end $$;

-- Both are read in the order in which they were written: a summary for each run of pages serves, and costs the
-- writer nothing.
drop index exchange_message_at;
create index exchange_message_at on exchange_message using brin (at) with (pages_per_range = 16);
drop index exchange_seen_expiry;
create index exchange_seen_expiry on exchange_seen using brin (expires_at) with (pages_per_range = 16);
