-- Who operates a gateway or a registry, how they sign in, and what they did. No password is kept anywhere.

create table operator_account (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  name text not null check (char_length(name) between 1 and 100),
  roles jsonb not null check (jsonb_typeof(roles) = 'array' and jsonb_array_length(roles) > 0),
  created_at timestamptz not null,
  disabled_at timestamptz
);

-- A link that lets its bearer register one passkey for the account, once.
create table operator_enrolment (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  operator_id text not null references operator_account (id),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table operator_passkey (
  -- the credential's id in base64url, as the authenticator chose it
  id text primary key check (char_length(id) between 1 and 1400),
  operator_id text not null references operator_account (id),
  public_key bytea not null,
  counter int8 not null check (counter >= 0),
  transports jsonb not null,
  created_at timestamptz not null,
  used_at timestamptz,
  removed_at timestamptz
);

create index operator_passkey_of on operator_passkey (operator_id);

-- What an authenticator is asked to sign: good once and for minutes. In the database, since the answer may come to
-- another process of the same gateway.
create table operator_challenge (
  challenge_hash bytea primary key check (octet_length(challenge_hash) = 32),
  purpose text not null check (purpose in ('enrol', 'sign-in')),
  operator_id text references operator_account (id),
  expires_at timestamptz not null,
  check ((purpose = 'enrol') = (operator_id is not null))
);

create index operator_challenge_expiry on operator_challenge (expires_at);

create table operator_session (
  -- SHA-256 of the cookie's token: who reads this table cannot take a session over
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  operator_id text not null references operator_account (id),
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > opened_at),
  closed_at timestamptz
);

create index operator_session_of on operator_session (operator_id) where closed_at is null;

-- For programs: a bearer token has at most the roles that its operator has at the moment of the call.
create table operator_token (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  operator_id text not null references operator_account (id),
  name text not null check (char_length(name) between 1 and 100),
  roles jsonb not null check (jsonb_typeof(roles) = 'array' and jsonb_array_length(roles) > 0),
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  used_at timestamptz,
  revoked_at timestamptz
);

create index operator_token_of on operator_token (operator_id);

-- Acts of operators, each with its entry in the ledger of the house: the entry commits to target and detail by salt.
create table operator_event (
  leaf_index int8 primary key check (leaf_index >= 0),
  at timestamptz not null,
  event text not null,
  outcome text not null check (outcome in ('done', 'refused', 'failed')),
  operator text not null,
  via text not null check (via in ('session', 'token', 'bootstrap', 'command', 'nobody')),
  target text not null check (char_length(target) <= 500),
  detail jsonb not null,
  salt bytea not null check (octet_length(salt) = 16)
);

create index operator_event_at on operator_event (at desc);
create index operator_event_operator on operator_event (operator, leaf_index desc);
create index operator_event_event on operator_event (event, leaf_index desc);

create function operator_event_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'operator_event is append-only: % is refused', tg_op using errcode = 'restrict_violation';
end $$;

create trigger operator_event_stays before update or delete or truncate on operator_event
  for each statement execute function operator_event_refuse_change();
