-- What an agreement adds to who, what and why: condition, rate, quota, how bodies that are no JSON are treated.
alter table exchange_agreement add column terms jsonb not null default '{}'::jsonb;

-- Messages taken from a quota, by agreement and period (2026-03-02 a day, 2026-03 a month, in Casablanca). A process takes
-- them in small lots, so that several of one member never exceed it together; what a lot had left when its process
-- ended is lost to that period.
create table exchange_quota (
  agreement text not null,
  period text not null,
  taken bigint not null check (taken >= 0),
  primary key (agreement, period)
);
