-- The states before an agreement is in force stand in its row too: draft, offered (signed by this member), declined by
-- the other. With notice it ends at an instant; the reason is that of its last suspension, refusal or end.
alter table exchange_agreement drop constraint exchange_agreement_status_check;
alter table exchange_agreement add constraint exchange_agreement_status_check
  check (status in ('draft', 'offered', 'declined', 'active', 'suspended', 'ended'));
alter table exchange_agreement add column ends_at timestamptz;
alter table exchange_agreement add column reason text not null default '' check (char_length(reason) <= 1000);
