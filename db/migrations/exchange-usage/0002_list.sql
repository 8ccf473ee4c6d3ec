-- A person's list is read in the order of the ledger, page by page: this index has it, and the one by time is asked no more.
drop index exchange_message_subject;
create index exchange_message_about on exchange_message (subject_hash, leaf_index desc) where subject_hash is not null;
