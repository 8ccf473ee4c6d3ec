-- A client takes back what it proposed, as long as nobody has answered.
alter table agreement_proposal drop constraint agreement_proposal_state_check;
alter table agreement_proposal add constraint agreement_proposal_state_check
  check (state in ('open', 'drafted', 'dismissed', 'withdrawn'));
