-- What a client asks for before there is an offer, or in place of one: an agreement as it would have it. At the provider it
-- waits until an operator makes a draft of it or says why not; at the client it shows what came of it.
create table agreement_proposal (
  side text not null check (side in ('provider', 'client')),
  -- INST/CLASS/MEMBER/SERVERCODE of the gateway at the other end
  peer text not null,
  id text not null,
  agreement text not null,
  client text not null,
  service text not null,
  note text not null,
  jws text not null,
  made_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'drafted', 'dismissed')),
  -- The version that it became.
  version int,
  reason text not null default '' check (char_length(reason) <= 1000),
  answered_at timestamptz,
  primary key (side, peer, id)
);

create index agreement_proposal_open on agreement_proposal (side, peer) where state = 'open';
