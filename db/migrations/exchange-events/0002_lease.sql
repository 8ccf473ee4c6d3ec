-- What somebody has fetched and not acknowledged yet. Beside the inbox, not in it: a claim then changes no row of it and no
-- index, and an event's row is written twice in all, when it comes and when it is done.
create table event_lease (
  lease text primary key,
  subscription text not null references event_subscription on delete cascade,
  until timestamptz not null,
  sequences int8[] not null
);

create index event_lease_of_subscription on event_lease (subscription);

drop index event_inbox_lease;
drop index event_inbox_waiting;
alter table event_inbox drop column lease, drop column leased_until;

-- Events that were refused and wait for their next try: few, and what follows them under their key waits with them.
create index event_inbox_put_off on event_inbox (subscription, order_key, sequence) where state = 'waiting' and tries > 0;
