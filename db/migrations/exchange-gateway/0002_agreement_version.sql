-- Which version of its agreement a message was answered under: what the person is shown stays with it.
alter table exchange_message add column agreement_version int check (agreement_version > 0);
