-- The registry in full: what an operator decides, what is revoked, the registry's own keys, other instances.

-- What the trust list names beside members and gateways. The body is what is published, letter by letter.
create table listed_part (
  kind text not null check (kind in ('group', 'witness', 'timestamp-authority')),
  code text not null check (char_length(code) between 1 and 200),
  body jsonb not null check (jsonb_typeof(body) = 'object'),
  primary key (kind, code)
);

alter table gateway add column left_at timestamptz;
alter table member add column left_at timestamptz;
alter table join_token add column approval text not null default 'auto' check (approval in ('auto', 'wait'));

-- What members ask for. Decided once; what was decided stays as it is.
create table request (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  kind text not null check (kind in ('join', 'subsystem', 'gateway', 'renew', 'leave')),
  server text not null,
  member_id text not null references member (id),
  -- SHA-256 of the SubjectPublicKeyInfo that signed the request: who asks how it stands must hold that key.
  signer bytea not null check (octet_length(signer) = 32),
  signer_key bytea not null,
  payload jsonb not null,
  received_at timestamptz not null,
  state text not null check (state in ('waiting', 'approved', 'refused')),
  decided_at timestamptz,
  -- An operator's id, or 'rule' where the registry's own settings decided.
  decided_by text,
  reason text check (char_length(reason) <= 1000),
  answer jsonb,
  check ((state = 'waiting') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null)),
  check (state <> 'refused' or reason is not null)
);

create unique index request_waiting on request (server, kind) where state = 'waiting';
create index request_received on request (received_at desc);

create function request_refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or old.state <> 'waiting' or new.id <> old.id or new.payload <> old.payload then
    raise exception 'a request that was decided stays as it is: % is refused', tg_op using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;

create trigger request_is_decided_once before update or delete on request
  for each row execute function request_refuse_change();

create table revocation (
  certificate text primary key references certificate (id),
  at timestamptz not null,
  reason text not null check (reason in ('key-compromise', 'superseded', 'cessation', 'affiliation-changed', 'unspecified'))
);

create trigger revocation_is_final before update or delete or truncate on revocation
  for each statement execute function registry_refuse_rewriting();

-- An authority that is not ours; its certificates are brought back by an operator.
create table outside_authority (
  id text primary key,
  name text not null check (char_length(name) between 1 and 200),
  der bytea not null,
  added_at timestamptz not null,
  removed_at timestamptz
);

-- Every statement that was ever signed, with the authority it names: old evidence stays verifiable.
create table statement_archive (
  id bigint generated always as identity primary key,
  -- id of the signing certificate, the keyid of messages
  keyid text not null,
  jws text not null,
  ca bytea not null,
  signed_at timestamptz not null
);

create index statement_archive_keyid on statement_archive (keyid, id desc);

create trigger statement_archive_is_final before update or delete or truncate on statement_archive
  for each statement execute function registry_refuse_rewriting();

-- The chain of the registry's own keys. The anchor before the first is the one in the key folder.
create table anchor_update (
  sequence int primary key check (sequence > 0),
  kid text not null unique,
  jws text not null,
  issued_at timestamptz not null
);

create trigger anchor_update_is_final before update or delete or truncate on anchor_update
  for each statement execute function registry_refuse_rewriting();

-- Other instances whose list this registry lets in, as far as the filter goes.
create table federation (
  instance text primary key,
  url text not null check (url ~ '^https?://'),
  anchor jsonb not null,
  filter jsonb not null,
  -- The latest list that was accepted, as it was signed.
  list_version bigint,
  list_jws text,
  fetched_at timestamptz,
  problem text,
  check ((list_version is null) = (list_jws is null))
);

-- What a gateway says that it serves, signed with its own key.
create table service_listing (
  server text primary key references gateway (server),
  jws text not null,
  listing jsonb not null,
  issued_at timestamptz not null
);
