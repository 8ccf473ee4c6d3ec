-- Who takes part in the exchange. What is signed and published is kept as it was published.

create table registry (
  single boolean primary key default true check (single),
  instance text not null,
  -- Ties this database to the key files beside it: with other keys, every gateway would refuse the next list.
  anchor_fingerprint text not null,
  list_version bigint not null default 0 check (list_version >= 0)
);

create table member (
  id text primary key check (id ~ '^[^/]+/[^/]+/[^/]+$'),
  name jsonb not null,
  admitted_at timestamptz not null
);

create table gateway (
  server text primary key check (starts_with(server, member_id || '/')),
  member_id text not null references member (id),
  address text not null unique,
  ledger_name text not null unique,
  ledger_vkey text not null unique,
  statement text not null,
  joined_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > joined_at)
);

create table subsystem (
  member_id text not null references member (id),
  code text not null,
  name jsonb not null,
  -- One subsystem is behind one gateway: the answer to "where is it?" does not depend on an order.
  server text references gateway (server),
  primary key (member_id, code)
);

create table certificate (
  id text primary key,
  server text not null references gateway (server),
  use text not null check (use in ('tls', 'sign')),
  serial text not null unique,
  -- SHA-256 of the SubjectPublicKeyInfo: one key has one certificate, one use and one owner, for ever.
  public_key bytea not null unique,
  der bytea not null,
  not_before timestamptz not null,
  not_after timestamptz not null check (not_after > not_before),
  superseded_at timestamptz
);

create unique index certificate_in_use on certificate (server, use) where superseded_at is null;

create table join_token (
  secret_hash bytea primary key check (octet_length(secret_hash) = 32),
  server text not null,
  member_id text not null references member (id),
  subsystems jsonb not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > issued_at),
  used_at timestamptz check (used_at < expires_at)
);

create table trust_list (
  version bigint primary key check (version > 0),
  jws text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > issued_at)
);

create function registry_refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'published trust lists are never changed: % is refused', tg_op using errcode = 'restrict_violation';
end
$$;

create trigger trust_list_is_final before update or delete or truncate on trust_list
  for each statement execute function registry_refuse_rewriting();

create function registry_refuse_going_back() returns trigger language plpgsql as $$
begin
  if new.list_version < old.list_version or new.instance <> old.instance
    or new.anchor_fingerprint <> old.anchor_fingerprint then
    raise exception 'the registry does not go back' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;

create trigger registry_goes_forward before update on registry
  for each row execute function registry_refuse_going_back();
