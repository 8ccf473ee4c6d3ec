-- A dossier is the list of its events. The row beside it is what lists and predicates need, written in the same
-- transaction as the events that it sums up.
create table dossier (
  id text primary key,
  procedure text not null,
  version int not null,
  applicant text not null,
  office text not null,
  status text not null check (status in ('draft', 'filed', 'awaiting-completion', 'accepted', 'refused', 'withdrawn')),
  revision int not null check (revision > 0),
  receipt_number text unique,
  filed_at timestamptz,
  deadline_on date,
  assignee text,
  decided_at timestamptz,
  changed_at timestamptz not null,
  check ((receipt_number is null) = (filed_at is null)),
  check (status not in ('filed', 'awaiting-completion', 'accepted', 'refused') or filed_at is not null)
);

create index dossier_of_applicant on dossier (applicant, changed_at desc);
create index dossier_of_office on dossier (office, status, deadline_on) where status <> 'draft';

create table dossier_event (
  dossier_id text not null references dossier (id) deferrable initially deferred,
  revision int not null check (revision > 0),
  kind text not null,
  content jsonb not null,
  -- the ledger's leaf commits to salt and content: the content may be erased one day, the leaf stays true
  salt bytea not null check (octet_length(salt) = 16),
  primary key (dossier_id, revision)
);

create function dossier_event_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'events of dossiers are never changed';
end $$;

create trigger dossier_event_stays before update or delete or truncate on dossier_event
  for each statement execute function dossier_event_refuse_change();

create table number_sequence (
  kind text not null,
  year int not null,
  last int not null check (last > 0),
  primary key (kind, year)
);

-- Random addresses of public pages: a receipt's and an attestation's.
create table public_page (
  id text primary key check (length(id) >= 22),
  kind text not null check (kind in ('receipt', 'attestation')),
  dossier_id text not null references dossier (id),
  unique (dossier_id, kind)
);

create table attestation (
  dossier_id text primary key references dossier (id),
  number text not null unique,
  issued_at timestamptz not null,
  pdf_ar text not null,
  pdf_fr text not null,
  jws text not null,
  holder text not null,
  status text not null default 'valid' check (status in ('valid', 'replaced', 'revoked'))
);

create table dossier_file (
  id text primary key,
  dossier_id text not null references dossier (id),
  name text not null,
  media_type text not null,
  size int not null,
  sha256 text not null,
  added_at timestamptz not null
);

-- Who of the administration looked at a dossier: shown to its applicant.
create table dossier_access (
  dossier_id text not null references dossier (id),
  at timestamptz not null,
  agent text not null,
  office text not null,
  what text not null check (what in ('viewed', 'document'))
);

create index dossier_access_of on dossier_access (dossier_id, at desc);
