-- How many witnesses the policy demands that the registry proposes; null: more than half, as decision 0009 says.
alter table registry add column witnesses_required int check (witnesses_required between 1 and 32);
