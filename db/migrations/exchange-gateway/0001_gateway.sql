-- What one member's gateway keeps beside its ledger. The ledger's entries are public and hold no personal data;
-- the texts that were signed, which may, stay here.
create table exchange_message (
  leaf_index int8 primary key check (leaf_index >= 0),
  exchange text not null,
  kind text not null check (kind in ('request', 'response', 'refusal')),
  side text not null check (side in ('consumer', 'provider')),
  at timestamptz not null,
  peer text not null,
  client text not null,
  service text not null,
  agreement text,
  purpose text,
  status int,
  fault text,
  x_road_id text not null,
  keyid text not null,
  base text not null,
  signature_input text not null,
  signature text not null,
  salt bytea not null check (length(salt) = 16),
  subject_hash bytea
);

create index exchange_message_exchange on exchange_message (exchange);
create index exchange_message_x_road_id on exchange_message (x_road_id);
create index exchange_message_at on exchange_message (at desc);
create index exchange_message_subject on exchange_message (subject_hash, at desc) where subject_hash is not null;

-- A message is good once: its identity is remembered until its signature has expired.
create table exchange_seen (
  message bytea primary key,
  expires_at timestamptz not null
);

create index exchange_seen_expiry on exchange_seen (expires_at);

create table exchange_service (
  service text primary key,
  url text not null,
  timeout_ms int not null default 60000 check (timeout_ms between 100 and 600000),
  enabled boolean not null default true,
  notice text not null default '',
  description jsonb not null default '{}'::jsonb
);

create table exchange_agreement (
  id text not null,
  version int not null check (version > 0),
  client text not null,
  service text not null,
  endpoints jsonb not null,
  purposes jsonb not null,
  legal_basis jsonb not null,
  fields jsonb not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  status text not null check (status in ('active', 'suspended', 'ended')),
  primary key (id, version),
  check (valid_from < valid_until)
);

-- One version of an agreement is in force at a time.
create unique index exchange_agreement_one_active on exchange_agreement (id) where status = 'active';

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed', tg_table_name;
end $$;

create trigger exchange_message_append_only before update or delete or truncate on exchange_message
  for each statement execute function refuse_change();
