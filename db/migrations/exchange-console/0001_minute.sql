-- Traffic by minute, service and client, counted from exchange_message after the fact: the messages' own path never
-- writes here. `mark` is the place in the ledger up to which messages are counted.
create table console_minute (
  minute timestamptz not null,
  side text not null check (side in ('consumer', 'provider')),
  client text not null,
  service text not null,
  answered int not null check (answered >= 0),
  -- answered with 5xx by the service
  failed int not null check (failed >= 0),
  -- answered by a gateway in place of the service
  refused int not null check (refused >= 0),
  -- {"step of the latency scale": messages}
  latencies jsonb not null,
  primary key (minute, side, service, client)
);

create table console_mark (
  id int primary key check (id = 1),
  leaf_index int8 not null
);

insert into console_mark (id, leaf_index) values (1, -1);
