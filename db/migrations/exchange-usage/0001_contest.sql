-- Requests of persons who contest a use of their data at this member. One for each exchange and person: sent twice it
-- is the same. What they wrote stays here and with the portal; the ledger has the message that brought it.
create table usage_contest (
  id bigint generated always as identity primary key,
  exchange text not null,
  subject_hash bytea not null,
  reason text not null check (reason in ('not-mine', 'no-consent', 'wrong-purpose', 'too-much', 'other')),
  words text not null,
  opened_at timestamptz not null,
  state text not null check (state in ('open', 'upheld', 'rejected')),
  answer text,
  answered_at timestamptz,
  unique (exchange, subject_hash),
  check ((state = 'open') = (answered_at is null))
);

create index usage_contest_of_person on usage_contest (subject_hash, opened_at desc);
create index usage_contest_open on usage_contest (opened_at) where state = 'open';
