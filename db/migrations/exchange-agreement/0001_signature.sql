-- The signatures of both members on a version of an agreement, each a JWS over the same document.
create table agreement_signature (
  agreement text not null,
  version int not null,
  party text not null check (party in ('provider', 'client')),
  jws text not null,
  signed_at timestamptz not null,
  primary key (agreement, version, party)
);

-- What other members offer to ours: their document with their signature, and ours when an operator signed.
create table agreement_offer (
  -- INST/CLASS/MEMBER/SERVERCODE of the gateway that provides the service
  provider text not null,
  agreement text not null,
  version int not null,
  client text not null,
  provider_jws text not null,
  received_at timestamptz not null,
  client_jws text,
  signed_at timestamptz,
  primary key (provider, agreement, version)
);

-- What must still reach another gateway. A row is made in the transaction of the act and stays until that gateway has
-- answered, however often this one dies between: the other side takes a thing twice for one.
create table agreement_delivery (
  id bigint generated always as identity primary key,
  peer text not null,
  jws text not null,
  tries int not null default 0,
  due_at timestamptz not null,
  delivered_at timestamptz
);

create index agreement_delivery_due on agreement_delivery (due_at) where delivered_at is null;
