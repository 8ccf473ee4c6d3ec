-- As a witness: the newest tree that was seen of each log of others. What stands here was looked at and found to grow
-- out of what stood before; it is written before the signature that says so leaves.
create table witness_log (
  origin text primary key,
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  -- the note as its log signed it: with another of the same size it proves that the log was forked
  checkpoint text not null,
  seen_at timestamptz not null
);

-- As a log: what each witness has signed last.
create table witness_cosignature (
  witness text primary key,
  vkey text not null,
  size bigint not null check (size >= 0),
  checkpoint text not null,
  -- the signature line, with its newline
  line text not null,
  signed_at timestamptz not null
);

-- What an operator must look at. Never changed but for being acknowledged.
create table exchange_alarm (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('log-forked', 'log-rolled-back', 'own-log-refused')),
  -- the origin of the log, or the witness that refused ours
  about text not null,
  detail jsonb not null,
  raised_at timestamptz not null,
  acknowledged_at timestamptz
);

create index exchange_alarm_open on exchange_alarm (raised_at desc) where acknowledged_at is null;
