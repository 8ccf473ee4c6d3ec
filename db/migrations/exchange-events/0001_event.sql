-- What the member's systems publish, and to whom it goes.
create table event_type (
  -- INST/CLASS/MEMBER/SUBSYSTEM/TYPE: an event type is named as a service is, and an agreement on it is one on a service
  service text primary key,
  title jsonb not null,
  -- the event's subject is a person's number: such events travel one by one, so that the person is shown each of them
  about_person boolean not null,
  -- JSON Schema of the data, {} where there is none
  data_schema jsonb not null,
  created_at timestamptz not null
);

-- Kept with its ledger entry, in one transaction; `sequence` is the entry's place. A log has one writer at a time, so
-- that no event ever becomes visible behind a later one: who has read up to a sequence has missed nothing before it.
create table event (
  sequence int8 primary key check (sequence >= 0),
  service text not null,
  source text not null,
  event_id text not null,
  subject text,
  at timestamptz not null,
  -- the event in CloudEvents' JSON format
  body text not null,
  salt bytea not null check (length(salt) = 16),
  unique (service, source, event_id)
);

create index event_of_service on event (service, sequence);
create index event_at on event using brin (at) with (pages_per_range = 16);

-- Puts a batch's events beside its ledger entries, in the statement that appends these. An event that stands already
-- refuses the whole batch with the state WSEEN, and its detail names the sequences that the refused ones would have had.
create function event_keep(events json) returns boolean language plpgsql as $$
declare
  again json;
begin
  with given as (
    select * from json_to_recordset(events) as one (sequence int8, service text, source text, event_id text,
      subject text, at timestamptz, body text, salt text)),
  fresh as (
    insert into event (sequence, service, source, event_id, subject, at, body, salt)
    select sequence, service, source, event_id, subject, at, body, decode(salt, 'base64') from given
    on conflict do nothing returning sequence)
  select json_agg(given.sequence) into again from given where sequence not in (select sequence from fresh);
  if again is not null then
    raise exception 'events were published before' using errcode = 'WSEEN', detail = again::text;
  end if;
  return true;
end $$;

-- At the publisher: a subsystem that has an event type delivered to its gateway.
create table event_subscriber (
  service text not null,
  client text not null,
  -- everything up to here is delivered, or is a dead letter
  delivered int8 not null,
  agreement text,
  purpose text,
  state text not null check (state in ('active', 'ended')),
  fault text,
  tries int not null default 0,
  due_at timestamptz not null,
  -- one process delivers to a subscriber at a time, and whoever died holding it is waited for until then
  held_until timestamptz,
  created_at timestamptz not null,
  delivered_at timestamptz,
  primary key (service, client)
);

create index event_subscriber_due on event_subscriber (due_at) where state = 'active';

-- At the publisher: events that a subscriber's gateway refuses for good.
create table event_refused (
  service text not null,
  client text not null,
  sequence int8 not null,
  fault text not null,
  at timestamptz not null,
  primary key (service, client, sequence)
);

-- At the subscriber: what one of the member's own subsystems has subscribed to, and how it gets it.
create table event_subscription (
  id text primary key,
  client text not null,
  service text not null,
  agreement text,
  purpose text,
  delivery text not null check (delivery in ('webhook', 'pull')),
  url text,
  content_mode text not null check (content_mode in ('structured', 'binary', 'batch')),
  max_tries int not null check (max_tries between 1 and 100),
  state text not null check (state in ('active', 'ended')),
  fault text,
  created_at timestamptz not null,
  unique (client, service)
);

-- At the subscriber: what has come and is to be handed on. A row is done, or dead, or goes on waiting.
create table event_inbox (
  subscription text not null references event_subscription on delete cascade,
  -- the publisher's
  sequence int8 not null,
  -- the message that brought it, under which its evidence stands
  exchange text not null,
  -- the subject, else a key of its own: what waits in front of an event under the same key is handed on before it
  order_key text not null,
  body text not null,
  received_at timestamptz not null,
  state text not null check (state in ('waiting', 'done', 'dead', 'discarded')),
  tries int not null default 0,
  due_at timestamptz not null,
  lease text,
  leased_until timestamptz,
  fault text,
  done_at timestamptz,
  primary key (subscription, sequence)
);

create index event_inbox_waiting on event_inbox (subscription, order_key, sequence) where state = 'waiting';
create index event_inbox_next on event_inbox (subscription, sequence) where state = 'waiting';
create index event_inbox_dead on event_inbox (subscription, sequence) where state = 'dead';
create index event_inbox_lease on event_inbox (lease) where lease is not null;
