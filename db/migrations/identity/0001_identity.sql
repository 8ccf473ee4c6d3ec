-- Persons, how they sign in, their sessions and their roles. What names a person at an administration, the national
-- identity number, is here only encrypted, and as a keyed hash to find it by.

create table person (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  name_ar text not null check (char_length(name_ar) between 1 and 200),
  name_fr text not null check (char_length(name_fr) between 1 and 200),
  birth_on date,
  -- AES-256-GCM: nonce, tag and letters; together with the HMAC-SHA-256 that it is found by, or not at all
  national_id_sealed bytea check (octet_length(national_id_sealed) > 28),
  national_id_index bytea unique check (octet_length(national_id_index) = 32),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  check ((national_id_sealed is null) = (national_id_index is null))
);

-- A subject is a person's name at one issuer (OpenID Connect Core 2: never reassigned).
create table person_subject (
  issuer text not null check (char_length(issuer) between 1 and 500),
  subject text not null check (char_length(subject) between 1 and 255),
  person_id text not null references person (id),
  linked_at timestamptz not null,
  primary key (issuer, subject)
);

create index person_subject_of_person on person_subject (person_id);

create table session (
  -- SHA-256 of the cookie's token: who reads this table cannot take a session over
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  id text not null unique check (id ~ '^[0-9a-f]{32}$'),
  person_id text not null references person (id),
  issuer text not null,
  -- as the issuer said at sign-in; never worked out again later
  acr text not null,
  authenticated_at timestamptz not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null check (seen_at >= opened_at),
  expires_at timestamptz not null check (expires_at > opened_at),
  closed_at timestamptz
);

create index session_of_person on session (person_id) where closed_at is null;
create index session_expiry on session (expires_at);

-- A role in one office, given to a person, or to a national identity number before its holder has signed in.
create table role_grant (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  person_id text references person (id),
  national_id_index bytea check (octet_length(national_id_index) = 32),
  role text not null check (role in ('agent', 'operator')),
  office text not null check (office ~ '^[a-z0-9][a-z0-9.:/_-]{0,99}$'),
  valid_from timestamptz not null,
  valid_until timestamptz check (valid_until > valid_from),
  granted_by text not null check (char_length(granted_by) between 1 and 200),
  revoked_at timestamptz,
  check ((person_id is null) <> (national_id_index is null))
);

create unique index role_grant_once_to_person on role_grant (person_id, role, office)
  where revoked_at is null and person_id is not null;
create unique index role_grant_once_to_index on role_grant (national_id_index, role, office)
  where revoked_at is null and national_id_index is not null;

-- What was done to persons, sessions and roles, in the order it was done.
create table identity_event (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  kind text not null,
  person_id text,
  session_id text,
  grant_id text
);

create function identity_event_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'identity_event is append-only: % is refused', tg_op using errcode = 'restrict_violation';
end $$;

create trigger identity_event_stays before update or delete or truncate on identity_event
  for each statement execute function identity_event_refuse_change();
