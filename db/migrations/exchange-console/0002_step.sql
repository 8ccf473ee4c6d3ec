-- A week of minutes is too much to read for one chart: half hours are counted beside the minutes and kept longer.
-- All is counted anew from the messages, which is what the mark is for.
truncate console_minute;
update console_mark set leaf_index = -1;
alter table console_minute add column step_minutes int not null check (step_minutes in (1, 30));
alter table console_minute drop constraint console_minute_pkey;
alter table console_minute add primary key (step_minutes, minute, side, service, client);
