-- What the client's side knows of an agreement's life: the same states as the provider's.
alter table agreement_offer add column state text not null default 'offered'
  check (state in ('offered', 'declined', 'active', 'suspended', 'ended'));
alter table agreement_offer add column ends_at timestamptz;
alter table agreement_offer add column reason text not null default '' check (char_length(reason) <= 1000);
update agreement_offer set state = 'active' where client_jws is not null;

-- Every act on an agreement, by whichever side, in the order in which it was taken here: replayed, they give the states
-- that the rows hold. `number` counts a party's signed acts of one agreement, so that an older one that comes late is known.
create table agreement_act (
  id bigint generated always as identity primary key,
  -- Which of our books: the one of what we provide, or of what others provide to us.
  side text not null check (side in ('provider', 'client')),
  -- INST/CLASS/MEMBER/SERVERCODE of the gateway that provides the service
  provider text not null,
  agreement text not null,
  version int,
  kind text not null check (kind in ('draft', 'enact', 'offer', 'decline', 'sign', 'suspend', 'resume', 'end')),
  party text not null check (party in ('provider', 'client')),
  number int not null default 0,
  reason text not null default '',
  ends_at timestamptz,
  at timestamptz not null,
  jws text
);

create index agreement_act_of on agreement_act (side, provider, agreement, id);

-- What a delivery is about, and why the other side will have none of it: then it is sent no more, until an operator says so.
alter table agreement_delivery add column agreement text not null default '';
alter table agreement_delivery add column version int;
alter table agreement_delivery add column kind text not null default 'offer';
alter table agreement_delivery add column refused_at timestamptz;
alter table agreement_delivery add column status int;
alter table agreement_delivery add column refusal text not null default '';

create index agreement_delivery_order on agreement_delivery (peer, agreement, id)
  where delivered_at is null and refused_at is null;
