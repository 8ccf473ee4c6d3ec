-- Bodies of messages that an agreement says are to be kept, in the age format (age-encryption.org/v1), in two parts: the
-- header, which holds the body's own key wrapped for the archive's recipients, is here and nowhere else; what follows
-- it is here too if it is small, else a file. Without its header a body cannot be read by anybody: to erase is to
-- forget the header. What is said of an erased body stays: that there was one, and until when.
create table archive_body (
  -- of the message, whose evidence it belongs to
  leaf_index int8 primary key references exchange_message,
  exchange text not null,
  kind text not null check (kind in ('request', 'response')),
  kept_at timestamptz not null,
  expires_at timestamptz not null,
  -- bytes before they were encrypted
  size int8 not null check (size > 0),
  header bytea,
  sealed bytea,
  -- SHA-256 of the file, which is its name
  file text check (file ~ '^[0-9a-f]{64}$'),
  erased_at timestamptz,
  erased_why text check (erased_why in ('expired', 'operator', 'subject', 'other-agreement')),
  check ((erased_at is null) = (header is not null)),
  check ((erased_at is null) = (erased_why is null)),
  check (num_nonnulls(sealed, file) = case when erased_at is null then 1 else 0 end)
);

create index archive_body_exchange on archive_body (exchange);
create index archive_body_due on archive_body (expires_at) where erased_at is null;
create unique index archive_body_file on archive_body (file) where file is not null;

-- Puts a batch's bodies beside their messages, in the statement that appends these.
create function archive_keep(bodies json) returns boolean language plpgsql as $$
begin
  insert into archive_body (leaf_index, exchange, kind, kept_at, expires_at, size, header, sealed, file)
  select leaf_index, exchange, kind, kept_at, expires_at, size, decode(header, 'base64'), decode(sealed, 'base64'), file
  from json_to_recordset(bodies) as given (leaf_index int8, exchange text, kind text, kept_at timestamptz,
    expires_at timestamptz, size int8, header text, sealed text, file text);
  return true;
end $$;

-- What this member has signed as the client and whose bodies its own gateway keeps: the provider decides under which
-- agreement a message goes, so that the client's gateway must know by itself what it is to keep.
create table archive_agreement (
  -- INST/CLASS/MEMBER/SERVERCODE of the gateway that provides the service
  provider text not null,
  agreement text not null,
  version int not null,
  document jsonb not null,
  primary key (provider, agreement)
);

-- One row: who holds it sweeps, and nobody else meanwhile.
create table archive_sweep (
  id int primary key check (id = 1),
  swept_at timestamptz
);

insert into archive_sweep (id) values (1);
