-- How often the receiver behind a webhook lets itself be called, as it said in CloudEvents' handshake (webhook 1.0.2,
-- section 4.2.2); null where it set no limit. Several processes call it, so the turn is kept here.
alter table event_subscription add column rate_per_minute integer check (rate_per_minute > 0);
-- Not before: the next turn at that rate, or the end of a pause that the receiver asked for (Retry-After).
alter table event_subscription add column call_after timestamptz;
